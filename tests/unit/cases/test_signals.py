"""What follows a change: all that it decides, and nothing that it does not."""

from typing import Any

import pytest
from django.apps import apps

from habeas.cases import actions, counted, signals, standings
from habeas.cases.actions import amend, record, withdraw
from habeas.cases.models import (
    Assignment,
    Case,
    CaseRight,
    CaseStanding,
    Charge,
    CountedEvent,
    Document,
    Event,
    Person,
    Record,
    SentenceComponent,
    Source,
    SourceIdentity,
)
from habeas.cases.protection import Access
from registry_cast import Cast, whole_case

KINDS = {
    str(model._meta.model_name): model
    for model in apps.get_app_config("cases").get_models()
    if issubclass(model, Record)
}


def more_of(records: dict[type[Record], Any], cast: Cast) -> dict[type[Record], Any]:
    """Return the kinds of records that only come with others."""
    case, event = records[Case], records[Event]
    made = [
        Assignment(case=case, event=event, kind="gap", holder=cast.teammate),
        CaseRight(case=case, instrument="ICCPR", article="9"),
        Charge(event=event, offence="A charge"),
        Document(case=case, sha256="0" * 64, size=1, mime="text/plain"),
        SentenceComponent(event=event, kind="fine"),
        SourceIdentity(source=records[Source], sealed=b"sealed"),
    ]
    return {type(one): record(one, by=None) for one in made}


def kept(model: Any) -> list[str]:
    """Return the lines of what is derived, whatever their keys."""
    names = [field.name for field in model._meta.concrete_fields if field.name != "id"]
    return sorted(map(str, model.objects.values_list(*names)))


def assert_kept_as_made_anew(after: str) -> None:
    before = kept(CaseStanding), kept(CountedEvent)
    standings.work_out()
    counted.work_out()
    assert (kept(CaseStanding), kept(CountedEvent)) == before, after


def test_whatever_changes_lists_and_numbers_are_as_made_anew(cast: Cast) -> None:
    """A record of every kind is written, made for everybody, and taken back."""
    records = whole_case("AQ-1", "mark", Access.TEAM, cast)
    records |= more_of(records, cast)
    records |= {type(role): role for role in records[Case].roles.all()}
    records |= {type(name): name for name in records[Person].names.all()}
    assert records.keys() == set(KINDS.values())
    assert_kept_as_made_anew("all were written")
    for kind in sorted(records, key=lambda one: (one is Case, one is Event, one.__name__)):
        known = kind.objects.get(pk=records[kind].pk)
        by = cast.named if known.access == Access.SEALED else None
        amend(known, {"access": Access.PUBLIC}, by=by)
        assert_kept_as_made_anew(f"{kind.__name__} was opened")
        withdraw(known, by=by, reason="A mistake")
        assert_kept_as_made_anew(f"{kind.__name__} was taken back")


def test_what_decides_nothing_is_worked_out_for_nobody(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """A letter, a consent, a name: who saves one does not wait for the history to be replayed."""
    records = whole_case("AQ-1", "mark", Access.TEAM, cast)
    asked: list[object] = []
    monkeypatch.setattr(standings, "work_out", asked.append)
    monkeypatch.setattr(counted, "work_out", asked.append)
    monkeypatch.setattr(actions, "settle_tasks", asked.append)
    beside = [one for kind, one in records.items() if kind._meta.model_name in signals._BESIDE]
    for known in beside:
        amend(known, {"access": Access.STAFF}, by=None)
    record(Source(case=records[Case], key="another", title="A source nobody cites yet"), by=None)

    assert len(beside) > 5
    assert asked == []
    amend(records[Event], {"date_edtf": "2024"}, by=None)
    assert len(asked) == 3


def test_a_kind_of_record_that_is_not_there_is_not_listed() -> None:
    """Whoever renames one finds it here."""
    listed = signals._NO_STANDING | signals._NOT_COUNTED | signals._NO_TASK | signals._REFERRED_TO

    assert listed <= KINDS.keys()
