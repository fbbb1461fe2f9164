"""Sending one mail: made here, handed to Django's mail backend, failures told apart."""

import hashlib
import smtplib
from collections.abc import Mapping
from email.charset import QP, Charset
from email.utils import parseaddr

from django.core.mail import BadHeaderError, EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from habeas.config import Config
from habeas.delivery.patience import NotNow
from habeas.edition.templating import environment
from habeas.lib.errors import HabeasError

_CLOSING = 421  # RFC 5321, section 3.8: the relay is about to hang up
_PERMANENT_FROM = 500  # RFC 5321, section 4.2.1: replies of 5yz will not get better

# Django would send UTF-8 as 8bit, and a relay that re-encodes it breaks the signature made before.
_QUOTED = Charset("utf-8")
_QUOTED.body_encoding = QP


class NotYet(HabeasError):
    """The relay puts this recipient off; others may fare better."""


class NeverAgain(HabeasError):
    """The relay refuses this recipient for good; trying again would only hurt our name."""


class Post:
    """Writes and sends the mails of one installation."""

    def __init__(self, config: Config, backend: BaseEmailBackend) -> None:
        self._config = config
        self._backend = backend
        self._domain = parseaddr(config.mail.sender)[1].rpartition("@")[2]

    def text(self, template: str, language: str, **context: object) -> str:
        """Return the text of a mail in `language`."""
        made = environment("habeas.delivery", "mails", language).get_template(template)
        return made.render(organisation=self._config.site.name, **context).strip() + "\n"

    def message_id(self, *parts: bytes) -> str:
        """Return a Message-ID that is the same when the same mail is sent again after a crash.

        It is a hash: it names neither person nor campaign, and mail programs show the mail once.
        """
        digest = hashlib.sha256(b"".join(len(part).to_bytes(2, "big") + part for part in parts))
        return f"<{digest.hexdigest()[:32]}@{self._domain}>"

    def send(self, *, to: str, subject: str, text: str, headers: Mapping[str, str]) -> None:
        """Send one mail.

        raises  NotNow if the relay takes no mail at the moment, whoever it is for
                NotYet if it should be tried again, NeverAgain if it should not
        """
        if not to.isprintable():  # Python's folding takes a form feed for a line's end
            raise NeverAgain("the address cannot be written into a mail")
        one_line = " ".join(subject.split())
        message = EmailMessage(one_line, text, self._config.mail.sender, [to], headers=dict(headers))
        message.encoding = _QUOTED
        try:
            self._backend.send_messages([message])
        except (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError) as error:
            raise _failure(_code(error)) from None  # the reply may quote the address: it goes no further
        except (OSError, smtplib.SMTPException) as error:
            # Also a refused password or sender: that is our trouble, and no reason to give up on a person.
            raise NotNow(type(error).__name__) from None
        except (BadHeaderError, UnicodeError, ValueError):
            raise NeverAgain("the address cannot be written into a mail") from None


def _failure(code: int) -> HabeasError:
    reason = f"the relay answered {code}"
    if code >= _PERMANENT_FROM:
        return NeverAgain(reason)
    return NotNow(reason) if code == _CLOSING else NotYet(reason)


def _code(error: smtplib.SMTPRecipientsRefused | smtplib.SMTPDataError) -> int:
    if isinstance(error, smtplib.SMTPDataError):
        return int(error.smtp_code)
    return max(code for code, _ in error.recipients.values())
