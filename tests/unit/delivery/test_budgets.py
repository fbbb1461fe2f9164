"""How many confirmation mails may leave: nobody is buried in our mail, and nobody's mail is dropped."""

import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import msgspec
import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from habeas.config import Config, Mail
from habeas.delivery import budgets
from habeas.delivery.budgets import A_MAILBOX, A_WEEK, Bucket, Budgets, Recent, large_providers
from habeas.delivery.confirmation import Confirmations
from habeas.delivery.folder import FolderBackend
from habeas.delivery.mailroom import Mailroom
from habeas.delivery.post import Post
from habeas.delivery.status import MailStatus, mail_status, write_mail_status
from habeas.delivery.supporters import Supporters
from habeas.ledger import entry
from habeas.ledger.store_memory import MemoryStore
from habeas.lib import addresses, clock, ids
from habeas.vault import keys
from habeas.vault.personal import Personal
from habeas.vault.pseudonym import Pseudonyms
from habeas.vault.seal import Sealer
from mail_side import parsed, signs_for_real
from people import AMINATA, CAMPAIGN, JUN, MARIA, OMAR, OTHER_CAMPAIGN, Person

HOUR, DAY = clock.SECONDS_AN_HOUR, clock.SECONDS_A_DAY


class Now:
    """The time, as the test has it."""

    def __init__(self) -> None:
        self.seconds = 1_000_000.0

    def __call__(self) -> float:
        return self.seconds

    def pass_by(self, seconds: float) -> None:
        self.seconds += seconds


def nowhere(_: str) -> tuple[float, ...]:
    """Nobody was written to before."""
    return ()


class Desk:
    """Somebody at the budgets: asks, and spends if allowed, as the clerk does."""

    def __init__(self, now: Now, before: Callable[[str], tuple[float, ...]] = nowhere, **mail: int) -> None:
        settings = msgspec.structs.replace(Mail(transport="smtp"), **mail)
        self.budgets, self.before = Budgets(settings, now), before
        self.mails = 0

    def sends(self, email: str, mail: bytes = b"") -> str | None:
        """Send if that is within the budgets; say which it is over otherwise."""
        self.mails += 1
        name = mail or self.mails.to_bytes(4, "big")
        self.budgets.forget()
        over = self.budgets.over(name, email, self.before)
        if over is None:
            self.budgets.spend(name, email)
        return over


@pytest.fixture
def now() -> Now:
    return Now()


def test_a_mailbox_gets_three_mails_in_seven_days(now: Now) -> None:
    """Whatever the campaigns, and however it is spelt; then one again for each that is a week old."""
    desk = Desk(now)
    spellings = ["maria@example.org", "Maria@Example.org", "maria+x@example.org", "MARIA+y@example.org."]
    told = []
    for spelling in spellings:
        told.append(desk.sends(spelling))
        now.pass_by(DAY)

    assert told == [None, None, None, "mailbox"]
    now.pass_by(3 * DAY - 1)
    assert desk.sends("maria@example.org") == "mailbox"
    now.pass_by(1)
    assert desk.sends("maria@example.org") is None
    assert desk.sends("maria@example.org") == "mailbox"


def test_a_campaign_writes_to_a_person_once_in_24_hours(now: Now) -> None:
    """Also around midnight; a new round is asked for from the mailbox itself, and is another mail."""
    desk = Desk(now)
    assert desk.sends("maria@example.org", b"campaign maria 0") is None
    now.pass_by(DAY - 1)
    assert desk.sends("maria@example.org", b"campaign maria 0") == "mailbox"
    assert desk.sends("maria@example.org", b"campaign maria 1") is None
    now.pass_by(1)
    assert desk.sends("maria@example.org", b"campaign maria 0") is None


def test_a_domain_gets_its_number_in_an_hour_and_a_large_provider_more(now: Now) -> None:
    """Other domains are not touched by it, and googlemail.com is gmail.com."""
    desk = Desk(now, per_hour_domain=5, per_hour_large=8)
    small = [desk.sends(f"s{number}@school.example") for number in range(6)]
    large = [desk.sends(f"s{number}@g{'oogle' * (number % 2)}mail.com") for number in range(9)]

    assert small == [None] * 5 + ["domain"]
    assert large == [None] * 8 + ["domain"]
    assert desk.sends("omar@other.example") is None
    now.pass_by(HOUR)
    assert desk.sends("late@school.example") is None


def test_the_installation_gets_its_number_and_fills_evenly(now: Now) -> None:
    """A tenth at once, then one every so often: nobody waits for the full hour."""
    desk = Desk(now, per_hour=100)
    at_once = [desk.sends(f"p{number}@d{number}.example") for number in range(11)]
    assert at_once == [None] * 10 + ["installation"]

    now.pass_by(HOUR / 91 + 1e-6)
    assert [desk.sends(f"q{number}@e{number}.example") for number in range(2)] == [None, "installation"]


