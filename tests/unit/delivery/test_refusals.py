"""What a relay says decides whether a person is written to again: never, later, or as soon as it is back."""

from pathlib import Path

import msgspec
import pytest

from habeas.config import Config
from habeas.delivery.confirmation import Confirmations
from habeas.delivery.mailroom import Mailroom
from habeas.delivery.patience import NotNow, Patience
from habeas.delivery.post import NeverAgain, NotYet, Post
from habeas.delivery.supporters import Supporters
from habeas.ledger.store_memory import MemoryStore
from habeas.vault import keys
from mail_side import Porter, Relay, free_port, listening, parsed, signs_for_real, smtp
from people import AMINATA, MARIA, OMAR, OTHER_CAMPAIGN, Person

EVERYBODY = (MARIA, OMAR, AMINATA)


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return msgspec.structs.replace(Config(), data=str(tmp_path))


@pytest.fixture
def store(config: Config) -> MemoryStore:
    """Three people are owed a mail."""
    made = MemoryStore()
    signs_for_real(config, made, *EVERYBODY)
    return made


def sender(config: Config, store: MemoryStore, port: int, password: str = "") -> Confirmations:
    """Return the clerk's sender, as after a start."""
    post = Post(config, smtp(port, "habeas" if password else "", password))
    supporters = Supporters(store, config.keys)
    return Confirmations(Mailroom(config, store, supporters, post, keys.link_key(config.keys)))


def owed(store: MemoryStore) -> set[bytes]:
    return {due.signer for due in store.mail_due(10)}


def first_due(store: MemoryStore) -> Person:
    """Return whoever comes first in the clerk's order."""
    [first] = store.mail_due(1)
    return next(who for who in EVERYBODY if who.signer == first.signer)


def test_an_address_that_is_refused_for_good_is_not_tried_again(config: Config, store: MemoryStore) -> None:
    """Writing on would only hurt our name with the relay."""
    relay = Relay(replies={MARIA.email: "550 No such user"})
    with listening(relay) as port:
        sender(config, store, port).send_due()
        sender(config, store, port).send_due()

    assert relay.asked.count(MARIA.email) == 1
    assert {parsed(raw)["to"] for raw in relay.raw} == {OMAR.email, AMINATA.email}
    assert owed(store) == set()


def test_a_mail_refused_after_it_was_read_is_not_sent_again(config: Config, store: MemoryStore) -> None:
    """Some relays look first."""
    relay = Relay(after_data="554 Transaction failed")
    with listening(relay) as port:
        sender(config, store, port).send_due()
        sender(config, store, port).send_due()

    assert len(relay.asked) == 3
    assert owed(store) == set()


@pytest.mark.parametrize("reply", ["450 Greylisted", "452 Mailbox full", "451 4.7.1 Try again later"])
def test_a_mailbox_that_says_later_holds_up_nobody_behind_it(
    config: Config, store: MemoryStore, reply: str
) -> None:
    """Otherwise one odd address, signed in on purpose, would stop every confirmation."""
    slow = first_due(store)
    relay = Relay(replies={slow.email: reply})
    with listening(relay) as port:
        sender(config, store, port).send_due()
        assert {parsed(raw)["to"] for raw in relay.raw} == {who.email for who in EVERYBODY} - {slow.email}
        assert owed(store) == {slow.signer}

        relay.replies = {}
        sender(config, store, port).send_due()
        assert owed(store) == set()


def test_a_mailbox_that_says_later_is_left_alone_for_a_while(config: Config, store: MemoryStore) -> None:
    """The clerk turns several times a second; the relay is not asked as often."""
    relay = Relay(replies={MARIA.email: "450 Greylisted"})
    with listening(relay) as port:
        clerk = sender(config, store, port)
        for _ in range(5):
            clerk.send_due()

    assert relay.asked.count(MARIA.email) == 1


def test_a_relay_that_is_closing_keeps_everybody_waiting(config: Config, store: MemoryStore) -> None:
    """Nobody is given up, and nobody else tried, because it restarts."""
    relay = Relay(replies={who.email: "421 Shutting down" for who in EVERYBODY})
    with listening(relay) as port, pytest.raises(NotNow):
        sender(config, store, port).send_due()

    assert len(relay.asked) == 1
    assert len(owed(store)) == 3


