"""Reading figures for staff and for scripts."""

from datetime import date

import msgspec
from django.contrib.auth.models import User
from django.utils import timezone

from habeas.cases.access import visible
from habeas.cases.figures import checking, saying, select
from habeas.cases.models import FigureDef, FigureSnapshot
from habeas.cases.queries import NotRecorded
from habeas.cases.vocabulary import FigureKind


class Published(msgspec.Struct, frozen=True):
    """The approved number that pages freeze from now on."""

    as_of: date | None  # None: another body counted
    value: int
    qualifier: str
    lower: int | None
    upper: int | None
    sha256: str
    approver: str
    holds: bool  # whether the records still bear it out; another body's always


class Report(msgspec.Struct, frozen=True):
    """A figure, as it is counted now. Of another body: as it was cited, without members."""

    slug: str
    question: str
    unit: str | None
    as_of: date | None
    value: int | None
    lower: int | None
    upper: int | None
    qualifier: str
    members: tuple[str, ...]
    sha256: str
    uncertain: tuple[str, ...] = ()  # members that only the upper bound counts
    kind: str = FigureKind.COMPUTED.value
    source: str = ""  # who counted, where it was not we
    published: Published | None = None


def definition(slug: str, *, by: User | None) -> FigureDef:
    """Return the definition of a name.

    raises  NotRecorded, naming those there are
    """
    found = visible(FigureDef.objects.filter(slug=slug), by).first()
    if found is None:
        raise NotRecorded(f"there is no figure {slug}; there are: {', '.join(names(by=by)) or 'none yet'}")
    return found


def names(*, by: User | None) -> list[str]:
    """Return the names of all figures, our own and cited ones."""
    ours = visible(FigureDef.objects.all(), by).values_list("slug", flat=True)
    others = visible(FigureSnapshot.objects.filter(kind=FigureKind.CITED), by)
    return sorted({*ours, *others.values_list("slug", flat=True)})


def cited(slug: str, *, by: User | None) -> FigureSnapshot | None:
    """Return the figure of another body, its source along; None if there is none of this name."""
    found = visible(FigureSnapshot.objects.filter(slug=slug, kind=FigureKind.CITED), by)
    return found.select_related("source", "approver").first()


def report(slug: str, *, by: User | None) -> Report:
    """Return what a figure comes to now, and what pages say of it.

    raises  NotRecorded
    """
    known = cited(slug, by=by)
    if known:
        return _cited(known)
    asked = definition(slug, by=by)
    now = select.count(asked)
    qualifier, value = saying.strongest(now.lower, now.upper)
    approved = checking.standing(slug)
    return Report(
        slug=asked.slug,
        question=asked.question,
        unit=asked.unit,
        as_of=timezone.localdate(),
        value=value,
        lower=now.lower,
        upper=now.upper,
        qualifier=qualifier.value,
        members=now.members,
        sha256=now.sha256,
        uncertain=now.uncertain,
        published=_published(approved[-1]) if approved else None,
    )


def _published(snapshot: FigureSnapshot) -> Published:
    return Published(
        as_of=snapshot.as_of,
        value=snapshot.value or 0,
        qualifier=snapshot.qualifier,
        lower=snapshot.lower,
        upper=snapshot.upper,
        sha256=snapshot.members_sha256,
        approver=snapshot.approver.get_username() if snapshot.approver else "",
        holds=not checking.broken([snapshot.pk]),
    )


def _cited(snapshot: FigureSnapshot) -> Report:
    return Report(
        slug=snapshot.slug,
        question=snapshot.wording,
        unit=None,
        as_of=None,
        value=snapshot.value,
        lower=None,
        upper=None,
        qualifier=snapshot.qualifier,
        members=(),
        sha256="",
        kind=FigureKind.CITED.value,
        source=str(snapshot.source or ""),
        published=_published(snapshot) if snapshot.is_approved else None,
    )
