"""What every store promises; the same tests run against each."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from habeas.ledger.counts import Counts
from habeas.ledger.entry import Entry
from habeas.ledger.store import Recipient, Store
from habeas.ledger.store_memory import MemoryStore
from habeas.ledger.store_sqlite import SQLiteStore
from people import (
    AMINATA,
    CAMPAIGN,
    DAY,
    EPOCH,
    EVERYONE,
    JUN,
    MARIA,
    OMAR,
    OTHER_CAMPAIGN,
    Person,
    confirms,
    epoch,
    signs,
    unsubscribes,
    withdraws,
)

JOURNAL = b"a journal's name"
NEWS = b"he is free......"


def memory(_: Path) -> Store:
    return MemoryStore()


def sqlite(folder: Path) -> Store:
    return SQLiteStore(folder / "store" / "ledger.sqlite3")


@pytest.fixture(params=[memory, sqlite], ids=["memory", "sqlite"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    make: Callable[[Path], Store] = request.param
    opened = make(tmp_path)
    yield opened
    assert opened.check() == []
    opened.close()


def record(store: Store, *entries: Entry) -> None:
    store.record(JOURNAL, store.position(JOURNAL) + len(entries), entries)


def sign_and_confirm(store: Store, *people: Person) -> None:
    for person in people:
        record(store, signs(person), confirms(person))


def record_and_fail(store: Store, *entries: Entry) -> None:
    with store.together():
        for entry in entries:
            record(store, entry)
        raise ZeroDivisionError


def signers(found: list[Recipient]) -> set[bytes]:
    return {someone.signer for someone in found}


def test_a_new_store_is_empty(store: Store) -> None:
    """Nobody has signed anything."""
    assert store.position(JOURNAL) == 0
    assert store.counts() == {}
    assert store.mail_due(10) == []
    assert store.epoch(CAMPAIGN, EPOCH) is None


def test_the_position_moves_with_the_entries(store: Store) -> None:
    """Each journal has its own."""
    store.record(JOURNAL, 7, [signs(MARIA)])
    store.record(b"another journal.", 3, [])

    assert store.position(JOURNAL) == 7
    assert store.position(b"another journal.") == 3


def test_people_count_by_country_and_language(store: Store) -> None:
    """The parts add up to the total, those who named no country among them."""
    sign_and_confirm(store, *EVERYONE)

    assert store.counts() == {
        CAMPAIGN: Counts(4, {"": 1, "EG": 1, "ES": 1, "SN": 1}, {"ar": 1, "en": 2, "fr": 1})
    }


def test_who_signs_many_times_counts_once(store: Store) -> None:
    """In one batch or in several."""
    record(store, signs(MARIA), signs(MARIA, record=1), confirms(MARIA), confirms(MARIA))
    record(store, signs(MARIA, day=DAY + 9, record=2), confirms(MARIA))

    assert store.counts()[CAMPAIGN].total == 1


def test_the_count_goes_down_when_somebody_withdraws(store: Store) -> None:
    """A cell that nobody is in is not shown."""
    sign_and_confirm(store, MARIA, OMAR)
    record(store, withdraws(MARIA))

    assert store.counts()[CAMPAIGN] == Counts(1, {"EG": 1}, {"ar": 1})


def test_campaigns_are_counted_apart(store: Store) -> None:
    """Signing for one is not signing for the other."""
    sign_and_confirm(store, MARIA)
    record(store, signs(MARIA, campaign=OTHER_CAMPAIGN), confirms(MARIA, campaign=OTHER_CAMPAIGN))
    record(store, withdraws(MARIA))

    assert CAMPAIGN not in store.counts()
    assert store.counts()[OTHER_CAMPAIGN].total == 1


def test_an_earlier_signature_that_is_read_later_moves_the_person_to_its_country(store: Store) -> None:
    """The first signature stands, whichever door wrote it."""
    moved = Person(MARIA.name, MARIA.email, "FR", "fr")
    record(store, signs(MARIA, day=DAY + 1), confirms(MARIA))
    record(store, signs(moved, day=DAY))

    assert store.counts()[CAMPAIGN] == Counts(1, {"FR": 1}, {"fr": 1})


def test_a_large_batch_is_recorded_like_many_small_ones(store: Store) -> None:
    """After an hour without a clerk thousands wait."""
    crowd = [Person("", f"signer{number}@example.org", "FR", "fr") for number in range(2_500)]
    record(store, *(signs(person) for person in crowd))
    record(store, *(confirms(person) for person in crowd))

    assert store.counts()[CAMPAIGN].total == 2_500


def test_the_header_of_an_epoch_is_kept_as_it_first_came(store: Store) -> None:
    """Every record of the epoch is opened with it."""
    record(store, epoch(), signs(MARIA), epoch())

    assert store.epoch(CAMPAIGN, EPOCH) == epoch()
    assert store.epoch(OTHER_CAMPAIGN, EPOCH) is None


def test_a_confirmation_mail_is_due_once(store: Store) -> None:
    """It carries what the clerk needs to open the envelope and make the links."""
    record(store, signs(MARIA), signs(MARIA, record=1))
    due = store.mail_due(10)
    store.mail_sent(CAMPAIGN, MARIA.signer, DAY)
    entry = signs(MARIA)

    assert due == [
        Recipient(
            CAMPAIGN,
            MARIA.signer,
            0,
            "en",
            "ES",
            entry.text_version,
            entry.record,
            EPOCH,
            entry.envelope,
        )
    ]
    assert store.mail_due(10) == []


def test_who_confirms_or_withdraws_is_owed_no_mail(store: Store) -> None:
    """Entries of one batch are taken together."""
    record(store, signs(MARIA), confirms(MARIA), signs(OMAR), confirms(OMAR), withdraws(OMAR))

    assert store.mail_due(10) == []


def test_the_mail_after_a_withdrawal_asks_for_the_next_round(store: Store) -> None:
    """The links of the first mail must not confirm again."""
    sign_and_confirm(store, MARIA)
    record(store, withdraws(MARIA))
    record(store, signs(MARIA, day=DAY + 1, record=1))

    assert [someone.round for someone in store.mail_due(10)] == [1]


def test_due_mails_come_in_pages(store: Store) -> None:
    """An address that keeps failing does not hold up those behind it."""
    record(store, *(signs(person) for person in EVERYONE))
    first = store.mail_due(3)
    rest = store.mail_due(3, after=first[-1].key)

    assert len(first) == 3
    assert len(rest) == 1
    assert signers(first + rest) == {person.signer for person in EVERYONE}


def test_those_who_are_owed_a_mail_are_counted(store: Store) -> None:
    """For staff, who see how many wait."""
    record(store, signs(MARIA), signs(OMAR), signs(OMAR, campaign=OTHER_CAMPAIGN), signs(JUN), confirms(JUN))
    assert store.mails_due() == 3
    store.mail_sent(CAMPAIGN, MARIA.signer, DAY)

    assert store.mails_due() == 2


def test_the_store_remembers_to_whom_it_wrote_and_on_which_day(store: Store) -> None:
    """The newest day of each; nothing of people who were not written to, or are not there."""
    record(store, signs(MARIA), signs(MARIA, campaign=OTHER_CAMPAIGN), signs(OMAR))
    store.mail_sent(CAMPAIGN, MARIA.signer, DAY)
    store.mail_sent(CAMPAIGN, MARIA.signer, DAY + 2)
    store.mail_sent(OTHER_CAMPAIGN, MARIA.signer, DAY + 1)
    of_maria = [(CAMPAIGN, MARIA.signer), (OTHER_CAMPAIGN, MARIA.signer)]

    assert store.mailed([*of_maria, (CAMPAIGN, OMAR.signer), (CAMPAIGN, JUN.signer)]) == [DAY + 2, DAY + 1]
    assert store.mailed([]) == []


def test_a_mail_to_somebody_unknown_is_noted_nowhere(store: Store) -> None:
    """The row may have been forgotten meanwhile."""
    store.mail_sent(CAMPAIGN, MARIA.signer, DAY)

    assert store.mail_due(10) == []


def test_news_go_to_those_who_asked_once_each(store: Store) -> None:
    """Omar did not ask, Aminata unsubscribed, Jun never confirmed."""
    sign_and_confirm(store, MARIA, AMINATA)
    record(store, signs(OMAR, updates=False), confirms(OMAR), unsubscribes(AMINATA), signs(JUN))

    assert store.queue_news(NEWS, CAMPAIGN) == 1
    assert store.queue_news(NEWS, CAMPAIGN) == 0
    assert signers(store.news_due(NEWS, 10)) == {MARIA.signer}
    store.news_sent(NEWS, CAMPAIGN, MARIA.signer)
    assert store.news_due(NEWS, 10) == []
    assert store.queue_news(NEWS, CAMPAIGN) == 0


def test_queuing_news_again_adds_those_who_came_since(store: Store) -> None:
    """Nobody is written to twice, and each news mail is its own."""
    sign_and_confirm(store, MARIA)
    store.queue_news(NEWS, CAMPAIGN)
    store.news_sent(NEWS, CAMPAIGN, MARIA.signer)
    sign_and_confirm(store, OMAR)

    assert store.queue_news(NEWS, CAMPAIGN) == 1
    assert signers(store.news_due(NEWS, 10)) == {OMAR.signer}
    assert store.queue_news(b"the next news...", CAMPAIGN) == 2


def test_who_unsubscribes_while_news_are_going_out_gets_none(store: Store) -> None:
    """Whether they want it is looked up again when it is sent."""
    sign_and_confirm(store, MARIA, OMAR)
    store.queue_news(NEWS, CAMPAIGN)
    record(store, unsubscribes(MARIA))

    assert signers(store.news_due(NEWS, 10)) == {OMAR.signer}


def test_how_many_want_news_is_told_by_the_language_they_signed_in(store: Store) -> None:
    """Whoever writes an update sees how many mails that is: of those who count, asked, and did not leave."""
    sign_and_confirm(store, *EVERYONE)
    record(store, unsubscribes(AMINATA))
    left = {who.language for who in EVERYONE if who is not AMINATA}

    wanted = store.news_wanted()[CAMPAIGN]
    assert wanted.keys() == left
    assert sum(wanted.values()) == len(EVERYONE) - 1


def test_how_many_are_still_owed_news_is_told(store: Store) -> None:
    """Not those who have it, and not those who left meanwhile."""
    sign_and_confirm(store, MARIA, OMAR, AMINATA)
    assert store.news_owed() == {}
    store.queue_news(NEWS, CAMPAIGN)
    assert store.news_owed() == {NEWS: 3}
    store.news_sent(NEWS, CAMPAIGN, MARIA.signer)
    record(store, unsubscribes(OMAR))

    assert store.news_owed() == {NEWS: 1}


def test_news_come_in_pages(store: Store) -> None:
    """In the order of keys, as due mails do."""
    sign_and_confirm(store, *EVERYONE)
    store.queue_news(NEWS, CAMPAIGN)
    first = store.news_due(NEWS, 3)

    assert len(store.news_due(NEWS, 3, after=first[-1].key)) == 1


def test_those_who_count_are_listed_in_pages(store: Store) -> None:
    """For the handover to the target; nobody else is on the list."""
    sign_and_confirm(store, MARIA, OMAR, AMINATA)
    record(store, signs(JUN), withdraws(OMAR), signs(JUN, campaign=OTHER_CAMPAIGN))
    first = store.counted(CAMPAIGN, 1)
    rest = store.counted(CAMPAIGN, 9, after=first[0].key)

    assert signers(first + rest) == {MARIA.signer, AMINATA.signer}
    assert store.counted(OTHER_CAMPAIGN, 9) == []


def test_who_never_confirmed_is_forgotten_after_the_mail(store: Store) -> None:
    """Maria never answered; Omar confirmed; Jun is still owed his mail; Aminata signed again."""
    record(store, signs(MARIA), signs(JUN), signs(AMINATA))
    sign_and_confirm(store, OMAR)
    for person in (MARIA, OMAR, AMINATA):
        store.mail_sent(CAMPAIGN, person.signer, DAY)
    record(store, signs(AMINATA, day=DAY + 3, record=1))

    assert store.forget_unconfirmed(DAY) == 0
    assert store.forget_unconfirmed(DAY + 2) == 1
    assert signers(store.mail_due(10)) == {JUN.signer, AMINATA.signer}
    assert store.counts()[CAMPAIGN].total == 1
    assert store.forget_unconfirmed(DAY + 2) == 0


def test_who_is_owed_a_mail_is_not_forgotten_before_it_left(store: Store) -> None:
    """Maria signed again after her first mail, and the second waits for a budget."""
    record(store, signs(MARIA))
    store.mail_sent(CAMPAIGN, MARIA.signer, DAY)
    record(store, signs(MARIA, day=DAY + 1, record=1))

    assert store.forget_unconfirmed(DAY + 7) == 0
    store.mail_sent(CAMPAIGN, MARIA.signer, DAY + 7)
    assert store.forget_unconfirmed(DAY + 8) == 1


def test_what_is_recorded_together_is_kept_whole_or_not_at_all(store: Store) -> None:
    """A clerk that dies in the middle of a long catch-up reads all of it again."""
    sign_and_confirm(store, MARIA)
    with pytest.raises(ZeroDivisionError):
        record_and_fail(store, epoch(), signs(OMAR), confirms(OMAR), withdraws(MARIA))

    assert store.position(JOURNAL) == 2
    assert store.counts()[CAMPAIGN].total == 1
    assert store.epoch(CAMPAIGN, EPOCH) is None
    assert store.known([(CAMPAIGN, OMAR.signer)]) == {}

    with store.together():
        record(store, epoch(), signs(OMAR), confirms(OMAR))
        record(store, withdraws(MARIA), signs(JUN), confirms(JUN))
    assert store.position(JOURNAL) == 8
    assert store.counts()[CAMPAIGN].total == 2


def test_what_is_recorded_outlives_the_process(tmp_path: Path) -> None:
    """Stopping the clerk loses nothing."""
    first = sqlite(tmp_path)
    record(first, epoch(), signs(MARIA), confirms(MARIA), signs(OMAR))
    first.close()
    second = sqlite(tmp_path)

    assert second.position(JOURNAL) == 4
    assert second.counts()[CAMPAIGN].total == 1
    assert signers(second.mail_due(10)) == {OMAR.signer}
    second.close()


def test_nobody_else_sees_half_of_what_is_recorded_together(tmp_path: Path) -> None:
    """Mail goes to those whose whole part was read, and waits for the rest."""
    clerk, mail = sqlite(tmp_path), sqlite(tmp_path)
    with clerk.together():
        record(clerk, signs(MARIA))
        record(clerk, signs(OMAR))
        assert mail.mails_due() == 0
    assert mail.mails_due() == 2
    clerk.close()
    mail.close()


def test_while_many_are_recorded_others_are_let_through(tmp_path: Path) -> None:
    """Nobody at the door waits until thousands are written."""
    ways: list[None] = []
    store = SQLiteStore(tmp_path / "ledger.sqlite3", give_way=lambda: ways.append(None))
    crowd = [Person("Somebody", f"someone.{number}@example.org", "ES", "en") for number in range(2_000)]
    record(store, *(signs(person) for person in crowd))
    record(store, *(confirms(person) for person in crowd))

    assert len(ways) > 100
    assert store.counts()[CAMPAIGN].total == 2_000
    assert store.check() == []
    store.close()


def test_a_batch_that_fails_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Entries without their position would be read again, a position without entries would lose them."""
    store = SQLiteStore(tmp_path / "ledger.sqlite3")
    sign_and_confirm(store, MARIA)
    monkeypatch.setattr("habeas.ledger.store_sqlite._epoch_rows", lambda _: [1 / 0])
    with pytest.raises(ZeroDivisionError):
        record(store, signs(OMAR), confirms(OMAR))

    assert store.position(JOURNAL) == 2
    assert store.counts()[CAMPAIGN].total == 1
    assert store.check() == []
    store.close()


def test_the_check_finds_a_count_that_somebody_changed(tmp_path: Path) -> None:
    """A number that the rows do not bear out must not stay unnoticed."""
    store = SQLiteStore(tmp_path / "ledger.sqlite3")
    sign_and_confirm(store, MARIA)
    store._connection.execute("UPDATE cell SET people = 1000")
    store._connection.execute("UPDATE signer SET is_due = 1")

    assert len(store.check()) == 2
    store.close()


def test_forgotten_people_leave_no_bytes_in_the_file(tmp_path: Path) -> None:
    """Deleted means gone from the disk, not only from the lists."""
    path = tmp_path / "ledger.sqlite3"
    store = SQLiteStore(path)
    record(store, signs(MARIA), signs(OMAR))
    store.mail_sent(CAMPAIGN, MARIA.signer, DAY)
    store.forget_unconfirmed(DAY + 1)
    on_disk = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    store.close()

    assert signs(MARIA).envelope not in on_disk
    assert signs(OMAR).envelope in on_disk