def test_a_relay_that_is_not_there_keeps_everybody_waiting(config: Config, store: MemoryStore) -> None:
    """Connection refused is nobody's fault; the next turn goes on where this one stopped."""
    with pytest.raises(NotNow):
        sender(config, store, free_port()).send_due()
    assert len(owed(store)) == 3

    relay = Relay()
    with listening(relay) as port:
        assert sender(config, store, port).send_due() == 3


def test_a_wrong_password_costs_nobody_their_mail(config: Config, store: MemoryStore) -> None:
    """535 is about us: once it is mended, at either end, the running clerk writes to everybody."""
    relay, porter = Relay(), Porter()
    strict = {"authenticator": porter, "auth_required": True, "auth_require_tls": False}
    with listening(relay, **strict) as port:
        clerk = sender(config, store, port, password="secret")
        for _ in range(2):
            with pytest.raises(NotNow):
                clerk.send_due()
        assert relay.asked == []
        assert len(owed(store)) == 3

        porter.lets_in = True
        assert clerk.send_due() == 3


@pytest.mark.parametrize("reply", ["550 Sender refused", "451 Sender cannot be verified"])
def test_a_sender_the_relay_does_not_take_costs_nobody_their_mail(
    config: Config, store: MemoryStore, reply: str
) -> None:
    """`mail.sender` is ours to mend, too."""
    with listening(Relay(to_sender=reply)) as port, pytest.raises(NotNow):
        sender(config, store, port).send_due()

    assert len(owed(store)) == 3


@pytest.mark.parametrize(
    ("reply", "error"), [("550 Maria at maria@example.org", NeverAgain), ("450 maria@example.org", NotYet)]
)
def test_what_the_relay_says_of_a_person_goes_no_further(
    config: Config, reply: str, error: type[Exception]
) -> None:
    """Replies quote addresses, and reasons are logged."""
    with listening(Relay(replies={MARIA.email: reply})) as port, pytest.raises(error) as refused:
        Post(config, smtp(port)).send(to=MARIA.email, subject="s", text="t", headers={})

    assert "maria" not in str(refused.value)
    assert refused.value.__cause__ is None
    assert refused.value.__suppress_context__


def test_patience_grows_with_every_later() -> None:
    """A second, five, fifteen, a minute, and never more than a quarter of an hour."""
    now = [0.0]
    patience, waited = Patience(lambda: now[0]), []
    for _ in range(8):
        patience.put_off_by_relay(MARIA)
        began = now[0]
        while patience.waits(MARIA):
            now[0] += 0.5
        waited.append(now[0] - began)
        patience.done(OMAR)

    assert waited == [1, 5, 15, 60, 300, 900, 900, 900]


def test_patience_begins_anew_once_the_mail_has_left() -> None:
    """The next mail to the same person is another."""
    patience = Patience(lambda: 0.0)
    patience.put_off(MARIA)
    assert patience.waits(MARIA)
    assert not patience.waits(OMAR)

    patience.done(MARIA)
    assert not patience.waits(MARIA)


def test_when_everybody_is_put_off_it_is_the_relay() -> None:
    """A hundred thousand people are not tried one by one against a relay that takes nothing."""
    patience = Patience(lambda: 0.0)
    for number in range(19):
        patience.put_off_by_relay(number)
    with pytest.raises(NotNow):
        patience.put_off_by_relay(19)

    for number in range(19):
        patience.put_off_by_relay(number)
    patience.done(20)
    patience.put_off_by_relay(21)


def test_a_thousand_records_without_a_key_are_not_the_relays_doing(config: Config) -> None:
    """One campaign's lost key must not stop the mail of all the others."""
    store = MemoryStore()
    crowd = [Person("Somebody", f"somebody{number}@example.org", "ES", "en") for number in range(130)]
    signs_for_real(config, store, *crowd, campaign=OTHER_CAMPAIGN)
    keys.private_key_path(config.keys, OTHER_CAMPAIGN).unlink()
    signs_for_real(config, store, MARIA)
    relay = Relay()
    with listening(relay) as port:
        clerk = sender(config, store, port)
        while clerk.send_due():
            pass

    assert relay.asked == [MARIA.email]
    assert len(store.mail_due(1_000)) == 130
