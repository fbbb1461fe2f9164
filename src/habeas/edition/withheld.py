"""What no door hands out, whatever its edition holds: the first half of a take-down.

An edition without a case takes longer the more campaigns there are. Naming its campaigns in
`editions/withheld.json` takes one small file, which every door looks at as often as at the pointer; the
edition follows and takes the names away again (docs/decisions/0031-withheld-before-rewritten.md).
"""

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

import msgspec
from msgspec import Struct

from habeas.edition.manifest import Slug
from habeas.lib import durable
from habeas.lib.errors import HabeasError
from habeas.lib.locked import locked

FILE = "withheld.json"
_LOCK = ".withheld.lock"


class WithheldUnreadable(HabeasError):
    """Nobody can tell what is withheld; whoever writes the file next begins it anew."""


class _Withheld(Struct, frozen=True, forbid_unknown_fields=True):
    """The file: docs/formats/edition.md."""

    campaigns: frozenset[Slug]


def read_withheld(editions: Path) -> frozenset[str]:
    """Return the slugs of the campaigns of which no page may be handed out.

    raises  WithheldUnreadable
    """
    try:
        return msgspec.json.decode((editions / FILE).read_bytes(), type=_Withheld).campaigns
    except FileNotFoundError:
        return frozenset()
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise WithheldUnreadable(f"{FILE} cannot be read: {error}") from error


def withhold(editions: Path, slugs: Iterable[str]) -> None:
    """Let no door hand out a page of these campaigns, or one that leads to them.

    raises  OSError: nothing has changed then
    """
    editions.mkdir(parents=True, exist_ok=True)
    with locked(editions / _LOCK):
        _write(editions, known(editions).union(slugs))


def hand_out(editions: Path, slugs: Iterable[str]) -> None:
    """Leave these campaigns to what the edition holds of them.

    raises  OSError: nothing has changed then
    """
    with locked(editions / _LOCK):
        _write(editions, known(editions).difference(slugs))


def known(editions: Path) -> frozenset[str]:
    """Return what is withheld as far as anybody can tell: nothing, if the file is damaged."""
    with suppress(WithheldUnreadable):
        return read_withheld(editions)
    return frozenset()


def _write(editions: Path, slugs: frozenset[str]) -> None:
    if slugs:
        durable.write(editions / FILE, msgspec.json.encode(_Withheld(slugs), order="deterministic"))
    elif (editions / FILE).exists():
        (editions / FILE).unlink()
        durable.sync_folder(editions)
