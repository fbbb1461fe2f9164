"""The registry with 20,000 persons, 150,000 events and 300,000 claims: replay, lists, search, figures.

All times are of the processor: what else the machine does meanwhile is not in them.
"""

import time
from collections.abc import Callable
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

from habeas.lib.errors import HabeasError
from habeas.ops.bench.figures import Figure
from habeas.ops.bench.ground import Ground

if TYPE_CHECKING:
    from django.test import Client

_PEOPLE, _EVENTS = 20_000, 150_000
_LOOKS = 9  # the median of so many is told
_READER = "bench-reader"
_MILLISECONDS = 1_000
_OK = 200
_LIST, _SEARCH, _FIGURE = 150, 300, 100  # milliseconds that each may take

# What the case list is asked, and how long it may take.
_LISTS: dict[str, tuple[dict[str, str], float]] = {
    "first page": ({}, _LIST),
    "by country": ({"country": "MR"}, _LIST),
    "by status": ({"status": "serving"}, _LIST),
    "by right": ({"right": "ICCPR"}, _LIST),
    "by qualification": ({"label": "unfair_trial"}, _LIST),
    "by charge": ({"charge": "false_news"}, _LIST),
    "by date, a year": ({"happened_from": "2015-01-01", "happened_to": "2015-12-31"}, _LIST),
    "by date, since 2015": ({"happened_from": "2015-01-01"}, _LIST),
    "by what there is to do": ({"to_do": "any"}, _LIST),
    "by lifecycle and priority": ({"lifecycle": "intake", "priority": "normal"}, _LIST),
    "by country, status and date": (
        {"country": "MR", "status": "custody", "happened_from": "2015-01-01", "happened_to": "2015-12-31"},
        _LIST,
    ),
    "by charge and right": ({"charge": "false_news", "right": "ICCPR"}, _LIST),
    "search for a name": ({"q": "Bamoura"}, _SEARCH),
    "search for two common words": ({"q": "teacher dawn"}, _SEARCH),
}
# What figures are asked: arrests, if nothing else is said.
_QUESTIONS: dict[str, dict[str, Any]] = {
    "arrests, one country": {"unit": "events", "country": "MR"},
    "arrests, all countries": {"unit": "events"},
    "arrests, all countries, two origins": {"unit": "events", "min_origins": 2},
    "arrests, all countries, five years": {
        "unit": "events",
        "since": date(2014, 1, 1),
        "until": date(2018, 12, 31),
    },
    "persons arrested, one country, two origins": {"unit": "persons", "country": "MR", "min_origins": 2},
    "persons arrested, all countries": {"unit": "persons"},
    "persons arrested, all countries, two origins": {"unit": "persons", "min_origins": 2},
    "persons detained in any way since 2014, all countries, two origins": {
        "unit": "persons",
        "min_origins": 2,
        "since": date(2014, 1, 1),
        "event_types": ["arrest", "detention", "abduction"],
    },
    "cases with arrests, one country": {"unit": "cases", "country": "MR"},
    "cases with arrests, all countries, two origins": {"unit": "cases", "min_origins": 2},
}


class NothingCounted(HabeasError):
    """A figure that was to be measured came to nothing."""


class ScreenRefused(HabeasError):
    """A screen of the office did not answer as it should."""


def registry(ground: Ground) -> list[Figure]:
    """Measure the office on a large registry of invented people."""
    from django.test.utils import override_settings

    people = ground.wishes.people or _PEOPLE
    fresh = ground.config.folder / "large.sqlite3"
    with _database(str(fresh)), override_settings(ALLOWED_HOSTS=["testserver"]):
        written = _timed(lambda: _fill(people))
        indexed = _timed(_index)
        return [
            Figure(f"registry: {people:,} persons written", written, "s"),
            Figure("registry: words, standings and lines of figures derived", indexed, "s"),
            *_replay(),
            *_screens(_reader()),
            *_figures(),
        ]


