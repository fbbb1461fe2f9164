"""What the directory of authorities says by language, and what it said before: a new minister, for staff."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Literal
from uuid import UUID

from habeas.cases.access import may_read_version, visible
from habeas.cases.models import Authority
from habeas.cases.models.record import with_versions

if TYPE_CHECKING:
    from django.contrib.auth.models import User

Part = Literal["office", "holder"]
# The field by language, and the one in which staff say the same.
_FIELDS: Mapping[Part, tuple[str, str]] = {"office": ("offices", "name"), "holder": ("holders", "holder")}


class Directory:
    """Some authorities, as far as somebody may read them, with what they said in earlier versions."""

    def __init__(self, authorities: Iterable[UUID], by: User | None) -> None:
        """Read them once, for every page that is asked about."""
        known = Authority.objects.filter(pk__in=set(authorities), withdrawn_at=None)
        readable = visible(known, by)
        self._by = by
        self._now: dict[UUID, Authority] = {}
        self._before: dict[UUID, list[Authority]] = defaultdict(list)
        for row in with_versions(readable):
            if row.version_of_id:
                self._before[row.version_of_id].append(row)
            else:
                self._now[row.pk] = row

    def replacing(self, authority: UUID, part: Part, language: str, text: str) -> str | None:
        """Return what the directory says in a language instead of a text; None if the text is not replaced.

        A text is replaced if the directory said it once, in the language or for staff, and says another
        thing now. What it never said is somebody's own words. Empty: it says nothing in this language now.
        """
        now = self._now.get(authority)
        if now is None or text in {"", _said(now, part, language) or _for_staff(now, part)}:
            return None
        said_once = any(
            text in {_said(row, part, language), _for_staff(row, part)}
            and may_read_version(now, row, self._by)
            for row in self._before[authority]
        )
        return _said(now, part, language) if said_once else None


def _said(row: Authority, part: Part, language: str) -> str:
    by_language, _ = _FIELDS[part]
    return str(getattr(row, by_language).get(language, "")).strip()


def _for_staff(row: Authority, part: Part) -> str:
    _, plain = _FIELDS[part]
    return str(getattr(row, plain)).strip()
