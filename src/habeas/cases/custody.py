"""Documents and who held them: taken in untouched, checked at every reading, each step a line that stays.

After the Berkeley Protocol on Digital Open Source Investigations: the original is never worked on.
A redacted or translated copy is a document of its own, linked to the one it was made from.
"""

import mimetypes
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User

from habeas.cases import access, originals
from habeas.cases.actions import record
from habeas.cases.models import Case, CustodyEntry, Document
from habeas.cases.protection import Access
from habeas.cases.vocabulary import CopyKind, CustodyAct


@dataclass(frozen=True, slots=True)
class Capture:
    """Where and how a document was come by."""

    source_url: str = ""
    captured_at: datetime | None = None
    tool: str = ""  # with what, and its version


def take_in(
    case: Case, content: bytes, name: str, *, by: User | None, capture: Capture | None = None
) -> Document:
    """Keep a document as it came in, and return its record.

    raises  MayNotRead; BadRecord if the case has this very file already; OSError
    """
    access.check(case, by)
    made = _document(case, content, name, capture or Capture())
    record(made, by=by)
    _enter(made, CustodyAct.TAKEN_IN, by)
    return made


def add_copy(
    original: Document,
    content: bytes,
    name: str,
    kind: CopyKind,
    *,
    by: User | None,
    level: Access = Access.TEAM,
) -> Document:
    """Keep a redacted or translated copy of a document, and return its record; the original stays as it is.

    level   who may read the copy: a redacted one is made to be shown to more people
    raises  MayNotRead, BadRecord, OSError
    """
    access.check(original, by)
    made = _document(original.case, content, name, Capture())
    made.parent, made.copy_kind, made.access = original, kind, level
    record(made, by=by)
    _enter(made, CustodyAct.TAKEN_IN, by)
    _enter(original, CustodyAct.COPIED, by, note=str(made.pk))
    return made


def read(document: Document, *, by: User | None) -> bytes:
    """Return the content of a document, checked, to somebody who may read it; that they did is a line.

    raises  MayNotRead, OriginalDamaged
    """
    access.check(document, by)
    content = originals.read(document.sha256)
    _enter(document, CustodyAct.READ, by)
    return content


def check(document: Document, *, by: User | None) -> None:
    """Check that a document is what was taken in.

    raises  MayNotRead, OriginalDamaged
    """
    access.check(document, by)
    originals.read(document.sha256)
    _enter(document, CustodyAct.CHECKED, by)


def hand_out(document: Document, *, by: User | None) -> None:
    """Enter that a document left the registry, in an export.

    raises  MayNotRead
    """
    access.check(document, by)
    _enter(document, CustodyAct.HANDED_OUT, by, note="export")


def _document(case: Case, content: bytes, name: str, capture: Capture) -> Document:
    return Document(
        case=case,
        sha256=originals.keep(content),
        size=len(content),
        mime=mimetypes.guess_type(name)[0] or "application/octet-stream",
        original_name=name,
        source_url=capture.source_url,
        captured_at=capture.captured_at,
        tool=capture.tool,
    )


def _enter(document: Document, act: CustodyAct, by: User | None, note: str = "") -> None:
    CustodyEntry.objects.create(document=document, by=by, act=act, sha256=document.sha256, note=note)
