"""The small things every layer needs: days, identifiers, languages, and writes that survive a power cut."""

import os
import stat
import subprocess
import sys
import time
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from babel import Locale

from habeas.lib import clock, durable, ids, languages
from habeas.lib.ids import NotBase64

NOON = datetime(2019, 7, 29, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(1970, 1, 1, tzinfo=UTC), 0),
        (NOON, 18_106),
        (datetime(2019, 7, 29, 23, 59, 59, tzinfo=UTC), 18_106),
    ],
)
def test_a_day_is_the_same_from_midnight_to_midnight(
    monkeypatch: pytest.MonkeyPatch, moment: datetime, day: int
) -> None:
    """In UTC, wherever the machine stands; nothing finer is ever written down about a supporter."""
    monkeypatch.setattr(time, "time", moment.timestamp)

    assert clock.today() == day
    assert clock.date_of(day) == moment.date()
    assert clock.this_hour() == day * 24 + moment.hour


def test_the_office_knows_what_time_it_is() -> None:
    """For what staff do."""
    assert clock.now().tzinfo is UTC
    assert clock.date_of(clock.today()) in {clock.now().date(), date.today()}  # noqa: DTZ011


def test_staff_records_sort_by_when_they_were_made() -> None:
    """RFC 9562, version 7: version, variant and the time in front."""
    made = []
    for _ in range(5):
        made.append(ids.uuid7())
        time.sleep(0.002)

    assert made == sorted(made)
    assert {(one.version, one.variant) for one in made} == {(7, "specified in RFC 4122")}
    assert abs((made[0].int >> 80) / 1000 - time.time()) < 5


def test_what_the_ledger_is_given_says_nothing_about_time() -> None:
    """Identifiers of supporters' records are random, and no two are alike."""
    made = ids.RecordIds()
    records = {made.new() for _ in range(1_000)}

    assert len(records) == 1_000
    assert {len(record) for record in records} == {12}
    assert len(ids.campaign_id()) == 8
    assert len({record[0] for record in records}) > 200


@pytest.mark.parametrize("text", ["=", "A", "AA=", "AA==", "A+B", "A/B", "AB", "A B", "é", "AAAA\n", "A" * 5])
def test_bytes_have_one_spelling(text: str) -> None:
    """Changing any character of a link breaks it."""
    with pytest.raises(NotBase64):
        ids.from_text(text)


@pytest.mark.parametrize("value", [b"", b"\x00", b"\xff\xfe", b"abc", bytes(range(256))])
def test_bytes_come_back_from_text(value: bytes) -> None:
    """In a form that fits into an address."""
    text = ids.to_text(value)

    assert ids.from_text(text) == value
    assert not {"+", "/", "="} & set(text)


@pytest.mark.parametrize(
    ("code", "name", "direction"),
    [("en", "English", "ltr"), ("fr", "Français", "ltr"), ("ar", "العربية", "rtl"), ("fa", "فارسی", "rtl")],
)
def test_a_language_is_called_what_its_speakers_call_it(code: str, name: str, direction: str) -> None:
    """And read from where they read."""
    language = languages.language(code)

    assert (language.code, language.name, language.direction) == (code, name, direction)


def test_a_language_nobody_knows_is_refused() -> None:
    """By name."""
    with pytest.raises(ValueError, match="unknown language 'xx'"):
        languages.language("xx")


@pytest.mark.parametrize("code", languages.AVAILABLE)
def test_every_language_has_its_words_and_its_countries(code: str) -> None:
    """All the countries there are, in its own words."""
    names = dict(languages.countries(code))

    assert languages.words(code).gettext("Your name")
    assert names.keys() == languages.country_codes()
    assert names["MR"] == Locale.parse(code.replace("-", "_")).territories["MR"]
    assert len(names) > 240
    assert not {"EU", "UN", "ZZ"} & names.keys()
    assert {"XK", "PS", "TW"} <= names.keys()


@pytest.mark.parametrize(
    ("code", "written"),
    [("en", "12,345"), ("ar", "12,345"), ("fa", "۱۲٬۳۴۵"), ("de", "12.345"), ("zh-hans", "12,345")],
)
def test_numbers_are_written_as_readers_write_them(code: str, written: str) -> None:
    """Digits and group marks of one kind, never of two."""
    assert languages.number(12_345, code) == written


def test_countries_stand_where_readers_look_for_them() -> None:
    """Accents and initials do not send Åland to the end."""
    order = [name for _, name in languages.countries("en")]

    assert order.index("Åland Islands") < order.index("Albania") < order.index("Zimbabwe")


def test_the_countries_of_a_language_come_first_and_are_countries() -> None:
    """Offered, never chosen for the person."""
    likely = dict(languages.likely_countries("ar"))

    assert {"MR", "EG", "TN"} <= likely.keys() <= languages.country_codes()
    assert "DE" not in likely


def test_a_number_has_the_marks_of_its_language() -> None:
    """So that a thousand is not read as one."""
    assert languages.number(1_234_567, "en") == "1,234,567"
    assert languages.number(1_234_567, "fr") == "1\u202f234\u202f567"


def test_a_file_is_replaced_whole(tmp_path: Path) -> None:
    """With its rights, and nothing left beside it."""
    path = tmp_path / "file"
    durable.write(path, b"old")
    durable.write(path, b"new", mode=0o600)

    assert path.read_bytes() == b"new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("broken", ["fsync", "open"])
def test_a_write_that_fails_leaves_the_old_content(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    """And no half-written file."""
    path = tmp_path / "file"
    durable.write(path, b"old")

    def fails(*_: object, **__: object) -> int:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as full:
        full.setattr(os, broken, fails)
        with pytest.raises(OSError, match="No space"):
            durable.write(path, b"new")

    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_content_is_on_disk_before_its_name_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A power cut between the two leaves the old file; the folder is synced last, so that the name stays."""
    done: list[str] = []
    sync, rename = os.fsync, Path.replace

    def synced(descriptor: int) -> None:
        done.append("folder" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "content")
        sync(descriptor)

    def renamed(self: Path, target: Path) -> Path:
        done.append("name")
        return rename(self, target)

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(Path, "replace", renamed)
    durable.write(tmp_path / "file", b"new")

    assert done == ["content", "name", "folder"]


CHILD = """
import time
from habeas.lib.processes import end_with_parent
end_with_parent()
print(flush=True)
time.sleep(60)
"""
PARENT = f"""
import subprocess, sys, os
child = subprocess.Popen([sys.executable, "-c", {CHILD!r}], stdout=subprocess.PIPE)
child.stdout.readline()
print(child.pid, flush=True)
os.kill(os.getpid(), 9)
"""


def test_a_worker_does_not_outlive_its_supervisor() -> None:
    """However that died: otherwise the port would stay taken."""
    parent = subprocess.run(
        [sys.executable, "-c", PARENT],
        env={"PYTHONPATH": ":".join(sys.path)},
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    worker = Path("/proc") / parent.stdout.strip()
    end = time.monotonic() + 5
    while worker.exists() and "Z" not in state_of(worker) and time.monotonic() < end:
        time.sleep(0.01)

    assert parent.returncode == -9
    assert not worker.exists() or "Z" in state_of(worker)


def state_of(process: Path) -> str:
    try:
        return (process / "stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return "Z"
