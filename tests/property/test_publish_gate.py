"""Whatever the records are like, a page says exactly what may be public: no more, and no less."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as effort
from hypothesis import strategies as st

from habeas.campaigns import actions as campaigns
from habeas.campaigns.models import Campaign, CampaignPage
from habeas.campaigns.publishing import publish_edition
from habeas.campaigns.setup import ensure_languages
from habeas.cases.actions import record
from habeas.cases.models import (
    Authority,
    Case,
    CaseRole,
    Claim,
    Consent,
    Embargo,
    Event,
    FigureSnapshot,
    Person,
    PersonName,
    Source,
)
from habeas.cases.protection import Access, Identification, Purpose, Verification
from habeas.edition import read
from office_site import installed_at

NAME, INITIALS = "Zuhra Marker", "Z. M."
EVENT, FIGURE = "marker-of-the-event", "marker-of-the-figure"
TITLES = ("marker-of-the-first-source", "marker-of-the-second-source")

ranked = list(reversed(Identification))  # none, anonymous, initials, name, name and picture


@dataclass(frozen=True)
class Protected:
    """The protection one record has."""

    access: int
    is_withdrawn: bool

    @property
    def is_open(self) -> bool:
        return self.access == 0 and not self.is_withdrawn


FINE = Protected(0, is_withdrawn=False)
protected = st.builds(Protected, st.sampled_from(Access.values), st.booleans())
EMBARGOES = ["past", "today", "tomorrow", "open", "lifted"]
embargo = st.sampled_from(EMBARGOES)
HOLDS = {"tomorrow", "open"}


@dataclass(frozen=True)
class Allowed:
    """One consent."""

    purpose: str
    identification: str
    is_withdrawn: bool


consents = st.lists(
    st.builds(
        Allowed,
        st.sampled_from([Purpose.PUBLIC_WEB, Purpose.PUBLIC_WEB, Purpose.MEDIA]),
        st.sampled_from(Identification.values),
        st.sampled_from([False, False, True]),
    ),
    max_size=3,
)


@dataclass(frozen=True)
class Voice:
    """One source, and its claim on the day of the event."""

    source: Protected
    claim: Protected
    is_person: bool
    consents: list[Allowed]
    supports: bool
    is_official: bool

    @property
    def counts(self) -> bool:
        """Whether it bears witness, seen or unseen."""
        return self.supports and not self.claim.is_withdrawn and not self.source.is_withdrawn

    @property
    def may_be_named(self) -> bool:
        agreed = not self.is_person or level(self.consents) >= 1
        return self.source.is_open and agreed

    @property
    def is_shown(self) -> bool:
        return self.may_be_named and self.claim.is_open and self.supports


YES = [Allowed(Purpose.PUBLIC_WEB, Identification.NAME_ONLY, is_withdrawn=False)]
FINE_VOICE = Voice(FINE, FINE, is_person=False, consents=[], supports=True, is_official=False)


@st.composite
def strayed(draw: st.DrawFn, /, fine: Any, **may_be: st.SearchStrategy[Any]) -> Any:
    """Draw what is fine but for a few things: were everything random, next to nothing would be public."""
    names = draw(st.sets(st.sampled_from(sorted(may_be)), max_size=3))
    return replace(fine, **{name: draw(may_be[name]) for name in sorted(names)})


voices = strayed(
    FINE_VOICE,
    source=protected,
    claim=protected,
    is_person=st.just(value=True),
    consents=consents,
    supports=st.just(value=False),
    is_official=st.just(value=True),
)


@dataclass(frozen=True)
class Story:
    """Everything that decides what may be public."""

    case: Protected
    embargo: str | None
    consents: list[Allowed]
    event: Protected
    event_embargo: str | None
    verification: str
    voices: tuple[Voice, Voice]
    is_one_origin: bool
    figure: Protected
    is_name_in_story: bool


FINE_STORY = Story(
    *(FINE, None, YES, FINE, None, Verification.CORROBORATED, (FINE_VOICE, FINE_VOICE)),
    is_one_origin=False,
    figure=FINE,
    is_name_in_story=False,
)
stories = strayed(
    FINE_STORY,
    case=protected,
    embargo=embargo,
    consents=consents,
    event=protected,
    event_embargo=embargo,
    verification=st.sampled_from(Verification.values),
    voices=st.tuples(voices, voices),
    is_one_origin=st.just(value=True),
    figure=protected,
    is_name_in_story=st.just(value=True),
)


def one_step_away() -> Iterator[Story]:
    """Yield every story that differs from the fine one in a single thing."""
    states = [Protected(access, withdrawn) for access in Access.values for withdrawn in (False, True)]
    agreed = [
        [Allowed(purpose, identification, withdrawn)]
        for purpose in (Purpose.PUBLIC_WEB, Purpose.MEDIA)
        for identification in Identification.values
        for withdrawn in (False, True)
    ]
    steps: dict[str, list[Any]] = {
        "case": states,
        "event": states,
        "figure": states,
        "embargo": EMBARGOES,
        "event_embargo": EMBARGOES,
        "consents": [[], *agreed],
        "verification": Verification.values,
        "is_one_origin": [True],
        "is_name_in_story": [True],
        "voices": [(FINE_VOICE, voice) for voice in voices_one_step_away(states, agreed)],
    }
    for name, values in steps.items():
        yield from (replace(FINE_STORY, **{name: value}) for value in values)


def voices_one_step_away(states: list[Protected], agreed: list[list[Allowed]]) -> Iterator[Voice]:
    for state in states:
        yield replace(FINE_VOICE, source=state)
        yield replace(FINE_VOICE, claim=state, is_official=True)
    for given_ in [[], *agreed]:
        yield replace(FINE_VOICE, is_person=True, consents=given_)
    yield replace(FINE_VOICE, supports=False)
    yield replace(FINE_VOICE, supports=False, is_official=True)


def level(given_: list[Allowed]) -> int:
    """Return how much may be made known on public pages: 0 nothing, 4 name and picture."""
    standing = [one for one in given_ if one.purpose == Purpose.PUBLIC_WEB and not one.is_withdrawn]
    return max((ranked.index(Identification(one.identification)) for one in standing), default=0)


def expected(story: Story) -> set[str]:
    """Return the markers that pages may show, from the rule as docs/decisions/0013 has it."""
    known = level(story.consents)
    if not story.case.is_open or story.embargo in HOLDS or known == 0:
        return set()
    if story.is_name_in_story and known < 3:
        return set()  # the page cannot be shown at all: it names somebody who did not agree
    shown = {NAME} if known >= 3 else {INITIALS} if known == 2 else set()
    counting = [voice for voice in story.voices if voice.counts]
    origins = 1 if story.is_one_origin and counting else len(counting)
    sure = story.verification == Verification.CONFIRMED or (
        story.verification == Verification.CORROBORATED
        and (origins >= 2 or any(voice.is_official for voice in counting))
    )
    if story.event.is_open and story.event_embargo not in HOLDS and sure:
        shown |= {EVENT}
        shown |= {title for title, voice in zip(TITLES, story.voices, strict=True) if voice.is_shown}
    if story.figure.is_open and story.voices[0].may_be_named:
        shown |= {FIGURE, TITLES[0]}
    return shown


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("gate")


@pytest.fixture
def her_page(db: None, folder: Path, monkeypatch: pytest.MonkeyPatch) -> CampaignPage:
    """A campaign on an invented case, in English alone."""
    config = installed_at(folder)
    config = msgspec.structs.replace(config, site=msgspec.structs.replace(config.site, languages=("en",)))
    monkeypatch.setattr(settings, "CONFIG", config)
    ensure_languages(config)
    return _campaign_page(_case())


def _case() -> Case:
    case = record(Case(ref="AQ-1", country="AQ", title="A case", access=0), by=None)
    person = record(Person(access=0), by=None)
    name = {"text": NAME, "language": "en", "script": "Latn", "kind": "publishable", "publishable": True}
    record(PersonName(person=person, preferred=True, **name), by=None)
    record(CaseRole(case=case, person=person), by=None)
    sources = [
        record(Source(case=case, key=f"source-{number}", title=title, publisher="Somebody"), by=None)
        for number, title in enumerate(TITLES)
    ]
    happened = {"case": case, "seq": 10, "type": "arrest", "date_edtf": "2025-03-11"}
    event = Event(**happened, persons=[person])
    record(event, by=None)
    for source in sources:
        record(Claim(event=event, source=source, field="date", value="2025-03-11"), by=None)
    record(FigureSnapshot(case=case, slug="figure", wording="Ten", source=sources[0]), by=None)
    return case


def _campaign_page(case: Case) -> CampaignPage:
    target = {"name": "Minister", "kind": "executive", "country": "AQ"}
    authority = record(Authority(case=case, key="minister", **target), by=None)
    campaign = campaigns.create(slug="free-her", case=case, target=authority, by=None)
    words = {
        "title": "Tell the minister to free her",
        "person": NAME,
        "lede": "She waits.",
        "button": "Sign",
        "target_office": "Minister",
        "story": [("paragraph", "A story.")],
        "demands": [("demand", "Free her")],
        "timeline": [("moment", {"event": case.events.get(), "text": EVENT, "at_closing": False})],
        "figures": [("figure", {"figure": case.figures.get(), "text": FIGURE})],
    }
    made = campaigns.add_page(campaign, "en", words, by=None)
    Campaign.objects.update(state="open")  # what is not public yet would not be opened
    return made


def protect(rows: Any, how: Protected, **more: Any) -> None:
    """Put records into a state, by no act: nothing is to stand between the rule and the rows."""
    withdrawn = timezone.now() if how.is_withdrawn else None
    rows.model.every.filter(pk__in=[row.pk for row in rows]).update(
        access=how.access, withdrawn_at=withdrawn, **more
    )


def give(given_: list[Allowed], **about: Any) -> None:
    for one in given_:
        known = {"purpose": one.purpose, "identification": one.identification, "giver": "person"}
        consent = record(Consent(**known, **about), by=None)
        protect(Consent.objects.filter(pk=consent.pk), Protected(3, one.is_withdrawn))


def lay(embargo_: str | None, **about: Any) -> None:
    if embargo_ is None:
        return
    today = timezone.localdate()
    days = {"past": -1, "today": 0, "tomorrow": 1}
    until = today + timedelta(days[embargo_]) if embargo_ in days else None
    made = record(Embargo(until=until, **about), by=None)
    protect(Embargo.objects.filter(pk=made.pk), Protected(3, embargo_ == "lifted"))


def tell(story: Story, page: CampaignPage) -> None:
    """Make the registry, and the page, as the story has them."""
    case = page.campaign.case
    person = Person.objects.get()
    protect(Case.objects.all(), story.case)
    lay(story.embargo, case=case)
    give(story.consents, case=case, person=person)
    protect(Event.objects.all(), story.event, verification=story.verification)
    lay(story.event_embargo, case=case, event=case.events.get())
    for source, voice in zip(case.sources.order_by("key"), story.voices, strict=True):
        origin = "one" if story.is_one_origin else ""
        connection = "witness" if voice.is_person else ""
        protect(Source.objects.filter(pk=source.pk), voice.source, origin=origin, connection=connection)
        protect(
            Claim.objects.filter(source=source),
            voice.claim,
            stance="supports" if voice.supports else "denies",
            material_type="court_record" if voice.is_official else "",
        )
        give(voice.consents, case=case, source=source)
    protect(FigureSnapshot.objects.all(), story.figure)
    if story.is_name_in_story:
        changed = CampaignPage.objects.get()
        changed.story = [("paragraph", f"They took {NAME} away.")]
        changed.save()


def shown_markers() -> set[str]:
    publish_edition(settings.CONFIG)
    edition = read.load(settings.CONFIG.editions, read.current_number(settings.CONFIG.editions))
    pages = "\n".join(body.decode() for name, body in edition.files.items() if name.endswith(".html"))
    return {marker for marker in (NAME, INITIALS, EVENT, FIGURE, *TITLES) if marker in pages}


def shown_for(story: Story, page: CampaignPage) -> set[str]:
    """Return the markers that pages show for a story; nothing of it stays."""
    with transaction.atomic():
        tell(story, page)
        shown = shown_markers()
        transaction.set_rollback(True)
    return shown


@effort(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(story=stories)
def test_a_page_shows_a_field_exactly_if_it_may_be_public(story: Story, her_page: CampaignPage) -> None:
    """Access, consent, verification, withdrawal and embargo, of every record, in every mixture."""
    assert shown_for(story, her_page) == expected(story)


def test_every_single_obstacle_counts(her_page: CampaignPage) -> None:
    """One thing amiss is enough, and is no more than it is."""
    for story in one_step_away():
        assert shown_for(story, her_page) == expected(story), story


def test_there_is_something_to_look_for(her_page: CampaignPage) -> None:
    """With everything as it has to be, every marker is on a page: the test above looks at real pages."""
    story = replace(FINE_STORY, is_name_in_story=True)
    tell(story, her_page)

    assert shown_markers() == expected(story) == {NAME, EVENT, FIGURE, *TITLES}
