"""Reading the mail of the demonstration in the terminal."""

import email.policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path

import click

from habeas.config import load


@click.command()
@click.argument("number", type=int, required=False)
def mailbox(number: int | None) -> None:
    """List the demonstration's mail, oldest first; with NUMBER, show one whole."""
    config = load()
    if config.mail.transport != "folder":
        raise click.ClickException("mail leaves by SMTP here; there is no mail folder to read")
    files = sorted(config.mailbox.glob("*.eml"), key=lambda file: file.stat().st_mtime)
    if not files:
        click.echo(f"No mail in {config.mailbox} yet. Sign a campaign, and look again.")
    elif number is None:
        _list(files)
    elif 1 <= number <= len(files):
        _show(_read(files[number - 1]))
    else:
        raise click.ClickException(f"there are mails 1 to {len(files)}")


def _list(files: list[Path]) -> None:
    for number, file in enumerate(files, 1):
        message = _read(file)
        click.echo(f"{number:4}  {message['to']}  {str(message['subject']).strip()}")
    click.echo(f"\nRead the newest with: habeas mailbox {len(files)}")


def _show(message: EmailMessage) -> None:
    for header in ("From", "To", "Subject", "List-Unsubscribe"):
        if message[header]:
            click.echo(f"{header}: {message[header]}")
    body = message.get_body(("plain",))
    click.echo("\n" + (body.get_content() if body else ""))


def _read(file: Path) -> EmailMessage:
    return BytesParser(policy=email.policy.default).parsebytes(file.read_bytes())
