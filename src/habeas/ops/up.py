"""`habeas up`: all three processes on one machine, started, watched and stopped together."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from types import FrameType

import click

from habeas.config import Config, load
from habeas.lib.errors import HabeasError
from habeas.ops import ports

_START_SECONDS = 30.0
_STOP_SECONDS = 4.0  # then it is killed: whatever was answered for is on the disk
_RESTART_SECONDS = (0.2, 1.0, 5.0, 15.0)
_STEADY_SECONDS = 60.0  # a process that ran this long may crash again without waiting longer


class DidNotStart(HabeasError):
    """A process ended or stayed silent instead of serving."""


@dataclass(slots=True)
class Child:
    """One of the three processes."""

    name: str
    process: subprocess.Popen[bytes]
    started: float = field(default_factory=time.monotonic)
    crashes: int = 0
    restart_at: float = 0.0


@click.command()
def up() -> None:
    """Run door, office and clerk on this machine until Ctrl-C.

    What is not prepared yet (data folder, database) is prepared first.
    """
    from habeas.ops.prepare import prepare

    config = load()
    check_ports(config)
    prepare(config)
    supervise(config, [f"Public   {config.door_url}/", f"Staff    {config.office_url}/"])


def check_ports(config: Config) -> None:
    """Let free ports pass.

    raises  PortInUse
    """
    ports.check(config.door.host, config.door.port, "HABEAS_DOOR_PORT")
    ports.check(config.office.host, config.office.port, "HABEAS_OFFICE_PORT")


def supervise(config: Config, announcement: list[str]) -> None:
    """Start all three, say where they are, restart whichever dies, stop all on Ctrl-C or SIGTERM."""
    Supervisor(config).run(announcement)


class Supervisor:
    """Keeps three processes running; owns no state that a kill -9 of itself could lose."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._children: dict[str, Child] = {}
        self._is_stopping = False

    def run(self, announcement: list[str]) -> None:
        """Run until told to stop.

        raises  DidNotStart
        """
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._ask_to_stop)
        try:
            for name in ("clerk", "office", "door"):
                self._children[name] = Child(name, _spawn(name))
            self._wait_until_serving()
            if not self._is_stopping:
                click.echo("\n".join(["", *announcement, "", "Ctrl-C stops everything."]))
            while not self._is_stopping:
                self._restart_the_dead()
                time.sleep(0.1)
        finally:
            self._stop_all()

    def _ask_to_stop(self, number: int, frame: FrameType | None) -> None:  # noqa: ARG002  signal's signature
        self._is_stopping = True

    def _wait_until_serving(self) -> None:
        config = self._config
        for name, host, port in (
            ("door", config.door.host, config.door.port),
            ("office", config.office.host, config.office.port),
        ):
            end = time.monotonic() + _START_SECONDS
            while not self._is_stopping and not ports.answers(host, port):
                if self._children[name].process.poll() is not None or time.monotonic() > end:
                    raise DidNotStart(f"the {name} did not start; the reason stands above")
                time.sleep(0.05)

    def _restart_the_dead(self) -> None:
        for child in self._children.values():
            if child.process.poll() is None:
                continue
            if not child.restart_at:
                self._plan_restart(child)
            elif time.monotonic() >= child.restart_at:
                child.process, child.started, child.restart_at = _spawn(child.name), time.monotonic(), 0.0

    def _plan_restart(self, child: Child) -> None:
        steady = time.monotonic() - child.started > _STEADY_SECONDS
        child.crashes = 0 if steady else child.crashes
        wait = _RESTART_SECONDS[min(child.crashes, len(_RESTART_SECONDS) - 1)]
        child.crashes += 1
        child.restart_at = time.monotonic() + wait
        code = child.process.returncode
        click.secho(f"the {child.name} stopped by itself ({code}); starting it again", fg="yellow", err=True)

    def _stop_all(self) -> None:
        """Stop the door first, so that nothing is answered for while the others go."""
        if any(child.process.poll() is None for child in self._children.values()):
            click.echo("\nStopping …")
        for name in ("door", "office", "clerk"):
            child = self._children.get(name)
            if child and child.process.poll() is None:
                child.process.terminate()
        end = time.monotonic() + _STOP_SECONDS
        for child in self._children.values():
            try:
                child.process.wait(max(0.1, end - time.monotonic()))
            except subprocess.TimeoutExpired:
                child.process.kill()
                child.process.wait()
        click.echo("Stopped. Nothing is lost: start again any time.")


def _spawn(name: str) -> subprocess.Popen[bytes]:
    """Start one process in a session of its own: Ctrl-C reaches us alone, and we stop the others in order."""
    command = [sys.executable, "-m", "habeas", name, "--parent", str(os.getpid())]
    return subprocess.Popen(command, start_new_session=True, stdin=subprocess.DEVNULL, env=os.environ.copy())
