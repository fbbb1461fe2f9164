"""`habeas verify`: whether every entry is intact, and the store is what they come to."""

import json
from collections.abc import Iterator
from pathlib import Path

import click
import msgspec

from habeas.config import Config, load
from habeas.ledger.journal_reader import Damaged
from habeas.ledger.verify import Verified
from habeas.ledger.verify import verify as look
from habeas.lib import clock
from habeas.lib.errors import HabeasError


class NoDataFolder(HabeasError):
    """There is no folder to verify; nothing is made in its place."""


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Say it as JSON.")
@click.option(
    "--data",
    "folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A data folder, or a copy of one, instead of the configured one.",
)
def verify(folder: Path | None, *, as_json: bool) -> None:
    """Check every entry, and the store against them. Exits with 1 if anything is damaged or disagrees.

    Nothing is written to the folder, and door and clerk may run meanwhile.
    """
    config = msgspec.structs.replace(Config(), data=str(folder)) if folder else load()
    if not config.folder.is_dir():
        raise NoDataFolder(f"there is no data folder {config.folder}")
    verified = look(config.journal, config.store, today=clock.today())
    if as_json:
        click.echo(json.dumps(as_builtins(verified)))
    else:
        for sentence in told(verified):
            click.echo(sentence)
    if not verified.is_well:
        raise SystemExit(1)


def as_builtins(verified: Verified) -> dict[str, object]:
    """Return what scripts are told."""
    damaged = [
        {"journal": one.journal.name, "first": one.first, "last": one.last, "reason": one.reason}
        for one in verified.journal.damaged
    ]
    return {
        "journal": {"entries": verified.journal.entries, "damaged": damaged, "forgotten": verified.forgotten},
        "store": {"entries": verified.store.entries, "damaged": list(verified.store.damaged)},
        "agree": verified.agree,
    }


def told(verified: Verified) -> Iterator[str]:
    """Yield what people are told: every damaged record by its number, and what became of the others."""
    journal, store = verified.journal, verified.store
    if journal.damaged:
        yield from map(_of_a_record, journal.damaged)
        yield f"All {journal.entries:,} others are intact and kept."
    else:
        yield f"All {journal.entries:,} entries in the journals are intact."
    if verified.forgotten:
        yield f"{verified.forgotten:,} of them are empty: the people they were about are forgotten."
    yield from (f"In the store, {sentence}." for sentence in store.damaged)
    if not store.damaged:
        yield f"The store is whole: {store.entries:,} people who signed."
    yield from (f"Journals and store disagree: {sentence}." for sentence in verified.disagreements)
    if verified.disagreeing > len(verified.disagreements):
        yield f"So they do in {verified.disagreeing - len(verified.disagreements):,} more places."
    if verified.agree:
        yield "The store agrees with the journals."
    if verified.waiting:
        yield f"{verified.waiting:,} entries wait for the clerk; they are safe in the journals."


def _of_a_record(damaged: Damaged) -> str:
    name = damaged.journal.name
    if damaged.last == 0:
        return f"{name} cannot be read: {damaged.reason}."
    if damaged.first == damaged.last:
        return f"{name}, record {damaged.first:,}: {damaged.reason}."
    return f"{name}, records {damaged.first:,} to {damaged.last:,}: {damaged.reason}."
