"""`habeas doctor`: what is configured, what is reachable, what is unsafe."""

import ipaddress
import json
import os
import shutil
import socket
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

import click
import msgspec

from habeas.config import Config, load
from habeas.delivery.status import mail_status, mail_status_path
from habeas.edition import read, withheld
from habeas.edition.status import door_statuses
from habeas.ledger.journal_file import journals
from habeas.lib import languages

if TYPE_CHECKING:
    from habeas.ops.database import Condition

Level = Literal["ok", "note", "unsafe"]
_GIGABYTE = 1_000_000_000
_ROOM = _GIGABYTE  # two workers' files at their largest, and room to pack one of them anew
_MARKS = {"ok": ("✓", "green"), "note": ("·", "yellow"), "unsafe": ("✗", "red")}


class Finding(msgspec.Struct, frozen=True):
    """One line of the doctor's report."""

    level: Level
    about: str
    text: str


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Say it as JSON.")
def doctor(*, as_json: bool) -> None:
    """Say what is configured, what is reachable and what is unsafe. Exits with 1 if anything is unsafe."""
    findings = list(examine(load()))
    if as_json:
        click.echo(json.dumps([msgspec.to_builtins(finding) for finding in findings], ensure_ascii=False))
    else:
        for finding in findings:
            mark, colour = _MARKS[finding.level]
            click.echo(f"{click.style(mark, fg=colour)} {finding.about:9} {finding.text}")
    if any(finding.level == "unsafe" for finding in findings):
        raise SystemExit(1)


def examine(config: Config) -> Iterator[Finding]:
    """Yield what there is to say of an installation; no secret and no address of a supporter among it."""
    yield from _data(config)
    yield from _room(config)
    yield from _addresses(config)
    yield from _limits(config)
    yield from _mail(config)
    yield from _waiting(config)
    yield from _editions(config)
    yield from _letters(config)
    yield from _process()
    yield from _database(config)
    yield from _staff(config)
    yield from _figures(config)


def _data(config: Config) -> Iterator[Finding]:
    if not config.folder.is_dir():
        yield Finding("note", "data", f"{config.folder} does not exist yet; habeas up makes it")
        return
    yield Finding("ok", "data", str(config.folder))
    exposed = [path for path in _private_paths(config) if _is_open_to_others(path)]
    for path in exposed:
        yield Finding("unsafe", "keys", f"{path} can be read by other users; run: chmod -R go= {config.keys}")
    if config.keys.is_dir() and not exposed:
        yield Finding("ok", "keys", "readable by this user only")
    yield Finding(
        "note", "keys", "kept on this machine: back them up apart from the data, or sealed names are lost"
    )


def _room(config: Config) -> Iterator[Finding]:
    """Say how much room the journals take, which are never deleted, and whether there is some left."""
    if not config.journal.is_dir():
        return
    files = journals(config.journal)
    taken = sum(path.stat().st_size for path in config.journal.iterdir())
    free = shutil.disk_usage(config.journal).free
    yield Finding(
        "unsafe" if free < _ROOM else "ok",
        "journals",
        f"{len(files)} files, {_size(taken)}, kept to prove the counts; {_size(free)} are free"
        + (": on a full disk nobody can sign" if free < _ROOM else ""),
    )


def _size(count: int) -> str:
    return f"{count / 1e9:,.1f} GB" if count >= _GIGABYTE else f"{count / 1e6:,.1f} MB"


def _private_paths(config: Config) -> Iterator[Path]:
    if config.keys.is_dir():
        yield config.keys
        yield from config.keys.rglob("*")


def _is_open_to_others(path: Path) -> bool:
    return bool(path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)) and not _is_inside_closed(path)


def _is_inside_closed(path: Path) -> bool:
    """Whether a folder above, up to the key folder, keeps others out already."""
    return any(not parent.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO) for parent in list(path.parents)[:3])


def _addresses(config: Config) -> Iterator[Finding]:
    for name, host, port, url in (
        ("door", config.door.host, config.door.port, config.door_url),
        ("office", config.office.host, config.office.port, config.office_url),
    ):
        is_open = _answers(host, port)
        yield Finding(
            "ok" if is_open else "note", name, f"{url} {'answers' if is_open else 'is not running'}"
        )
        if not url.startswith("https:") and not _is_loopback(urlsplit(url).hostname or ""):
            yield Finding(
                "unsafe", name, f"{url} is not encrypted: people's names would cross the network in the clear"
            )
        if not _is_loopback(host) and not url.startswith("https:"):
            yield Finding("unsafe", name, f"listens on {host} without TLS; put a TLS proxy in front")


def _limits(config: Config) -> Iterator[Finding]:
    """Find out whether people are told apart by network: behind a proxy all have its address."""
    host = config.door.host
    if config.limits.trusted_proxies or not (_is_loopback(host) and config.door_url.startswith("https:")):
        return
    proxy = ipaddress.ip_address("127.0.0.1" if host == "localhost" else host)
    networks = [ipaddress.ip_network(network, strict=False) for network in config.limits.exempt]
    means = (
        "which limits.exempt never counts: floods are not noticed"
        if any(proxy in network for network in networks)
        else "and shares one budget: after 30 signatures everybody has to press twice"
    )
    yield Finding(
        "unsafe",
        "limits",
        f"everybody comes from the TLS proxy at {proxy}, {means}; have it send X-Forwarded-For and put"
        " it into limits.trusted_proxies",
    )


