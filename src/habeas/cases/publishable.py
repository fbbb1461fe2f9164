"""What of the registry may be public: the only way from a record to a page.

    Publishable(x) =  access is public, of x and of its case
                    ∧ consent covers public pages, and as much of the person as is shown
                    ∧ it is corroborated or confirmed, where x is something that happened
                    ∧ neither x nor its case is withdrawn or under an embargo
                    ∧ nothing on record contradicts x, or somebody answers for it in writing

Pages are made from the frozen values below; no record leaves this module. import-linter keeps
`habeas.campaigns` from every other way to the records, and a property test looks for one.
Verification is asked of events: a source or a name is not something that happened.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from uuid import UUID

from django.utils import timezone

from habeas.cases import closing, originals, standing, standings, status
from habeas.cases.corroboration import is_sure_enough
from habeas.cases.esf import Connection
from habeas.cases.figures import published
from habeas.cases.figures.published import PublicCorrection, PublicCount, PublicRule
from habeas.cases.histories import SEALED, TEAM, histories
from habeas.cases.models import (
    Authority,
    Case,
    CaseRole,
    Claim,
    ClaimField,
    Consent,
    Document,
    Embargo,
    Event,
    FigureDef,
    FigureSnapshot,
    Record,
    Source,
)
from habeas.cases.protection import Access, Identification, Purpose
from habeas.cases.status import words
from habeas.cases.vocabulary import Role, Stance
from habeas.lib.errors import HabeasError

__all__ = [
    "Look",
    "NotCitable",
    "PublicClaim",
    "PublicCorrection",
    "PublicCount",
    "PublicEvent",
    "PublicFigure",
    "PublicPicture",
    "PublicRule",
    "PublicSource",
    "is_public",
    "names_in",
    "obstacles",
]

# Sources who are people: what they say is public only if they said yes to it.
_PEOPLE = frozenset(Connection) - {Connection.NGO, Connection.REPORTER, Connection.OTHER}


@dataclass(frozen=True, slots=True)
class PublicSource:
    """Who says so, as a page may name it."""

    title: str
    publisher: str
    url: str


@dataclass(frozen=True, slots=True)
class PublicClaim:
    """A date, and who gives it."""

    date: str  # EDTF
    source: PublicSource


@dataclass(frozen=True, slots=True)
class PublicEvent:
    """Something that happened, as a page may tell it."""

    type: str
    date: str  # EDTF
    until: str  # EDTF; empty if it does not last, or goes on
    agreeing: tuple[PublicSource, ...]  # who gives this date
    differing: tuple[PublicClaim, ...]  # who gives another


@dataclass(frozen=True, slots=True)
class PublicFigure:
    """A number of another body's, as a page may cite it."""

    source: PublicSource


@dataclass(frozen=True, slots=True)
class PublicPicture:
    """A picture of the person, as a page may show it."""

    sha256: str

    def read(self) -> bytes:
        """Return the picture as it was taken in, with all that a camera writes into one.

        raises  OriginalDamaged
        """
        return originals.read(self.sha256)


@dataclass(frozen=True, slots=True)
class PublicRunning:
    """That somebody is held, as a page may tell it."""

    kind: str  # as cases.status.Running has it
    since: date  # the last day on which it can have begun
    is_exact: bool
    until: date | None  # the last day on which it may be told without looking again


class NotCitable(HabeasError):
    """A text names a figure that no page may show; the message tells the editor why, and what to do."""


def is_public(case: Case) -> bool:
    """Tell whether anything of the case may be public at all."""
    return Look().is_public(case)


def obstacles(case: Case) -> list[str]:
    """Return what keeps a case off every page, in words for its editors; empty if nothing does."""
    return Look().obstacles(case)


