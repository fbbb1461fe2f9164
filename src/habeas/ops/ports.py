"""Ports: free or in use, said in one sentence."""

import socket
import time

from habeas.lib.errors import HabeasError

_FREED_SECONDS = 1.5


class PortInUse(HabeasError):
    """Another program listens where we want to."""


def check(host: str, port: int, variable: str) -> None:
    """Let a free port pass; one that is being freed (a restart) is waited for.

    raises  PortInUse, naming the variable that sets another
    """
    end = time.monotonic() + _FREED_SECONDS
    while not _is_free(host, port):
        if time.monotonic() > end:
            raise PortInUse(
                f"port {port} on {host} is in use; stop what uses it or set {variable} to another port"
            )
        time.sleep(0.05)


def _is_free(host: str, port: int) -> bool:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def wait_until_open(host: str, port: int, seconds: float) -> bool:
    """Return whether something listens at host and port within `seconds`."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            socket.create_connection((host, port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return True
    return False