def test_who_takes_whatever_there_is_takes_the_number_in_the_first_hour(now: Now) -> None:
    """A tenth at once and the rest as it comes, not a tenth more."""
    bucket, left = Bucket(1_000, now), 0
    for _ in range(HOUR):
        while not bucket.is_empty():
            bucket.take()
            left += 1
        now.pass_by(1)

    assert 990 <= left <= 1_000


@given(
    an_hour=st.integers(1, 300),
    pauses=st.lists(st.floats(0, 700) | st.sampled_from([0.0, 1.0, 3_599.0, 3_600.0]), max_size=400),
)
def test_never_more_than_the_number_leave_in_any_hour(an_hour: int, pauses: list[float]) -> None:
    """However mails come, and also right after a quiet day."""
    now = Now()
    bucket, left = Bucket(an_hour, now), list[float]()
    for pause in pauses:
        now.pass_by(pause)
        while not bucket.is_empty():
            bucket.take()
            left.append(now())

    for first in left:
        assert sum(first <= moment < first + HOUR - 1e-3 for moment in left) <= an_hour


def test_what_the_store_remembers_counts_after_a_restart(now: Now) -> None:
    """It is asked once for an address, and what it says grows old as everything does."""
    asked = []

    def before(email: str) -> tuple[float, ...]:
        asked.append(email)
        return (10.0, 3.0 * DAY, 6.0 * DAY)

    desk = Desk(now, before)
    assert [desk.sends("maria@example.org") for _ in range(3)] == ["mailbox"] * 3
    assert asked == ["maria@example.org"]
    now.pass_by(DAY)
    assert [desk.sends("maria@example.org") for _ in range(2)] == [None, "mailbox"]


def test_what_waits_for_its_domain_costs_no_look_into_the_store(now: Now) -> None:
    """A hundred thousand of them are passed over several times a minute."""
    asked: list[str] = []
    desk = Desk(now, lambda email: tuple(asked.append(email) or ()), per_hour_domain=1)  # type: ignore[func-returns-value]
    desk.sends("first@flood.example")
    for number in range(100):
        desk.sends(f"p{number}@flood.example")

    assert asked == ["first@flood.example"]


def test_what_is_counted_cannot_be_read_and_dies_in_time(now: Now) -> None:
    """No address, no domain, and after two spans no hash and no key either."""
    recent = Recent(A_WEEK, now)
    recent.note("maria@example.org", 0.0)
    first = recent._new
    assert b"maria" not in repr(vars(first)).encode()
    assert recent.knows("maria@example.org")

    for _ in range(2):
        now.pass_by(A_WEEK)
        assert recent.count("maria@example.org") == 0
        recent.forget()
    assert first not in (recent._new, recent._old)
    assert first._key not in (recent._new._key, recent._old._key)
    assert not recent.knows("maria@example.org")


def test_a_week_is_counted_across_the_change_of_keys(now: Now) -> None:
    """Whenever in its life a generation ends, what is younger than a week still counts."""
    recent = Recent(A_WEEK, now)
    sent = []
    for _ in range(60):
        recent.forget()
        recent.note("maria@example.org", 0.0)
        sent.append(now())
        assert recent.count("maria@example.org") == sum(moment > now() - A_WEEK for moment in sent)
        now.pass_by(A_WEEK / 9)


