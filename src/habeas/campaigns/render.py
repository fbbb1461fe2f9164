"""From records to pages: fills `presentation`, renders `public/*.html`. Reads, never writes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from habeas.campaigns import counted
from habeas.campaigns import presentation as shown
from habeas.campaigns.counted import counting_path
from habeas.campaigns.figures import Numbers, capital, named_in
from habeas.campaigns.lifecycle import ENDED
from habeas.cases import dates, publishable
from habeas.cases.publishable import PublicCount, PublicEvent, PublicSource
from habeas.cases.vocabulary import event_label
from habeas.config import Config
from habeas.edition.slots import campaign_path
from habeas.edition.templating import environment
from habeas.edition.write import Draft
from habeas.lib import languages

if TYPE_CHECKING:
    from habeas.campaigns.models import Campaign, CampaignPage

_ASSETS = Path(__file__).parent / "public" / "assets"
_KINDS = {".css": "text/css; charset=utf-8", ".svg": "image/svg+xml"}


@dataclass(frozen=True, slots=True)
class Press:
    """Everything that is the same for all pages of one edition."""

    config: Config
    assets: Mapping[str, str]  # file name: address
    look: publishable.Look = field(default_factory=publishable.Look)  # at what may be public now

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages of the site, the default first."""
        return self.config.site.languages

    def page(
        self,
        template: str,
        language: str,
        path_in: Mapping[str, str],
        *,
        is_listed: bool = True,
        **context: Any,
    ) -> bytes:
        """Return a rendered page.

        path_in    language: address, of the same page in every language it exists in
        is_listed  whether search engines may find it
        """
        frame = self._frame(language, path_in, is_listed=is_listed)
        made = environment("habeas.campaigns", "public", language).get_template(template)
        return made.render(frame=frame, **context).encode()

    def _frame(self, language: str, path_in: Mapping[str, str], *, is_listed: bool) -> shown.Frame:
        site, origin = self.config.site, self.config.door_url
        links = tuple(_language_link(code, path, code == language) for code, path in path_in.items())
        current = next(
            (link for link in links if link.is_current), _language_link(language, "", is_current=True)
        )
        return shown.Frame(
            site=shown.Site(site.name, site.about or _about(language), site.contact),
            language=current,
            languages=links,
            stylesheet=self.assets["style.css"],
            icon=self.assets["icon.svg"],
            home_url=home_path(language),
            privacy_url=privacy_path(language),
            counting_url=counting_path(language),
            canonical_url=origin + current.url if is_listed and current.url else "",
            origin=origin,
        )


def _about(language: str) -> str:
    _ = languages.words(language).gettext
    return _("People everywhere, for one person at a time.")


def home_path(language: str) -> str:
    """Return the address of the home page."""
    return f"/{language}/"


def privacy_path(language: str) -> str:
    """Return the address of the privacy page."""
    return f"/{language}/privacy/"


def _language_link(code: str, path: str, is_current: bool) -> shown.LanguageLink:  # noqa: FBT001  a field, not a switch
    known = languages.language(code)
    return shown.LanguageLink(code, known.name, known.direction, path, is_current)


@cache
def assets() -> tuple[tuple[str, bytes, str], ...]:
    """Return (name, content, content type) of every file the pages load."""
    files = sorted(path for path in _ASSETS.iterdir() if path.suffix in _KINDS)
    return tuple((path.name, path.read_bytes(), _KINDS[path.suffix]) for path in files)


def press_for(draft: Draft, config: Config) -> Press:
    """Return the press of an edition, its assets added to `draft`."""
    return Press(config, {name: draft.add_asset(name, content, kind) for name, content, kind in assets()})


def campaign_view(page: CampaignPage, look: publishable.Look) -> shown.CampaignView:
    """Return a campaign in one language, as its page shows it in the state it is in."""
    campaign, language = page.campaign, page.locale.language_code
    numbers = Numbers(page, look)
    words = _words_with_numbers(page, numbers, look)
    figures = [*_figures(page, look, numbers), *_others(page, numbers, look)]
    return shown.CampaignView(
        slug=campaign.slug,
        state=campaign.state,
        url=campaign_path(campaign.slug, language),
        title=page.title,
        person=look.as_allowed(campaign.case, page.person),
        person_elsewhere=look.as_allowed(campaign.case, page.person_elsewhere),
        target_office=page.target_office,
        target_holder=page.target_holder,
        **words,
        figures=tuple(figures),
        corrections=tuple(counted.correction_shown(one, language) for one in numbers.corrections()),
        counted=tuple(counted.counted_figures(numbers.used, numbers.corrections(), language)),
        news=tuple(_news(campaign, language)),
        closed_on=_day_in_words(campaign.closed_on, language),
        words=_words(page),
        next_action=_next_action(campaign, language, look),
        is_demonstration=campaign.is_demonstration,
    )


