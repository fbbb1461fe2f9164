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
from habeas.ops.bench import door, fold
from habeas.ops.bench.figures import Figure, table
from habeas.ops.bench.ground import Ground, prepared

_BENCHES: dict[str, Callable[[Ground], list[Figure]]] = {
    "page": door.page,
    "sign": door.sign,
    "storm": door.storm,
    "door": door.at_rest,
    "fold": fold.fold,
}


class NoSuchBench(HabeasError):
    """There is no benchmark of that name."""


@click.command()
@click.argument("names", nargs=-1)
@click.option("--seconds", default=8, show_default=True, help="How long each load lasts.")
@click.option("--out", type=click.Path(path_type=Path), help="Also write the figures to this file, as JSON.")
def bench(names: tuple[str, ...], *, seconds: int, out: Path | None) -> None:
    """Measure pages, signatures and the fold; all of them, or those named: page, sign, storm, door, fold."""
    unknown = sorted(set(names) - _BENCHES.keys())
    if unknown:
        raise NoSuchBench(f"there is no benchmark {unknown[0]}; there are: {', '.join(_BENCHES)}")
    figures: list[Figure] = []
    with TemporaryDirectory(prefix="habeas-bench-") as folder:
        ground = prepared(Path(folder) / "data", seconds)
        for name in names or _BENCHES:
            click.echo(f"  · {name}", err=True)
            figures += _BENCHES[name](ground)
    click.echo(table(figures))
    if out:
        machine = {
            "cores": os.cpu_count(),
            "python": platform.python_version(),
            "system": platform.platform(),
        }
        told = {"machine": machine, "figures": [asdict(figure) for figure in figures]}
        out.write_text(json.dumps(told, indent=1) + "\n")
