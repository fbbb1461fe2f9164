"""What the clerk says of the mail it owes, for staff and `habeas doctor`: `status/mail.json`."""

from pathlib import Path

import msgspec

from habeas.config import Config
from habeas.lib import durable


class MailStatus(msgspec.Struct, frozen=True):
    """How many people wait for their confirmation mail, and which budgets they wait for."""

    due: int  # people who are owed a confirmation mail
    mailbox: int = 0  # of them: their mailbox was written to often enough for now
    domain: int = 0  # of them: their domain was
    is_spent: bool = False  # everybody waits: the installation has nothing left at the moment


def mail_status_path(config: Config) -> Path:
    """Return where the clerk says it."""
    return config.status / "mail.json"


def write_mail_status(path: Path, status: MailStatus) -> None:
    """Put `status` at `path`.

    raises  OSError
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    durable.write(path, msgspec.json.encode(status))


def mail_status(path: Path) -> MailStatus | None:
    """Return what the clerk said last; None if it said nothing, or nothing that can be read."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=MailStatus)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):
        return None
