"""A large registry of invented people, for measuring.

It is written straight into the tables of the benchmark's own SQLite, past `cases.actions`: an act for each
record, with its line in the log, its checks and its index, would take an hour and measure something else.
Nothing but this module may do so, and it refuses a database that has cases already.
"""

import random
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import count, islice
from typing import Any

from django.db import connection, models, transaction

from habeas.cases.dates import parse
from habeas.cases.models import (
    Case,
    CaseRight,
    CaseRole,
    Charge,
    Claim,
    Event,
    Person,
    PersonName,
    Qualification,
    Source,
)
from habeas.cases.protection import Access
from habeas.lib.errors import HabeasError

_COUNTRIES = ("MR", "EG", "SA", "IR", "VN", "BY", "NI", "ER", "CN", "TR")
_SYLLABLES = "ba da fa ga ha ja ka la ma na ra sa ta za khe she mou ri di mi ni ou".split()  # noqa: SIM905  read as words
_LETTERS = dict(zip("bdfghjklmnrstz", "بدفغحجكلمنرستز", strict=True))
_WORDS = (  # noqa: SIM905  read as words
    "police took him from his home at dawn without a warrant and brought her to an unknown place "
    "lawyer family visit denied court session postponed judge charged article speech post blog union "
    "protest strike teacher student farmer journalist prison transferred beaten released bail appeal"
).split()
_HISTORIES = (  # what happens to people, with days between
    ("arrest", "charge", "trial_open", "conviction", "sentence", "appeal_lodged", "upheld"),
    (
        "arrest",
        "whereabouts_undisclosed",
        "custody_acknowledged",
        "charge",
        "trial_open",
        "acquittal",
        "release",
    ),
    (
        "abduction",
        "custody_denied",
        "custody_acknowledged",
        "whereabouts_disclosed",
        "transfer",
        "charge",
        "bail",
    ),
    (
        "summons",
        "interrogation",
        "arrest",
        "detention_extended",
        "charge",
        "charge_dropped",
        "release",
        "arrest",
    ),
    (
        "arrest",
        "charge",
        "trial_open",
        "conviction",
        "death_sentence",
        "appeal_lodged",
        "hearing",
        "adjourned",
    ),
    ("detention", "admin_detention_order", "detention_extended", "detention_extended", "release", "summons"),
    ("arrest", "conviction", "sentence", "transfer", "sentence_served", "transfer", "health_deterioration"),
    (
        "arrest",
        "charge",
        "trial_open",
        "hearing",
        "adjourned",
        "conviction",
        "sentence",
        "pardon",
        "release",
        "fled",
    ),
)
_CHARGES = ("anti_state", "terrorism", "false_news", "defamation", "religious_insult", "assembly", "cyber")
_RIGHTS = (("ICCPR", "9"), ("ICCPR", "19"), ("ICCPR", "14"), ("UDHR", "9"), ("CAT", "1"))
_LABELS = ("arbitrary_detention", "enforced_disappearance", "unfair_trial", "prisoner_of_conscience")
_FIRST_DAY = date(2005, 1, 1)
_DAYS = 7_500
_ONE_IN_TEAM_LEVEL = 4  # cases are for their team alone
_ROWS_AT_ONCE = 20_000


class NotEmpty(HabeasError):
    """Invented people are written into an empty registry of a benchmark only."""


class _Table:
    """Rows of one table; what is not said of a row is as a new record has it."""

    def __init__(self, model: type[models.Model]) -> None:
        self.model = model
        self.fields = {field.attname: field for field in model._meta.concrete_fields}  # noqa: SLF001  Django's public name
        blank = model()
        self.blank = {name: self._stored(name, getattr(blank, name)) for name in self.fields}
        self.rows: list[tuple[Any, ...]] = []

    def add(self, **told: Any) -> str:
        """Add a row, and return its identifier."""
        stored = {name: self._stored(name, value) for name, value in told.items()}
        self.rows.append(tuple({**self.blank, **stored}.values()))
        return str(told.get("id", ""))

    def _stored(self, name: str, value: Any) -> Any:
        if isinstance(value, str):  # identifiers come as SQLite keeps them
            return value
        return self.fields[name].get_db_prep_save(value, connection)

    def write(self) -> None:
        """Write the rows."""
        quoted = ", ".join(f'"{field.column}"' for field in self.fields.values())
        marks = ", ".join(["%s"] * len(self.fields))
        insert = f'INSERT INTO "{self.model._meta.db_table}" ({quoted}) VALUES ({marks})'  # noqa: S608, SLF001  our own names
        with connection.cursor() as cursor:
            rows = iter(self.rows)
            while some := list(islice(rows, _ROWS_AT_ONCE)):
                cursor.executemany(insert, some)
        self.rows.clear()


