"""The doctor: what is unsafe is said and ends with 1; what is safe is not called anything else."""

import json
import os
import shutil
import socket
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec
import pytest
from allauth.mfa.models import Authenticator
from click.testing import CliRunner
from django.contrib.auth.models import User

from habeas.campaigns import pictures
from habeas.campaigns.queries import BrokenCitation
from habeas.cases.figures.checking import Broken
from habeas.config import Config, Door, Mail, Office, Site
from habeas.config.schema import Limits
from habeas.delivery.status import MailStatus, mail_status_path, write_mail_status
from habeas.edition import read, withheld
from habeas.edition.status import Status, write_status
from habeas.edition.write import write
from habeas.lib.ids import uuid7
from habeas.ops.cli import habeas
from habeas.ops.doctor import Finding, examine
from habeas.vault import keys
from mail_side import free_port
from public_side import draft

replace = msgspec.structs.replace
BEHIND_PROXY = Limits(trusted_proxies=("127.0.0.1/32",))


@pytest.fixture(autouse=True)
def _not_root(monkeypatch: pytest.MonkeyPatch) -> None:
    """Containers run tests as root; the installation is somebody's own."""
    monkeypatch.setattr(os, "geteuid", lambda: 1000)


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ask nobody outside this machine whether they answer."""
    connect = socket.create_connection

    def on_loopback(address: tuple[str, int], timeout: float | None = None) -> socket.socket:
        if address[0] not in {"127.0.0.1", "::1"}:
            raise OSError("no network in tests")
        return connect(address, timeout=timeout)

    monkeypatch.setattr(socket, "create_connection", on_loopback)


@pytest.fixture
def config(tmp_path: Path) -> Config:
    """A fresh installation on ports of its own, its folders open to other users as on a careless machine."""
    data = tmp_path / "data"
    data.mkdir(mode=0o755)
    (data / "keys").mkdir(mode=0o700)
    return replace(Config(), data=str(data), door=Door(port=free_port()), office=Office(port=free_port()))


def findings(config: Config, **new: Any) -> list[Finding]:
    return list(examine(replace(config, **new)))


def unsafe(config: Config, **new: Any) -> list[str]:
    """Return what the doctor calls unsafe, a sentence each."""
    return [f"{one.about}: {one.text}" for one in findings(config, **new) if one.level == "unsafe"]


def said(config: Config, about: str, **new: Any) -> list[tuple[str, str]]:
    return [(one.level, one.text) for one in findings(config, **new) if one.about == about]


def test_an_installation_of_defaults_on_one_machine_is_safe(config: Config) -> None:
    """Nothing of it can be reached from elsewhere."""
    keys.link_key(config.keys)

    assert unsafe(config) == []
    assert ("ok", "readable by this user only") in said(config, "keys")


def test_before_the_first_start_there_is_nothing_to_find_fault_with(tmp_path: Path) -> None:
    """Only what to do next."""
    fresh = replace(Config(), data=str(tmp_path / "none"), door=Door(port=free_port()))

    assert unsafe(fresh) == []
    assert [level for level, _ in said(fresh, "data")] == ["note"]


def test_a_key_that_others_can_read_is_unsafe(config: Config) -> None:
    """It is named, with the command that mends it."""
    keys.link_key(config.keys)
    path = keys.link_key_path(config.keys)
    for folder in (config.keys, path.parent):
        folder.chmod(0o755)
    assert not [line for line in unsafe(config) if str(path) in line]

    path.chmod(0o644)
    [line] = [line for line in unsafe(config) if str(path) in line]
    assert f"chmod -R go= {config.keys}" in line
    assert ("ok", "readable by this user only") not in said(config, "keys")


@pytest.mark.parametrize(
    ("url", "is_safe"),
    [
        ("https://act.example.org", True),
        ("http://act.example.org", False),
        ("http://127.0.0.1:8000", True),
        ("http://localhost:8000", True),
        ("http://127.evil.example", False),
        ("http://localhost.evil.example", False),
        ("http://192.168.1.5", False),
        ("http://[::1]:8000", True),
    ],
)
def test_names_never_cross_a_network_in_the_clear(config: Config, url: str, is_safe: bool) -> None:  # noqa: FBT001
    """Of people who sign, and of staff."""
    assert (unsafe(config, site=Site(url=url), limits=BEHIND_PROXY) == []) is is_safe
    assert (unsafe(config, office=Office(port=free_port(), url=url)) == []) is is_safe


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1"])  # noqa: S104  that is the point
def test_a_door_open_to_the_network_needs_tls_in_front(config: Config, host: str) -> None:
    """With it, all is well."""
    door = Door(host=host, port=free_port())

    assert [line for line in unsafe(config, door=door) if "without TLS" in line]
    assert unsafe(config, door=door, site=Site(url="https://act.example.org")) == []


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1"])
def test_behind_a_proxy_that_nobody_trusts_people_cannot_be_told_apart(config: Config, host: str) -> None:
    """All seem to come from this machine, and this machine is never counted: a flood has the house."""
    door, https = Door(host=host, port=free_port()), Site(url="https://act.example.org")
    [line] = unsafe(config, door=door, site=https)
    assert line.startswith("limits: everybody comes from the TLS proxy")
    assert "never counts" in line
    [line] = unsafe(config, door=door, site=https, limits=Limits(exempt=("10.0.0.0/8",)))
    assert "shares one budget" in line

    assert unsafe(config, door=door, site=https, limits=BEHIND_PROXY) == []
    assert unsafe(config, door=door) == []


def test_mail_into_a_folder_is_said_to_reach_nobody(config: Config) -> None:
    """It is fine for trying out, and a surprise otherwise."""
    [(level, text)] = said(config, "mail")

    assert (level, "reaches nobody" in text) == ("note", True)


def test_a_relay_that_answers_is_fine_and_one_that_does_not_is_not(config: Config) -> None:
    """Confirmations would wait."""
    with closing(socket.create_server(("127.0.0.1", 0))) as relay:
        port = relay.getsockname()[1]
        mail = Mail(transport="smtp", host="127.0.0.1", port=port, sender="Habeas <a@example.org>")
        assert said(config, "mail", mail=mail) == [("ok", f"127.0.0.1:{port} answers")]
    silent = replace(mail, port=free_port())

    assert [level for level, _ in said(config, "mail", mail=silent)] == ["unsafe"]


def test_a_relay_elsewhere_without_encryption_is_unsafe(config: Config) -> None:
    """It would carry every supporter's address in the clear."""
    mail = Mail(transport="smtp", host="192.0.2.1", security="none", sender="Habeas <a@example.org>")

    assert [line for line in unsafe(config, mail=mail) if "in the clear (mail.security)" in line]


