"""The count does not depend on the order, the repetition or the portions in which entries are read."""

import random

from hypothesis import example, given
from hypothesis import strategies as st

from habeas.ledger.fold import NOBODY, About, Signer, fold
from habeas.ledger.store_memory import MemoryStore
from people import (
    CAMPAIGN,
    DAY,
    EVERYONE,
    MARIA,
    OTHER_CAMPAIGN,
    confirms,
    epoch,
    signs,
    unsubscribes,
    withdraws,
)

people = st.sampled_from(EVERYONE)
campaigns = st.sampled_from([CAMPAIGN, OTHER_CAMPAIGN])
days = st.integers(DAY, DAY + 3)
rounds = st.integers(0, 3)
signings = st.builds(
    lambda who, day, record, updates, campaign: signs(
        who, day=day, record=record, updates=updates, campaign=campaign
    ),
    people,
    days,
    st.integers(0, 4),
    st.booleans(),
    campaigns,
)


def answers(act: object) -> st.SearchStrategy[About]:
    return st.builds(
        lambda who, round_, day, campaign: act(who, round_=round_, day=day, campaign=campaign),  # type: ignore[operator]
        people,
        rounds,
        days,
        campaigns,
    )


abouts: st.SearchStrategy[About] = st.one_of(signings, *map(answers, (confirms, withdraws, unsubscribes)))
journals = st.lists(abouts, max_size=25)


def states(entries: list[About]) -> dict[tuple[bytes, bytes], Signer]:
    found: dict[tuple[bytes, bytes], Signer] = {}
    for entry in entries:
        key = (entry.campaign, entry.signer)
        found[key] = fold(found.get(key, NOBODY), entry)
    return found


def store_of(*portions: list[About]) -> MemoryStore:
    store = MemoryStore()
    for position, portion in enumerate(portions):
        store.record(b"journal", position, [epoch(), *portion])
    return store


@given(journals, st.randoms(use_true_random=False))
def test_any_order_comes_to_the_same(entries: list[About], chance: random.Random) -> None:
    """Doors write side by side, and nobody can say whose journal is read first."""
    shuffled = chance.sample(entries, len(entries))

    assert states(shuffled) == states(entries)


@given(journals, st.data())
def test_reading_entries_again_changes_nothing(entries: list[About], data: st.DataObject) -> None:
    """After a crash or a restore the recorder reads more than it has to."""
    again = data.draw(st.lists(st.sampled_from(entries), max_size=20)) if entries else []

    assert states(entries + again) == states(entries)


@given(journals, st.integers(0, 25), st.integers(0, 25))
@example([signs(MARIA), confirms(MARIA), withdraws(MARIA)], 0, 2)  # counted in between, and by then not
def test_counting_may_stop_and_go_on_anywhere(entries: list[About], first: int, second: int) -> None:
    """Batches of any size give the same counts, and the cells always agree with the rows."""
    low, high = sorted((first, second))
    whole = store_of(entries)
    portions = store_of(entries[:low], entries[low:high], entries[low:])

    assert portions.counts() == whole.counts()
    assert portions.check() == whole.check() == []


@given(journals)
def test_the_total_is_the_number_of_people_who_count(entries: list[About]) -> None:
    """Nobody counts twice, and nobody is left out."""
    counts = store_of(entries).counts()
    folded = states(entries)
    for campaign in (CAMPAIGN, OTHER_CAMPAIGN):
        people_counted = sum(state.is_counted for key, state in folded.items() if key[0] == campaign)

        assert (counts[campaign].total if campaign in counts else 0) == people_counted


@given(journals, st.randoms(use_true_random=False))
def test_nobody_who_counts_is_owed_a_confirmation_mail(entries: list[About], chance: random.Random) -> None:
    """In no order of reading does a confirmed person get another mail."""
    store = store_of(chance.sample(entries, len(entries)))
    folded = states(entries)

    assert not any(folded[someone.key].is_counted for someone in store.mail_due(1_000))
