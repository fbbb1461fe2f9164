"""The key that signs staff sessions, kept in the key folder with the others."""

import secrets
from pathlib import Path

from habeas.lib import durable

_NAME = "django_secret_key"


def create_secret_key(keys: Path) -> None:
    """Make the installation's key unless there is one."""
    path = keys / "office" / _NAME
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    durable.write(path, secrets.token_urlsafe(48).encode(), mode=0o600)


def read_secret_key(keys: Path) -> str:
    """Return the installation's key; before there is one, a key for this process alone.

    Checks and tests read the settings without an installation, and must not leave one behind.
    """
    path = keys / "office" / _NAME
    return path.read_text() if path.exists() else secrets.token_urlsafe(48)
