"""Mail into a folder, one .eml file a message: for trying Habeas out without a mail server."""

from collections.abc import Sequence

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from habeas.lib import durable


class FolderBackend(BaseEmailBackend):
    """Django's mail interface, writing to `data/mail`.

    The file is named after the Message-ID, so that a message sent again after a crash replaces itself.
    """

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Write each message durably and return how many there were."""
        folder = settings.CONFIG.mailbox
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for message in email_messages:
            name = message.extra_headers["Message-ID"].strip("<>").partition("@")[0]
            durable.write(folder / f"{name}.eml", message.message().as_bytes(), mode=0o600)
        return len(email_messages)
