"""Who a source is: sealed, read by named people only, and never unseen."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.urls import reverse

from habeas.cases.access import MayNotRead
from habeas.cases.actions import NoReason, erase
from habeas.cases.identities import NoIdentity, enter_identity, read_identity
from habeas.cases.models import Change, Source, SourceIdentity
from habeas.cases.protection import Access
from habeas.config import Config
from habeas.vault import keys
from habeas.vault.unseal import CannotOpen
from registry_cast import Cast, member, whole_case

WHO = "Aïcha bint Somebody, +222 00 00 00 00"


@pytest.fixture
def source(cast: Cast, installation: Config) -> Any:
    made = whole_case("AQ-1", "marker", Access.TEAM, cast)[Source]
    enter_identity(made, WHO, by=cast.teammate)
    return made


def test_a_named_person_reads_who_a_source_is(source: Source, cast: Cast) -> None:
    assert read_identity(source, by=cast.named, reason="She may be in danger") == WHO


@pytest.mark.parametrize("role", ["teammate", "administrator", "outsider", "collector"])
def test_nobody_else_does(source: Source, cast: Cast, role: str) -> None:
    """Neither whoever entered it, nor an administrator."""
    with pytest.raises(NoIdentity):
        read_identity(source, by=getattr(cast, role), reason="Curiosity")


def test_every_reading_is_in_the_log_with_its_reason(source: Source, cast: Cast) -> None:
    read_identity(source, by=cast.named, reason="She may be in danger")
    [line] = Change.objects.filter(action="cases.read_identity")

    assert (line.user, line.reason) == (cast.named, "She may be in danger")
    with pytest.raises(NoReason):
        read_identity(source, by=cast.named, reason="")


def test_the_database_tells_nothing(source: Source) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM cases_sourceidentity")
        rows = str(cursor.fetchall())

    assert "Somebody" not in rows
    assert "222" not in rows.partition("x00")[0][:40]
    assert len(SourceIdentity.objects.get().sealed) > 1_000


def test_without_the_key_of_the_case_nobody_reads_it(
    source: Source, cast: Cast, installation: Config
) -> None:
    """Destroying one file closes the identities of one case, in every backup too."""
    keys.registry_key_path(installation.keys, source.case_id.bytes).unlink()
    with pytest.raises(keys.KeysMissing):
        read_identity(source, by=cast.named, reason="She may be in danger")


def test_identities_that_change_places_name_nobody(source: Source, cast: Cast) -> None:
    """Whoever can write into the database cannot have one source's identity shown as another's."""
    other = whole_case("AQ-2", "other", Access.TEAM, cast)[Source]
    SourceIdentity.every.update(source=other)
    with pytest.raises((CannotOpen, keys.KeysMissing)):
        read_identity(other, by=cast.named, reason="She may be in danger")


def test_an_identity_entered_anew_takes_the_place_of_the_first(source: Source, cast: Cast) -> None:
    """Named people replace it; somebody who cannot read it cannot put another there."""
    with pytest.raises(MayNotRead):
        enter_identity(source, "Nobody", by=cast.teammate)
    enter_identity(source, "Fatima, by letter", by=cast.named)

    assert read_identity(source, by=cast.named, reason="To write to her") == "Fatima, by letter"
    assert [one.version for one in SourceIdentity.objects.get().versions()] == [1, 2]


def test_nobody_enters_an_identity_for_a_source_of_others(source: Source, cast: Cast) -> None:
    with pytest.raises(MayNotRead):
        enter_identity(source, "Somebody else", by=cast.outsider)


def test_an_identity_goes_with_its_source(source: Source, cast: Cast) -> None:
    erase(source.case, by=cast.administrator, reason="She asks to be forgotten")

    assert not SourceIdentity.every.exists()


def screen(client: Client, user: User, source: Source, **posted: str) -> str:
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    address = reverse("cases_identity", args=[source.pk])
    answer = client.post(address, posted) if posted else client.get(address)
    answer = client.get(address) if answer.status_code == 302 else answer  # where "Sealed." is said
    return answer.content.decode() if answer.status_code == 200 else ""


def test_the_office_shows_it_once_to_a_named_person(client: Client, source: Source, cast: Cast) -> None:
    assert WHO not in screen(client, cast.named, source)
    assert WHO in screen(client, cast.named, source, act="read", reason="She may be in danger")
    assert "Sealed." in screen(client, cast.named, source, act="enter", who="Fatima")
    assert "Not sealed" in screen(client, cast.teammate, source, act="enter", who="Nobody")
    assert "Fatima" in screen(client, cast.named, source, act="read", reason="To write to her")


@pytest.mark.parametrize("role", ["teammate", "administrator", "outsider", "collector", "reader"])
def test_the_office_shows_it_to_nobody_else(client: Client, source: Source, cast: Cast, role: str) -> None:
    """Whatever they send."""
    for posted in ({}, {"act": "read", "reason": "Curiosity"}):
        assert WHO not in screen(client, getattr(cast, role), source, **posted)


def test_strangers_are_told_of_no_source(client: Client, source: Source, cast: Cast) -> None:
    assert screen(client, cast.outsider, source) == ""
    assert screen(client, member("nobody"), source) == ""
