"""What was answered is there after a power cut: once, whole, and nothing else."""

import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from fault.power_cut import MEMORY, NoDisk, Tally, cut_power, format_disk, mounted

CUTS = 600
CUTS_OF_A_ROTATING_DISK, ROTATING_DISKS = 12, 5
CUTS_IN_A_LONG_RUN = int(os.environ.get("POWER_CUTS", "10000"))


@pytest.fixture(scope="module", autouse=True)
def disks() -> None:
    """Tell in one line where no disk can be mounted; on a CI machine that is a failure."""
    try:
        with TemporaryDirectory(dir=MEMORY) as folder:
            format_disk(Path(folder, "disk"))
            with mounted(Path(folder, "disk"), Path(folder, "mounted")):
                pass
    except (NoDisk, OSError) as reason:
        tell = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        tell(f"power cuts need root and loop devices: {reason}")


def _show(tally: Tally) -> None:
    """Print the figures of bench/faults.md; pytest shows them with -s."""
    sys.stdout.write(f"\n{tally}\n")


def _assert_nothing_is_missing_or_more(tally: Tally) -> None:
    wrong = (tally.lost, tally.invented, tally.doubled, tally.torn, tally.damaged)
    assert wrong == (0, 0, 0, 0, 0), tally


def test_six_hundred_power_cuts_lose_nobody() -> None:
    """Eight people sign at a time; after the last cut on each disk a new door goes on."""
    tally = cut_power(CUTS)

    _show(tally)
    assert tally.cuts == CUTS
    assert tally.acknowledged > 100 * CUTS  # each cut was of a disk with something on it
    _assert_nothing_is_missing_or_more(tally)


def test_power_cuts_while_one_file_follows_the_other_lose_nobody() -> None:
    """A new file with every few signatures: many cuts fall into the moment between two."""
    tally = Tally()
    for seed in range(ROTATING_DISKS):  # each small: hundreds of files would fill one
        tally.add(cut_power(CUTS_OF_A_ROTATING_DISK, "rotate=20000", "pause=0.05", seed=seed))

    _show(tally)
    assert tally.acknowledged > 10 * tally.cuts
    _assert_nothing_is_missing_or_more(tally)


@pytest.mark.parametrize("synchronous", ["OFF", "NORMAL"])
def test_the_harness_sees_a_journal_that_answers_too_early(synchronous: str) -> None:
    """Without the fsync before the answer, signatures are lost, and these cuts find it."""
    tally = cut_power(30, f"synchronous={synchronous}")

    _show(tally)
    assert tally.cuts_with_loss > 15, tally
    assert (tally.invented, tally.doubled) == (0, 0), tally


@pytest.mark.long
def test_ten_thousand_power_cuts_lose_nobody() -> None:
    """Bounds the chance of a loss below 0.03 % a cut, at 95 %."""
    tally = cut_power(CUTS_IN_A_LONG_RUN, seed=2)

    _show(tally)
    _assert_nothing_is_missing_or_more(tally)
