"""Texts in several languages are written in fields, not in brackets and quotation marks."""

import html

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from habeas.cases.actions import amend
from habeas.cases.models import Authority, Case


@pytest.fixture
def president(mkhaitir: Case) -> Authority:
    return Authority.objects.get(case=mkhaitir, key="president")


@pytest.fixture
def office(researcher: User, client: Client) -> Client:
    client.force_login(researcher, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def address(authority: Authority) -> str:
    return reverse("wagtailsnippets_cases_authority:edit", args=[authority.pk])


def as_it_is(authority: Authority) -> dict[str, str]:
    return {
        **{name: getattr(authority, name) for name in ("name", "holder", "kind", "country", "key")},
        "case": str(authority.case_id),
        "parent": "",
        "access": str(int(authority.access)),
        "reason": "He prefers it so",
    }


def test_each_language_of_the_site_has_a_field_that_says_which(office: Client, president: Authority) -> None:
    """Whoever enters a salutation needs no developer."""
    page = html.unescape(office.get(address(president)).content.decode())

    assert 'name="salutation_en" value="Your Excellency" lang="en"' in page
    assert 'name="salutation_ar" lang="ar" dir="auto"' in page
    assert '<span class="by-language__name">Arabic</span>' in page


def test_a_language_is_added_and_another_left_out(office: Client, president: Authority) -> None:
    """What stands in the fields is what is kept."""
    told = {"salutation_en": "", "salutation_fr": "Monsieur le Président", "salutation_ar": "فخامة الرئيس"}
    answer = office.post(address(president), as_it_is(president) | told)

    assert answer.status_code == 302, html.unescape(answer.content.decode())
    president.refresh_from_db()
    assert president.salutation == {"fr": "Monsieur le Président", "ar": "فخامة الرئيس"}


def test_office_and_holder_have_their_fields_next_to_what_staff_call_them(
    office: Client, president: Authority
) -> None:
    """What pages call them is kept by language; what is left empty stays unsaid."""
    page = html.unescape(office.get(address(president)).content.decode())
    told = {"offices_en": "President", "offices_ar": "الرئيس", "holders_fr": "Un nouveau président"}
    answer = office.post(address(president), as_it_is(president) | told)

    order = [page.index(f'name="{name}"') for name in ("name", "offices_fr", "holder", "holders_fr", "kind")]
    assert order == sorted(order)
    assert 'name="holders_ar" value="محمد ولد عبد العزيز" lang="ar" dir="auto"' in page
    assert answer.status_code == 302, html.unescape(answer.content.decode())
    president.refresh_from_db()
    assert president.offices == {"en": "President", "ar": "الرئيس"}
    assert president.holders == {"fr": "Un nouveau président"}


def test_an_office_that_no_page_has_room_for_is_refused_beside_its_field(
    office: Client, president: Authority
) -> None:
    """In words, and not when somebody starts a campaign."""
    answer = office.post(address(president), as_it_is(president) | {"offices_fr": "P" * 201})

    assert answer.status_code == 200
    assert "At most 200 characters: French." in html.unescape(answer.content.decode())


def test_a_language_that_the_site_no_longer_speaks_stays(
    office: Client, president: Authority, researcher: User
) -> None:
    """Nothing is lost because a setting changed."""
    assert "sw" not in settings.CONFIG.site.languages
    amend(president, {"salutation": {"en": "Your Excellency", "sw": "Mheshimiwa"}}, by=researcher)
    told = {"salutation_en": "Your Excellency", "salutation_sw": "Mheshimiwa"}

    assert 'name="salutation_sw"' in office.get(address(president)).content.decode()
    assert office.post(address(president), as_it_is(president) | told).status_code == 302
    president.refresh_from_db()
    assert president.salutation == {"en": "Your Excellency", "sw": "Mheshimiwa"}
