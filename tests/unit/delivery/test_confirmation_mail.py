"""The one mail that asks to confirm: short, in the person's language, telling nothing on a seized phone."""

import re
from pathlib import Path

import msgspec
import pytest
from django.conf import settings

from habeas.config import Config, Site
from habeas.delivery.confirmation import Confirmations
from habeas.delivery.folder import FolderBackend
from habeas.delivery.mailroom import Mailroom
from habeas.delivery.post import Post
from habeas.delivery.supporters import CannotReach, Supporters
from habeas.ledger import entry
from habeas.ledger.store import Recipient
from habeas.ledger.store_memory import MemoryStore
from habeas.lib import clock, languages
from habeas.vault import keys, links, suite
from mail_side import headers_of, links_in, parsed, signs_for_real, text_of
from people import AMINATA, CAMPAIGN, MARIA, OMAR, OTHER_CAMPAIGN, Person

IN_EVERY_LANGUAGE = [MARIA, AMINATA, OMAR]
DOOR = "https://act.example.org"


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Config:
    """An installation that puts its mail into a folder."""
    made = msgspec.structs.replace(Config(), data=str(tmp_path), site=Site(name="Free Voices", url=DOOR))
    monkeypatch.setattr(settings, "CONFIG", made)
    return made


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


def sender(config: Config, store: MemoryStore) -> Confirmations:
    """Return the clerk's sender, as after a start."""
    post, supporters = Post(config, FolderBackend()), Supporters(store, config.keys)
    return Confirmations(Mailroom(config, store, supporters, post, keys.link_key(config.keys)))


def mails(config: Config) -> dict[str, bytes]:
    """Return what lies in the folder, by recipient."""
    found = [file.read_bytes() for file in config.mailbox.glob("*.eml")]
    return {str(parsed(raw)["to"]): raw for raw in found}


@pytest.mark.parametrize("who", IN_EVERY_LANGUAGE, ids=lambda who: who.language)
def test_the_mail_says_in_the_persons_language_what_to_do(
    config: Config, store: MemoryStore, who: Person
) -> None:
    """One link, how long it works, what happens if it was not them, and who writes."""
    signs_for_real(config, store, who)
    sender(config, store).send_due()
    mail = parsed(mails(config)[who.email])
    words, text = languages.words(who.language), text_of(mail)

    assert mail["subject"] == words.gettext("Please confirm")
    assert words.gettext("If it was not you, do nothing: what was entered is not counted.") in text
    assert "48" in text
    assert text.strip().endswith("Free Voices")
    assert len(links_in(mail)) == 1
    assert text.count("/confirm/") == 1
    assert "&" not in text


@pytest.mark.parametrize("who", IN_EVERY_LANGUAGE, ids=lambda who: who.language)
def test_nothing_a_mailbox_lists_names_the_case_or_the_person(
    config: Config, store: MemoryStore, who: Person
) -> None:
    """A guard who scrolls through subjects and senders finds an ordinary mail; so does one who reads it."""
    signs_for_real(config, store, who, comment="Free Mkhaitir")
    sender(config, store).send_due()
    mail = parsed(mails(config)[who.email])
    told = headers_of(mail).lower() + text_of(mail).lower()

    for name in (who.name, *who.name.split(), who.email, "mkha", "selma", "امخيطير", "petition"):
        assert name.lower() not in told
    assert CAMPAIGN.hex() not in told


@pytest.mark.parametrize("name", ["https://evil.example/win", "Maria\r\nBcc: x@evil.example", "{{ 7 * 7 }}"])
def test_nothing_anybody_typed_gets_into_the_mail(config: Config, store: MemoryStore, name: str) -> None:
    """Otherwise our mails would carry strangers' advertising to whomever they like."""
    stranger = Person(name, "maria@example.org", "ES", "en")
    signs_for_real(config, store, stranger, comment="https://evil.example/comment")
    sender(config, store).send_due()
    [raw] = mails(config).values()

    assert "evil" not in text_of(parsed(raw)) + headers_of(parsed(raw))
    assert "49" not in text_of(parsed(raw))


def test_the_link_is_the_one_the_door_reads(config: Config, store: MemoryStore) -> None:
    """For this person, this campaign, this round, and as long as the mail says."""
    signs_for_real(config, store, MARIA)
    sender(config, store).send_due()
    [link] = links_in(parsed(mails(config)[MARIA.email]))
    match = re.fullmatch(rf"{DOOR}/en/confirm/([A-Za-z0-9_-]+)", link)
    assert match
    hour, key = clock.this_hour(), keys.link_key(config.keys)
    read = links.read(key, links.Purpose.CONFIRM, match[1], hour)

    assert (read.campaign, read.signer, read.round) == (CAMPAIGN, MARIA.signer, 0)
    assert links.read(key, links.Purpose.CONFIRM, match[1], hour + config.retention.confirm_hours)
    with pytest.raises(links.LinkExpired):
        links.read(key, links.Purpose.CONFIRM, match[1], hour + config.retention.confirm_hours + 2)


