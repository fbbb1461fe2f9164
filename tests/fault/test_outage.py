"""Office and clerk are away while people sign: the door goes on, and everybody is counted in the end."""

import os
import random
import signal
import sqlite3
import sys
import time
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

from habeas.config import Config
from habeas.delivery.status import MailStatus, mail_status, mail_status_path
from habeas.ledger.entry import Confirm, Sign, pack
from habeas.ledger.journal import Journal
from habeas.ledger.journal_file import journals
from habeas.lib import addresses, clock
from habeas.vault import keys
from habeas.vault.pseudonym import Pseudonyms
from running import SLUG, Installation, wait_for

PEOPLE = 400
TWICE = 80  # of them sign again
AT_ONCE = 8
CONFIRMING = 20
BACKLOG = 40_000  # people, of a campaign of their own
CAMPAIGN = b"an hour."
KILLINGS = 2


def _address(number: int) -> str:
    return f"during-{number}@example.org"


def _sign(site: Installation, numbers: Iterable[int]) -> Counter[int]:
    """Have people sign, a few at once; return how often the door gave which answer."""
    with ThreadPoolExecutor(AT_ONCE) as people:
        return Counter(people.map(lambda n: site.sign("Somebody", _address(n)).status, numbers))


def _signers(site: Installation) -> list[tuple[bytes, bytes]]:
    """Return (campaign, signer) of everybody in the store; the clerk is at work in it meanwhile."""
    with sqlite3.connect(f"file:{site.data}/store.sqlite3?mode=ro", uri=True) as store:
        return store.execute("SELECT campaign, signer FROM signer WHERE day IS NOT NULL").fetchall()


def _tokens(site: Installation, campaign: bytes, numbers: Iterable[int]) -> list[bytes]:
    names = Pseudonyms(keys.index_key(Config(data=str(site.data)).keys, campaign))
    return [names.of(addresses.parse(_address(number)).canonical) for number in numbers]


def _agrees(site: Installation) -> bool:
    done = site.command("verify", "--json")
    return done.returncode == 0 and '"agree": true' in done.stdout


def test_the_door_goes_on_alone_and_everybody_is_counted_once_when_the_others_return(
    installation: Installation,
) -> None:
    """Some sign twice; pages are read all the while; people go on signing while the clerk catches up."""
    before = set(_signers(installation))
    with installation.running("door") as door:
        installation.wait_until_serving(door)
        counted = installation.count()
        begun = time.monotonic()
        assert _sign(installation, range(PEOPLE)) == {303: PEOPLE}
        took = time.monotonic() - begun
        assert _sign(installation, range(TWICE)) == {303: TWICE}
        assert installation.ask("GET", f"/ar/c/{SLUG}/").status == 200
        assert set(_signers(installation)) == before

        returned = time.monotonic()
        with installation.running("clerk"):
            assert _sign(installation, range(PEOPLE, PEOPLE + TWICE)) == {303: TWICE}
            everybody = PEOPLE + TWICE
            wait_for("every signature", lambda: len(_signers(installation)) >= len(before) + everybody, 30)
            sys.stdout.write(
                f"\n{PEOPLE} signed in {took:.1f} s; {everybody} folded"
                f" {time.monotonic() - returned:.1f} s after the clerk was started"
            )
            for number in random.Random(8).sample(range(everybody), CONFIRMING):
                path = installation.confirm_path(_address(number))
                assert {installation.ask("POST", path, {}).status for _ in range(2)} == {303}
            wait_for("the count", lambda: installation.count() == counted + CONFIRMING)
            told = mail_status_path(Config(data=str(installation.data)))
            wait_for("every mail", lambda: mail_status(told) == MailStatus(0))
    added = [row for row in _signers(installation) if row not in before]
    (campaign,) = {campaign for campaign, _ in added}
    assert sorted(signer for _, signer in added) == sorted(_tokens(installation, campaign, range(everybody)))
    assert _agrees(installation)


def _write_backlog(site: Installation) -> None:
    """Have forty thousand people sign and confirm, one in twenty signing twice."""
    doors = [Journal(Config(data=str(site.data)).journal, on_fatal=print, most_waiting=10**9) for _ in "12"]
    for start in range(0, BACKLOG, 500):
        bodies = [body for number in range(start, start + 500) for body in _story(number)]
        doors[start // 500 % 2].append(tuple(bodies), lambda _: None)
    for door in doors:
        door.close()


def _story(number: int) -> list[bytes]:
    signer, day = number.to_bytes(16, "little"), clock.today()
    signs = [
        pack(Sign(CAMPAIGN, signer, os.urandom(12), day, "en", "FR", True, bytes(8), bytes(8), bytes(145)))  # noqa: FBT003
        for _ in range(2 if number % 20 == 0 else 1)
    ]
    return [*signs, pack(Confirm(CAMPAIGN, signer, 0, day))]


def _written(site: Installation) -> int:
    """Return how many entries there are in the journals; nobody writes them."""
    last = 0
    for path in journals(Config(data=str(site.data)).journal):
        with sqlite3.connect(path) as journal:
            last += int(journal.execute("SELECT max(seq) FROM entry").fetchone()[0] or 0)
    return last


def _folded(site: Installation) -> int:
    with sqlite3.connect(f"file:{site.data}/store.sqlite3?mode=ro", uri=True) as store:
        return int(store.execute("SELECT coalesce(sum(seq), 0) FROM position").fetchone()[0])


def _kill_in_the_middle(site: Installation, chance: random.Random) -> int:
    """Start a clerk, kill it once it has folded something, and return how far it came."""
    before = _folded(site)
    with site.running("clerk") as clerk:
        wait_for("a first batch", lambda: _folded(site) > before or clerk.poll() is not None)
        time.sleep(chance.uniform(0, 0.05))
        os.killpg(clerk.pid, signal.SIGKILL)
        assert clerk.wait() == -signal.SIGKILL
    return _folded(site)


def test_a_clerk_that_is_killed_while_it_catches_up_counts_everybody_once(installation: Installation) -> None:
    """Again and again, in the middle of an hour's signatures."""
    chance, before = random.Random(8), set(_signers(installation))
    _write_backlog(installation)
    written = _written(installation)
    stops = [_kill_in_the_middle(installation, chance) for _ in range(KILLINGS)]
    sys.stdout.write(f"\nkilled after {stops} of {written} entries")
    assert stops[0] < written

    with installation.running("clerk"):
        wait_for("everybody", lambda: _folded(installation) == written, 60)
    added = [row for row in _signers(installation) if row not in before]
    assert len(added) == len(set(added)) == BACKLOG
    with sqlite3.connect(installation.data / "store.sqlite3") as store:
        counted = store.execute("SELECT sum(people) FROM cell WHERE campaign = ?", (CAMPAIGN,)).fetchone()
    assert counted == (BACKLOG,)
    assert _agrees(installation)
