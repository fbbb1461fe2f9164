"""Originals: the bytes of documents as they came in, each under its SHA-256, written once.

    originals/<first two digits>/<SHA-256>

Nothing here decides who may read them: cases.custody does.
"""

import hashlib
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings
from django.db.models import Q

from habeas.cases.models import Document, Record
from habeas.lib import durable
from habeas.lib.errors import HabeasError

_OWNER_READS = 0o400


class OriginalDamaged(HabeasError):
    """A document is not there any more, or is not what was taken in: restore it from a backup."""


def keep(content: bytes) -> str:
    """Put `content` on disk unless it is there, and return its SHA-256.

    raises  OSError
    """
    sha256 = hashlib.sha256(content).hexdigest()
    path = _path(sha256)
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        durable.write(path, content, mode=_OWNER_READS)
    return sha256


def read(sha256: str) -> bytes:
    """Return the content of a SHA-256.

    raises  OriginalDamaged if it is not there, or not the same any more
    """
    try:
        content = _path(sha256).read_bytes()
    except FileNotFoundError as error:
        raise OriginalDamaged(f"the document {sha256} is missing") from error
    if hashlib.sha256(content).hexdigest() != sha256:
        raise OriginalDamaged(f"the document {sha256} is not what was taken in")
    return content


def held_by(record: Record) -> frozenset[str]:
    """Return the SHA-256 of every original that goes with a record: of a document, or of a case's."""
    documents = Document.every.filter(Q(pk=record.pk) | Q(case=record.pk))
    return frozenset(documents.values_list("sha256", flat=True))


def forget(digests: Iterable[str]) -> None:
    """Remove originals that no document is left of: who was forgotten is forgotten on disk too."""
    for sha256 in digests:
        if not Document.every.filter(sha256=sha256).exists():
            _path(sha256).unlink(missing_ok=True)


def _path(sha256: str) -> Path:
    folder: Path = settings.CONFIG.originals
    return folder / sha256[:2] / sha256
