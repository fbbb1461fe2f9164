"""Ports: free or in use, said in one sentence."""

import errno
import socket
import time
from http.client import HTTPConnection, HTTPException

from habeas.lib.errors import HabeasError

_FREED_SECONDS = 1.5


class PortInUse(HabeasError):
    """Another program listens where we want to."""


class CannotListen(HabeasError):
    """The address is not this machine's, or the port not this user's."""


def check(host: str, port: int, variable: str) -> None:
    """Let a free port pass; one that is being freed (a restart) is waited for.

    raises  PortInUse, naming the variable that sets another; CannotListen
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
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return False
            raise CannotListen(f"cannot listen on {host}, port {port}: {error.strerror}") from error
    return True


def answers(host: str, port: int) -> bool:
    """Say whether a web server answers at host and port, not only listens."""
    connection = HTTPConnection(host, port, timeout=2)
    try:
        connection.request("HEAD", "/")
        connection.getresponse()
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()
    return True
