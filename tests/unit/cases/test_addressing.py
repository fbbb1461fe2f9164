"""A new minister is noticed, by whoever may read the directory, where a text was the directory's own."""

import pytest
from django.contrib.auth.models import User

from habeas.cases.actions import amend, withdraw
from habeas.cases.addressing import Directory
from habeas.cases.models import Authority, Case
from habeas.cases.protection import Access
from registry_cast import member

OLD, NEW = "Mohamed Ould Abdel Aziz", "Mohamed Ould Ghazouani"
OLD_AR, NEW_AR = "محمد ولد عبد العزيز", "محمد ولد الغزواني"


@pytest.fixture
def president(mkhaitir: Case) -> Authority:
    return Authority.objects.get(case=mkhaitir, key="president")


def replacing(authority: Authority, by: User | None, language: str, text: str) -> str | None:
    """Return what the directory says instead of the name of a holder."""
    return Directory([authority.pk], by).replacing(authority.pk, "holder", language, text)


def test_a_new_holder_replaces_the_old_one_in_that_language(president: Authority, researcher: User) -> None:
    """What the directory says is not replaced, and a language that stayed is not either."""
    assert replacing(president, researcher, "en", OLD) is None
    amend(president, {"holders": {**president.holders, "ar": NEW_AR}}, by=researcher)

    assert replacing(president, researcher, "ar", OLD_AR) == NEW_AR
    assert replacing(president, researcher, "ar", NEW_AR) is None
    assert replacing(president, researcher, "en", OLD) is None


def test_words_of_ones_own_are_not_replaced(president: Authority, researcher: User) -> None:
    """A page may call them what the directory never did."""
    amend(president, {"holders": {"en": NEW}}, by=researcher)

    assert replacing(president, researcher, "en", "General Aziz") is None
    assert replacing(president, researcher, "en", "") is None


def test_a_name_that_only_staff_wrote_down_is_replaced_too(president: Authority, researcher: User) -> None:
    """Pages of before began with it; no other language is offered in its place."""
    amend(president, {"holders": {}}, by=researcher)
    amend(president, {"holder": NEW}, by=researcher)
    amend(president, {"name": "President"}, by=researcher)  # who holds it said the same before

    assert replacing(president, researcher, "en", OLD) == ""
    assert replacing(president, researcher, "en", NEW) is None


def test_who_comes_back_into_office_is_not_replaced(president: Authority, researcher: User) -> None:
    """It counts what the directory says now."""
    before = president.holders
    amend(president, {"holders": {"en": NEW}}, by=researcher)
    amend(president, {"holders": before}, by=researcher)

    assert replacing(president, researcher, "en", OLD) is None
    assert replacing(president, researcher, "en", NEW) == OLD


def test_who_may_not_read_an_authority_is_told_nothing_of_it(president: Authority, researcher: User) -> None:
    """Neither what it says nor that it changed; what was for fewer people then is for them still."""
    outsider, between = member("outsider"), "A President in Exile"
    amend(president, {"access": Access.TEAM, "holders": {"en": between}}, by=researcher)
    assert replacing(president, researcher, "en", OLD) == between
    assert replacing(president, outsider, "en", OLD) is None

    amend(president, {"access": Access.PUBLIC, "holders": {"en": NEW}}, by=researcher)
    assert replacing(president, researcher, "en", between) == NEW
    assert replacing(president, outsider, "en", between) is None
    assert replacing(president, outsider, "en", OLD) == NEW


def test_an_authority_that_was_withdrawn_replaces_nothing(president: Authority, researcher: User) -> None:
    """It was entered by mistake."""
    amend(president, {"holders": {"en": NEW}}, by=researcher)
    withdraw(president, by=researcher, reason="Entered twice")

    assert replacing(president, researcher, "en", OLD) is None
