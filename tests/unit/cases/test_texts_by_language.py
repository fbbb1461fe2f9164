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
