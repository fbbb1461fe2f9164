"""Documents: kept as they came, checked whenever they are read, with every hand they went through."""

import hashlib
from pathlib import Path
from typing import Any

import pytest
from pytest_django import DjangoCaptureOnCommitCallbacks

from habeas.cases import custody
from habeas.cases.access import MayNotRead, visible
from habeas.cases.actions import BadRecord, erase
from habeas.cases.models import Case, CustodyEntry, Document
from habeas.cases.originals import OriginalDamaged
from habeas.cases.protection import Access
from habeas.cases.vocabulary import CopyKind
from habeas.config import Config
from registry_cast import Cast, whole_case

JUDGMENT = "حكم".encode() + b"\x00 judgment of 24 December 2014"


@pytest.fixture
def case(cast: Cast, installation: Config) -> Any:
    return whole_case("AQ-1", "marker", Access.TEAM, cast)[Case]


@pytest.fixture
def judgment(case: Case, cast: Cast) -> Document:
    found = custody.Capture("https://example.org/judgment.pdf", tool="by hand")
    return custody.take_in(case, JUDGMENT, "judgment.pdf", by=cast.teammate, capture=found)


def original(config: Config, document: Document) -> Path:
    return config.originals / document.sha256[:2] / document.sha256


def test_a_document_is_kept_byte_for_byte(judgment: Document, cast: Cast, installation: Config) -> None:
    assert judgment.sha256 == hashlib.sha256(JUDGMENT).hexdigest()
    assert (judgment.size, judgment.mime) == (len(JUDGMENT), "application/pdf")
    assert original(installation, judgment).read_bytes() == JUDGMENT
    assert original(installation, judgment).stat().st_mode & 0o777 == 0o400
    assert custody.read(judgment, by=cast.teammate) == JUDGMENT


def test_every_hand_it_went_through_is_a_line(judgment: Document, cast: Cast) -> None:
    custody.read(judgment, by=cast.named)
    custody.check(judgment, by=cast.administrator)

    lines = CustodyEntry.objects.filter(document=judgment)
    assert [(line.act, line.by) for line in lines] == [
        ("taken_in", cast.teammate),
        ("read", cast.named),
        ("checked", cast.administrator),
    ]
    assert {line.sha256 for line in lines} == {judgment.sha256}


def test_what_was_altered_is_not_handed_out(judgment: Document, cast: Cast, installation: Config) -> None:
    path = original(installation, judgment)
    path.chmod(0o600)
    path.write_bytes(JUDGMENT + b"!")
    with pytest.raises(OriginalDamaged, match="not what was taken in"):
        custody.read(judgment, by=cast.teammate)
    path.unlink()
    with pytest.raises(OriginalDamaged, match="missing"):
        custody.check(judgment, by=cast.teammate)


def test_a_redacted_copy_stands_beside_its_original(judgment: Document, cast: Cast) -> None:
    """For more people; the original stays for the team, and says that a copy was made."""
    copy = custody.add_copy(
        judgment, b"judgment of [redacted]", "open.pdf", CopyKind.REDACTED, by=cast.named, level=Access.STAFF
    )

    assert (copy.parent, copy.copy_kind) == (judgment, "redacted")
    assert (copy.access, judgment.access) == (Access.STAFF, Access.TEAM)
    last = CustodyEntry.objects.filter(document=judgment).last()
    assert last is not None
    assert (last.act, last.note) == ("copied", str(copy.pk))


def test_strangers_read_neither_a_document_nor_its_custody(judgment: Document, cast: Cast) -> None:
    for act in (custody.read, custody.check):
        with pytest.raises(MayNotRead):
            act(judgment, by=cast.outsider)

    assert not visible(CustodyEntry.objects.all(), cast.outsider).exists()
    assert visible(CustodyEntry.objects.all(), cast.teammate).count() == 1


def test_the_same_file_twice_is_one_document(judgment: Document, case: Case, cast: Cast) -> None:
    with pytest.raises(BadRecord, match="This very file already exists"):
        custody.take_in(case, JUDGMENT, "again.pdf", by=cast.teammate)


def test_what_is_erased_leaves_the_disk_unless_another_case_has_it(
    judgment: Document,
    cast: Cast,
    installation: Config,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    elsewhere = whole_case("AQ-2", "other", Access.TEAM, cast)[Case]
    same = custody.take_in(elsewhere, JUDGMENT, "judgment.pdf", by=cast.teammate)
    with django_capture_on_commit_callbacks(execute=True):
        erase(judgment.case, by=cast.administrator, reason="Asked to")
    assert original(installation, same).exists()

    with django_capture_on_commit_callbacks(execute=True):
        erase(same, by=cast.administrator, reason="Asked to")
    assert not original(installation, same).exists()
