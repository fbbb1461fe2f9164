"""What the clerk says of news by mail, in numbers: `status/news.json` (docs/formats/news.md)."""

from collections import Counter
from collections.abc import Collection, Mapping
from pathlib import Path
from uuid import UUID

import msgspec

from habeas.campaigns.models import mailed_in
from habeas.config import Config
from habeas.ledger.counts import in_hex
from habeas.ledger.store import Store
from habeas.lib import durable

_CLERK_AND_OFFICE_ONLY = 0o600


class NewsStatus(msgspec.Struct, frozen=True):
    """Who asked for news, and to how many of them an update is still owed."""

    wanted: dict[str, dict[str, int]] = {}  # campaign in hex: language signed in: people who count and asked
    owed: dict[str, int] = {}  # update in hex: people to whom its mail has not left

    def wanted_of(self, campaign: str) -> Mapping[str, int]:
        """Return how many people asked for news of a campaign, by language; empty: nobody did."""
        return self.wanted.get(campaign, {})

    def owed_of(self, update: UUID) -> int:
        """Return to how many people an update is still owed."""
        return self.owed.get(update.hex, 0)


def news_status_of(store: Store) -> NewsStatus:
    """Return what is to be said; it looks at everybody in the store."""
    return NewsStatus(in_hex(store.news_wanted()), in_hex(store.news_owed()))


def news_status_path(config: Config) -> Path:
    """Return where the clerk says it."""
    return config.status / "news.json"


def write_news_status(path: Path, status: NewsStatus) -> None:
    """Put `status` at `path`.

    raises  OSError
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    content = msgspec.json.encode(status, order="deterministic")
    durable.write(path, content, mode=_CLERK_AND_OFFICE_ONLY)


def news_status(path: Path) -> NewsStatus | None:
    """Return what the clerk said last; None if it said nothing, or nothing that can be read."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=NewsStatus)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):
        return None


def mails_by_language(wanted: Mapping[str, int], written: Collection[str]) -> dict[str, dict[str, int]]:
    """Return how many mails would go out: language of the mail, language signed in, people.

    written  the languages of the update, one at least
    """
    mails: dict[str, Counter[str]] = {}
    for language, people in wanted.items():
        mails.setdefault(mailed_in(language, written), Counter())[language] += people
    return {language: dict(of) for language, of in mails.items()}
