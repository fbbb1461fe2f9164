"""Who sees what in the office: every role, every screen of the registry, and no screen left out."""

from collections.abc import Callable, Iterator
from copy import deepcopy
from itertools import product
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from pytest_django import DjangoDbBlocker

from habeas.cases import wagtail_hooks
from habeas.cases.actions import amend, record, withdraw
from habeas.cases.admin_views import RegistryViews
from habeas.cases.models import (
    Assignment,
    Case,
    Claim,
    Consent,
    Document,
    Embargo,
    Event,
    FigureDef,
    Override,
    Record,
    Source,
)
from habeas.cases.protection import Access
from registry_cast import Cast, office_only, whole_case

MODELS = [views.model for views in RegistryViews.items]

# Every screen of the registry, by what it takes. A new one belongs here, or the test below fails.
LISTS = {"list", "list_results", "choose", "choose_results"}  # several records
ONE = {"edit", "delete", "usage", "history", "history_results", "chosen"}  # one record, in the address
SEVERAL = {"chosen_multiple"}  # several, in the query
BLANK = {"add", "create"}  # none
PAGE = {"inspect"}  # one case, and of no other kind of record
OTHERS = {
    "cases_identity",
    "cases_withdraw",
    "cases_figure",
}  # of no list or form; test_sources.py, and below
# Screens of a table on its way in, which only whoever uploaded it opens; test_importing_in_the_office.py.
IMPORT = {
    *("cases_import", "cases_import_columns", "cases_import_check", "cases_import_refused"),
    *("cases_import_mapping", "cases_import_run", "cases_import_cancel", "cases_imported"),
}
# Screens that lead on from a case: the record in their address, and what stands before and behind it.
Of = dict[type[Record], Any]  # records of a case
OF_A_CASE: dict[str, tuple[tuple[Any, ...], type[Record], tuple[Any, ...] | Callable[[Of], Any]]] = {
    "cases_add_document": ((), Case, ()),
    "cases_history": ((), Case, ()),
    "cases_document": ((), Document, ()),
    "cases_compare": (("event",), Event, (2,)),
    "cases_override": ((), Event, ()),
    "cases_task": (("contradiction",), Event, lambda records: (records[Assignment].against_id,)),
}

TEAM, SEALED = "marker-for-the-team", "marker-for-the-named"
MARKS = {TEAM, SEALED}
SEES: dict[str, set[str]] = {
    "administrator": {TEAM},  # not what is sealed
    "teammate": {TEAM},
    "named": {TEAM, SEALED},
    "outsider": set(),
    "collector": set(),
    "reader": set(),
}


Records = dict[str, dict[type[Record], Any]]  # by who may read them, then by kind


