"""Numbers to reach, as a campaigner writes them down, and which of them was reached.

Pictures of links name the one that was: they stay in other people's chats for weeks, and a number that moves
would be wrong there within the hour. What is not told on the page is not told on its picture.
"""

from collections.abc import Mapping, Sequence

from django.core.exceptions import ValidationError

from habeas.config import Config
from habeas.edition import read
from habeas.edition.manifest import Card
from habeas.ledger.counts import NotASnapshot
from habeas.ledger.shown import NOTHING, Shown, read_shown


def check_milestones(text: str) -> None:
    """Let a list of rising numbers pass.

    raises  ValidationError, saying what to write
    """
    try:
        numbers = milestones_in(text)
    except ValueError:
        numbers = (0,)
    if any(number < 1 for number in numbers) or list(numbers) != sorted(set(numbers)):
        raise ValidationError("Write rising numbers with commas between them, like 100, 1000, 10000.")


def milestones_in(text: str) -> tuple[int, ...]:
    """Return the numbers of a list like "100, 1000, 10000".

    raises  ValueError for anything else
    """
    return tuple(int(part) for part in text.split(",") if part.strip())


def reached(milestones: Sequence[int], told: Shown) -> int:
    """Return the largest milestone that more people stand behind, as far as the public is told; 0: none."""
    total = told.total or 0
    people = total - 1 if told.is_exact else total  # more than `total` where it is not exact
    return max((milestone for milestone in milestones if milestone <= people), default=0)


def told_now(config: Config) -> Mapping[bytes, Shown]:
    """Return what the public is told, by campaign identifier; nothing before the clerk has said anything."""
    try:
        return read_shown(config.counts)
    except (NotASnapshot, FileNotFoundError):
        return {}


def is_one_passed(config: Config) -> bool:
    """Say whether a campaign has reached a milestone that its picture in the current edition does not name.

    raises  BadEdition
    """
    number = read.current_number(config.editions)
    if not number:
        return False
    told = told_now(config)
    return any(_is_passed(card, told) for card in read.load_manifest(config.editions, number).cards)


def _is_passed(card: Card, told: Mapping[bytes, Shown]) -> bool:
    has_ended = card.state in ("won", "closed")
    return not has_ended and reached(card.milestones, told.get(card.campaign, NOTHING)) > card.reached