class Crowd:
    """Invented people, each with a case, events, and claims of two sources about each event."""

    def __init__(self, seed: int = 1) -> None:
        self.random = random.Random(seed)  # noqa: S311  invented people need no cryptography
        self.numbers = count(1)
        kinds = (Case, CaseRight, CaseRole, Person, PersonName, Source, Event, Claim, Charge, Qualification)
        self.tables = {model: _Table(model) for model in kinds}
        through: Any = Event.persons.through
        self.present: list[tuple[str, str]] = []  # event, person
        self.in_present = through._meta.db_table  # noqa: SLF001  Django's public name
        self.day = _FIRST_DAY  # of the present person's last event

    def write(self, people: int, events: int) -> None:
        """Write that many people with that many events between them.

        raises  NotEmpty
        """
        if Case.objects.exists():
            raise NotEmpty("there are cases in this database")
        left = events
        with transaction.atomic():
            for number in range(people):
                least = left // (people - number)
                left -= self._person(number, least)
            for table in self.tables.values():
                table.write()
            with connection.cursor() as cursor:
                insert = f'INSERT INTO "{self.in_present}" (event_id, person_id) VALUES (%s, %s)'  # noqa: S608  our own name
                cursor.executemany(insert, self.present)

    def _id(self) -> str:
        return f"{next(self.numbers):032x}"

    def _person(self, number: int, length: int) -> int:
        """Write one person with about so many events, and return how many it became."""
        level = Access.STAFF if number % _ONE_IN_TEAM_LEVEL else Access.TEAM
        country = self.random.choice(_COUNTRIES)
        name = self._name()
        ref = f"{country}-{number:06d}"
        case = self.tables[Case].add(
            id=self._id(), access=level, ref=ref, country=country, title=f"Free {name}"
        )
        person = self.tables[Person].add(id=self._id(), access=level, occupation=self.random.choice(_WORDS))
        self._names(person, name, level)
        about = {"access": level, "case_id": case}
        self.tables[CaseRole].add(id=self._id(), person_id=person, **about)
        instrument, article = self.random.choice(_RIGHTS)
        self.tables[CaseRight].add(id=self._id(), instrument=instrument, article=article, **about)
        if self.random.random() < 0.3:  # noqa: PLR2004  about as many as have an opinion of somebody
            self.tables[Qualification].add(
                id=self._id(), body="WGAD", label=self.random.choice(_LABELS), **about
            )
        sources = [self._source(key, about) for key in ("report", "letter")]
        self.day = _FIRST_DAY + timedelta(days=self.random.randrange(_DAYS))
        for seq, kind in enumerate(islice(self._kinds(), length)):
            self._event(seq, kind, person, sources, about)
        return length

    def _kinds(self) -> Iterator[str]:
        while True:
            yield from self.random.choice(_HISTORIES)

    def _name(self) -> str:
        made = ("".join(self.random.choices(_SYLLABLES, k=self.random.randint(2, 4))) for _ in range(3))
        return " ".join(made).title()

    def _names(self, person: str, name: str, level: Access) -> None:
        arabic = "".join(_LETTERS.get(letter, "و" if letter in "ou" else "") for letter in name.lower())
        spaced = " ".join(arabic[start : start + 5] for start in range(0, len(arabic), 5))
        kinds = ((name, "en", "Latn", "legal"), (spaced, "ar", "Arab", "transliteration"))
        for text, language, script, kind in kinds:
            self.tables[PersonName].add(
                id=self._id(), person_id=person, text=text, language=language, script=script, kind=kind,
                preferred=kind == "legal", access=level,
            )  # fmt: skip

    def _source(self, key: str, about: dict[str, Any]) -> str:
        title = " ".join(self.random.choices(_WORDS, k=5))
        return self.tables[Source].add(id=self._id(), key=key, title=title, publisher="A publisher", **about)

    def _event(self, seq: int, kind: str, person: str, sources: Iterable[str], about: dict[str, Any]) -> None:
        text = self._date()
        known = parse(text)
        event = self.tables[Event].add(
            id=self._id(), seq=seq * 10, type=kind, date_edtf=text, earliest=known.earliest,
            latest=known.latest, verification="corroborated",
            note=" ".join(self.random.choices(_WORDS, k=10)), **about,
        )  # fmt: skip
        self.present.append((event, person))
        for source in sources:
            self.tables[Claim].add(
                id=self._id(), event_id=event, source_id=source, value=text, access=about["access"]
            )
        if kind == "charge":
            self.tables[Charge].add(
                id=self._id(), event_id=event, offence="an offence", access=about["access"],
                charge_class=self.random.choice(_CHARGES),
            )  # fmt: skip

    def _date(self) -> str:
        """Return the person's next date: a day mostly, a month or a year sometimes."""
        self.day += timedelta(days=self.random.randrange(60))
        return str(self.day)[: self.random.choice((10, 10, 10, 10, 7, 4))]
