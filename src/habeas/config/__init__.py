"""One habeas.toml, HABEAS_* variables over it, *_FILE for secrets; fails loudly."""

from habeas.config.load import BadConfig, load
from habeas.config.schema import Config, Door, Mail, Office, Retention, Site

__all__ = ["BadConfig", "Config", "Door", "Mail", "Office", "Retention", "Site", "load"]
