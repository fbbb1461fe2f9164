"""What is exported is what is recorded: everything, and nothing that is not for whoever exports."""

import json
import zipfile
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User

from habeas.cases import custody, tasks
from habeas.cases.actions import amend, give_task, record
from habeas.cases.exporting.bundle import AlreadyThere
from habeas.cases.exporting.content import export, kinds, vocabularies
from habeas.cases.models import Case, Change, CustodyEntry, Event
from habeas.cases.protection import Access
from registry_cast import Cast, whole_case

PAPER = b"%PDF-1.7 a judgment"


def lines(folder: Path, name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / name).read_text(encoding="utf-8").splitlines()]


def as_recorded(row: Any) -> dict[str, Any]:
    """Return what the database says of a row, as JSON would have it."""
    told = {field.name: field.value_from_object(row) for field in row._meta.concrete_fields}
    return {key: str(value) for key, value in told.items() if key not in {"created_by", "timestamp_token"}}


@pytest.fixture
def busy(mkhaitir: Case, researcher: User) -> Case:
    """A case with a correction, and a document."""
    event = Event.objects.filter(case=mkhaitir, type="release").get()
    amend(event, {"note": "At night."}, by=researcher)
    custody.take_in(mkhaitir, PAPER, "judgment.pdf", by=researcher)
    return mkhaitir


def test_everything_that_is_recorded_is_in_the_export(busy: Case, researcher: User, tmp_path: Path) -> None:
    """Every row of every kind, with its earlier versions, field by field."""
    export(tmp_path / "out", [], by=researcher)

    for kind in kinds():
        told = {row["id"]: row for row in lines(tmp_path / "out", f"records/{kind._meta.model_name}.jsonl")}
        recorded = {str(row.pk): row for row in kind.every.all()}
        assert told.keys() == recorded.keys()
        for key, row in recorded.items():
            for name, value in as_recorded(row).items():
                assert _same(told[key][name], value), (kind, name)
    assert len(lines(tmp_path / "out", "records/event.jsonl")) == Event.objects.count() + 1


def test_whoever_has_a_task_is_named_by_their_user_name(busy: Case, researcher: User, tmp_path: Path) -> None:
    """As whoever recorded it is."""
    sentence = record(Event(case=busy, seq=1, type="sentence", date_edtf="2010"), by=researcher)
    give_task(busy, tasks.Key("gap", sentence.pk, None), researcher, by=researcher, note="Ask")
    export(tmp_path / "out", [], by=researcher)

    [told] = lines(tmp_path / "out", "records/assignment.jsonl")
    assert (told["holder"], told["created_by"], told["note"]) == ("researcher", "researcher", "Ask")
    assert told["event"] == str(sentence.pk)


def _same(told: Any, recorded: str) -> bool:
    return str(told) == recorded or str(told).replace("T", " ").replace("Z", "+00:00") == recorded


def test_the_log_and_the_chain_of_custody_come_along(busy: Case, researcher: User, tmp_path: Path) -> None:
    """As they stood; that it was exported is a line of both, afterwards."""
    before = Change.objects.count()
    export(tmp_path / "out", [], by=researcher)

    assert len(lines(tmp_path / "out", "log/changes.jsonl")) == before
    assert [line["act"] for line in lines(tmp_path / "out", "log/custody.jsonl")] == ["taken_in"]
    assert CustodyEntry.objects.filter(act="handed_out").count() == 1
    assert Change.objects.filter(action="cases.export", user=researcher).count() == Case.objects.count()


def test_documents_are_the_bytes_that_came_in(busy: Case, researcher: User, tmp_path: Path) -> None:
    """Under their SHA-256, and every file of a ZIP is what the manifest says."""
    export(tmp_path / "out.zip", [], by=researcher)

    with zipfile.ZipFile(tmp_path / "out.zip") as bundle:
        manifest = json.loads(bundle.read("manifest.json"))
        for name, entry in manifest["files"].items():
            content = bundle.read(name)
            assert (sha256(content).hexdigest(), len(content)) == (entry["sha256"], entry["size"])
        assert set(bundle.namelist()) == manifest["files"].keys() | {"manifest.json"}
        assert bundle.read(f"documents/{sha256(PAPER).hexdigest()}") == PAPER


def test_one_case_is_exported_without_the_others(db: None, tmp_path: Path) -> None:
    """Nor anything of theirs."""
    cast = Cast()
    whole_case("AQ-1", "wanted", Access.TEAM, cast)
    whole_case("AQ-2", "unwanted", Access.TEAM, cast)

    done = export(tmp_path / "out", ["AQ-1"], by=None)

    everything = "".join(path.read_text() for path in (tmp_path / "out").rglob("*.jsonl"))
    assert done.cases == 1
    assert "wanted" in everything
    assert "unwanted" not in everything


@pytest.mark.parametrize("role", ["operator", "administrator", "teammate", "named", "outsider", "collector"])
def test_nobody_exports_what_they_may_not_read(db: None, tmp_path: Path, role: str) -> None:
    """The same as in the office: the sealed case is for those it names."""
    cast = Cast()
    whole_case("AQ-1", "marker-for-the-team", Access.TEAM, cast)
    whole_case("AQ-2", "marker-for-the-named", Access.SEALED, cast)

    export(tmp_path / "out", [], by=None if role == "operator" else getattr(cast, role), with_csv=True)

    everything = "".join(path.read_text() for path in (tmp_path / "out").rglob("*.*"))
    assert ("marker-for-the-team" in everything) == (
        role in {"operator", "administrator", "teammate", "named"}
    )
    assert ("marker-for-the-named" in everything) == (role == "named")


def test_who_a_source_is_is_not_exported(mkhaitir: Case, researcher: User, tmp_path: Path) -> None:
    """Not even as ciphertext; how many there are is said."""
    names = [kind._meta.model_name for kind in kinds()]

    done = export(tmp_path / "out", [], by=researcher)

    assert "sourceidentity" not in names
    assert not list((tmp_path / "out").rglob("*identit*"))
    assert "identities of sources, sealed" in done.left_out


def test_an_export_overwrites_nothing(db: None, tmp_path: Path) -> None:
    """And leaves nothing behind when it fails."""
    (tmp_path / "out").mkdir()

    with pytest.raises(AlreadyThere):
        export(tmp_path / "out", [], by=None)
    assert list(tmp_path.iterdir()) == [tmp_path / "out"]


def test_words_name_their_list_of_the_standard_formats() -> None:
    """By its number, where there is one."""
    told = vocabularies()

    assert told["event.verification"]["esf_list"] == 41
    assert told["source.reliability"]["esf_list"] == 42
    assert told["case.priority"]["values"]["urgent"] == "Urgent"
    assert told["event.type"]["values"]["arrest"] == "Arrest"
