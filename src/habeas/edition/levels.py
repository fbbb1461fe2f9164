"""How hard the doors are pressed, how wary they are of a campaign, and what staff order.

Doors and staff meet here, in two files: `status/tally-NN.json`, by which a door worker tells what came to
it, and `status/limits.json`, by which staff say how wary the doors have to be (docs/formats/limits.md).
"""

from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct

from habeas.config import Config
from habeas.edition.manifest import Slug
from habeas.lib import durable
from habeas.lib.errors import HabeasError

Level = Literal["normal", "wary"]
Order = Literal["normal", "wary", "auto"]


class NotOrders(HabeasError):
    """The ordered levels cannot be read, or the order names no campaign: delete the file to begin anew."""


class Tally(Struct):
    """What the limits did since this worker started, in numbers, and the levels that are not normal."""

    arrived: int = 0  # forms without a mistake
    asked: int = 0  # answered with the second step, for the first time or again
    passed: int = 0  # signatures that came through it
    early: int = 0  # presses before their time
    robots: int = 0  # the hidden field was filled in
    elsewhere: int = 0  # forms sent from another site's page
    sources: int = 0  # networks counted in this window
    levels: dict[str, Level] = {}  # slug: level, where it is not normal


def tallies(folder: Path) -> dict[str, Tally]:
    """Return the tally of every door worker that has told one, by its name, as in `door_statuses`.

    folder  `Config.status`
    """
    told = {}
    for path in sorted(folder.glob("tally-*.json")):
        try:
            tally = msgspec.json.decode(path.read_bytes(), type=Tally)
        except (OSError, msgspec.DecodeError, UnicodeDecodeError):
            continue
        told[path.stem.replace("tally-", "door-")] = tally
    return told


class _Orders(Struct, frozen=True, forbid_unknown_fields=True):
    """`status/limits.json`: docs/formats/limits.md."""

    levels: dict[Slug, Level]


def orders_path(config: Config) -> Path:
    """Return where the ordered levels lie."""
    return config.status / "limits.json"


def read_orders(path: Path) -> dict[str, Level]:
    """Return the ordered levels, by slug; none if there is no file.

    raises  NotOrders
    """
    try:
        return msgspec.json.decode(path.read_bytes(), type=_Orders).levels
    except FileNotFoundError:
        return {}
    except (OSError, msgspec.DecodeError, UnicodeDecodeError) as error:
        raise NotOrders(f"{path} cannot be read: {error}") from error


def order_level(path: Path, slug: str, order: Order) -> None:
    """Set the level of a campaign; "auto" leaves it to the door again. Workers follow within a second.

    raises  NotOrders, OSError
    """
    levels: dict[str, str] = {**read_orders(path), slug: order}
    if order == "auto":
        del levels[slug]
    try:
        orders = msgspec.convert({"levels": levels}, _Orders)
    except msgspec.ValidationError as error:
        raise NotOrders(f"{slug}: {error}") from error
    path.parent.mkdir(parents=True, exist_ok=True)
    durable.write(path, msgspec.json.encode(orders))