def _is_loopback(host: str) -> bool:
    """Say whether `host` is this machine, whatever network it is in."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False  # a name: 127.example.org is somebody's


def _answers(host: str, port: int) -> bool:
    try:
        socket.create_connection((host, port), timeout=2).close()
    except OSError:
        return False
    return True


def _mail(config: Config) -> Iterator[Finding]:
    mail = config.mail
    if mail.transport == "folder":
        yield Finding("note", "mail", f"goes to {config.mailbox} and reaches nobody (mail.transport)")
        return
    is_open = _answers(mail.host, mail.port)
    yield Finding(
        "ok" if is_open else "unsafe",
        "mail",
        f"{mail.host}:{mail.port} {'answers' if is_open else 'does not answer'}",
    )
    if mail.security == "none" and not _is_loopback(mail.host):
        yield Finding("unsafe", "mail", "addresses go to the relay in the clear (mail.security)")
    if mail.sender.rstrip(">").endswith(".invalid"):
        yield Finding("unsafe", "mail", "mail.sender is still the example: relays will refuse it")


def _waiting(config: Config) -> Iterator[Finding]:
    """Say who waits for a confirmation mail because of a budget: it goes later, by itself."""
    status = mail_status(mail_status_path(config))
    if status is None:
        return
    if status.mailbox or status.domain:
        yield Finding(
            "note",
            "mail",
            f"{status.due} confirmations are owed; {status.domain} wait for their domain's budget,"
            f" {status.mailbox} for their mailbox's, and go later",
        )
    if status.is_spent:
        yield Finding(
            "note",
            "mail",
            f"{status.due} confirmations are owed, and the budget is spent: {config.mail.per_hour:,}"
            " an hour (mail.per_hour); they go as it fills again",
        )


def _editions(config: Config) -> Iterator[Finding]:
    try:
        number = read.current_number(config.editions)
        if number:
            read.load(config.editions, number)
    except read.BadEdition as reason:
        yield Finding(
            "unsafe", "edition", f"the current one is damaged: {reason}; run: habeas campaign publish"
        )
        return
    yield Finding(
        "ok" if number else "note",
        "edition",
        f"number {number}, whole" if number else "nothing published yet",
    )
    held_back = ", ".join(sorted(withheld.known(config.editions)))
    if held_back:
        how = "doors withhold it, and what links to it, until one is out; run: habeas campaign publish"
        yield Finding("unsafe", "edition", f"{held_back} was taken down, and no edition followed: {how}")
    for name, status in door_statuses(config.status):
        if status.refused == number:
            yield Finding("unsafe", "edition", f"{name} refused number {status.refused}: {status.reason}")


def _letters(config: Config) -> Iterator[Finding]:
    """Say for which languages no poster, letter or link picture can be set."""
    from habeas.campaigns.pictures import has_letters

    for code in config.site.languages:
        if not has_letters(languages.language(code).name):
            told = f"no font here has the letters of {languages.english_name(code)}: no posters, no letters"
            yield Finding("note", "fonts", f"{told}, plain link pictures; on Debian: fonts-noto-cjk")


def _process() -> Iterator[Finding]:
    if os.geteuid() == 0:
        yield Finding("unsafe", "process", "runs as root; use an account of its own")


def _database(config: Config) -> Iterator[Finding]:
    """Say where cases, campaigns and staff are, if that is a PostgreSQL; never with a password."""
    if not config.office.database:
        return
    there = _condition()
    if there.trouble:
        yield Finding("unsafe", "database", f"cannot be reached, staff cannot work: {there.trouble}")
        return
    about = f"{there.place}, PostgreSQL {there.version}; back it up together with the data folder"
    yield Finding("ok", "database", about)
    if there.crosses_in_clear:
        clear = "cases cross the network in the clear; add ?sslmode=verify-full to office.database"
        yield Finding("unsafe", "database", clear)
    if not there.has_tables:
        yield Finding("note", "database", "is empty; habeas up makes its tables")
    if config.office_database.exists():
        unused = f"{config.office_database} is not used while office.database is set"
        yield Finding("note", "database", unused)


def _condition() -> "Condition":
    from habeas.ops.django_setup import start_django

    start_django()
    from habeas.ops.database import condition

    return condition()


def _has_records(config: Config) -> bool:
    """Tell whether there is an office's database to be asked."""
    return _condition().has_tables if config.office.database else config.office_database.exists()


def _staff(config: Config) -> Iterator[Finding]:
    if not _has_records(config):
        return
    from habeas.ops.django_setup import start_django

    start_django()
    from allauth.mfa.models import Authenticator
    from django.contrib.auth.models import User

    active = User.objects.filter(is_active=True)
    bare = active.exclude(pk__in=Authenticator.objects.values("user_id")).count()
    yield Finding("ok" if active.exists() else "note", "staff", f"{active.count()} accounts")
    if bare:
        yield Finding(
            "unsafe",
            "staff",
            f"{bare} without a second factor; add one under {config.office_url}/account/2fa/",
        )


def _figures(config: Config) -> Iterator[Finding]:
    """Say which published numbers the records no longer bear out: each is counted again."""
    if not _has_records(config):
        return
    from habeas.ops.django_setup import start_django

    start_django()
    from django.db import DatabaseError

    from habeas.campaigns.queries import broken_citations

    try:
        broken = broken_citations()
    except DatabaseError:
        yield Finding(
            "note", "figures", "the database is of an earlier version; habeas up brings it up to date"
        )
        return
    for one in broken:
        yield Finding("unsafe", "figures", f"{one.in_words}; correct it in the office, under Cases")