def contradictions(case: Case) -> list[str]:
    """Return why a case may not be put before the public now, in words for its editors; empty if nothing is.

    Pages that are out stay: a slip in the record takes no campaign down. The events that contradict each
    other are not told meanwhile.
    """
    found = standing.contradictions(case, by=None)
    if not found:
        return []
    places = "one place" if len(found) == 1 else f"{len(found)} places"
    how = f"mend it on the page of the case {case.ref}, or override it there in writing"
    return [f"the record contradicts itself in {places}: {how}"]


def names_in(text: str, names: Iterable[str]) -> list[str]:
    """Return those of `names` that stand in a text as words of their own."""
    return [name for name in names if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.IGNORECASE)]


@dataclass(frozen=True, slots=True)
class _CaseNow:
    """What decides about a case, read once a look."""

    is_open: bool
    is_embargoed: bool
    embargoed_events: frozenset[UUID]
    contradicting: frozenset[UUID]  # events that cannot both be true, and nobody answers for
    allowed: Mapping[
        UUID | None, Identification
    ]  # person: how far they may be made known; absent: not at all
    subjects: frozenset[UUID | None]  # whom it is about; None: nobody is named in it

    def goes(self, person: UUID | None) -> Identification:
        """Return how far a person may be made known."""
        return self.allowed.get(person, Identification.NONE)


