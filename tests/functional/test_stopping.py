"""Whatever is killed, whenever: an answered signature is there, once."""

import os
import random
import re
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from running import SLUG, Installation, wait_for

KILLINGS = 4
THANKED_A_ROUND = 26  # at least


class Signers(threading.Thread):
    """People who keep signing; remembers whom the door thanked."""

    def __init__(self, site: Installation, name: str) -> None:
        super().__init__(name=name)
        self._site, self._enough = site, threading.Event()
        self.thanked: list[str] = []

    def run(self) -> None:
        """Sign until told that it is enough; a door that is away is tried again."""
        number = 0
        while not self._enough.is_set():
            number += 1
            address = f"{self.name}-{number}@example.org"
            try:
                answer = self._site.sign("Somebody", address)
            except OSError:
                time.sleep(0.02)
                continue
            if answer.status == 303:
                self.thanked.append(address)
            time.sleep(0.03)

    def stop(self) -> list[str]:
        """Stop and return whom the door thanked."""
        self._enough.set()
        self.join()
        return self.thanked


@contextmanager
def _signing(site: Installation) -> Iterator[list[Signers]]:
    people = [Signers(site, f"crowd{number}") for number in range(4)]
    for one in people:
        one.start()
    try:
        yield people
    finally:
        for one in people:
            one.stop()


def _wait_for_crowd(people: list[Signers]) -> None:
    """Wait until enough more people were thanked, however slow the machine is."""
    enough = _thanked(people) + THANKED_A_ROUND
    wait_for("the crowd", lambda: _thanked(people) >= enough, 30)


def _thanked(people: list[Signers]) -> int:
    return sum(len(one.thanked) for one in people)


def _processes(supervisor: int) -> dict[int, str]:
    """Return every process below the supervisor, with its command line."""
    parents = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal():
            try:
                parents[int(folder.name)] = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue
    found = {supervisor}
    while more := {pid for pid, parent in parents.items() if parent in found} - found:
        found |= more
    return {pid: _command_line(pid) for pid in found - {supervisor}}


def _command_line(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""


def _signed(site: Installation) -> int:
    """Return how many people the store holds; the clerk is at work in it meanwhile."""
    with sqlite3.connect(f"file:{site.data}/store.sqlite3?mode=ro", uri=True) as store:
        return int(store.execute("SELECT count(*) FROM signer").fetchone()[0])


def test_kill_any_process_at_any_moment_and_every_thanked_signer_is_recorded_once(
    installation: Installation,
) -> None:
    """Door, a door worker, clerk, office and the supervisor itself are killed under load."""
    chance = random.Random(20140105)
    with _signing(installation) as people:
        for round_ in range(KILLINGS):
            with installation.running("up") as supervisor:
                installation.wait_until_serving(supervisor)
                _wait_for_crowd(people)
                time.sleep(chance.uniform(0.1, 0.6))
                victims = [*_processes(supervisor.pid), supervisor.pid]
                victim = supervisor.pid if round_ % 3 == 2 else chance.choice(victims)
                os.kill(victim, signal.SIGKILL)
                time.sleep(chance.uniform(0.1, 0.6))
        thanked = [address for one in people for address in one.stop()]
    assert len(thanked) > 100
    with installation.running("up") as supervisor:
        installation.wait_until_serving(supervisor)
        wait_for("every signature", lambda: _signed(installation) >= len(thanked), 30)
        for address in chance.sample(thanked, 20):
            installation.ask("POST", installation.confirm_path(address), {})
        wait_for("the count", lambda: installation.count() == 20, 10)
    # Somebody whose answer was cut off may be recorded as well; nobody is recorded twice.
    assert len(thanked) <= _signed(installation) <= len(thanked) + KILLINGS * 4


def test_the_door_alone_takes_signatures_that_are_counted_when_the_others_return(
    installation: Installation,
) -> None:
    """Office and clerk are stopped: pages are read and signatures thanked all the same."""
    address = "patient@example.org"
    with installation.running("door") as door:
        installation.wait_until_serving(door)
        before = installation.count()
        assert installation.sign("Patient", address).status == 303
    with installation.running("door") as door, installation.running("clerk"):
        installation.wait_until_serving(door)
        installation.ask("POST", installation.confirm_path(address), {})
        wait_for("the count", lambda: installation.count() == before + 1, 10)


def test_every_worker_of_the_door_keeps_to_a_core_of_its_own(installation: Installation) -> None:
    """Its threads take turns: spread over the cores they wake each other, and fewer people can sign."""
    with installation.running("door") as door:
        installation.wait_until_serving(door)
        of_each = wait_for("both workers to settle", lambda: _settled(door.pid))
    assert len(set(of_each)) == min(2, len(os.sched_getaffinity(0)))


def _settled(door: int) -> list[int]:
    """Return the core of each worker once both have one, and nothing before."""
    workers = [_cores(pid) for pid in _processes(door)]
    of_each = [cores.pop() for cores in workers if len(cores) == 1]
    return of_each if len(of_each) == 2 else []


def _cores(worker: int) -> set[int]:
    """Return the cores that any thread of a process may run on."""
    threads = Path(f"/proc/{worker}/task").iterdir()
    return set().union(*(os.sched_getaffinity(int(thread.name)) for thread in threads))


def test_the_door_loads_nothing_of_django(installation: Installation) -> None:
    """The process that meets the public has no staff code in it, and no key that opens anything."""
    look = "import habeas.door.rsgi, sys; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", look], env=installation.environment, capture_output=True, text=True, check=True
    )
    loaded = {name.partition(".")[0] for name in done.stdout.split()}
    assert not loaded & {"django", "wagtail", "allauth"}
    assert "habeas.vault.unseal" not in done.stdout.split()


def test_a_port_in_use_gets_one_plain_sentence(installation: Installation) -> None:
    """No traceback, and the name of the setting that helps."""
    with installation.running("door") as door:
        installation.wait_until_serving(door)
        for command in ("up", "demo", "door"):
            done = installation.command(command)
            assert done.returncode == 1
            assert re.fullmatch(
                r"habeas: port \d+ on 127.0.0.1 is in use; .*HABEAS_DOOR_PORT.*\n", done.stderr
            )


def test_control_c_stops_everything(installation: Installation) -> None:
    """No process stays behind, and the supervisor ends without an error."""
    with installation.running("up") as supervisor:
        installation.wait_until_serving(supervisor)
        started = _processes(supervisor.pid)
        assert len(started) >= 3
    assert supervisor.returncode == 0
    assert not [pid for pid in started if "habeas" in _command_line(pid)]


def test_a_second_run_keeps_what_was_there(installation: Installation) -> None:
    """Stop and start: the same campaign, the same count, the same signers."""
    signed = _signed(installation)
    with installation.running("demo") as supervisor:
        installation.wait_until_serving(supervisor)
        assert _signed(installation) == signed
        assert SLUG in installation.command("campaign", "list").stdout
