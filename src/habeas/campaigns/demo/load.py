"""Loading the demonstration through the same acts staff use."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml
from django.contrib.auth.models import User

from habeas.campaigns import actions
from habeas.campaigns.models import Campaign
from habeas.cases import choosing
from habeas.cases.actions import import_case

if TYPE_CHECKING:
    from habeas.cases.models import Case

_HERE = Path(__file__).parent
CASES = ("mkhaitir.yaml", "invented.yaml")
CAMPAIGNS = ("free-mkhaitir.yaml", "free-selma.yaml")


def import_cases(*, by: User | None) -> None:
    """Import the demonstration's cases; those already there stay as they are."""
    for name in CASES:
        import_case(case_text(name), by=by)


def case_text(name: str) -> str:
    """Return one of `CASES` as its file has it."""
    return (_HERE / name).read_text(encoding="utf-8")


def campaign_texts() -> list[dict[str, Any]]:
    """Return the campaigns as their files have them."""
    return [yaml.safe_load((_HERE / name).read_text(encoding="utf-8")) for name in CAMPAIGNS]


def create_campaigns(*, by: User | None) -> None:
    """Create and open the demonstration's campaigns; those already there stay as they are."""
    new = [text for text in campaign_texts() if not Campaign.objects.filter(slug=text["slug"]).exists()]
    for text in new:
        create_campaign(text, by=by)
    for text in new:
        campaign = Campaign.objects.get(slug=text["slug"])
        campaign.milestones = text.get("milestones", "")
        campaign.next_action = Campaign.objects.filter(slug=text["next_action"]).first()
        campaign.save()
        actions.publish(campaign, by=by)


def create_campaign(text: dict[str, Any], *, by: User | None) -> Campaign:
    """Create a campaign from a text of `campaign_texts`, as a draft."""
    case = choosing.case_of(text["case"])
    campaign = actions.create(
        slug=text["slug"],
        case=case,
        target=choosing.authority_of(case, text["target"]),
        by=by,
        is_demonstration=text["is_demonstration"],
    )
    for language, words in text["pages"].items():
        actions.add_page(campaign, language, _fields(case, words), by=by)
    return campaign


def _fields(case: Case, words: dict[str, Any]) -> dict[str, Any]:
    """Return the words of one language as fields of CampaignPage."""
    outcome, said, news = words["outcome"], words["words"] or {}, words["news"]
    same = (
        "title",
        "person",
        "person_elsewhere",
        "lede",
        "button",
        "share_text",
        "target_office",
        "target_holder",
        "thanks",
    )
    return {
        **{name: words[name] for name in same},
        "story": [("paragraph", paragraph) for paragraph in words["story"]],
        "demands": [("demand", demand) for demand in words["demands"]],
        "timeline": [("moment", _moment(case, line)) for line in words["timeline"]],
        "figures": [("figure", _figure(case, line)) for line in words["figures"]],
        "outcome_headline": outcome["headline"],
        "outcome_text": outcome["text"],
        "words_quote": said.get("quote", ""),
        "words_said_by": said.get("said_by", ""),
        "words_occasion": said.get("occasion", ""),
        "news_subject": news["subject"],
        "news_text": news["text"],
    }


def _moment(case: Case, line: dict[str, Any]) -> dict[str, Any]:
    event = choosing.event_of(case, line["seq"])
    return {"event": event, "text": line["text"], "at_closing": line.get("at_closing", False)}


def _figure(case: Case, line: dict[str, Any]) -> dict[str, Any]:
    return {"figure": choosing.figure_of(case, line["figure"]), "text": line["text"]}