class Look:
    """One look at the registry, for one edition or one preview: what is read once stays for it."""

    def __init__(self) -> None:
        self._today = timezone.localdate()
        self._cases: dict[UUID, _CaseNow] = {}
        self._events: dict[UUID, PublicEvent | None] = {}
        self._figures: dict[UUID, PublicFigure | None] = {}
        self._counts: dict[str, list[FigureSnapshot]] = {}  # name: every snapshot of it
        self._voices: dict[UUID, bool] = {}  # source: whether a page may name it
        self._withheld: dict[UUID, frozenset[str]] = {}  # case: names that pages about it may not show
        self._words: dict[UUID, bool] = {}  # case: whether the person's own words may stand on a page

    def is_public(self, case: Case) -> bool:
        """Tell whether anything of the case may be public at all."""
        return not self.obstacles(case)

    def obstacles(self, case: Case) -> list[str]:
        """Return what keeps a case off every page, in words for its editors; empty if nothing does."""
        now = self._case(case.pk)
        told = {
            "the case is not public": not now.is_open,
            "the case is under an embargo": now.is_embargoed,
            "no consent to public pages is recorded for everybody it is about": (
                self.identification(case) is Identification.NONE
            ),
        }
        return [obstacle for obstacle, stands in told.items() if stands]

    def identification(self, case: Case) -> Identification:
        """Return how far the people whom a case is about may be known: as the most careful of them says."""
        now = self._case(case.pk)
        return min((now.goes(person) for person in now.subjects), key=lambda level: level.tells)

    def as_allowed(self, case: Case, name: str) -> str:
        """Return a person's name as far as consent goes: whole, as initials, or not at all."""
        allowed = self.identification(case) if self.is_public(case) else Identification.NONE
        if allowed.covers(Identification.NAME_ONLY):
            return name
        return _initials(name) if allowed.covers(Identification.INITIALS) else ""

    def picture(self, case: Case, document: Document | None) -> PublicPicture | None:
        """Return a document as a picture of whom the case is about; None if no page may show it.

        Every one of them has to have agreed to be shown.
        """
        if document is None or document.case_id != case.pk or not _is_open(document):
            return None
        is_agreed = self.is_public(case) and self.identification(case).covers(Identification.FULL_NAME_PHOTO)
        return PublicPicture(document.sha256) if is_agreed else None

    def names_to_withhold(self, case: Case) -> frozenset[str]:
        """Return the names that no page about a case may show: of whoever did not agree to be named.

        A name that stands inside one that may be shown is let through: on a page that says the whole
        name by consent, a part of it cannot be kept off.
        """
        if case.pk not in self._withheld:
            self._withheld[case.pk] = self._names_to_withhold(case)
        return self._withheld[case.pk]

    def _names_to_withhold(self, case: Case) -> frozenset[str]:
        hidden: set[str] = set()
        shown: set[str] = set()
        for role in CaseRole.objects.filter(case=case).prefetch_related("person__names"):
            may_be_named = self._case(case.pk).goes(role.person_id).covers(Identification.NAME_ONLY)
            for name in role.person.names.all():
                is_shown = may_be_named and name.publishable and not name.is_withdrawn
                (shown if is_shown else hidden).add(name.text)
        return frozenset(name for name in hidden if not any(name in other for other in shown))

    def events(self, cited: Iterable[Record]) -> Mapping[UUID, PublicEvent]:
        """Return those of the cited events that may be public, by their identifiers."""
        keys = [one.pk for one in cited]
        new = Event.objects.filter(pk__in=[key for key in keys if key not in self._events])
        for event in new.select_related("case").prefetch_related(
            "persons", "claims__source__case", "claims__consent"
        ):
            self._events[event.pk] = self._event(event)
        found = {key: self._events.get(key) for key in keys}
        return {key: event for key, event in found.items() if event}

    def running(self, case: Case) -> PublicRunning | None:
        """Return since when the person the case is about has been held; None if a page may not say it.

        Everything recorded is replayed, hidden or not, so that no page says "held" of somebody who is
        free; and what it began with has to be public.
        """
        person = self._one_person(case)
        if person is None:
            return None
        found = status.running(self._today, self._recorded(case), person)
        if found is None or not self._may_tell(found.since):
            return None
        return PublicRunning(found.kind, found.last_start, found.is_exact, found.until)

    def was_held(self, case: Case, language: str) -> str:
        """Return how long the person was held, "2,034 days (5 years, …)"; empty if it may not be said."""
        person = self._one_person(case)
        span = None if person is None else status.over(self._today, self._recorded(case), person)
        if span is None or span.until is None or not self._may_tell(span.since, span.until):
            return ""
        return words.span_in_words(span, language) if span.is_exact else words.claim_in_words(span, language)

    def office(self, authority: Authority, language: str) -> str:
        """Return what pages in a language call an office; empty if that is not said, or not public."""
        return self._said(authority, authority.offices, language)

    def holder(self, authority: Authority, language: str) -> str:
        """Return what pages in a language call who holds an office; empty if not said, or not public."""
        return self._said(authority, authority.holders, language)

    def salutation(self, authority: Authority, language: str) -> str:
        """Return how whoever holds an office is addressed; empty if that is not said, or not public."""
        return self._said(authority, authority.salutation, language)

    def _said(self, authority: Authority, words: Mapping[str, str], language: str) -> str:
        is_of_public_case = authority.case is None or self.is_public(authority.case)
        may_be_told = _is_open(authority) and is_of_public_case
        return str(words.get(language, "")).strip() if may_be_told else ""

    def may_show_words(self, case: Case) -> bool:
        """Tell whether words that a person said may be shown: they agreed to it since they were let go."""
        if case.pk not in self._words:
            self._words[case.pk] = self.is_public(case) and closing.may_show_words(case)
        return self._words[case.pk]

    def _one_person(self, case: Case) -> str | None:
        """Return whom the status of a case is of, empty if nobody is named; None if there are several."""
        subjects = self._case(case.pk).subjects if self.is_public(case) else frozenset()
        return str(next(iter(subjects)) or "") if len(subjects) == 1 else None

    def _recorded(self, case: Case) -> tuple[status.Event, ...]:
        (history,) = histories([case.pk])
        return history.read_with(TEAM | SEALED).events

    def _may_tell(self, *events: status.Event) -> bool:
        keys = [UUID(event.id) for event in events]
        return len(self.events(Event.objects.filter(pk__in=keys))) == len(keys)

    def figure(self, cited: Record) -> PublicFigure | None:
        """Return the cited figure if it may be public."""
        if cited.pk not in self._figures:
            self._figures[cited.pk] = self._figure(cited)
        return self._figures[cited.pk]

    def citable(self, slug: str, language: str) -> PublicCount:
        """Return the number that a page newly published would freeze.

        raises  NotCitable
        """
        known = self._snapshots(slug)
        if not known and not FigureDef.objects.filter(slug=slug).exists():
            raise NotCitable(f"there is no figure “{slug}”. Their names stand under Cases, Figures")
        approved = [one for one in known if one.is_approved and not one.is_withdrawn]
        if not approved:
            raise NotCitable(f"no number of “{slug}” is approved yet: somebody has to, under Cases, Figures")
        found = max(approved, key=lambda one: (one.approved_at, one.pk))
        if not published.has_words(found, language):
            raise NotCitable(
                f"“{slug}” has no words in {language} yet: add them to the figure, then take and approve a"
                " snapshot"
            )
        if not self._may_be_said(found):
            raise NotCitable(f"“{slug}” is not public, or its source or case is not")
        return published.count_of(found, language)

    def count(self, snapshot: UUID, slug: str, language: str) -> PublicCount | None:
        """Return the number that a page froze, or the one that corrects it; None: it may not be shown."""
        following = list(self._followed(snapshot, slug))
        if not following or not self._may_be_said(following[-1]):
            return None
        return published.count_of(following[-1], language)

    def corrections(self, snapshot: UUID, slug: str, language: str) -> tuple[PublicCorrection, ...]:
        """Return what was corrected since a page froze a number, oldest first."""
        following = list(self._followed(snapshot, slug))
        if not following or not self._may_be_said(following[-1]):
            return ()
        pairs = pairwise(following)
        return tuple(published.correction_of(before, after, language) for before, after in pairs)

    def source_of(self, count: PublicCount) -> PublicSource | None:
        """Return the other body that counted; None: we did."""
        known = next((one for one in self._snapshots(count.slug) if one.pk == count.snapshot), None)
        return _named(known.source) if known and known.source else None

    def _followed(self, key: UUID, slug: str) -> Iterator[FigureSnapshot]:
        """Yield a snapshot and what corrects it; withdrawn ones too, so that no old number comes back."""
        current = next((one for one in self._snapshots(slug) if one.pk == key), None)
        while current:
            yield current
            wrong = str(current.pk)
            current = next((one for one in self._snapshots(slug) if wrong in one.corrects), None)

    def _snapshots(self, slug: str) -> list[FigureSnapshot]:
        if slug not in self._counts:
            found = FigureSnapshot.objects.filter(slug=slug).defer("members", "uncertain")
            self._counts[slug] = list(found.select_related("definition__place", "case", "source__case"))
        return self._counts[slug]

    def _may_be_said(self, snapshot: FigureSnapshot) -> bool:
        is_of_public_case = snapshot.case is None or self.is_public(snapshot.case)
        is_named = snapshot.source is None or self._may_be_named(snapshot.source)
        return snapshot.is_approved and _is_open(snapshot) and is_of_public_case and is_named

    def _case(self, key: UUID) -> _CaseNow:
        if key not in self._cases:
            self._cases[key] = self._read_case(key)
        return self._cases[key]

    def _read_case(self, key: UUID) -> _CaseNow:
        case = Case.objects.get(pk=key)
        holding = [one for one in Embargo.objects.filter(case=key) if one.holds(self._today)]
        subjects = CaseRole.objects.filter(case=key, role=Role.SUBJECT, withdrawn_at=None)
        return _CaseNow(
            is_open=_is_open(case),
            is_embargoed=any(one.event_id is None for one in holding),
            embargoed_events=frozenset(one.event_id for one in holding if one.event_id),
            contradicting=_contradicting(case),
            allowed=_allowed(key),
            subjects=frozenset(subjects.values_list("person", flat=True)) or frozenset({None}),
        )

    def _event(self, event: Event) -> PublicEvent | None:
        now, claims = self._case(event.case_id), list(event.claims.all())
        agreed = all(now.goes(person.pk).covers(Identification.ANONYMOUS) for person in event.persons.all())
        may_be_told = (
            _is_open(event)
            and self.is_public(event.case)
            and event.pk not in now.embargoed_events | now.contradicting
            and agreed
            and is_sure_enough(event.verification, claims)
        )
        return self._told(event, claims) if may_be_told else None

    def _told(self, event: Event, claims: list[Claim]) -> PublicEvent:
        shown = [claim for claim in claims if self._may_be_cited(claim)]
        given = [claim for claim in shown if claim.field == ClaimField.DATE]
        ends = [claim.value for claim in shown if claim.field == ClaimField.UNTIL]
        return PublicEvent(
            type=event.type,
            date=event.date_edtf,
            until=ends[0] if ends else "",
            agreeing=tuple(_named(claim.source) for claim in given if claim.value == event.date_edtf),
            differing=tuple(
                PublicClaim(claim.value, _named(claim.source))
                for claim in given
                if claim.value != event.date_edtf
            ),
        )

    def _may_be_cited(self, claim: Claim) -> bool:
        is_allowed = claim.consent is None or _covers(claim.consent)
        says_so = claim.stance == Stance.SUPPORTS
        return _is_open(claim) and is_allowed and says_so and self._may_be_named(claim.source)

    def _may_be_named(self, source: Source) -> bool:
        if source.pk not in self._voices:
            is_open = _is_open(source) and self.is_public(source.case)
            self._voices[source.pk] = is_open and (source.connection not in _PEOPLE or _agreed(source))
        return self._voices[source.pk]

    def _figure(self, cited: Record) -> PublicFigure | None:
        found = FigureSnapshot.objects.filter(pk=cited.pk).select_related("case", "source__case").first()
        if found is None or not _is_open(found) or (found.case and not self.is_public(found.case)):
            return None
        if found.source is None:
            return None  # our own count is not chosen but named in the text: {{figure:name}}
        return PublicFigure(_named(found.source)) if self._may_be_named(found.source) else None


