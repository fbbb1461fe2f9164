"""What the entries about one person come to."""

import functools

import pytest

from habeas.ledger.entry import LAST_ROUND
from habeas.ledger.fold import NOBODY, About, Signer, fold
from people import DAY, MARIA, confirms, signs, unsubscribes, withdraws


def state(*entries: About) -> Signer:
    return functools.reduce(fold, entries, NOBODY)


def test_a_signature_counts_once_it_is_confirmed() -> None:
    """Only a mailbox that answered counts: anybody can type an address."""
    assert not state(signs(MARIA)).is_counted
    assert state(signs(MARIA), confirms(MARIA)).is_counted


def test_a_confirmation_that_is_read_before_its_signature_waits_for_it() -> None:
    """The two may lie in the journals of two doors."""
    assert not state(confirms(MARIA)).is_counted
    assert state(confirms(MARIA), signs(MARIA)).is_counted


def test_pressing_the_button_twice_changes_nothing() -> None:
    """Impatient people press twice."""
    once = state(signs(MARIA), confirms(MARIA))

    assert fold(once, confirms(MARIA)) == once


def test_who_withdraws_does_not_count() -> None:
    """The right to leave needs one press."""
    assert not state(signs(MARIA), confirms(MARIA), withdraws(MARIA)).is_counted


def test_an_old_link_does_not_undo_a_withdrawal() -> None:
    """A mail scanner or a friend with the first mail cannot sign Maria up again."""
    assert not state(signs(MARIA), withdraws(MARIA), confirms(MARIA)).is_counted


def test_who_withdrew_may_come_back_with_the_next_mail() -> None:
    """The next mail asks for the next round."""
    left = state(signs(MARIA), confirms(MARIA), withdraws(MARIA))
    back = fold(left, confirms(MARIA, round_=left.round))

    assert left.round == 1
    assert back.is_counted
    assert not fold(back, withdraws(MARIA, round_=1)).is_counted


def test_the_round_stays_within_what_a_link_can_carry() -> None:
    """One byte holds it."""
    assert state(withdraws(MARIA, round_=LAST_ROUND)).round == LAST_ROUND


def test_the_first_signature_stands() -> None:
    """Somebody who signs again for Maria changes neither her country nor her words."""
    first = signs(MARIA, day=DAY, record=9)
    later = signs(MARIA, day=DAY + 1, record=1)
    folded = state(later, first).signature

    assert folded == state(first, later).signature
    assert folded is not None
    assert folded.record == first.record
    assert state(later, first).latest == DAY + 1


@pytest.mark.parametrize("asked", [(True, False), (False, True)])
def test_news_go_to_who_asked_on_any_signing(asked: tuple[bool, bool]) -> None:
    """Signing again without the tick is not a request to stop; the link in every mail is."""
    first, second = (signs(MARIA, record=n, updates=updates) for n, updates in enumerate(asked))

    assert state(first, second, confirms(MARIA)).wants_news


def test_news_stop_at_one_press_and_the_signature_stays() -> None:
    """Unsubscribing is not withdrawing."""
    stopped = state(signs(MARIA), confirms(MARIA), unsubscribes(MARIA))

    assert not stopped.wants_news
    assert stopped.is_counted


def test_nobody_gets_news_who_did_not_ask_or_does_not_count() -> None:
    """An unconfirmed address may be a stranger's."""
    assert not state(signs(MARIA)).wants_news
    assert not state(signs(MARIA, updates=False), confirms(MARIA)).wants_news