def test_pressing_the_link_of_the_mail_makes_the_person_count(config: Config, store: MemoryStore) -> None:
    """From signature to count, by way of the mailbox."""
    signs_for_real(config, store, MARIA)
    sender(config, store).send_due()
    [link] = links_in(parsed(mails(config)[MARIA.email]))
    token = link.rpartition("/")[2]
    read = links.read(keys.link_key(config.keys), links.Purpose.CONFIRM, token, clock.this_hour())
    pressed = entry.Confirm(read.campaign, read.signer, read.round, clock.today())
    store.record(b"door", 3, [pressed])

    assert store.counts()[CAMPAIGN].total == 1


def test_a_clerk_that_dies_after_sending_sends_the_very_same_mail_again(
    config: Config, store: MemoryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The person sees one mail."""
    signs_for_real(config, store, MARIA)

    def dies(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as crash:
        crash.setattr(store, "mail_sent", dies)
        with pytest.raises(KeyboardInterrupt):
            sender(config, store).send_due()
    first = parsed(mails(config)[MARIA.email])["message-id"]
    assert sender(config, store).send_due() == 1

    assert len(list(config.mailbox.glob("*.eml"))) == 1
    assert parsed(mails(config)[MARIA.email])["message-id"] == first


def test_mails_of_two_campaigns_are_two_mails(config: Config, store: MemoryStore) -> None:
    """The second does not hide behind the first."""
    signs_for_real(config, store, MARIA)
    signs_for_real(config, store, MARIA, campaign=OTHER_CAMPAIGN)

    assert sender(config, store).send_due() == 2
    assert len(list(config.mailbox.glob("*.eml"))) == 2


def test_a_record_that_does_not_open_holds_nobody_up(
    config: Config, store: MemoryStore, caplog: pytest.LogCaptureFixture
) -> None:
    """Its key is missing: the others get their mail, the operator a line, and the person stays due."""
    signs_for_real(config, store, MARIA)
    signs_for_real(config, store, OMAR, AMINATA, campaign=OTHER_CAMPAIGN)
    keys.private_key_path(config.keys, CAMPAIGN).unlink()

    sender(config, store).send_due()
    assert mails(config).keys() == {OMAR.email, AMINATA.email}
    assert [due.signer for due in store.mail_due(10)] == [MARIA.signer]
    assert CAMPAIGN.hex() in caplog.text
    assert MARIA.email not in caplog.text


def test_a_record_sealed_by_a_faulty_program_holds_nobody_up(
    config: Config, store: MemoryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One door of another version does not stop everybody's mail."""
    with monkeypatch.context() as faulty:
        faulty.setattr(suite, "pad", lambda plaintext: plaintext + b"\xff" * 8)
        signs_for_real(config, store, MARIA)
    signs_for_real(config, store, OMAR)

    sender(config, store).send_due()
    assert mails(config).keys() == {OMAR.email}
    assert [due.signer for due in store.mail_due(10)] == [MARIA.signer]


def test_a_crowd_is_written_to_in_batches_and_nobody_is_left_out(config: Config, store: MemoryStore) -> None:
    """Between two the clerk looks whether it should stop; 0 says that all had their turn."""
    crowd = [Person("Somebody", f"somebody{number}@example.org", "ES", "en") for number in range(120)]
    signs_for_real(config, store, *crowd)
    clerk = sender(config, store)
    turns: list[int] = []
    while not turns or turns[-1]:
        turns.append(clerk.send_due())

    assert sum(turns) == 120
    assert max(turns) < 120
    assert mails(config).keys() == {who.email for who in crowd}
    assert not store.mail_due(1)


def damaged(recipient: Recipient, change: str) -> Recipient:
    replaced = {"envelope": recipient.envelope[:-1] + b"\x00", "record": bytes(12), "epoch": bytes(8)}
    return msgspec.structs.replace(recipient, **{change: replaced[change]})


@pytest.mark.parametrize("change", ["envelope", "record", "epoch"])
def test_whoever_cannot_be_read_cannot_be_reached(config: Config, store: MemoryStore, change: str) -> None:
    """A record that was altered or moved, or whose epoch never came, is nobody's."""
    signs_for_real(config, store, MARIA)
    [due] = store.mail_due(1)
    supporters = Supporters(store, config.keys)
    assert supporters.open(due).email == MARIA.email
    with pytest.raises(CannotReach):
        supporters.open(damaged(due, change))
