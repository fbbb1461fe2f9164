"""Staff see and correct the registry in the office."""

import json
from typing import Any
from urllib.parse import urlencode

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from wagtail.models import Revision
from wagtail.snippets.blocks import SnippetChooserBlock

from habeas.cases import queries
from habeas.cases.actions import record
from habeas.cases.models import (
    Authority,
    Case,
    Claim,
    ConditionInterval,
    Event,
    FigureSnapshot,
    Person,
    Source,
)

MODELS = [Case, Person, Event, ConditionInterval, Source, Authority, FigureSnapshot]


@pytest.fixture
def office(client: Client, researcher: User) -> Client:
    """The office, as the researcher sees it."""
    client.force_login(researcher, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def address(model: str, view: str, *args: Any) -> str:
    return reverse(f"wagtailsnippets_cases_{model}:{view}", args=args)


def inline(prefix: str, rows: list[dict[str, Any]], kept: int = 0) -> dict[str, Any]:
    """Return what a browser sends for the rows of an inline form."""
    sent: dict[str, Any] = {f"{prefix}-TOTAL_FORMS": len(rows), f"{prefix}-INITIAL_FORMS": kept}
    sent |= {f"{prefix}-MIN_NUM_FORMS": 0, f"{prefix}-MAX_NUM_FORMS": 1000}
    for number, row in enumerate(rows):
        sent |= {f"{prefix}-{number}-{key}": value for key, value in {"ORDER": number + 1, **row}.items()}
        sent[f"{prefix}-{number}-DELETE"] = ""
    return sent


def row_of(claim: Claim) -> dict[str, Any]:
    fields = ("field", "value", "stance", "note", "quote", "access", "material_type", "language")
    return {"id": claim.pk, "source": claim.source_id, **{name: getattr(claim, name) for name in fields}}


def form_of(event: Event, claims: list[dict[str, Any]], **changes: Any) -> dict[str, Any]:
    kept = sum(bool(claim.get("id")) for claim in claims)
    same = ("seq", "type", "date_edtf", "note", "quote", "verification", "calendar", "access")
    return {
        **{name: getattr(event, name) for name in same},
        "case": event.case_id,
        "persons": [person.pk for person in event.persons.all()],
        "authority": event.authority_id or "",
        "details": json.dumps(event.details),
        **inline("claims", claims, kept),
        **inline("charges", []),
        **inline("components", []),
        **changes,
    }


@pytest.mark.parametrize("model", MODELS)
def test_everything_can_be_listed_searched_and_opened(office: Client, mkhaitir: Case, model: Any) -> None:
    name, record = model._meta.model_name, model.objects.first()

    assert office.get(address(name, "list")).status_code == 200
    assert office.get(address(name, "list"), {"q": "Mkhaïtir"}).status_code == 200
    assert office.get(address(name, "edit", record.pk)).status_code == 200
    assert office.get(address(name, "add")).status_code == 200


def test_a_corrected_date_shows_which_source_now_says_otherwise(office: Client, mkhaitir: Case) -> None:
    arrest = queries.events_of(mkhaitir, "arrest", by=None)[0]
    claims = [row_of(claim) for claim in arrest.claims.all()]

    answer = office.post(address("event", "edit", arrest.pk), form_of(arrest, claims, date_edtf="2014-01-02"))

    assert answer.status_code == 302
    corrected = queries.events_of(mkhaitir, "arrest", by=None)[0]
    assert str(corrected.earliest) == "2014-01-02"
    assert [claim.source.key for claim in queries.agreeing_claims(corrected)] == ["counsel-letter"]
    assert [claim.source.key for claim in queries.differing_claims(corrected)] == ["amnesty-campaign"]


def test_a_correction_keeps_what_it_corrected(office: Client, mkhaitir: Case) -> None:
    arrest = queries.events_of(mkhaitir, "arrest", by=None)[0]
    claims = [row_of(claim) for claim in arrest.claims.all()]

    office.post(address("event", "edit", arrest.pk), form_of(arrest, claims, date_edtf="2014-01-02"))

    versions = Event.objects.get(pk=arrest.pk).versions()
    assert [(version.version, version.date_edtf) for version in versions] == [
        (1, "2014-01-05"),
        (2, "2014-01-02"),
    ]
    assert Event.objects.get(pk=arrest.pk).pk == arrest.pk
    assert not Revision.objects.for_instance(arrest).exists()  # no second copy of what is said of people
    assert "Amended: date edtf" in office.get(address("event", "history", arrest.pk)).content.decode()


def test_a_third_source_is_added_to_an_event(office: Client, mkhaitir: Case, researcher: User) -> None:
    arrest = queries.events_of(mkhaitir, "arrest", by=None)[0]
    source = queries.source(mkhaitir, "press-freedom-report", by=None)
    third = {"source": source.pk, "field": "date", "value": "2014-01", "stance": "supports", "access": 3}
    claims = [*(row_of(claim) for claim in arrest.claims.all()), third]

    answer = office.post(address("event", "edit", arrest.pk), form_of(arrest, claims))

    assert answer.status_code == 302
    assert [claim.value for claim in arrest.claims.order_by("sort_order")] == [
        "2014-01-05",
        "2014-01-02",
        "2014-01",
    ]
    assert Claim.objects.get(event=arrest, source=source).created_by == researcher


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"date_edtf": "2014-13"}, "is not a date"),
        ({"claims-0-value": "soon"}, "is not a date"),
        ({"seq": "30"}, "already exists"),
    ],
)
def test_a_slip_is_refused_in_words(office: Client, mkhaitir: Case, changes: Any, words: str) -> None:
    arrest = queries.events_of(mkhaitir, "arrest", by=None)[0]
    claims = [row_of(claim) for claim in arrest.claims.all()]

    answer = office.post(address("event", "edit", arrest.pk), form_of(arrest, claims, **changes))

    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert Event.objects.get(pk=arrest.pk).version == 1