def _is_open(record: Record) -> bool:
    return record.access == Access.PUBLIC and not record.is_withdrawn


def _allowed(case: UUID) -> Mapping[UUID | None, Identification]:
    """Return how far each person of a case may be made known on public pages; absent: not at all.

    Of several consents the widest counts: each was given, and none was taken back.
    """
    given: dict[UUID | None, Identification] = {}
    for consent in Consent.objects.filter(
        case=case, purpose=Purpose.PUBLIC_WEB, withdrawn_at=None, source=None
    ):
        level, before = Identification(consent.identification), given.get(consent.person_id)
        given[consent.person_id] = level if before is None or level.covers(before) else before
    return given


def _contradicting(case: Case) -> frozenset[UUID]:
    if standings.fits_together(case):
        return frozenset()
    found = standing.contradictions(case, by=None)
    both = {event.id for finding in found for event in (finding.event, finding.against) if event}
    return frozenset(map(UUID, both))


def _agreed(source: Source) -> bool:
    """Tell whether a source who is a person said yes to public pages."""
    given = Consent.objects.filter(source=source, purpose=Purpose.PUBLIC_WEB, withdrawn_at=None)
    return any(_covers(consent) for consent in given)


def _covers(consent: Consent) -> bool:
    is_for_pages = consent.purpose == Purpose.PUBLIC_WEB and not consent.is_withdrawn
    return is_for_pages and Identification(consent.identification).covers(Identification.ANONYMOUS)


def _initials(name: str) -> str:
    return " ".join(f"{word[0]}." for word in name.split())


def _named(source: Source) -> PublicSource:
    return PublicSource(source.title, source.publisher, source.url)
