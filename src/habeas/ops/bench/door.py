"""The door under load: pages beside nginx, signatures, both at once, memory and start."""

import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import Request, urlopen

import click

from habeas.ops import ports
from habeas.ops.bench.figures import Figure
from habeas.ops.bench.ground import PAGE, Ground, resident_megabytes
from habeas.ops.bench.wrk import Load, drive

_NGINX_SECONDS = 10.0


def page(ground: Ground) -> list[Figure]:
    """Measure the real campaign page, and nginx serving the same bytes in the same run."""
    with ground.door():
        ours = drive(ground.url, seconds=ground.seconds)
        body, headers = _fetch(ground.url)
    figures = [
        *_figures("page", ours),
        Figure("page: size as sent", len(body), "bytes", 14 * 1024, is_ceiling=True),
    ]
    program = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if program is None:
        click.echo("    no nginx to compare with; on Debian: apt-get install nginx-light", err=True)
        return figures
    with _nginx(program, ground, body, headers) as url:
        theirs = drive(url, seconds=ground.seconds)
    share = ours.per_second / theirs.per_second
    return [*figures, *_figures("nginx, same bytes", theirs), Figure("page: share of nginx", share, "", 0.6)]


def sign(ground: Ground) -> list[Figure]:
    """Measure unique people signing: parsed, checked, sealed, durable, answered."""
    with ground.door():
        load = drive(ground.url, seconds=ground.seconds, connections=256, script="sign.lua")
    return [*_figures("sign", load, 25_000)]


def storm(ground: Ground) -> list[Figure]:
    """Measure 340 pages for every signature, beside pages alone."""
    with ground.door():
        alone = drive(ground.url, seconds=ground.seconds)
        mixed = drive(ground.url, seconds=ground.seconds, script="storm.lua")
    share = mixed.per_second / alone.per_second
    return [*_figures("storm", mixed), Figure("storm: share of pages alone", share, "", 0.8)]


def at_rest(ground: Ground) -> list[Figure]:
    """Measure memory of an idle worker, and the time to the first answer."""
    begun = time.monotonic()
    with ground.door() as process:
        started = time.monotonic() - begun
        memory = max(resident_megabytes(process.pid))
    return [
        Figure("door: start to first answer", started, "s", 0.5, is_ceiling=True),
        Figure("door: memory of a worker at rest", memory, "MB", 60, is_ceiling=True),
    ]


def _figures(what: str, load: Load, goal: float | None = None) -> list[Figure]:
    return [
        Figure(what, load.per_second, "/s", goal),
        Figure(f"{what}: p50", load.p50, "ms"),
        Figure(f"{what}: p99", load.p99, "ms"),
        Figure(f"{what}: errors", load.errors, "", 0, is_ceiling=True),
    ]


def _fetch(url: str) -> tuple[bytes, dict[str, str]]:
    request = Request(url, headers={"Accept-Encoding": "br"})  # noqa: S310  our own door
    with urlopen(request) as answer:  # noqa: S310  our own door
        return answer.read(), dict(answer.headers)


@contextmanager
def _nginx(program: str, ground: Ground, body: bytes, headers: dict[str, str]) -> Iterator[str]:
    """Serve `body` with the same headers from memory, with as many workers; yield its address."""
    folder = ground.config.folder / "nginx"
    folder.mkdir(exist_ok=True)
    (folder / "page").write_bytes(body)
    port = ground.config.door.port + 1
    (folder / "nginx.conf").write_text(_nginx_conf(folder, port, ground.config.door.workers, headers))
    process = subprocess.Popen([program, "-e", str(folder / "error.log"), "-c", str(folder / "nginx.conf")])
    try:
        end = time.monotonic() + _NGINX_SECONDS
        while not ports.answers("127.0.0.1", port) and time.monotonic() < end:
            time.sleep(0.02)
        yield f"http://127.0.0.1:{port}{PAGE}"
    finally:
        process.terminate()
        process.wait()


def _nginx_conf(folder: Path, port: int, workers: int, headers: dict[str, str]) -> str:
    ours = {
        k: v
        for k, v in headers.items()
        if k.lower() not in {"content-length", "content-type", "server", "date"}
    }
    added = "\n".join(f'add_header {name} "{value.replace(chr(34), "")}";' for name, value in ours.items())
    return f"""
daemon off; worker_processes {workers}; pid {folder}/pid; user root;
events {{ worker_connections 4096; }}
http {{
  access_log off; sendfile off; output_buffers 1 64k; keepalive_requests 10000000;
  open_file_cache max=10; etag off;
  server {{
    listen 127.0.0.1:{port} reuseport;
    location / {{ default_type "text/html; charset=utf-8"; {added} root {folder}; try_files /page =404; }}
  }}
}}
"""
