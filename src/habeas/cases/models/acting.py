"""Acts: nothing in the registry is written but by somebody who answers for it.

`actions.py` opens an act, and whatever is saved inside it leaves its line in the log, in the same
transaction. A record saved outside an act is refused.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.dispatch import Signal
from django.utils import timezone

from habeas.cases.locking import Matter, together
from habeas.cases.models.change import Change, name_of_kind
from habeas.cases.models.inserting import insert_values
from habeas.lib.errors import HabeasError

if TYPE_CHECKING:
    from django.contrib.auth.models import User

RECORDED = "cases.record"
AMENDED = "cases.amend"
WITHDRAWN = "cases.withdraw"
SUPERSEDED = "cases.supersede"
ERASED = "cases.erase"
TAKEN_DOWN = "cases.take_down"
PUT_BACK = "cases.put_back"
TASK_GIVEN = "cases.give_task"
TASK_GIVEN_BACK = "cases.give_back_task"
TASK_DONE = "cases.task_done"
TASK_OPEN_AGAIN = "cases.task_open_again"
OF_NEW_TOO = frozenset({TASK_GIVEN})  # what the log calls also the writing of a new record


registry_changing = Signal()  # inside the transaction: `act`; for what is derived from records
registry_changed = Signal()  # after the commit: `act`, the Act that changed it


class OutsideAnAct(HabeasError):
    """A record of the registry was about to be written without saying who acts: use cases.actions."""


_LINE = ("object_id", "label", "content_changed", "version", "fields")  # what differs between lines


@dataclass(slots=True)
class Act:
    """What one person does to the registry in one go."""

    by: "User | None"  # None: a command of the operator
    reason: str = ""
    name: str = ""  # what the log calls changes of records: one of the words above; empty: amend
    id: UUID = field(default_factory=uuid4)
    lines: list[tuple[dict[str, Any], Iterable[tuple[Any, ...]]]] = field(
        default_factory=list
    )  # of the log: what some have in common, and their values of `_LINE`
    kinds: set[str] = field(default_factory=set)  # of the records that changed: "event"
    cases: set[UUID] = field(default_factory=set)  # which cases it touched
    news: set[tuple[str, bool]] = field(default_factory=set)  # kinds of records that say something else now,
    # and whether they were only recorded: nothing can rest on those yet but what came with them

    @property
    def touches_figures(self) -> bool:
        """Whether a number that pages may cite changed."""
        return "figuresnapshot" in self.kinds

    def note(self, record: Any, action: str, fields: list[str], *, deleted: bool = False) -> None:
        """Keep for the log that `record` changed in `fields`."""
        self.cases |= record.of_cases()
        self.note_many(type(record), [(record.pk, record.version, fields)], action, deleted=deleted)

    def note_many(
        self,
        kind: type[Any],
        changed: Iterable[tuple[UUID, int, list[str]]],
        action: str,
        *,
        deleted: bool = False,
    ) -> None:
        """Keep for the log what `note` does of many records of one kind.

        changed  identifier and version of each, and its fields

        Whoever writes many says themselves which cases they touch.
        """
        known = ContentType.objects.get_for_model(kind, for_concrete_model=False)
        self.kinds.add(known.model)
        begins = name_of_kind(kind)
        common = {
            "content_type_id": known.pk,
            "action": action,
            "timestamp": timezone.now(),
            "uuid": self.id,
            "user_id": self.by.pk if self.by else None,
            "deleted": deleted,
            "reason": self.reason,
        }
        lines = [
            (name, f"{begins} {name}", bool(fields), version, fields)
            for name, version, fields in ((str(key), version, fields) for key, version, fields in changed)
        ]
        if deleted or any(said_more for _, _, said_more, *_ in lines):  # otherwise they were read, or named
            self.news.add((known.model, action == RECORDED))
        self.lines.append((common, lines))


_current: ContextVar[Act | None] = ContextVar("act", default=None)


@contextmanager
def acting(
    *, by: "User | None", reason: str = "", name: str = "", part_of: UUID | None = None
) -> Iterator[Act]:
    """Open an act: what is saved inside is one transaction, log included.

    part_of  what the log shall show together with it: an import is many acts
    """
    act = Act(by, reason, name, id=part_of or uuid4())
    with transaction.atomic():
        together(Matter.REGISTRY)
        token = _current.set(act)
        try:
            yield act
        finally:
            _current.reset(token)
        for common, lines in act.lines:
            insert_values(Change, _LINE, lines, common)
        registry_changing.send(sender=Act, act=act)
        transaction.on_commit(partial(registry_changed.send, sender=Act, act=act))


def current_act() -> Act:
    """Return the act that is going on.

    raises  OutsideAnAct
    """
    act = _current.get()
    if act is None:
        raise OutsideAnAct("a record is written by one of the verbs in cases.actions, which say who acts")
    return act
