"""The noticeboard: the clerk puts up the true counts for the office, and for the door what it may tell.

What it may tell, the cards of the current edition say.
"""

import logging
from collections.abc import Mapping

from habeas.config import Config
from habeas.edition import read
from habeas.edition.manifest import CountRule
from habeas.ledger.counts import Counts, NotASnapshot, Snapshot, Taken, read_snapshot, write_snapshot
from habeas.ledger.shown import encode_shown, shown, take, write_shown
from habeas.lib import clock

log = logging.getLogger("habeas.clerk")


class Noticeboard:
    """Writes both snapshots. There is one writer, so every door worker shows the same number."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._taken = _noted(config)
        self._rules: dict[bytes, CountRule] | None = None  # None: no edition could be read yet
        self._edition, self._refused = -1, -1  # whose rules these are; whose could not be read
        self._seen = (-1, -1)  # hour and edition of the last notice
        self._posted = b""  # what the door has been given

    def is_due(self) -> bool:
        """Say whether there may be news without anybody having signed: another hour, another edition."""
        return (clock.this_hour(), self._current_edition()) != self._seen

    def put_up(self, counts: Mapping[bytes, Counts]) -> None:
        """Tell office and door of `counts`.

        The true counts go first, as they hold what was taken from them: if we die in between, the next
        clerk tells the public what this one would have told.

        raises  OSError
        """
        hour, edition = clock.this_hour(), self._current_edition()
        self._look_at_rules(edition)
        rules = self._rules or {}
        for campaign, rule in rules.items():
            people = counts.get(campaign, Counts()).total
            self._taken[campaign] = take(self._taken.get(campaign), rule, people, hour)
        write_snapshot(self._config.confirmed, Snapshot(dict(counts), self._taken))
        if self._rules is not None:
            self._post(rules, counts)
        self._seen = (hour, edition)

    def _post(self, rules: Mapping[bytes, CountRule], counts: Mapping[bytes, Counts]) -> None:
        content = encode_shown(
            {
                campaign: shown(rule, counts.get(campaign, Counts()), self._taken[campaign])
                for campaign, rule in rules.items()
            }
        )
        if content != self._posted:  # a file that stays as it is does not tell that somebody signed
            write_shown(self._config.counts, content)
            self._posted = content

    def _look_at_rules(self, edition: int) -> None:
        if edition == self._edition:
            return
        try:
            cards = read.load_manifest(self._config.editions, edition).cards if edition else ()
        except read.BadEdition as reason:  # tried again at the next notice
            if edition != self._refused:
                log.warning("edition %s: %s; counts are told as the one before has it", edition, reason)
            self._refused = edition
        else:
            self._rules = {card.campaign: card.count_rule for card in cards}
            self._edition = edition

    def _current_edition(self) -> int:
        try:
            return read.current_number(self._config.editions)
        except read.BadEdition:  # the door says so
            return self._edition


def _noted(config: Config) -> dict[bytes, Taken]:
    try:
        return dict(read_snapshot(config.confirmed).taken)
    except NotASnapshot as reason:
        log.warning("%s; numbers told by the hour or the day wait for the next", reason)
        return {}
