"""Looking for cycles costs long work little, and nothing afterwards is as if it had not been."""

import gc
from collections.abc import Iterator

import pytest

from habeas.lib.garbage import collected_rarely


@pytest.fixture(autouse=True)
def as_python_starts() -> Iterator[None]:
    """Whatever a door that was tried in this process has set."""
    set_before = gc.get_threshold()
    gc.unfreeze()
    gc.set_threshold(700, 10, 10)
    yield
    gc.set_threshold(*set_before)


def test_the_collector_looks_rarely_until_the_work_is_done() -> None:
    """Who imports a long list waits for the list, and afterwards memory is looked after as before."""
    before = gc.get_threshold()

    with collected_rarely():
        meanwhile = gc.get_threshold()

    assert meanwhile[0] > before[0]
    assert gc.get_threshold() == before
    assert gc.get_freeze_count() == 0


def test_the_collector_is_put_back_when_the_work_fails() -> None:
    """A list that cannot be read leaves the office's memory looked after as before."""
    before = gc.get_threshold()

    with pytest.raises(OSError, match="no such list"), collected_rarely():
        raise OSError("no such list")

    assert gc.get_threshold() == before


def test_of_two_pieces_of_work_the_last_puts_it_back() -> None:
    """Two people who import at the same time leave the office as one does."""
    before = gc.get_threshold()
    first, second = collected_rarely(), collected_rarely()

    first.__enter__()
    second.__enter__()
    first.__exit__(None, None, None)
    while_one_goes_on = gc.get_threshold()
    second.__exit__(None, None, None)

    assert while_one_goes_on[0] > before[0]
    assert gc.get_threshold() == before