def test_the_example_sender_is_found_out(config: Config) -> None:
    """Relays refuse it."""
    mail = Mail(transport="smtp", host="127.0.0.1", port=free_port())

    assert [line for line in unsafe(config, mail=mail) if "still the example" in line]


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (MailStatus(0), []),
        (MailStatus(12), []),
        (MailStatus(1_234, 2, 30), ["1234", "30 wait for their domain", "2 for their mailbox"]),
        (MailStatus(90_000, is_spent=True), ["90000", "5,000 an hour (mail.per_hour)"]),
    ],
)
def test_who_waits_for_a_mail_budget_is_said(config: Config, status: MailStatus, words: list[str]) -> None:
    """It is not unsafe: they are written to later. While nobody waits there is nothing to say."""
    write_mail_status(mail_status_path(config), status)
    notes = [text for level, text in said(config, "mail") if level == "note"][1:]

    assert len(notes) == bool(words)
    assert all(word in notes[0] for word in words)
    assert unsafe(config) == []


def test_how_much_room_the_journals_take_is_said(config: Config) -> None:
    """They are never deleted: an operator has to see them grow."""
    assert said(config, "journals") == []
    config.journal.mkdir()
    for name, size in (("00.journal", 2_000_000), ("00-000001.journal", 300_000), ("00.lock", 0)):
        (config.journal / name).write_bytes(bytes(size))
    [(level, text)] = said(config, "journals")

    assert level == "ok"
    assert text.startswith("2 files, 2.3 MB, kept to prove the counts; ")


def test_a_disk_that_is_nearly_full_is_unsafe(config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    """Signatures are answered only once they are on it."""
    config.journal.mkdir()
    real = shutil.disk_usage(config.journal)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: real._replace(free=999_000_000))

    assert said(config, "journals") == [
        (
            "unsafe",
            "0 files, 0.0 MB, kept to prove the counts; 999.0 MB are free: on a full disk nobody can sign",
        )
    ]


def test_a_whole_edition_is_fine_and_a_damaged_one_is_said_so(config: Config) -> None:
    """With what is wrong about it."""
    assert said(config, "edition") == [("note", "nothing published yet")]
    write(config.editions, draft(config))
    assert said(config, "edition") == [("ok", "number 1, whole")]

    (read.folder_of(config.editions, 1) / "pages/en/index.html").unlink()
    [(level, text)] = said(config, "edition")
    assert level == "unsafe"
    assert "pages/en/index.html is missing" in text


