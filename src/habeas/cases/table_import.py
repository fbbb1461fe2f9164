"""A list from its file into the registry: looked at whole, then recorded, or only told about."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from uuid import UUID, uuid4

from django.contrib.auth.models import User

from habeas.cases.actions import RowImport, import_rows
from habeas.cases.tables.mapping import ListMapping, check_mapping, decode, in_toml, missing, propose
from habeas.cases.tables.matching import Kind, Match, Matching
from habeas.cases.tables.reading import Table, open_table
from habeas.cases.tables.records import Listing, References
from habeas.cases.tables.rows import Problem, Row
from habeas.cases.tables.survey import Survey, survey
from habeas.lib import clock
from habeas.lib.garbage import collected_rarely

_ROWS_AN_ACT = 1_000  # about a second and a half, in which nobody else can write
_SAMPLE = 200  # rows from which a mapping is proposed
_REFERENCE_TAKEN = "another case has this reference already; give the row one of its own, or leave it empty"

Step = Callable[[], None]


@dataclass(frozen=True)
class Prepared:
    """A table that was looked at, and how it is read."""

    table: Table
    mapping: ListMapping
    is_proposed: bool  # nobody gave the mapping
    survey: Survey
    lacks: tuple[str, ...]  # what the mapping does not say and has to

    @property
    def left_out(self) -> list[str]:
        """The columns that nothing is read from."""
        used = {column for name in self.mapping.columns for column in self.mapping.columns_of(name)}
        return [column for column in self.table.header if column not in used]

    @property
    def as_toml(self) -> str:
        """The mapping as a file to save and edit."""
        return in_toml(self.mapping, self.survey.statuses, self.left_out)


@dataclass
class Outcome:
    """What an import came to, or would come to."""

    rows: int
    dry_run: bool
    act: UUID = field(default_factory=uuid4)  # under which the log shows what was recorded
    new: int = 0
    known: int = 0  # changed and repeated ones included
    changed: list[Match] = field(default_factory=list)
    repeated: list[Match] = field(default_factory=list)
    by_hand: list[Match] = field(default_factory=list)
    refused: list[Problem] = field(default_factory=list)  # one a row


def prepare(path: Path, mapping_text: str | None = None, step: Step = lambda: None) -> Prepared:
    """Look at a list whole, and propose a mapping if none is given.

    raises  NotATable, BadMapping, OSError
    """
    if mapping_text is None:
        table = open_table(path)
        mapping = proposed(table)
        lacks = tuple(missing(mapping))
        looked_at = Survey() if lacks else _surveyed(table, mapping, step)
        return Prepared(table, mapping, is_proposed=True, survey=looked_at, lacks=lacks)
    return prepare_with(path, decode(mapping_text), step)


def prepare_with(path: Path, mapping: ListMapping, step: Step = lambda: None) -> Prepared:
    """Look at a list whole by a mapping.

    raises  NotATable, BadMapping, OSError
    """
    table = open_table(path, mapping.list.sheet)
    check_mapping(mapping, table.header)
    return Prepared(table, mapping, is_proposed=False, survey=_surveyed(table, mapping, step), lacks=())


@collected_rarely()
def _surveyed(table: Table, mapping: ListMapping, step: Step) -> Survey:
    return survey(table, mapping, step)


def proposed(table: Table) -> ListMapping:
    """Return the mapping that a table suggests; it may lack what a mapping needs."""
    return propose(table.header, (raw.cells for raw in islice(table.rows(), _SAMPLE)))


@collected_rarely()
def run(prepared: Prepared, *, by: User | None, dry_run: bool, step: Step = lambda: None) -> Outcome:
    """Record the rows that the registry has not, or tell what would be recorded.

    by    who answers for it; None for a command of the operator
    step  called after each row
    """
    outcome = Outcome(prepared.survey.rows, dry_run, refused=list(prepared.survey.refused))
    today = clock.now().date().isoformat()
    listing = Listing.of(prepared.mapping.list, prepared.table.path.stem, today)
    into = RowImport(listing, Matching(prepared.survey.twice), References())
    for rows in _batches(_rows(prepared, step)):
        for match in import_rows(rows, into, by=by, part_of=outcome.act, dry_run=dry_run):
            _count(outcome, match, prepared.mapping)
    outcome.refused.sort(key=lambda problem: problem.row)
    return outcome


def _rows(prepared: Prepared, step: Step) -> Iterator[Row]:
    for row in prepared.survey.understood:
        yield row
        step()
    for _refused in prepared.survey.refused:
        step()


def _batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    rows = iter(rows)
    while batch := list(islice(rows, _ROWS_AN_ACT)):
        yield batch


def _count(outcome: Outcome, match: Match, mapping: ListMapping) -> None:
    if match.kind is Kind.TAKEN:
        column = mapping.column("reference")
        outcome.refused.append(Problem(match.row.line, column, match.ref, _REFERENCE_TAKEN))
        return
    if match.kind is Kind.NEW:
        outcome.new += 1
        return
    outcome.known += 1
    told = {Kind.CHANGED: outcome.changed, Kind.REPEATED: outcome.repeated, Kind.BY_HAND: outcome.by_hand}
    if match.kind in told:
        told[match.kind].append(match)
