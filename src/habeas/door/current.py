"""Which edition a door worker serves: it watches the pointer and keeps the old one if the new is bad."""

import logging
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from habeas.door.shelf import Shelf
from habeas.edition import read, withheld
from habeas.edition.status import Status, write_status
from habeas.ledger.counts import NotASnapshot
from habeas.ledger.shown import Shown, read_shown
from habeas.lib import clock

log = logging.getLogger("habeas.door")


@dataclass(slots=True)
class _Seen:
    """What the files looked like at the last look: changed or not is one stat call."""

    pointer: tuple[int, int] = (0, 0)
    counts: tuple[int, int] = (0, 0)
    withheld: tuple[int, int] = (0, 0)


class Current:
    """The shelf in use. `look` is called a few times a second, `look_at_counts` once; requests only read."""

    def __init__(self, editions: Path, counts: Path, status: Path | None = None, onion: str = "") -> None:
        self.shelf: Shelf | None = None
        self._editions = editions
        self._counts_path = counts
        self._onion = onion
        self._status_path = status  # none while we have no number of our own
        self._counts: Mapping[bytes, Shown] = {}
        self._withheld: frozenset[str] = frozenset()  # slugs
        self._seen = _Seen()
        self._status: Status | None = None

    def look(self) -> None:
        """Take the edition the pointer names, if it moved; a bad one is refused and said so."""
        self._look_at_withheld()
        mark = _mark(self._editions / read.POINTER)
        if mark == self._seen.pointer:
            return
        self._seen.pointer = mark
        number = 0
        try:
            number = read.current_number(self._editions)
            if number:
                self._take(number)
        except read.BadEdition as reason:
            log.warning("edition %s refused: %s", number, reason)
            self._tell(Status(self._serving(), number, str(reason)))

    def _look_at_withheld(self) -> None:
        """Put away what may not be handed out now, and put up again what may."""
        mark = _mark(self._editions / withheld.FILE)
        if mark == self._seen.withheld:
            return
        self._seen.withheld = mark
        try:
            self._withheld = withheld.read_withheld(self._editions)
        except withheld.WithheldUnreadable as reason:
            log.warning("%s; what was withheld before still is", reason)
        if self.shelf:
            self._put_up(self.shelf.edition)

    def look_at_counts(self) -> None:
        """Fold in what the public is told now, if the clerk wrote anything new, and which day it is."""
        if self.shelf:
            self.shelf.turn_to(clock.today())
        mark = _mark(self._counts_path)
        if mark == self._seen.counts:
            return
        self._seen.counts = mark
        try:
            self._counts = read_shown(self._counts_path)
        except (NotASnapshot, FileNotFoundError) as reason:
            log.warning("%s; the counts shown are those from before", reason)
        if self.shelf:
            self.shelf.fold_counts(self._counts)

    def _take(self, number: int) -> None:
        self._put_up(read.load(self._editions, number))
        self._tell(Status(number))

    def _put_up(self, edition: read.Edition) -> None:
        self.shelf = Shelf(edition, self._counts, self._onion, self._withheld)

    def _serving(self) -> int:
        return self.shelf.edition.manifest.number if self.shelf else 0

    def tell_at(self, path: Path) -> None:
        """Tell what is served at `path` from now on."""
        self._status_path = path
        if self._status is not None:
            self._write(path, self._status)

    def _tell(self, status: Status) -> None:
        if status == self._status:
            return
        self._status = status
        if self._status_path is not None:
            self._write(self._status_path, status)

    def _write(self, path: Path, status: Status) -> None:
        try:
            write_status(path, status)
        except OSError:
            log.warning("cannot write %s; the office will not see what this door serves", path.name)


def _mark(path: Path) -> tuple[int, int]:
    try:
        stat = os.stat(path)  # noqa: PTH116  called several times a second; a Path object would cost more than the call
    except OSError:
        return (0, 0)
    return (stat.st_mtime_ns, stat.st_ino)
