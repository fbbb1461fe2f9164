"""nginx at its best, serving the same bytes with the same headers: what the door's pages are measured by."""

import getpass
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import Request, urlopen

from habeas.lib.errors import HabeasError
from habeas.ops import ports
from habeas.ops.bench.ground import PAGE, Ground

_START_SECONDS = 10.0
# nginx says its own; a "connection: close" copied along had every page cost a connection.
_NOT_COPIED = {"server", "date", "content-type", "content-length", "connection", "keep-alive"}


class NotTheSame(HabeasError):
    """nginx did not serve the bytes it was to be compared with."""


def program() -> str | None:
    """Return where nginx is, None if it is not installed."""
    return shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")


def fetch(url: str) -> tuple[bytes, dict[str, str]]:
    """Return the compressed body at `url`, and its headers."""
    request = Request(url, headers={"Accept-Encoding": "br"})  # noqa: S310  our own server
    with urlopen(request) as answer:  # noqa: S310  our own server
        return answer.read(), dict(answer.headers)


@contextmanager
def serving(path: str, ground: Ground, body: bytes, headers: dict[str, str]) -> Iterator[str]:
    """Serve `body` from the page cache, with as many workers as the door has; yield its address.

    path    the nginx program
    raises  NotTheSame
    """
    folder, port = ground.config.folder / "nginx", ground.config.door.port + 1
    folder.mkdir(exist_ok=True)
    (folder / "page").write_bytes(body)
    (folder / "nginx.conf").write_text(configuration(folder, port, ground.config.door.workers, headers))
    process = subprocess.Popen([path, "-e", str(folder / "error.log"), "-c", str(folder / "nginx.conf")])
    url = f"http://127.0.0.1:{port}{PAGE}"
    try:
        end = time.monotonic() + _START_SECONDS
        while not ports.answers("127.0.0.1", port) and time.monotonic() < end:
            time.sleep(0.02)
        if fetch(url)[0] != body:
            raise NotTheSame("nginx answers with something else")
        yield url
    finally:
        process.terminate()
        process.wait()


def configuration(folder: Path, port: int, workers: int, headers: dict[str, str]) -> str:
    """Return nginx's configuration.

    What was tried and cost more a page: sendfile (13.7 µs instead of 10.5), no open_file_cache (16.3).
    """
    added = "\n".join(
        f"add_header {name} {_quoted(value)};"
        for name, value in headers.items()
        if name.lower() not in _NOT_COPIED
    )
    temporary = "".join(
        f"{kind}_temp_path {folder}/{kind}; " for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    return f"""
daemon off; worker_processes {workers}; pid {folder}/pid; user {getpass.getuser()};
events {{ worker_connections 4096; }}
http {{
  access_log off; sendfile off; output_buffers 1 64k; keepalive_requests 10000000; {temporary}
  open_file_cache max=10; etag off; max_ranges 0;
  server {{
    listen 127.0.0.1:{port} reuseport;
    location / {{
      default_type "text/html; charset=utf-8"; root {folder}; try_files /page =404;
      add_header last-modified "";
      {added}
    }}
  }}
}}
"""


def _quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