def test_memory_is_bounded_however_many_are_written_to(now: Now, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first to come leave first; the store remembers them."""
    monkeypatch.setattr(budgets, "MOST_NAMES", 100)
    recent = Recent(A_WEEK, now)
    for number in range(1_000):
        recent.note(f"p{number}@example.org", 0.0)
        recent.forget()

    assert len(recent._new) + len(recent._old) <= 200
    assert recent.count("p999@example.org") == 1
    assert recent.count("p0@example.org") == 0


def test_the_list_of_large_providers_is_as_the_counters_have_them() -> None:
    """One spelling each, and none twice."""
    path = Path(budgets.__file__).with_name("large_providers.txt")
    lines = [line for line in path.read_text().splitlines() if line and not line.startswith("#")]

    assert len(lines) == len(set(lines)) == len(large_providers())
    for domain in lines:
        assert addresses.parse(f"maria@{domain}").canonical == f"maria@{domain}"
    assert {"gmail.com", "outlook.com", "yahoo.com", "web.de", "orange.fr"} <= large_providers()


# In the mailroom: who is written to, and who waits.


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Config:
    """An installation that puts its mail into a folder."""
    made = msgspec.structs.replace(Config(), data=str(tmp_path))
    monkeypatch.setattr(settings, "CONFIG", made)
    return made


class Clerk:
    """The clerk's sender over a store, its clock in our hands."""

    def __init__(self, config: Config, now: Now, **mail: int) -> None:
        budgets = msgspec.structs.replace(Mail(transport="smtp"), **mail)
        self.config = msgspec.structs.replace(config, mail=budgets)
        self.now, self.store = now, MemoryStore()
        self.start()

    def start(self) -> None:
        """Begin with nothing in memory, as after a restart."""
        room = Mailroom(
            self.config,
            self.store,
            Supporters(self.store, self.config.keys),
            Post(self.config, FolderBackend()),
            keys.link_key(self.config.keys),
        )
        self.sender = Confirmations(room, Budgets(self.config.mail, self.now))

    def work(self) -> int:
        """Send until everybody is sent or waits; return how many mails that were."""
        return sum(iter(self.sender.send_due, 0))

    def arrived(self) -> Counter[str]:
        """Return how many mails came to each mailbox, by its one spelling."""
        files = self.config.mailbox.glob("*.eml")
        told = (str(parsed(file.read_bytes())["to"]) for file in files)
        return Counter(addresses.parse(address).canonical for address in told)


def crowd(count: int, domain: str) -> list[Person]:
    return [Person("Somebody", f"somebody{number}@{domain}", "ES", "en") for number in range(count)]


@pytest.fixture
def _days(monkeypatch: pytest.MonkeyPatch, now: Now) -> None:
    """Have the calendar go with the test's clock."""
    monkeypatch.setattr(clock, "time", SimpleNamespace(time=now))


def variants(address: str, count: int) -> Iterator[str]:
    """Yield spellings of one mailbox."""
    local, _, domain = address.partition("@")
    for number in range(count):
        yield f"{local.upper() if number % 2 else local}+{number}@{domain.title() if number % 3 else domain}"


def attack(clerk: Clerk, victim: str, count: int, campaigns: list[bytes]) -> None:
    """Have strangers sign as the victim in every campaign, spelt anew each time, as the door takes it."""
    config, store = clerk.config, clerk.store
    sealers = [Sealer(c, keys.create_campaign_keys(config.keys, c)) for c in campaigns]
    names = [Pseudonyms(keys.index_key(config.keys, c)) for c in campaigns]
    for number, spelling in enumerate(variants(victim, count)):
        which = number % len(campaigns)
        address = addresses.parse(spelling)
        sealed = sealers[which].seal(Personal("Victim", address.typed, ""))
        entries: list[entry.Entry] = []
        if sealed.header:
            head = sealed.header
            entries.append(entry.Epoch(campaigns[which], head.epoch, head.key_id, head.ciphertext))
        signer = names[which].of(address.canonical)
        told = (campaigns[which], signer, sealed.record, clock.today(), "en", "ES", False, b"demands1")
        entries.append(entry.Sign(*told, sealed.epoch, sealed.envelope))
        store.record(b"door", store.position(b"door") + len(entries), entries)


@pytest.mark.usefixtures("_days")
def test_ten_thousand_spellings_of_a_victim_are_three_mails_in_seven_days(config: Config, now: Now) -> None:
    """Across forty campaigns, with the clerk at work all week."""
    clerk, victim = Clerk(config, now), "victim@example.org"
    campaigns = [ids.campaign_id() for _ in range(40)]
    for _ in range(7):
        attack(clerk, victim, 10_000 // 7 + 1, campaigns)
        clerk.work()
        now.pass_by(DAY - 1)
        clerk.work()

    assert clerk.arrived() == {victim: 3}
    assert clerk.sender.status() == MailStatus(40, mailbox=40)
    now.pass_by(7)
    clerk.work()
    assert clerk.arrived() == {victim: 6}


@pytest.mark.usefixtures("_days")
def test_a_restart_does_not_make_a_victim_of_ten_campaigns_free_to_be_written_to(
    config: Config, now: Now
) -> None:
    """The campaigns' own rows say to whom they wrote, a clerk that starts every hour notwithstanding."""
    clerk, victim = Clerk(config, now), "victim@example.org"
    attack(clerk, victim, 100, [ids.campaign_id() for _ in range(10)])
    for _ in range(48):
        clerk.start()
        clerk.work()
        now.pass_by(HOUR)

    assert clerk.arrived() == {victim: A_MAILBOX}


def test_a_flooded_domain_does_not_delay_others(config: Config, now: Now) -> None:
    """They are in the same campaign and in another; the flood gets its share of the hour."""
    clerk = Clerk(config, now, per_hour_domain=20)
    signs_for_real(clerk.config, clerk.store, *crowd(3_000, "flood.example"))
    signs_for_real(clerk.config, clerk.store, MARIA, OMAR)
    signs_for_real(clerk.config, clerk.store, AMINATA, campaign=OTHER_CAMPAIGN)
    begun = time.monotonic()
    turns = 0
    while len(clerk.arrived()) < 23 and turns < 10:
        clerk.sender.send_due()
        turns += 1
    sys.stdout.write(f"\n{turns} turns, {time.monotonic() - begun:.2f} s")

    assert turns <= 4  # of 0.2 s each
    assert {MARIA.email, OMAR.email, AMINATA.email} <= clerk.arrived().keys()
    clerk.work()
    assert clerk.arrived().total() == 23
    assert clerk.sender.status() == MailStatus(2_980, domain=2_980)

    signs_for_real(clerk.config, clerk.store, JUN)
    for _ in range(3):
        clerk.sender.send_due()
    assert clerk.arrived()[JUN.email] == 1


def test_what_is_over_budget_is_sent_later_and_nothing_is_dropped(config: Config, now: Now) -> None:
    """Nobody twice, everybody in the end, and never more than the budget in an hour."""
    clerk = Clerk(config, now, per_hour_domain=30)
    people = crowd(200, "flood.example")
    signs_for_real(clerk.config, clerk.store, *people)
    sent = []
    for _ in range(7):
        sent.append(clerk.work())
        now.pass_by(HOUR)

    assert sent == [30] * 6 + [20]
    assert clerk.arrived() == {who.email: 1 for who in people}
    assert clerk.sender.status() == MailStatus(0)


def test_a_flooded_campaign_leaves_others_their_turn_when_the_hour_is_spent(config: Config, now: Now) -> None:
    """From a domain for everybody, so that only the installation's budget holds it."""
    clerk = Clerk(config, now, per_hour=100)
    flood = [Person("", f"p@d{number}.example", "ES", "en") for number in range(300)]
    signs_for_real(clerk.config, clerk.store, *flood, campaign=b"AAAAAAAA")  # comes before all others
    clerk.work()
    assert clerk.sender.status() == MailStatus(290, is_spent=True)

    signs_for_real(clerk.config, clerk.store, MARIA)
    for _ in range(2):
        now.pass_by(HOUR / 91 + 1e-6)
        clerk.work()
    assert clerk.arrived()[MARIA.email] == 1


def test_everybody_in_a_flood_gets_a_turn(config: Config, now: Now) -> None:
    """With one mail every forty seconds the clerk goes on where it stopped."""
    clerk = Clerk(config, now, per_hour=100)
    people = [Person("", f"p@d{number}.example", "ES", "en") for number in range(60)]
    signs_for_real(clerk.config, clerk.store, *people)
    for _ in range(52):
        clerk.work()
        now.pass_by(HOUR / 91 + 1e-6)

    assert clerk.arrived() == {who.email: 1 for who in people}


def test_a_mail_that_was_put_off_spends_nothing(
    config: Config, now: Now, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its key is missing: when it is back there is a mail for everybody."""
    clerk = Clerk(config, now, per_hour_domain=3)
    signs_for_real(clerk.config, clerk.store, MARIA, OMAR, AMINATA)
    path = keys.private_key_path(clerk.config.keys, CAMPAIGN)
    kept = path.read_bytes()
    path.unlink()
    clerk.work()
    path.write_bytes(kept)
    clerk.start()

    assert clerk.work() == 3


def test_mail_that_goes_into_a_folder_is_counted_by_mailbox_only(config: Config, now: Now) -> None:
    """Whoever tries Habeas out with hundreds of people sees hundreds of mails, and still three a mailbox."""
    clerk = Clerk(config, now, per_hour=100)
    clerk.config = config
    clerk.start()
    signs_for_real(config, clerk.store, *crowd(300, "example.org"))
    for number in range(5):
        signs_for_real(config, clerk.store, MARIA, campaign=b"number %d" % number)

    assert clerk.work() == 303
    assert clerk.sender.status() == MailStatus(2, mailbox=2)


def test_a_damaged_index_key_keeps_nobody_from_being_written_to(config: Config, now: Now) -> None:
    """One campaign's mails are then not remembered; the others' are."""
    clerk = Clerk(config, now)
    signs_for_real(clerk.config, clerk.store, MARIA)
    keys.index_key_path(clerk.config.keys, CAMPAIGN).write_bytes(b"short")

    assert clerk.work() == 1


def test_staff_read_what_the_clerk_wrote(tmp_path: Path) -> None:
    """And nothing where it wrote nothing that can be read."""
    path = tmp_path / "status" / "mail.json"
    assert mail_status(path) is None
    write_mail_status(path, MailStatus(9, 2, 3))
    assert mail_status(path) == MailStatus(9, 2, 3, is_spent=False)
    path.write_text("{")
    assert mail_status(path) is None
