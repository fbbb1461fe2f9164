"""The clock jumps, as it does on a machine that was set wrong: the journal goes by its own numbers."""

import os
import subprocess
from pathlib import Path

import pytest

from fault.power_cut import MEMORY, Door, compare, read_back

JUMPS = ("+0", "+1d", "-1d", "+20y", "-20y", "+0")
APPENDS_A_JUMP = 50


@pytest.fixture
def clock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the processes of this test a clock that runs as a file says."""
    library = next(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"), None)
    if library is None:
        tell = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        tell("no faketime: on Debian, apt-get install faketime")
    clock = tmp_path / "clock"
    clock.write_text(JUMPS[0])
    settings = {"TIMESTAMP_FILE": str(clock), "NO_CACHE": "1", "DONT_FAKE_MONOTONIC": "1"}
    for name, value in settings.items():
        monkeypatch.setenv(f"FAKETIME_{name}", value)
    monkeypatch.setenv("LD_PRELOAD", str(library))
    return clock


def _year() -> int:
    return int(subprocess.run(["date", "+%Y"], check=True, capture_output=True).stdout)


def test_a_clock_that_jumps_by_days_and_decades_loses_nobody(clock: Path) -> None:
    """Forward and back by a day and by twenty years, while people sign."""
    folder = clock.with_name("journal")
    door, years = Door(folder, "appenders=2", "pause=0"), set()  # faketime breaks sleeping
    try:
        for count, jump in enumerate(JUMPS, 1):
            clock.write_text(jump)
            years.add(_year())
            door.wait_for_answers(count * APPENDS_A_JUMP)
    finally:
        door.end()
        for left_behind in MEMORY.glob(f"*faketime_*_{door.process.pid}"):  # a killed process cannot
            left_behind.unlink()
    found, is_damaged = read_back(folder)
    tally = compare(door.handed, door.acknowledged, found)

    assert max(years) - min(years) == 40
    assert not door.refused
    assert (tally.lost, tally.doubled, is_damaged) == (0, 0, False)