@pytest.fixture(scope="module")
def made_once(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[tuple[Cast, Records]]:
    """Make everybody and everything once for this file: half a second that every test would pay."""
    with django_db_blocker.unblock(), transaction.atomic():
        cast = Cast()
        office_only(cast.reader)
        team = whole_case("AQ-1", TEAM, Access.TEAM, cast)
        yield cast, {TEAM: team, SEALED: whole_case("AQ-2", SEALED, Access.SEALED, cast)}
        transaction.set_rollback(True)


@pytest.fixture
def of_this_test(made_once: tuple[Cast, Records], db: None) -> tuple[Cast, Records]:
    """What was made, untouched by the tests before."""
    return deepcopy(made_once)


@pytest.fixture
def cast(of_this_test: tuple[Cast, Records]) -> Cast:
    return of_this_test[0]


@pytest.fixture
def records(of_this_test: tuple[Cast, Records]) -> Records:
    return of_this_test[1]


def logged_in(client: Client, user: User) -> Client:
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def screens() -> Iterator[tuple[str, str]]:
    """Yield (namespace, name) of every address that the registry adds to the office."""
    for namespace, _, resolver in walk(get_resolver()):
        if "_cases_" in namespace:
            for pattern in resolver.url_patterns:
                assert isinstance(pattern, URLPattern)
                yield namespace, str(pattern.name)


def walk(resolver: URLResolver) -> Iterator[tuple[str, str, URLResolver]]:
    for part in resolver.url_patterns:
        if isinstance(part, URLResolver):
            yield part.namespace or "", str(part.pattern), part
            yield from walk(part)


def address(model: type[Record], view: str, *args: Any) -> str:
    family = "wagtailsnippetchoosers" if view.startswith("cho") or view == "create" else "wagtailsnippets"
    return reverse(f"{family}_cases_{model._meta.model_name}:{view}", args=args)


def told(client: Client, url: str, query: dict[str, Any] | None = None) -> str:
    """Return what a screen says; nothing if it is refused."""
    answer = client.get(url, query)
    return answer.content.decode() if answer.status_code == 200 else ""


def test_every_screen_is_in_the_matrix() -> None:
    """A new screen is put into the lists above first, and so into the tests below."""
    found = set(screens())

    assert {name for _, name in found} <= LISTS | ONE | SEVERAL | BLANK | PAGE
    assert {namespace for namespace, name in found if name in PAGE} == {"wagtailsnippets_cases_case"}
    assert {pattern.name for pattern in wagtail_hooks.add_our_screens()} == (
        OTHERS | IMPORT | OF_A_CASE.keys()
    )
    assert {namespace.rpartition("_")[2] for namespace, _ in found} == {
        str(model._meta.model_name) for model in MODELS
    }


@pytest.mark.parametrize("role", SEES)
def test_lists_show_what_is_for_the_reader(client: Client, cast: Cast, records: Any, role: str) -> None:
    """Also those from which one chooses, and what their search finds."""
    office = logged_in(client, getattr(cast, role))
    for view in sorted(LISTS):
        query = {"q": "marker"} if view.startswith("choose") else None
        shown = "".join(told(office, address(model, view), query) for model in (Event, Case, Source, Consent))
        assert {mark for mark in (TEAM, SEALED) if mark in shown} == SEES[role], view


@pytest.mark.parametrize("role", SEES)
def test_one_record_is_shown_to_those_it_is_for(client: Client, cast: Cast, records: Any, role: str) -> None:
    """For anybody else there is no such record."""
    office = logged_in(client, getattr(cast, role))
    for view in sorted(ONE):
        opened = {
            mark for mark in (TEAM, SEALED) if told(office, address(Event, view, records[mark][Event].pk))
        }
        is_erasing = view == "delete" and role != "administrator"  # for administrators alone
        assert opened == (set() if is_erasing else SEES[role]), view


@pytest.mark.parametrize("role", SEES)
def test_the_page_of_a_case_is_for_its_readers(client: Client, cast: Cast, records: Any, role: str) -> None:
    """On any day that is asked for."""
    office = logged_in(client, getattr(cast, role))
    for query in ({}, {"on": "2025-06-01"}):
        pages = {
            mark: told(office, address(Case, "inspect", records[mark][Case].pk), query) for mark in MARKS
        }
        assert {mark for mark, page in pages.items() if mark in page} == SEES[role]
        assert {mark for mark, page in pages.items() if page} == SEES[role]


@pytest.mark.parametrize("role", SEES)
def test_screens_that_lead_on_are_for_the_same_readers(
    client: Client, cast: Cast, records: Any, role: str
) -> None:
    """Documents, history, versions, overrides."""
    for mark in MARKS:
        contradict(records[mark], cast)
    office = logged_in(client, getattr(cast, role))
    for screen in OF_A_CASE:
        opened = {mark for mark in MARKS if told(office, leading_on(screen, records[mark]))}
        assert opened == SEES[role], screen


@pytest.mark.parametrize("role", SEES)
def test_searches_and_filters_find_what_is_for_the_reader(
    client: Client, cast: Cast, records: Any, role: str
) -> None:
    """And tell nobody that there is more."""
    office = logged_in(client, getattr(cast, role))
    queries = [{"q": "marker"}, {"status": "custody"}, {"label": "other"}, {"country": "AQ"}]
    queries.append({"happened_from": "2025-01-01", "happened_to": "2025-12-31"})
    for view, query in product(("list", "list_results"), queries):
        shown = told(office, address(Case, view), query)
        assert {mark for mark in MARKS if mark in shown} == SEES[role], query
        assert ("There are 2 matches" in shown) == (SEES[role] == MARKS), query


@pytest.mark.parametrize("role", SEES)
def test_a_search_that_finds_much_finds_the_same(
    client: Client, cast: Cast, records: Any, monkeypatch: pytest.MonkeyPatch, role: str
) -> None:
    """Of many cases a page is cut out of those found, and words are looked up from its cases."""
    monkeypatch.setattr("habeas.cases.admin_cases._FEW", 0)
    monkeypatch.setattr("habeas.cases.search._FEW", 0)
    office = logged_in(client, getattr(cast, role))
    shown = told(office, address(Case, "list"), {"q": "marker"})

    assert {mark for mark in MARKS if mark in shown} == SEES[role]
    assert ("There are 2 matches" in shown) == (SEES[role] == MARKS)
    assert "AQ-1" not in told(office, address(Case, "list"), {"q": "marker nothing"})


@pytest.mark.parametrize("role", SEES)
def test_the_first_screen_names_what_is_for_the_reader(
    client: Client, cast: Cast, records: Any, role: str
) -> None:
    """By the references of cases: AQ-1 is the team's, AQ-2 is sealed."""
    for mark in MARKS:
        contradict(records[mark], cast)
    shown = told(logged_in(client, getattr(cast, role)), reverse("wagtailadmin_home"))

    assert {mark for mark, ref in ((TEAM, "AQ-1"), (SEALED, "AQ-2")) if ref in shown} == SEES[role]


@pytest.mark.parametrize("role", SEES)
def test_the_first_screen_shows_nobody_a_task_they_may_not_read(
    client: Client, cast: Cast, records: Any, role: str
) -> None:
    """Though it is theirs: somebody left the team, or is named no longer."""
    user = getattr(cast, role)
    for mark in MARKS:
        contradict(records[mark], cast)
        amend(records[mark][Assignment], {"holder": user, "note": f"task-{mark}"}, by=cast.named)
    office = logged_in(client, user)
    shown = told(office, reverse("wagtailadmin_home"))
    listed = told(office, address(Case, "list"), {"to_do": "mine"})

    assert {mark for mark in MARKS if f"task-{mark}" in shown} == SEES[role]
    assert {mark for mark in MARKS if mark in listed} == SEES[role]


@pytest.mark.parametrize("role", SEES)
def test_a_task_is_given_and_given_back_by_those_it_is_for(
    client: Client, cast: Cast, records: Any, role: str
) -> None:
    """For anybody else nothing changes."""
    office = logged_in(client, getattr(cast, role))
    for mark in MARKS:
        contradict(records[mark], cast)
        office.post(leading_on("cases_task", records[mark]), {"act": "back"})
        is_free = Assignment.objects.get(pk=records[mark][Assignment].pk).holder is None
        assert is_free == (mark in SEES[role])
        office.post(leading_on("cases_task", records[mark]), {"act": "take"})
        holder = Assignment.objects.get(pk=records[mark][Assignment].pk).holder
        assert holder == (getattr(cast, role) if mark in SEES[role] else cast.named)


def leading_on(screen: str, records: dict[type[Record], Any]) -> str:
    """Return the address of a screen that leads on from a case."""
    before, model, behind = OF_A_CASE[screen]
    last = behind(records) if callable(behind) else behind
    return reverse(screen, args=[*before, records[model].pk, *last])


def contradict(records: dict[type[Record], Any], cast: Cast) -> None:
    """Let the event of a case contradict another, have an earlier version, and the case a document."""
    case, level = records[Case], records[Case].access
    death = Event(case=case, seq=5, type="death", date_edtf="2024", access=level)
    record(death, by=None)
    task = Assignment(kind="contradiction", event=records[Event], against=death, access=level, note="n")
    task.case, task.holder = case, cast.named
    records[Assignment] = record(task, by=None)
    record(Document(case=case, sha256="0" * 64, size=1, mime="text/plain", access=level), by=None)
    records[Document] = Document.objects.get(case=case)
    withdraw(records[Override], by=cast.named, reason="not yet")
    amend(records[Event], {"legal_basis": "warrant"}, by=cast.named)


@pytest.mark.parametrize("model", MODELS)
def test_no_kind_of_record_is_forgotten(
    client: Client, cast: Cast, records: Any, model: type[Record]
) -> None:
    """A researcher of other cases, and an administrator before what is sealed, are told of nothing."""
    for user, mark in ((cast.outsider, TEAM), (cast.administrator, SEALED)):
        office, one = logged_in(client, user), records[mark][model]
        for view in sorted(ONE):
            answer = office.get(address(model, view, one.pk))
            assert answer.status_code in {404, 302}, f"{user} was shown {model.__name__} by {view}"
        assert mark not in told(office, address(model, "chosen_multiple"), {"id": one.pk})
        for view in sorted(LISTS):
            assert mark not in told(office, address(model, view))


def test_nobody_sees_anything_without_a_login(client: Client, cast: Cast, records: Any) -> None:
    """The way leads to the login."""
    for view in sorted(ONE | LISTS | BLANK | SEVERAL):
        args = (records[TEAM][Event].pk,) if view in ONE else ()
        assert client.get(address(Event, view, *args)).status_code == 302, view
    contradict(records[TEAM], cast)
    assert client.get(address(Case, "inspect", records[TEAM][Case].pk)).status_code == 302
    for screen in OF_A_CASE:
        assert client.get(leading_on(screen, records[TEAM])).status_code == 302


@pytest.mark.parametrize("model", MODELS)
def test_no_form_offers_what_is_not_for_the_reader(
    client: Client, cast: Cast, records: Any, model: type[Record]
) -> None:
    """Cases, persons and sources of others are in no list to choose from, nor in a filter."""
    office = logged_in(client, cast.outsider)
    for view in ("add", "list"):
        shown = told(office, address(model, view))
        assert shown
        assert TEAM not in shown
        assert SEALED not in shown


def test_a_part_of_a_record_may_be_for_fewer_than_the_rest(client: Client, cast: Cast, records: Any) -> None:
    """A sealed claim on an event of the team: the others see the event, and not the claim."""
    event, source = records[TEAM][Event], records[TEAM][Source]
    record(
        Claim(event=event, source=source, value="2025-03", note="marker-of-a-claim", access=Access.SEALED),
        by=None,
    )
    seen = {
        role
        for role in ("teammate", "named", "administrator")
        if "marker-of-a-claim"
        in told(logged_in(client, getattr(cast, role)), address(Event, "edit", event.pk))
    }

    assert seen == {"named"}


def test_a_data_collector_sees_their_own_records(client: Client, cast: Cast) -> None:
    """And nobody else's, though they work on the same case."""
    whole = whole_case("AQ-3", "marker-of-theirs", Access.TEAM, cast, by=cast.teammate)
    case, theirs = whole[Case], whole[Event]
    amend(case, {"team": [cast.teammate, cast.collector]}, by=cast.teammate)
    mine = Event(case=case, seq=20, type="release", date_edtf="2025-06", note="marker-of-mine")
    record(mine, by=cast.collector)
    office = logged_in(client, cast.collector)

    assert told(office, address(Event, "edit", mine.pk))
    assert not told(office, address(Event, "edit", theirs.pk))
    listed = told(office, address(Event, "list"))
    assert str(mine.pk) in listed
    assert str(theirs.pk) not in listed


@pytest.mark.parametrize("role", SEES)
def test_a_record_is_taken_back_by_those_it_is_for(
    client: Client, cast: Cast, records: Any, role: str
) -> None:
    """With a reason; for anybody else there is no such record."""
    office = logged_in(client, getattr(cast, role))
    for mark in (TEAM, SEALED):
        address_ = reverse("cases_withdraw", args=["consent", records[mark][Consent].pk])
        assert bool(told(office, address_)) == (mark in SEES[role])
        office.post(address_, {"reason": ""})
        assert not Consent.objects.get(pk=records[mark][Consent].pk).is_withdrawn
        office.post(address_, {"reason": "She asks"})
        assert Consent.objects.get(pk=records[mark][Consent].pk).is_withdrawn == (mark in SEES[role])


def test_what_is_no_kind_of_record_is_not_taken_back(client: Client, cast: Cast, records: Any) -> None:
    """Campaigns are paused; nobody else is there."""
    office = logged_in(client, cast.administrator)
    for kind in ("campaign", "user", "nothing"):
        address_ = reverse("cases_withdraw", args=[kind, records[TEAM][Consent].pk])
        assert office.get(address_).status_code in {302, 403, 404}


@pytest.mark.parametrize("role", SEES)
def test_the_count_of_a_figure_is_for_whoever_may_read_the_question(
    client: Client, cast: Cast, records: Any, role: str
) -> None:
    """A question for the team is its maker's and the administrators'; a sealed one is nobody's."""
    office = logged_in(client, getattr(cast, role))
    opened = {
        mark
        for mark in (TEAM, SEALED)
        if told(office, reverse("cases_figure", args=[records[mark][FigureDef].pk]))
    }

    assert opened == ({TEAM} if role == "administrator" else set())


@pytest.mark.parametrize("role", SEES)
def test_a_figure_lists_only_the_members_one_may_read(
    client: Client, cast: Cast, records: Any, role: str
) -> None:
    """Its number is for all the staff; whom it counts is not."""
    asked = {
        "question": "How many?",
        "unit": "cases",
        "event_types": ["arrest"],
        "wording": {"en": "{number}"},
    }
    figure = record(FigureDef(slug="arrests", min_verification="reported", min_origins=0, **asked), by=None)
    for mark in (TEAM, SEALED):
        withdraw(records[mark][Embargo], by=cast.named, reason="It is over")
    shown = told(logged_in(client, getattr(cast, role)), reverse("cases_figure", args=[figure.pk]))

    if role in {"collector", "reader"}:
        assert not shown
    else:
        assert "<strong>1</strong>" in shown  # what is sealed is in no number
        assert {mark for mark in (TEAM, SEALED) if mark in shown} == SEES[role] - {SEALED}