def _words_with_numbers(page: CampaignPage, numbers: Numbers, look: publishable.Look) -> dict[str, Any]:
    """Return the editor's texts as fields of the view; one whose number may not be shown is left out."""
    return {
        "lede": numbers.fill(page.lede) or "",
        "story": tuple(numbers.blocks(page.story)),
        "demands": tuple(numbers.blocks(page.demands)),
        "timeline": tuple(_moments(page, look, numbers)),
        "outcome": numbers.fill(page.outcome_headline) or "",
        "outcome_text": numbers.fill(page.outcome_text) or "",
        "thanks": numbers.fill(page.thanks) or "",
    }


def _moments(page: CampaignPage, look: publishable.Look, numbers: Numbers) -> Iterable[shown.Moment]:
    """Return what happened; a moment whose event is not public is not told, its words included."""
    has_ended, language = page.campaign.state in ENDED, page.locale.language_code
    told = [block.value for block in page.timeline if has_ended or not block.value["at_closing"]]
    public = look.events(moment["event"] for moment in told if moment["event"])
    for moment in told:
        if moment["event"] and moment["event"].pk in public:
            yield _moment(public[moment["event"].pk], numbers.fill(moment["text"]) or "", language)


def _moment(event: PublicEvent, text: str, language: str) -> shown.Moment:
    return shown.Moment(
        when=_when(event, language),
        machine_date=dates.machine(event.date),
        kind=event.type,
        label=event_label(event.type, language),
        text=text,
        sources=tuple(_source(source) for source in event.agreeing),
        others=tuple(
            shown.OtherDate(dates.in_words(claim.date, language), _source(claim.source))
            for claim in event.differing
        ),
    )


def _when(event: PublicEvent, language: str) -> str:
    start = dates.in_words(event.date, language)
    if not event.until:
        return start
    _ = languages.words(language).gettext
    return _("{start} to {end}").format(start=start, end=dates.in_words(event.until, language))


def _source(source: PublicSource) -> shown.SourceLine:
    return shown.SourceLine(source.title, source.publisher, source.url)


def _figures(page: CampaignPage, look: publishable.Look, numbers: Numbers) -> Iterable[shown.CitedFigure]:
    """Return the numbers cited; one that is not public is not told, its words included."""
    for block in page.figures:
        chosen, text = block.value["figure"], numbers.fill(block.value["text"])
        public = look.figure(chosen) if chosen else None
        named = named_in(block.value["text"])
        if text and public:
            yield shown.CitedFigure(text, _source(public.source))
        elif text and named and not chosen:
            count = numbers.count(named[0])
            if count:
                yield _cited(count, text, look, page.locale.language_code)


def _others(page: CampaignPage, numbers: Numbers, look: publishable.Look) -> Iterable[shown.CitedFigure]:
    """Return the numbers that other texts say: they too stand with who counted them."""
    in_blocks = {slug for block in page.figures for slug in named_in(block.value["text"])}
    for count in numbers.used:
        if count.slug not in in_blocks:
            yield _cited(count, capital(count.words), look, page.locale.language_code)


def _cited(count: PublicCount, text: str, look: publishable.Look, language: str) -> shown.CitedFigure:
    source = look.source_of(count)
    if source or count.as_of is None:
        return shown.CitedFigure(text, _source(source or PublicSource("", "", "")))
    return shown.CitedFigure(
        text,
        shown.SourceLine("", "", ""),
        as_of=_day_in_words(count.as_of, language),
        machine_date=count.as_of.isoformat(),
        how_url=f"{counting_path(language)}#{counted.anchor_of(count)}",
    )


def _news(campaign: Campaign, language: str) -> Iterable[shown.News]:
    for update in campaign.updates.order_by("-made_on", "-id").prefetch_related("texts"):
        for text in update.texts.all():
            if text.language == language:
                day = update.made_on
                yield shown.News(_day_in_words(day, language), day.isoformat(), text.subject, text.text)


def _words(page: CampaignPage) -> shown.Words | None:
    if not page.words_quote:
        return None
    return shown.Words(page.words_quote, page.words_said_by, page.words_occasion)


def _next_action(campaign: Campaign, language: str, look: publishable.Look) -> shown.NextAction | None:
    following = campaign.next_action
    if following is None or not following.is_public or not look.is_public(following.case):
        return None
    page = following.pages.filter(live=True, locale__language_code=language).first()
    if page is None or publishable.names_in(page.title, look.names_to_withhold(following.case)):
        return None
    return shown.NextAction(page.title, campaign_path(following.slug, language))


def _day_in_words(day: date | None, language: str) -> str:
    return dates.in_words(day.isoformat(), language) if day else ""