def _figures() -> list[Figure]:
    """Measure what counting a figure takes, members and all.

    raises  NothingCounted
    """
    return [_figure(what, question) for what, question in _QUESTIONS.items()]


def _figure(what: str, question: dict[str, Any]) -> Figure:
    from habeas.cases.figures import select
    from habeas.cases.models import FigureDef

    definition = FigureDef(**{"event_types": ["arrest"], **question})

    def counted() -> None:
        if not select.count(definition).lower:
            raise NothingCounted(what)

    return Figure(f"registry: figure, {what}", _median(counted), "ms", _FIGURE, is_ceiling=True)


def _database(path: str) -> Any:
    """Let Django use another database until the block ends."""
    from contextlib import contextmanager

    from django.core.management import call_command
    from django.db import connection, connections

    @contextmanager
    def other() -> Any:
        before = connection.settings_dict["NAME"]
        connections.close_all()
        connection.settings_dict["NAME"] = path
        try:
            call_command("migrate", verbosity=0, interactive=False)
            call_command("createcachetable", verbosity=0)
            yield
        finally:
            connections.close_all()
            connection.settings_dict["NAME"] = before

    return other()


def _fill(people: int) -> None:
    from habeas.ops.bench.registry_data import Crowd

    Crowd().write(people, people * _EVENTS // _PEOPLE)


def _index() -> None:
    from django.db import connection

    from habeas.cases import indexing

    indexing.make_anew()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _replay() -> list[Figure]:
    """Measure how long it takes until the status of everybody follows from the events."""
    from django.utils import timezone

    from habeas.cases import status
    from habeas.cases.histories import SEALED, TEAM, histories

    today = timezone.localdate()
    begun = time.process_time()
    readings = [history.read_with(TEAM | SEALED) for history in histories()]
    read = time.process_time()
    for reading in readings:
        for person in reading.persons:
            status.known_on(today, reading.events, reading.conditions, person)
    replayed = time.process_time()
    events = sum(len(reading.events) for reading in readings)
    return [
        Figure("registry: events", events, ""),
        Figure("registry: reading them", read - begun, "s"),
        Figure("registry: full status replay", replayed - read, "s", 1, is_ceiling=True),
    ]


def _reader() -> "Client":
    """Return the browser of a researcher who is in the team of every second case that has one."""
    from django.contrib.auth.models import Group, User
    from django.test import Client

    from habeas.cases.models import Case
    from habeas.cases.protection import Access
    from habeas.cases.roles import RESEARCHERS, ensure_roles

    ensure_roles()
    reader = User.objects.create_user(_READER)
    reader.groups.add(Group.objects.get(name=RESEARCHERS))
    theirs = Case.objects.filter(access=Access.TEAM).values_list("pk", flat=True)[::2]
    through: Any = Case.team.through
    through.objects.bulk_create([through(case_id=case, user=reader) for case in theirs])
    browser = Client()
    browser.force_login(reader, backend="allauth.account.auth_backends.AuthenticationBackend")
    return browser


def _screens(browser: "Client") -> list[Figure]:
    from django.urls import reverse

    address = reverse("wagtailsnippets_cases_case:list")
    return [
        Figure(
            f"registry: case list, {what}",
            _median(partial(_look, browser, address, query)),
            "ms",
            goal,
            is_ceiling=True,
        )
        for what, (query, goal) in _LISTS.items()
    ]


def _look(browser: "Client", address: str, query: dict[str, str]) -> None:
    answer = browser.get(address, query)
    if answer.status_code != _OK:
        raise ScreenRefused(f"{address} answers {answer.status_code}")


def _median(look: Callable[[], object]) -> float:
    """Return the milliseconds that something takes, once it is warm."""
    look()
    return sorted(_timed(look) for _ in range(_LOOKS))[_LOOKS // 2] * _MILLISECONDS


def _timed(do: Callable[[], object]) -> float:
    begun = time.process_time()
    do()
    return time.process_time() - begun
