"""A list of invented people into an empty registry: looked at, written, and known again."""

import csv
import random
import resource
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from habeas.ops.bench.figures import Figure
from habeas.ops.bench.ground import Ground

_ROWS = 10_000
_GOAL_SECONDS, _GOAL_ROWS = 120, 100_000  # in all, for so many
_AGAIN = 10  # every so many rows, one comes a second time
_EMPLOYERS = 4_000  # different employers
_MAPPING = """
[list]
title = "An invented barometer"
publisher = "Radio South"
as_of = "2024-12-01"
[columns]
name = "Name"
status = "Status"
date = { column = "Date", date_order = "day-first" }
country = "Country"
employer = "Organisation"
occupation = "Type"
motive = "Motive"
url = "URL"
"""
_HEADER = ("Name", "Status", "Date", "Country", "Organisation", "Motive", "Type", "URL")
_SYLLABLES = "ba da fa ga ha ja ka la ma na ra sa ta za khe she mou ri di mi ni ou".split()  # noqa: SIM905  read as words
_MONTHS = "January February March April May June July August September October November December".split()  # noqa: SIM905  read as words
_COUNTRIES = ("Syria", "Côte d’Ivoire", "Mauritania", "Egypt", "Iran", "Vietnam", "Belarus", "Eritrea")
_STATUSES = ("Imprisoned", "Killed", "Released", "Abducted")
_MOTIVES = ("False news", "Defamation", "", "Assembly")
_OCCUPATIONS = ("Journalist", "Blogger", "Media worker")


def import_(ground: Ground) -> list[Figure]:
    """Measure the import of a list of which every tenth row comes twice, and the same list a second time.

    Seconds are the processor's: it says what the work takes, whatever else the machine does.
    """
    rows = ground.wishes.people or _ROWS
    path = ground.config.folder / "bench-list.csv"
    _write(path, rows)
    first = _seconds(lambda: _import(path))
    again = _seconds(lambda: _import(path))
    path.unlink()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return [
        Figure(f"import: {rows:,} rows", first, "s", rows * _GOAL_SECONDS / _GOAL_ROWS, is_ceiling=True),
        Figure("import: the same rows again, all known", again, "s"),
        Figure("import: most memory", peak, "MB"),
    ]


def _import(path: Path) -> None:
    from habeas.cases.table_import import prepare, run

    run(prepare(path, _MAPPING), by=None, dry_run=False)


def _seconds(do: Callable[[], None]) -> float:
    begun = time.process_time()
    do()
    return time.process_time() - begun


def _write(path: Path, rows: int) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(_HEADER)
        table.writerows(_people(rows))


def _people(rows: int) -> Iterator[tuple[str, ...]]:
    chance = random.Random(5)  # noqa: S311  the same list each time
    employers = [f"Radio {_name(chance)}" for _ in range(_EMPLOYERS)]
    before: tuple[str, ...] = ()
    for number in range(rows):
        if before and number % _AGAIN == _AGAIN - 1:
            yield before
            continue
        before = (
            _name(chance),
            chance.choice(_STATUSES),
            _date(chance),
            chance.choice(_COUNTRIES),
            chance.choice(employers),
            chance.choice(_MOTIVES),
            chance.choice(_OCCUPATIONS),
            f"https://list.example/{number}",
        )
        yield before


def _name(chance: random.Random) -> str:
    parts = ("".join(chance.choices(_SYLLABLES, k=chance.randint(2, 4))) for _ in range(3))
    return " ".join(parts).title()


def _date(chance: random.Random) -> str:
    """Return a day, most times; else a month or a year."""
    year, kind = chance.randint(1995, 2024), chance.random()
    if kind < 0.1:  # noqa: PLR2004  one in ten
        return str(year)
    month = f"{chance.choice(_MONTHS)} {year}"
    return month if kind < 0.3 else f"{chance.randint(1, 28)} {month}"  # noqa: PLR2004  two in ten
