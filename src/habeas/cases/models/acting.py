"""Acts: nothing in the registry is written but by somebody who answers for it.

`actions.py` opens an act, and whatever is saved inside it leaves its line in the log, in the same
transaction. A record saved outside an act is refused.
"""

from collections.abc import Iterator
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

from habeas.cases.models.change import Change, name_of
from habeas.cases.models.inserting import insert
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


registry_changing = Signal()  # inside the transaction: `act`; for what is derived from records
registry_changed = Signal()  # after the commit: `act`, the Act that changed it


class OutsideAnAct(HabeasError):
    """A record of the registry was about to be written without saying who acts: use cases.actions."""


@dataclass(slots=True)
class Act:
    """What one person does to the registry in one go."""

    by: "User | None"  # None: a command of the operator
    reason: str = ""
    name: str = ""  # what the log calls changes of records: one of the words above; empty: amend
    id: UUID = field(default_factory=uuid4)
    changes: list[Change] = field(default_factory=list)
    cases: set[UUID] = field(default_factory=set)  # which cases it touched

    @property
    def touches_figures(self) -> bool:
        """Whether a number that pages may cite changed."""
        return any(change.content_type.model == "figuresnapshot" for change in self.changes)

    def note(self, record: Any, action: str, fields: list[str], *, deleted: bool = False) -> None:
        """Keep for the log that `record` changed in `fields`."""
        self.cases |= record.of_cases()
        self.note_one_of_many(record, action, fields, deleted=deleted)

    def note_one_of_many(self, record: Any, action: str, fields: list[str], *, deleted: bool = False) -> None:
        """Keep for the log what `note` does; whoever writes many says themselves which cases they touch."""
        self.changes.append(
            Change(
                content_type=ContentType.objects.get_for_model(record, for_concrete_model=False),
                object_id=str(record.pk),
                label=name_of(record),
                action=action,
                timestamp=timezone.now(),
                uuid=self.id,
                user=self.by,
                content_changed=bool(fields),
                deleted=deleted,
                version=record.version,
                fields=fields,
                reason=self.reason,
            )
        )


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
        token = _current.set(act)
        try:
            yield act
        finally:
            _current.reset(token)
        insert(act.changes)
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
