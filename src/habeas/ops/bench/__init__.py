"""`habeas bench`: how fast this machine reads, signs and counts, beside what else it could run."""

import json
import os
import platform
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from habeas.lib.errors import HabeasError
from habeas.ops.bench import (
    attack,
    door,
    fold,
    outage,
    publishing,
    registry,
    replay,
    servers,
    steady,
    ten_million,
    timing,
)
from habeas.ops.bench.figures import Figure, table
from habeas.ops.bench.ground import Ground, Wishes, prepared
from habeas.ops.bench.import_table import import_
from habeas.ops.bench.machine import machine

Bench = Callable[[Ground], list[Figure]]

_SHORT: dict[str, Bench] = {
    "page": door.page,
    "sign": door.sign,
    "storm": door.storm,
    "door": door.at_rest,
    "fold": fold.fold,
}
_LONG: dict[str, Bench] = {  # minutes each; only by name
    "steady": steady.steady,
    "ten-million": ten_million.ten_million,
    "replay": replay.replay,
    "registry": registry.registry,
    "import": import_,
    "publishing": publishing.publishing,
    "outage": outage.outage,
    "servers": servers.servers,
    "attack": attack.attack,
    "timing": timing.timing,
}
_SECONDS = 8


class NoSuchBench(HabeasError):
    """There is no benchmark of that name."""


@click.command()
@click.argument("names", nargs=-1)
@click.option("--seconds", type=int, help="How long each load lasts: 8, and 60 for steady, if not told.")
@click.option("--rate", type=int, help="Signatures a second, for steady and replay.")
@click.option(
    "--people",
    type=int,
    help="How many people, for ten-million, replay, registry and import; campaigns for publishing.",
)
@click.option("--out", type=click.Path(path_type=Path), help="Also write the figures to this file, as JSON.")
def bench(
    names: tuple[str, ...], *, seconds: int | None, rate: int | None, people: int | None, out: Path | None
) -> None:
    """Measure page, sign, storm, door and fold in under two minutes, or those named.

    Only by name, as they take minutes each: steady, ten-million, replay, registry, import,
    publishing, outage, servers, attack, timing.
    """
    benches = {**_SHORT, **_LONG}
    unknown = sorted(set(names) - benches.keys())
    if unknown:
        raise NoSuchBench(f"there is no benchmark {unknown[0]}; there are: {', '.join(benches)}")
    figures = machine("before")
    with TemporaryDirectory(prefix="habeas-bench-") as folder:
        ground = prepared(Path(folder) / "data", seconds or _SECONDS, Wishes(seconds, rate, people))
        for name in names or _SHORT:
            click.echo(f"  · {name}", err=True)
            figures += benches[name](ground)
    figures += machine("after")
    click.echo(table(figures))
    if out:
        on = {
            "cores": os.cpu_count(),
            "python": platform.python_version(),
            "system": platform.platform(),
        }
        told = {"machine": on, "figures": [asdict(figure) for figure in figures]}
        out.write_text(json.dumps(told, indent=1) + "\n")
