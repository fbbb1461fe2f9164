"""Who is owed a confirmation mail: whoever asked, once, and nobody else."""

import functools

from habeas.ledger.fold import About
from habeas.ledger.mailing import ABSENT, Kept, keep, sent
from people import DAY, MARIA, confirms, signs, withdraws


def after(*entries: About, since: Kept = ABSENT) -> Kept:
    return functools.reduce(keep, entries, since)


def test_who_signs_is_owed_a_mail_until_it_is_sent() -> None:
    """The mail is the only way to count."""
    signed = after(signs(MARIA))

    assert signed.is_due
    assert not sent(signed, DAY).is_due


def test_signing_ten_times_a_day_brings_one_mail() -> None:
    """Nobody can flood Maria's mailbox with our mails."""
    signed = sent(after(signs(MARIA)), DAY)

    assert not after(*(signs(MARIA, record=n) for n in range(10)), since=signed).is_due


def test_signing_on_a_later_day_brings_another_mail() -> None:
    """The first may have been lost."""
    signed = sent(after(signs(MARIA)), DAY)

    assert after(signs(MARIA, day=DAY + 1, record=1), since=signed).is_due


def test_a_late_mail_answers_every_signing_before_it() -> None:
    """After a day without mail nobody gets one for each attempt."""
    waiting = after(signs(MARIA), signs(MARIA, day=DAY + 1, record=1))

    assert not sent(waiting, DAY + 2).is_due


def test_who_counts_already_gets_no_mail() -> None:
    """In whatever order the journals of two doors are read."""
    assert not after(confirms(MARIA), signs(MARIA)).is_due
    assert not after(signs(MARIA), confirms(MARIA), signs(MARIA, day=DAY + 5, record=1)).is_due


def test_withdrawing_brings_no_mail() -> None:
    """Who wants to leave is not asked to confirm again."""
    counted = after(confirms(MARIA), since=sent(after(signs(MARIA)), DAY))

    assert not after(withdraws(MARIA), since=counted).is_due
    assert not after(withdraws(MARIA, day=DAY + 30), signs(MARIA), since=counted).is_due


def test_signing_again_after_withdrawing_brings_one_mail_on_the_same_day_too() -> None:
    """Maria pressed the wrong link, and signs again at once."""
    left = after(confirms(MARIA), withdraws(MARIA), since=sent(after(signs(MARIA)), DAY))
    back = after(signs(MARIA, record=1), since=left)

    assert back.is_due
    assert not after(signs(MARIA, record=2), since=sent(back, DAY)).is_due
    assert not after(withdraws(MARIA), since=back).is_due
