"""What every way to send mail promises; the same tests run against a real relay and against the folder."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import msgspec
import pytest
from django.conf import settings

from habeas.config import Config, Site
from habeas.delivery.confirmation import Confirmations
from habeas.delivery.folder import FolderBackend
from habeas.delivery.mailroom import Mailroom
from habeas.delivery.patience import NotNow
from habeas.delivery.post import NeverAgain, Post
from habeas.delivery.supporters import Supporters
from habeas.ledger.store_memory import MemoryStore
from habeas.vault import keys
from mail_side import Relay, links_in, listening, parsed, signs_for_real, smtp, text_of
from people import AMINATA, MARIA, OMAR

TEXT = "Grüße, عمر!\n.\nFrom here on\n" + "x" * 2_000 + "\n"


@dataclass
class Way:
    """One way to send mail: what sends it, what arrived, and how to break it."""

    config: Config
    post: Post
    arrived: Callable[[], list[bytes]]
    breaks: Callable[[], None]

    def send(self, **other: object) -> None:
        """Send a mail to Maria."""
        told: dict[str, object] = {
            "to": "maria@example.org",
            "subject": "Please confirm",
            "text": TEXT,
            "headers": {"Message-ID": self.post.message_id(b"a"), "Auto-Submitted": "auto-generated"},
        }
        self.post.send(**(told | other))  # type: ignore[arg-type]


@contextmanager
def by_relay(config: Config) -> Iterator[Way]:
    relay = Relay()
    with listening(relay) as port:

        def hangs_up() -> None:
            relay.to_sender = "421 Closing"

        yield Way(config, Post(config, smtp(port)), lambda: relay.raw, hangs_up)


@contextmanager
def by_folder(config: Config) -> Iterator[Way]:
    def arrived() -> list[bytes]:
        return [file.read_bytes() for file in sorted(config.mailbox.glob("*.eml"))]

    def is_full() -> None:
        config.mailbox.parent.mkdir(parents=True, exist_ok=True)
        config.mailbox.write_text("a file where the folder should be")

    yield Way(config, Post(config, FolderBackend()), arrived, is_full)


@pytest.fixture(params=[by_relay, by_folder], ids=["relay", "folder"])
def way(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Way]:
    config = msgspec.structs.replace(
        Config(), data=str(tmp_path / "data"), site=Site(url="https://act.example.org")
    )
    monkeypatch.setattr(settings, "CONFIG", config)
    make: Callable[[Config], AbstractContextManager[Way]] = request.param
    with make(config) as made:
        yield made


def test_a_mail_arrives_as_it_was_written(way: Way) -> None:
    """Every letter of it, in any script."""
    way.send(subject="تأكيد — à vous")
    [raw] = way.arrived()
    mail = parsed(raw)

    assert mail["to"] == "maria@example.org"
    assert mail["from"] == "Habeas <actions@habeas.invalid>"
    assert mail["subject"] == "تأكيد — à vous"
    assert mail["message-id"] == way.post.message_id(b"a")
    assert mail["auto-submitted"] == "auto-generated"
    assert text_of(mail).splitlines() == TEXT.splitlines()


def test_no_relay_has_to_change_a_mail(way: Way) -> None:
    """Seven bits and short lines travel everywhere, so what signs the mail stays valid."""
    way.send(subject="تأكيد" * 20)
    [raw] = way.arrived()

    assert raw.isascii()
    assert max(map(len, raw.splitlines())) <= 998  # RFC 5322, section 2.1.1
    assert parsed(raw)["content-transfer-encoding"] == "quoted-printable"


def test_a_mail_sent_again_after_a_crash_is_the_same_mail(way: Way) -> None:
    """Mail programs show what has one Message-ID once."""
    way.send()
    way.send()

    assert len({parsed(raw)["message-id"] for raw in way.arrived()}) == 1


def test_two_mails_are_two(way: Way) -> None:
    """Nobody's mail takes the place of another's."""
    for part in (b"a", b"b"):
        way.send(headers={"Message-ID": way.post.message_id(part)})

    assert len(way.arrived()) == 2
    assert way.post.message_id(b"a", b"b") != way.post.message_id(b"ab", b"")


@pytest.mark.parametrize(
    "to", ["maria@example.org\nBcc: omar@example.org", "maria@example.org\x0cBcc: omar@example.org", "\x1e"]
)
def test_an_address_that_would_write_headers_gets_no_mail(way: Way, to: str) -> None:
    """Nobody else gets it either."""
    with pytest.raises(NeverAgain):
        way.send(to=to)

    assert way.arrived() == []


@pytest.mark.parametrize("subject", ["News\nBcc: omar@example.org", "News\x0cBcc: omar@example.org"])
def test_a_subject_is_one_line(way: Way, subject: str) -> None:
    """A line's end in it is a slip of the editor's, and no reason to write to nobody."""
    way.send(subject=subject)
    [raw] = way.arrived()

    assert parsed(raw)["subject"] == "News Bcc: omar@example.org"
    assert parsed(raw)["bcc"] is None


def test_when_nothing_can_be_sent_it_is_tried_again_later(way: Way) -> None:
    """No mail is given up because of our own trouble."""
    way.breaks()
    with pytest.raises(NotNow):
        way.send()


def confirmations(way: Way, store: MemoryStore) -> Confirmations:
    supporters = Supporters(store, way.config.keys)
    return Confirmations(Mailroom(way.config, store, supporters, way.post, keys.link_key(way.config.keys)))


def test_who_signs_gets_one_mail_with_one_link_in_their_language(way: Way) -> None:
    """And none a second time."""
    store = MemoryStore()
    signs_for_real(way.config, store, MARIA, OMAR, AMINATA)
    sender = confirmations(way, store)

    assert sender.send_due() == 3
    assert sender.send_due() == 0
    mails = {parsed(raw)["to"]: parsed(raw) for raw in way.arrived()}
    assert mails.keys() == {MARIA.email, OMAR.email, AMINATA.email}
    for who in (MARIA, OMAR, AMINATA):
        [link] = links_in(mails[who.email])
        assert link.startswith(f"https://act.example.org/{who.language}/confirm/")


def test_while_nothing_can_be_sent_everybody_stays_owed_their_mail(way: Way) -> None:
    """However often it is tried."""
    store = MemoryStore()
    signs_for_real(way.config, store, MARIA, OMAR)
    way.breaks()
    for _ in range(3):
        with pytest.raises(NotNow):
            confirmations(way, store).send_due()

    assert len(store.mail_due(10)) == 2
