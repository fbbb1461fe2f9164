"""Tables that staff upload in the office: each kept until it is imported, cancelled, or a day old.

    uploads/<32 random digits>/table.csv  as it came
    uploads/<32 random digits>/about      who uploaded it, its name, and how it is read so far (JSON)

A list of people at risk is in no other place, and only whoever uploaded it comes to it.
"""

import os
import re
import secrets
import shutil
from collections.abc import Iterable
from pathlib import Path
from time import time

import msgspec
from django.conf import settings
from django.contrib.auth.models import User

from habeas.cases.tables.mapping import ListMapping
from habeas.cases.tables.reading import SUFFIXES
from habeas.lib import durable
from habeas.lib.errors import HabeasError

_KEPT_SECONDS = 24 * 60 * 60
_OWNER = 0o600
_TOKEN = re.compile(r"[0-9a-f]{32}")


class NoSuchUpload(HabeasError):
    """The table is not here any more: it was imported, cancelled, or lay for a day."""


class Upload(msgspec.Struct, frozen=True):
    """A table on its way in."""

    token: str  # 32 random hexadecimal digits
    by: int  # key of the user who uploaded it
    name: str  # of the file, as it came
    mapping: ListMapping

    @property
    def path(self) -> Path:
        """The table itself; what reads XLSX wants to see its suffix."""
        suffix = Path(self.name).suffix.lower()
        return _folder(self.token) / f"table{suffix if suffix in SUFFIXES else ''}"


def keep(chunks: Iterable[bytes], name: str, *, by: User) -> Upload:
    """Put an uploaded table aside, and forget those that lay for a day.

    raises  OSError
    """
    forget_old()
    upload = Upload(secrets.token_hex(16), by.pk, Path(name).name[-200:], ListMapping(columns={}))
    upload.path.parent.mkdir(mode=0o700, parents=True)
    descriptor = os.open(upload.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER)
    with os.fdopen(descriptor, "wb") as file:
        file.writelines(chunks)
    return note(upload, upload.mapping)


def note(upload: Upload, mapping: ListMapping) -> Upload:
    """Keep how a table is read so far, and return it."""
    told = msgspec.structs.replace(upload, mapping=mapping)
    durable.write(_folder(upload.token) / "about", msgspec.json.encode(told), mode=_OWNER)
    return told


def find(token: str, *, by: User) -> Upload:
    """Return a table that somebody uploaded.

    raises  NoSuchUpload, also for a table of somebody else
    """
    try:
        about = (_folder(token) / "about").read_bytes()
    except OSError as error:
        raise NoSuchUpload("the table is not here any more: upload it again") from error
    upload = msgspec.json.decode(about, type=Upload)
    if upload.by != by.pk or not upload.path.exists():
        raise NoSuchUpload("the table is not here any more: upload it again")
    return upload


def forget(upload: Upload) -> None:
    """Remove a table."""
    shutil.rmtree(_folder(upload.token), ignore_errors=True)


def forget_old() -> None:
    """Remove tables that lay for a day."""
    folder: Path = settings.CONFIG.uploads
    for one in folder.iterdir() if folder.exists() else ():
        came = max((table.stat().st_mtime for table in one.glob("table*")), default=0.0)
        if came < time() - _KEPT_SECONDS:
            shutil.rmtree(one, ignore_errors=True)


def _folder(token: str) -> Path:
    if not _TOKEN.fullmatch(token):
        raise NoSuchUpload("there is no such table")
    folder: Path = settings.CONFIG.uploads
    return folder / token