def test_a_case_that_was_taken_down_without_an_edition_after_it_is_said_so(config: Config) -> None:
    """Front pages are away meanwhile, and somebody has to see why."""
    write(config.editions, draft(config))
    withheld.withhold(config.editions, ["free-selma"])

    [found] = unsafe(config)
    assert found.startswith("edition: free-selma was taken down, and no edition followed")
    assert found.endswith("run: habeas campaign publish")


def test_a_language_that_no_font_has_letters_of_is_said_before_a_poster_is_missed(
    config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Chinese needs a package of Debian's; the others are carried along."""
    monkeypatch.setattr(pictures, "FONTS", pictures.FONTS[:2])
    assert said(config, "fonts") == []

    chinese = replace(config, site=Site(languages=("en", "ar", "zh-hans")))
    [(level, text)] = said(chinese, "fonts")
    assert level == "note"
    assert "Chinese" in text
    assert text.endswith("fonts-noto-cjk")


def test_a_door_that_refused_the_current_edition_is_said_so(config: Config) -> None:
    """One that refused an older one has moved on."""
    write(config.editions, draft(config))
    write(config.editions, draft(config))
    write_status(config.status / "door-00.json", Status(1, 2, "a reason"))
    write_status(config.status / "door-01.json", Status(2, 1, "long ago"))

    assert unsafe(config) == ["edition: door-00 refused number 2: a reason"]


def test_staff_without_a_second_factor_is_unsafe(config: Config, db: None) -> None:
    """A password alone opens the cases of everybody."""
    config.office_database.touch()
    editor = User.objects.create_superuser("editor", password="not-a-secret-here")
    User.objects.create_user("left", is_active=False)
    [line] = unsafe(config)
    assert line.startswith("staff: 1 without a second factor")

    Authenticator.objects.create(user=editor, type=Authenticator.Type.TOTP, data={})
    assert unsafe(config) == []
    assert said(config, "staff") == [("ok", "1 accounts")]


def test_a_published_number_that_no_longer_holds_is_unsafe(
    config: Config, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the pages that say it; while all hold there is nothing to say."""
    config.office_database.touch()
    assert said(config, "figures") == []
    told = BrokenCitation(Broken(uuid7(), uuid7(), "arrests", "over 168", 160, 165), ())
    monkeypatch.setattr("habeas.campaigns.queries.broken_citations", lambda: [told])

    [(level, text)] = said(config, "figures")
    assert level == "unsafe"
    assert "“over 168” (arrests) no longer holds: the records now give 160 to 165" in text


def test_running_as_root_is_unsafe(config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also before anything is set up."""
    monkeypatch.setattr(os, "geteuid", lambda: 0)

    assert [line for line in unsafe(config) if "runs as root" in line]


def run(config: Config, *arguments: str, **environ: str) -> Any:
    told = {
        "HABEAS_DATA": config.data,
        "HABEAS_DOOR_PORT": str(config.door.port),
        "HABEAS_OFFICE_PORT": str(config.office.port),
    }
    return CliRunner().invoke(habeas, ["doctor", *arguments], env=told | environ)


def test_the_command_ends_with_0_when_nothing_is_unsafe_and_with_1_otherwise(config: Config) -> None:
    """So that a script can ask."""
    assert run(config).exit_code == 0
    assert run(config, HABEAS_SITE_URL="http://act.example.org").exit_code == 1


def test_the_command_says_the_same_as_json(config: Config) -> None:
    """A list of findings, each of three fields."""
    result = run(config, "--json", HABEAS_SITE_URL="http://act.example.org")
    told = json.loads(result.output)

    assert result.exit_code == 1
    assert {frozenset(one) for one in told} == {frozenset({"level", "about", "text"})}
    assert {one["level"] for one in told} == {"ok", "note", "unsafe"}
    words = run(config, HABEAS_SITE_URL="http://act.example.org").output
    assert all(one["text"] in words for one in told)


def test_no_secret_is_said(config: Config) -> None:
    """Its report is made to be sent to whoever helps."""
    keys.link_key(config.keys)
    secrets = {"HABEAS_MAIL_USER": "habeas-user", "HABEAS_MAIL_PASSWORD": "hunter2"}
    smtp = {"HABEAS_MAIL_TRANSPORT": "smtp", "HABEAS_MAIL_HOST": "127.0.0.1"}
    output = run(config, "--json", **secrets, **smtp, HABEAS_MAIL_PORT=str(free_port())).output

    assert "hunter2" not in output
    assert keys.link_key(config.keys).hex() not in output
