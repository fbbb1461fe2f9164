"""A store with signatures in it, and a relay that answers what the test says."""

import email.policy
import re
import socket
import warnings
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.parser import BytesParser
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session
from django.core.mail.backends.smtp import EmailBackend

from habeas.config import Config
from habeas.ledger import entry
from habeas.ledger.store import Store
from habeas.lib import clock
from habeas.vault import keys
from habeas.vault.personal import Personal
from habeas.vault.seal import Sealer
from people import CAMPAIGN, Person

LINK = re.compile(r"https?://\S+")


def signs_for_real(
    config: Config, store: Store, *people: Person, campaign: bytes = CAMPAIGN, comment: str = ""
) -> None:
    """Record that `people` signed today, sealed as the door seals."""
    sealer = Sealer(campaign, keys.create_campaign_keys(config.keys, campaign))
    for who in people:
        sealed = sealer.seal(Personal(who.name, who.email, comment))
        assert sealed.header
        header = sealed.header
        epoch = entry.Epoch(campaign, header.epoch, header.key_id, header.ciphertext)
        sign = entry.Sign(
            *(campaign, who.signer, sealed.record, clock.today(), who.language, who.country),
            *(True, b"demands1", sealed.epoch, sealed.envelope),
        )
        store.record(b"door", store.position(b"door") + 2, [epoch, sign])


def parsed(raw: bytes) -> EmailMessage:
    """Return the mail in `raw` as a mail program reads it."""
    return BytesParser(policy=email.policy.default).parsebytes(raw)


def text_of(mail: EmailMessage) -> str:
    """Return what the mail says."""
    body = mail.get_body(("plain",))
    assert body
    text: str = body.get_content()
    return text


def links_in(mail: EmailMessage) -> list[str]:
    """Return every address in the mail's text."""
    return LINK.findall(text_of(mail))


def headers_of(mail: EmailMessage) -> str:
    """Return all that a mailbox lists and a relay logs, the recipient's own address apart."""
    return "\n".join(f"{name}: {value}" for name, value in mail.items() if name != "To")


@dataclass
class Relay:
    """A mail server; `replies` are its answers to a recipient, by address."""

    replies: dict[str, str] = field(default_factory=dict)
    after_data: str = "250 OK"
    to_sender: str = "250 OK"
    raw: list[bytes] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    async def handle_MAIL(  # noqa: N802  aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Answer MAIL FROM."""
        if self.to_sender.startswith("2"):
            envelope.mail_from = address
            envelope.mail_options.extend(options)
        return self.to_sender

    async def handle_RCPT(  # noqa: N802  aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Answer RCPT TO."""
        self.asked.append(address)
        reply = self.replies.get(address, "250 OK")
        if reply.startswith("2"):
            envelope.rcpt_tos.append(address)
        return reply

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Take a mail, or not."""
        assert isinstance(envelope.content, bytes)
        if self.after_data.startswith("2"):
            self.raw.append(envelope.content)
        return self.after_data


@contextmanager
def listening(relay: Relay, **more: Any) -> Iterator[int]:
    """Have `relay` listen on loopback, and give its port."""
    controller = Controller(relay, hostname="127.0.0.1", port=free_port(), **more)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # aiosmtpd advises TLS for passwords; this is loopback
        controller.start()
        try:
            yield controller.port
        finally:
            controller.stop()


def free_port() -> int:
    """Return a port nobody listens on."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def smtp(port: int, user: str = "", password: str = "") -> EmailBackend:
    """Return Django's way to the relay at `port`."""
    return EmailBackend(
        host="127.0.0.1", port=port, username=user, password=password, use_tls=False, use_ssl=False, timeout=5
    )


@dataclass
class Porter:
    """Lets in whoever has the password, from when it is told."""

    lets_in: bool = False

    def __call__(self, *_: object) -> AuthResult:
        """Answer AUTH."""
        return AuthResult(success=self.lets_in, handled=False)
