"""Ten million signatures later: is the door as fast as on the first day, and the fold half as fast?"""

from statistics import median

import click

from habeas.ops.bench import folding, stories
from habeas.ops.bench.figures import Figure
from habeas.ops.bench.folding import Folded
from habeas.ops.bench.ground import Ground, peak_megabytes
from habeas.ops.bench.wrk import Load, drive

PEOPLE = 10_000_000
_MORE = 100_000  # people whose entries are folded, at a time, to measure that
_ROUNDS = 3
_SIGN_SHARE, _FOLD_SHARE = 0.9, 0.5
_GROWTH = 1.2  # memory, of what it is with nobody in the store


def ten_million(ground: Ground) -> list[Figure]:
    """Measure signing and folding with ten million people in journals and store, in turns with none."""
    people = ground.wishes.people or PEOPLE
    empty, full = ground.twin("empty"), ground
    click.echo(f"    writing and folding {people:,} people", err=True)
    stories.write_in_two(full.config.journal, 0, people, full.campaign)
    filled = folding.fold(full, "as the clerk")
    figures = [Figure(f"{people:,} people: folded from nothing in", filled.seconds, "s")]
    return [*figures, *_folded(empty, full, people), *_signed(empty, full)]


def _folded(empty: Ground, full: Ground, people: int) -> list[Figure]:
    """Measure the fold of more people on both, in turns."""
    before, after = [], []
    for turn in range(_ROUNDS):
        before.append(_fold_more(empty, people + turn * _MORE))
        after.append(_fold_more(full, people + turn * _MORE))
    share = median(small.seconds / large.seconds for small, large in zip(before, after, strict=True))
    growth = max(f.megabytes for f in after) / max(f.megabytes for f in before)
    return [
        Figure("fold: people, with an empty store", _MORE / median(f.seconds for f in before), "/s"),
        Figure("fold: people, with a full one", _MORE / median(f.seconds for f in after), "/s"),
        Figure("fold: share of its rate with an empty store", share, "", _FOLD_SHARE),
        Figure("fold: memory, of that with an empty store", growth, "", _GROWTH, is_ceiling=True),
    ]


def _fold_more(ground: Ground, first: int) -> Folded:
    stories.write(ground.config.journal, first, _MORE, ground.campaign)
    return folding.fold(ground, "as the clerk")


def _signed(empty: Ground, full: Ground) -> list[Figure]:
    """Measure signing at both doors, in turns."""
    before, after = [], []
    with empty.door() as small, full.door() as large:
        for _ in range(_ROUNDS):
            before.append(_sign(empty))
            after.append(_sign(full))
        growth = max(peak_megabytes(large.pid)) / max(peak_megabytes(small.pid))
    share = median(full.per_second / empty.per_second for empty, full in zip(before, after, strict=True))
    return [
        Figure("sign, with empty journals", median(load.per_second for load in before), "/s"),
        Figure("sign, with full ones", median(load.per_second for load in after), "/s"),
        Figure("sign: share of its rate with empty journals", share, "", _SIGN_SHARE),
        Figure("sign: errors", sum(load.errors for load in before + after), "", 0, is_ceiling=True),
        Figure("door: memory, of that with empty journals", growth, "", _GROWTH, is_ceiling=True),
    ]


def _sign(ground: Ground) -> Load:
    return drive(ground.url, seconds=ground.seconds, connections=256, script="sign.lua")
