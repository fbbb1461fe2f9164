"""An invented list of cases, as messy as lists are, with an account of what is in it kept beside."""

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

HEADER = ("Name", "Status", "Date", "Country", "Organisation", "Motive", "Type", "URL")

_FIRST = (
    "Selma",
    "Idris",
    "Ana María",
    "Zoë",
    "Nguyễn Văn",
    "Олена",
    "ليلى",
    "Jean-Luc",
    "O&#8217;Neil",
    "M&eacute;lanie",
)
_LAST = ("Amari", "Okonkwo", "de la Cruz", "Müller", "An", "Шевченко", "حداد", "D’Arc", "Haddad", "Kılıç")
_COUNTRIES = {
    "Syria": "SY", "Syrie": "SY", "سوريا": "SY", "Côte d’Ivoire": "CI", "Ivory Coast": "CI", "DR Congo": "CD",
    "Türkiye": "TR", "Turkey": "TR", "USA": "US", "UK": "GB", "Palestine": "PS", "Burma": "MM",
    "Mexique": "MX", "  Viet&nbsp;Nam ": "VN", "Russian Federation": "RU", "MR": "MR", "Égypte": "EG",
}  # fmt: skip
_STATUSES = {
    "Killed": "death", "killed ": "death", "Imprisoned": "arrest", "IMPRISONED": "arrest",
    "Tué": "death", "Détenu": "detention", "معتقل": "arrest", "Missing": "abduction", "Released": "release",
}  # fmt: skip
_MONTHS = {"January": 1, "mars": 3, "agosto": 8, "أكتوبر": 10, "Dec.": 12}


def _day(chance: random.Random) -> tuple[str, str]:
    year, (month, number), day = (
        chance.randint(2001, 2024),
        chance.choice(sorted(_MONTHS.items())),
        chance.randint(13, 28),
    )
    ways: tuple[Callable[[], tuple[str, str]], ...] = (
        lambda: (f"{day} {month} {year}", f"{year}-{number:02}-{day}"),
        lambda: (f"{month} {day}, {year}", f"{year}-{number:02}-{day}"),
        lambda: (f"{month}\u00a0{year}", f"{year}-{number:02}"),
        lambda: (str(year), str(year)),
        lambda: (f"{day}/{number:02}/{year}", f"{year}-{number:02}-{day}"),
        lambda: (f"{year}-{number:02}-{day}", f"{year}-{number:02}-{day}"),
        lambda: (f"about {month} {year}", f"{year}-{number:02}~"),
        lambda: ("", ""),
    )
    return chance.choice(ways)()


@dataclass
class MessyList:
    """The table, and what an honest reader counts in it."""

    rows: list[tuple[str, ...]] = field(default_factory=list)
    events: Counter[str] = field(default_factory=Counter)  # by type, of the rows that can be recorded
    countries: Counter[str] = field(default_factory=Counter)
    dates: Counter[str] = field(default_factory=Counter)  # EDTF; empty: none
    refused: dict[int, str] = field(default_factory=dict)  # line: column at fault
    repeated: int = 0


def messy_list(size: int, seed: int = 7) -> MessyList:
    """Return an invented list of so many rows."""
    made, chance = MessyList(), random.Random(seed)
    for number in range(size):
        _add(made, number, chance)
    return made


def _add(made: MessyList, number: int, chance: random.Random) -> None:
    country, status = chance.choice(sorted(_COUNTRIES)), chance.choice(sorted(_STATUSES))
    date, edtf = _day(chance)
    name = f"{chance.choice(_FIRST)} {chance.choice(_LAST)} {number}"
    url = f"https://list.example/{number}" + (f" ; https://paper.example/{number}" if number % 7 == 0 else "")
    row = [
        name,
        status,
        date,
        country,
        "The Daily&amp;Weekly",
        "Confirmed",
        "Journalist",
        url if number % 11 else "",
    ]
    kind = number % 40
    if kind == 5:
        row[0] = "Unknown"
    if kind == 9 and made.rows:
        made.rows.append(made.rows[-1])
        if len(made.rows) not in made.refused and not _is_refused_before(made):
            made.repeated += 1
        else:
            made.refused[len(made.rows) + 1] = made.refused[len(made.rows)]
        return
    at_fault = {13: "Date", 21: "Country", 29: "Status"}.get(kind, "")
    if kind == 13:
        row[2] = "03/04/2014"
    if kind == 21:
        row[3] = "Atlantis"
    if kind == 29:
        row[1] = "Harassed"
    made.rows.append(tuple(row))
    line = len(made.rows) + 1
    if at_fault:
        made.refused[line] = at_fault
        return
    made.events[_STATUSES[status]] += 1
    made.countries[_COUNTRIES[country]] += 1
    made.dates[edtf] += 1


def _is_refused_before(made: MessyList) -> bool:
    return len(made.rows) in made.refused
