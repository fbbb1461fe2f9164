"""What follows a change of records in the same transaction: how cases stand and what figures count,
and which tasks are done. Words follow when a record is written, and go here when it goes.

A kind of record that no list below names decides everything: a new kind is slow before it is wrong.
"""

from typing import Any

from django.apps import apps
from django.db.models.signals import post_delete

from habeas.cases import actions, counted, standings
from habeas.cases.models import Record
from habeas.cases.models.acting import Act, registry_changing
from habeas.cases.models.search import forget_words, is_searched

# Kinds of records that decide neither how a case stands nor what figures count.
_BESIDE = {
    *("assignment", "caseright", "charge", "communication", "consent", "document", "embargo", "figuredef"),
    *("figuresnapshot", "intervention", "personname", "place", "proceeding", "qualification"),
    *("sentencecomponent", "sourceidentity"),
}
_NO_STANDING = frozenset({*_BESIDE, "claim"})
_NOT_COUNTED = frozenset({*_BESIDE, "authority", "caserole", "conditioninterval", "override"})
_NO_TASK = _NO_STANDING - {"assignment"}
_REFERRED_TO = {"authority", "person", "source"}  # these decide through what refers to them


def connect() -> None:
    """Listen; Django calls it once, when all models are there."""
    registry_changing.connect(_follow, sender=Act, dispatch_uid="standings")
    for model in apps.get_app_config("cases").get_models():
        if issubclass(model, Record):
            post_delete.connect(_forget, sender=model, dispatch_uid=f"words of {model.__name__}")


def _follow(act: Act, **_: Any) -> None:
    if not act.cases:
        return
    kinds = {kind for kind, is_new in act.news if not (is_new and kind in _REFERRED_TO)}
    if kinds - _NO_STANDING:
        standings.work_out(act.cases)
    if kinds - _NOT_COUNTED:
        counted.work_out(act.cases)
    if kinds - _NO_TASK:
        actions.settle_tasks(act)


def _forget(instance: Record, **_: Any) -> None:
    """Forget the words of a record that is gone; earlier versions of it have none."""
    if instance.version_of_id is None and is_searched(instance):  # type: ignore[attr-defined]  # Django adds it
        forget_words(instance)
