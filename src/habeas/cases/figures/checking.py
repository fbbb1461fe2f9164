"""Whether what was published still holds: every claim counted again, as of its own day."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from habeas.cases.figures import saying, select
from habeas.cases.figures.counting import Count
from habeas.cases.models import FigureSnapshot
from habeas.cases.vocabulary import FigureKind


@dataclass(frozen=True, slots=True)
class Broken:
    """A published number that the records no longer bear out."""

    snapshot: UUID
    definition: UUID
    slug: str
    said: str  # "over 168", as staff read it
    lower: int  # what the records say today
    upper: int | None


def recount(snapshot: FigureSnapshot) -> Count:
    """Count again what a snapshot counted, by the definition of then, and nothing that happened since.

    snapshot  of our own; another body's cannot be counted
    """
    assert snapshot.definition is not None  # noqa: S101  the database keeps it so
    definition = snapshot.definition.at(snapshot.definition_version or snapshot.definition.version)
    return select.count(definition, begun_by=snapshot.as_of)


def broken(snapshots: Collection[UUID]) -> list[Broken]:
    """Return those of `snapshots` whose claim the records do not bear out any more."""
    ours = FigureSnapshot.objects.filter(pk__in=snapshots, kind=FigureKind.COMPUTED)
    found = (_broken(one) for one in ours.select_related("definition").order_by("slug", "created_at"))
    return [one for one in found if one]


def standing(slug: str) -> list[FigureSnapshot]:
    """Return the approved snapshots of a name, oldest first, without those corrected or withdrawn since."""
    ours = FigureSnapshot.objects.filter(slug=slug, approved_at__isnull=False, withdrawn_at=None)
    approved = list(ours.select_related("definition").order_by("approved_at"))
    corrected = {key for one in approved for key in one.corrects}
    return [one for one in approved if str(one.pk) not in corrected]


def _broken(snapshot: FigureSnapshot) -> Broken | None:
    now = recount(snapshot)
    if snapshot.value is None or saying.holds(snapshot.qualifier, snapshot.value, now.lower, now.upper):
        return None
    said = f"{snapshot.qualifier} {snapshot.value:,}"
    definition = snapshot.definition_id or snapshot.pk
    return Broken(snapshot.pk, definition, snapshot.slug, said, now.lower, now.upper)
