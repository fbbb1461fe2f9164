"""Campaigns: one record of what is asked of whom, one page a language, and the updates sent."""

from habeas.campaigns.models.campaign import Campaign, OldAddress
from habeas.campaigns.models.citation import Citation
from habeas.campaigns.models.demand import Demand
from habeas.campaigns.models.page import CampaignIndex, CampaignPage
from habeas.campaigns.models.planned import PlannedMove, PlannedVerb
from habeas.campaigns.models.source_text import SourceText
from habeas.campaigns.models.update import Update, UpdateText, mailed_in

__all__ = [
    "Campaign",
    "CampaignIndex",
    "CampaignPage",
    "Citation",
    "Demand",
    "OldAddress",
    "PlannedMove",
    "PlannedVerb",
    "SourceText",
    "Update",
    "UpdateText",
    "mailed_in",
]
