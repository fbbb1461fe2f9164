"""Updates of a campaign: what may be said, in which languages, and where it will stand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings

from habeas.campaigns.figures import named_in
from habeas.cases import publishable
from habeas.lib import languages
from habeas.lib.errors import HabeasError

if TYPE_CHECKING:
    from datetime import date

    from habeas.campaigns.models import Campaign, CampaignPage, Update

LONGEST_SUBJECT = 100


class UpdateRefused(HabeasError):
    """An update cannot be published as it stands; nothing was published and nobody is written to."""


class NoSuchUpdate(HabeasError):
    """The campaign has no update of that name."""


@dataclass(frozen=True, slots=True)
class Words:
    """What an update says in one language."""

    subject: str
    text: str  # paragraphs with an empty line between them


def pages_of(campaign: Campaign) -> dict[str, CampaignPage]:
    """Return the live pages of a campaign by language, in the order of the site."""
    live = campaign.pages.filter(live=True).select_related("locale", "campaign__case")
    found = {page.locale.language_code: page for page in live}
    return {code: found[code] for code in settings.CONFIG.site.languages if code in found}


def check_campaign(campaign: Campaign) -> None:
    """Let pass a campaign of which something can be told, or say why there is nothing to tell.

    raises  UpdateRefused
    """
    if not campaign.is_public:
        raise UpdateRefused(
            f"{campaign.slug} is a draft: it has no page, and nobody has asked for news of it. Open it first"
        )
    obstacles = publishable.obstacles(campaign.case)
    if obstacles:
        raise UpdateRefused(
            f"no page of {campaign.slug} is shown, and no mail goes out: {'; '.join(obstacles)}"
        )


def check(campaign: Campaign, texts: Mapping[str, Words]) -> None:
    """Let an update pass, or say everything there is to mend.

    texts   by language
    raises  UpdateRefused
    """
    check_campaign(campaign)
    troubles = [trouble for _, _, trouble in obstacles(campaign, texts)]
    if not texts:
        troubles.append("write it in one language at least")
    if troubles:
        raise UpdateRefused("; ".join(troubles))


def obstacles(campaign: Campaign, texts: Mapping[str, Words]) -> Iterator[tuple[str, str, str]]:
    """Yield what there is to mend: language, field of `Words`, and the trouble in words for its writer."""
    pages = pages_of(campaign)
    hidden = publishable.Look().names_to_withhold(campaign.case)
    for language, words in texts.items():
        if language not in pages:
            has = ", ".join(pages) or "none"
            yield language, "text", f"{campaign.slug} has no page in {language}; it has {has}"
        for field in ("subject", "text"):
            for trouble in _obstacles(getattr(words, field), hidden):
                yield language, field, f"{name_of(language)}, {field}: {trouble}"
        if len(words.subject) > LONGEST_SUBJECT:
            yield (
                language,
                "subject",
                f"{name_of(language)}, subject: no more than {LONGEST_SUBJECT} characters",
            )


def _obstacles(text: str, hidden: frozenset[str]) -> Iterator[str]:
    if not text.strip():
        yield "it is empty; write both, or leave the language out"
    if named_in(text):
        yield (
            "a figure cannot stand here, as mails that have left cannot be corrected. Put it into the page "
            "and lead there"
        )
    if publishable.names_in(text, hidden):
        yield "it names somebody who did not agree to be named"


def concerns(campaign: Campaign, texts: Mapping[str, Words]) -> list[str]:
    """Return what staff should have seen before an update is mailed; nothing stops them."""
    pages = pages_of(campaign)
    return [
        f"The subject in {name_of(code)} names {pages[code].person}: whoever sees a signer's locked "
        "telephone reads it."
        for code, words in texts.items()
        if code in pages and publishable.names_in(words.subject, _parts(pages[code].person))
    ]


def _parts(name: str) -> list[str]:
    return [part for part in name.split() if len(part) > 2]  # noqa: PLR2004  "al", "de" name nobody


def name_of(language: str) -> str:
    """Return what staff call a language."""
    return languages.english_name(language)


def all_of(campaign: Campaign) -> list[tuple[str, Update]]:
    """Return the updates of a campaign with the name each has in its address, newest first.

    What was taken back keeps its name, so that no other update comes to stand at its address.
    """
    told = list(campaign.updates.order_by("made_on", "id").prefetch_related("texts"))
    days: list[date] = []
    named = []
    for update in told:
        named.append((name_on(update.made_on, days.count(update.made_on)), update))
        days.append(update.made_on)
    return named[::-1]


def name_on(day: date, before: int) -> str:
    """Return the name in the address of an update; `before`: how many of that day came before it."""
    return f"{day.isoformat()}-{before + 1}" if before else day.isoformat()


def update_named(campaign: Campaign, name: str) -> Update:
    """Return the update with that name in its address.

    raises  NoSuchUpdate, naming those there are
    """
    named = dict(all_of(campaign))
    if name not in named:
        raise NoSuchUpdate(f"{campaign.slug} has no update {name}; it has {', '.join(named) or 'none yet'}")
    return named[name]


def words_of(update: Update) -> dict[str, Words]:
    """Return what an update says, by language."""
    return {text.language: Words(text.subject, text.text) for text in update.texts.all()}