def test_a_claim_cannot_rest_on_a_source_of_another_case(office: Client, mkhaitir: Case) -> None:
    arrest = queries.events_of(mkhaitir, "arrest", by=None)[0]
    other = record(Case(ref="AQ-1", country="AQ", title="Another case"), by=None)
    elsewhere = record(Source(case=other, key="letter", title="A letter", publisher="Somebody"), by=None)
    claims = [row_of(claim) for claim in arrest.claims.all()]
    claims[0]["source"] = elsewhere.pk

    answer = office.post(address("event", "edit", arrest.pk), form_of(arrest, claims))

    assert "This is a source of another case." in answer.content.decode()


def test_a_person_is_entered_by_hand(office: Client, researcher: User) -> None:
    name = {"text": "Ana", "language": "es", "script": "Latn", "kind": "publishable", "preferred": "on"}

    answer = office.post(
        address("person", "add"),
        {
            "counting_unit": "individual",
            "sex": "unknown",
            "access": 3,
            "nationality": '["CU"]',
            **inline("names", [name]),
        },
    )

    assert answer.status_code == 302
    person = Person.objects.get()
    assert (str(person), person.created_by) == ("Ana", researcher)
    assert person.names.get().created_by == researcher


@pytest.mark.parametrize("model", [Case, Authority, FigureSnapshot])
def test_campaigns_can_choose_from_the_registry(office: Client, mkhaitir: Case, model: Any) -> None:
    block = SnippetChooserBlock(model)
    chooser = reverse(f"wagtailsnippetchoosers_cases_{model.__name__.lower()}:choose")

    assert block.widget.model is model
    assert office.get(chooser).status_code == 200
    assert str(model.objects.first().pk) in office.get(chooser).content.decode()


def test_the_chooser_finds_an_authority_by_its_holder(office: Client, mkhaitir: Case) -> None:
    chooser = reverse("wagtailsnippetchoosers_cases_authority:choose_results")

    found = office.get(chooser, {"q": "Abdel Aziz"}).content.decode()

    assert "President of the Islamic Republic of Mauritania" in found
    assert "Court of Appeal" not in found


def test_a_source_that_claims_rest_on_cannot_be_deleted(office: Client, mkhaitir: Case) -> None:
    source = queries.source(mkhaitir, "counsel-letter", by=None)

    answer = office.post(address("source", "delete", source.pk), follow=True)

    assert "This cannot be deleted: claim records of its case rest on it." in answer.content.decode()
    assert queries.source(mkhaitir, "counsel-letter", by=None) == source


def test_records_are_not_deleted_by_the_dozen(office: Client, mkhaitir: Case) -> None:
    bulk = reverse("wagtail_bulk_action", args=("cases", "event", "delete"))
    chosen = [("id", event.pk) for event in queries.timeline(mkhaitir, by=None)]

    answer = office.post(f"{bulk}?{urlencode([*chosen, ('next', address('event', 'list'))])}", follow=True)

    assert "deleted one at a time" in answer.content.decode()
    assert len(queries.timeline(mkhaitir, by=None)) == 22


def test_a_case_entered_by_mistake_goes_with_all_that_rests_on_it(office: Client, mkhaitir: Case) -> None:
    office.post(address("case", "delete", mkhaitir.pk))

    assert not Case.objects.exists()
    assert not Claim.objects.exists()
