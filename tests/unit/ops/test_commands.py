"""The `habeas` command: what it says to people, and what it says to scripts."""

import json
import re
import socket
import subprocess
import sys
import threading
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.contrib.auth import authenticate
from django.contrib.auth.models import User
from wagtail.models import ModelLogEntry

from habeas.campaigns.demo import load as demonstration
from habeas.campaigns.lifecycle import MoveRefused
from habeas.campaigns.models import Campaign, Update
from habeas.campaigns.queries import NoSuchCampaign
from habeas.config import Config
from habeas.delivery.folder import FolderBackend
from habeas.delivery.post import Post
from habeas.delivery.status import MailStatus, mail_status_path, write_mail_status
from habeas.edition.status import Status, write_status
from habeas.ledger.counts import Counts, Snapshot, write_snapshot
from habeas.ledger.shown import Shown, encode_shown, write_shown
from habeas.lib.errors import HabeasError
from habeas.ops import cli, ports
from habeas.ops.cli import habeas
from habeas.ops.django_setup import NoSuchPerson
from habeas.ops.ports import CannotListen, PortInUse
from habeas.ops.staff import NameTaken
from mail_side import free_port
from office_site import DOOR, MKHAITIR, SELMA, campaign, current_edition

CASE = (Path(demonstration.__file__).parent / "invented.yaml").read_text(encoding="utf-8")


@pytest.fixture
def run(office: Config) -> Any:
    """Run a command with the installation of the test."""

    def command(*arguments: str, answer: str = "", **environ: str) -> Any:
        told = {"HABEAS_DATA": office.data, "HABEAS_SITE_URL": DOOR} | environ
        return CliRunner().invoke(habeas, arguments, input=answer, env=told)

    return command


def test_campaigns_are_listed_with_who_confirmed(run: Any, office: Config, mkhaitir: Campaign) -> None:
    """For people with marks between the thousands, for scripts as numbers."""
    counts = Counts.of([("ES", "en", 12_345)])
    write_snapshot(office.confirmed, Snapshot({mkhaitir.ledger_bytes: counts}))
    write_shown(office.counts, encode_shown({mkhaitir.ledger_bytes: Shown(12_300)}))
    result = run("campaign", "list", "--json")

    assert json.loads(result.output) == {
        "campaigns": [
            {"slug": MKHAITIR, "state": "open", "confirmed": 12_345, "shown": 12_300},
            {"slug": SELMA, "state": "open", "confirmed": 0, "shown": None},
        ]
    }
    listed = run("campaign", "list").output
    assert "12,345  shown: more than 12,300\n" in listed
    assert "0  shown: no number\n" in listed


def test_without_campaigns_the_list_says_where_they_are_made(run: Any) -> None:
    """An empty list for scripts."""
    for one in Campaign.objects.all():
        one.pages.all().delete()
    Campaign.objects.all().delete()

    assert json.loads(run("campaign", "list", "--json").output) == {"campaigns": []}
    assert "made in the office" in run("campaign", "list").output


def test_a_campaign_is_paused_opened_and_closed_from_the_shell(run: Any, office: Config) -> None:
    """Each answer says the state, the edition that shows it, and where."""
    url = f"{DOOR}/en/c/{MKHAITIR}/"
    for arguments, state in (
        (("pause", MKHAITIR), "paused"),
        (("publish", MKHAITIR), "open"),
        (("close", MKHAITIR, "--outcome", "released"), "won"),
    ):
        result = run("campaign", *arguments, "--by", "editor", "--yes", "--json")
        edition = current_edition(office).manifest.number
        assert json.loads(result.output) == {
            "slug": MKHAITIR,
            "state": state,
            "edition": edition,
            "url": url,
        }
        assert campaign(MKHAITIR).state == state

    assert (
        run("campaign", "publish", MKHAITIR, "--by", "editor", "--yes").output
        == f"{MKHAITIR} is won; edition {edition + 1} shows it at {url}\n"
    )


def test_the_address_is_one_that_is_there(run: Any) -> None:
    """An organisation that does not speak English has no English page."""
    result = run(
        "campaign", "pause", MKHAITIR, "--by", "editor", "--yes", "--json", HABEAS_SITE_LANGUAGES="ar,fr"
    )

    assert json.loads(result.output)["url"] == f"{DOOR}/ar/c/{MKHAITIR}/"


def test_nothing_public_changes_without_a_yes(run: Any) -> None:
    """The question says what, and in which languages."""
    result = run("campaign", "pause", MKHAITIR, "--by", "editor", answer="n\n")

    assert result.exit_code == 1
    assert f"Pause {MKHAITIR}, now open, in en, fr, ar?" in result.output
    assert campaign(MKHAITIR).state == "open"
    assert run("campaign", "pause", MKHAITIR, "--by", "editor", answer="y\n").exit_code == 0
    assert campaign(MKHAITIR).state == "paused"


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (("campaign", "pause", "free-nobody", "--by", "editor", "--yes"), NoSuchCampaign),
        (("campaign", "pause", MKHAITIR, "--by", "nobody", "--yes"), NoSuchPerson),
        (("campaign", "close", MKHAITIR, "--by", "editor", "--yes", "--outcome", "free"), MoveRefused),
        (("staff", "add", "editor"), NameTaken),
        (("staff", "password", "nobody"), NoSuchPerson),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(
    run: Any,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    office: Config,
    arguments: tuple[str, ...],
    error: type[HabeasError],
) -> None:
    """On standard error, and the command ends with 1."""
    assert isinstance(run(*arguments).exception, error)

    monkeypatch.setenv("HABEAS_DATA", office.data)
    monkeypatch.setattr(sys, "argv", ["habeas", *arguments])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    told = capsys.readouterr()
    assert ended.value.code == 1
    assert told.err.startswith("habeas: ")
    assert told.err.count("\n") == 1
    assert "Traceback" not in told.err + told.out


@pytest.mark.parametrize(
    "arguments",
    [
        ("campaign", "pause", MKHAITIR, "--yes"),
        ("campaign", "close", MKHAITIR, "--by", "editor", "--yes"),
        ("case", "import", "nowhere.yaml"),
        ("campaigns",),
    ],
)
def test_a_slip_in_the_command_ends_with_2(run: Any, arguments: tuple[str, ...]) -> None:
    """Nobody answers for it, no outcome is given, no file is there, no such command."""
    assert run(*arguments).exit_code == 2


def test_a_case_is_imported_once(run: Any, tmp_path: Path) -> None:
    """A second time nothing happens."""
    file = tmp_path / "case.yaml"
    file.write_text(CASE.replace("AQ-2025-001", "AQ-2025-002"), encoding="utf-8")
    first, second = (run("case", "import", str(file), "--by", "editor", "--json") for _ in range(2))

    assert json.loads(first.output) == {"case": "AQ-2025-002", "created": True}
    assert json.loads(second.output) == {"case": "AQ-2025-002", "created": False}
    assert run("case", "import", str(file)).output == "AQ-2025-002: already there, nothing changed\n"


def test_a_file_that_is_no_case_is_refused(run: Any, tmp_path: Path) -> None:
    """Whether its text is wrong or it is no text."""
    file = tmp_path / "case.yaml"
    file.write_text("case: {}\n")
    assert isinstance(run("case", "import", str(file)).exception, HabeasError)

    file.write_bytes(b"\xff\xfe")
    result = run("case", "import", str(file))
    assert result.exit_code == 1
    assert "is not UTF-8 text" in result.output


def test_staff_get_a_password_that_nobody_thought_of(run: Any) -> None:
    """It works until the next one is made."""
    passwords = []
    for verb in ("add", "password"):
        [found] = re.findall(r"password\s+(\S+)", run("staff", verb, "amina").output)
        assert authenticate(username="amina", password=found)
        passwords.append(found)

    assert User.objects.get(username="amina").is_superuser
    assert len(passwords[0]) >= 16
    assert not authenticate(username="amina", password=passwords[0])


def send(office: Config, *subjects: str) -> None:
    post = Post(office, FolderBackend())
    for number, subject in enumerate(subjects):
        headers = {"Message-ID": post.message_id(bytes([number]))}
        post.send(to="omar@example.org", subject=subject, text=f"Hello,\n\n{subject}\n", headers=headers)


def test_the_mail_of_the_demonstration_can_be_read(run: Any, office: Config) -> None:
    """All of it in a list, and each one whole, in any script."""
    assert "No mail" in run("mailbox").output
    send(office, "Please confirm", "يرجى التأكيد " * 8)
    listed = run("mailbox").output.splitlines()

    assert listed[0] == "   1  omar@example.org  Please confirm"
    assert listed[1].startswith("   2  omar@example.org  يرجى التأكيد")
    assert listed[-1] == "Read the newest with: habeas mailbox 2"
    shown = run("mailbox", "1").output
    assert "To: omar@example.org\nSubject: Please confirm\n" in shown
    assert "\nHello,\n\nPlease confirm\n" in shown


@pytest.mark.parametrize("number", ["0", "3", "-1"])
def test_a_mail_that_is_not_there_is_said_so(run: Any, office: Config, number: str) -> None:
    """With those that are."""
    send(office, "one", "two")
    result = run("mailbox", "--", number)

    assert result.exit_code == 1
    assert "there are mails 1 to 2" in result.output


def test_mail_that_leaves_by_smtp_is_not_here_to_read(run: Any) -> None:
    """It is in people's own mailboxes."""
    result = run("mailbox", HABEAS_MAIL_TRANSPORT="smtp", HABEAS_MAIL_HOST="relay.example.org")

    assert result.exit_code == 1
    assert "by SMTP" in result.output


def test_a_port_in_use_is_said_with_the_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """The sentence names port, host and the variable that sets another."""
    monkeypatch.setattr(ports, "_FREED_SECONDS", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(PortInUse) as refused:
            ports.check("127.0.0.1", port, "HABEAS_DOOR_PORT")

    assert str(refused.value) == (
        f"port {port} on 127.0.0.1 is in use; stop what uses it or set HABEAS_DOOR_PORT to another port"
    )
    ports.check("127.0.0.1", port, "HABEAS_DOOR_PORT")


def test_an_address_of_another_machine_is_not_called_a_port_in_use() -> None:
    """Stopping other programs would not help."""
    with pytest.raises(CannotListen, match=r"^cannot listen on 192\.0\.2\.1, port \d+: "):
        ports.check("192.0.2.1", free_port(), "HABEAS_DOOR_PORT")


class Greets(BaseHTTPRequestHandler):
    """Answers, and says no more."""

    def do_HEAD(self) -> None:
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Keep quiet."""


def hang_up(mute: socket.socket) -> None:
    mute.accept()[0].close()


def test_a_process_is_up_once_it_answers() -> None:
    """One that took the port and hangs is not."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Greets) as server:
        serving = threading.Thread(target=server.serve_forever)
        serving.start()
        assert ports.answers("127.0.0.1", server.server_port)
        server.shutdown()
        serving.join()

    assert not ports.answers("127.0.0.1", server.server_port)
    with closing(socket.create_server(("127.0.0.1", 0))) as mute:
        silent = threading.Thread(target=hang_up, args=(mute,))
        silent.start()
        assert not ports.answers("127.0.0.1", mute.getsockname()[1])
        silent.join()


def test_the_help_names_every_command(run: Any) -> None:
    """And each its own help."""
    listed = run("--help").output
    for name in cli._COMMANDS:
        assert re.search(rf"(?m)^  {name} ", listed)
        assert run(name, "--help").exit_code == 0


def python(code: str, data: Path) -> str:
    return subprocess.run(
        [sys.executable, "-c", code],
        env={"PATH": "/usr/bin:/bin", "HABEAS_DATA": str(data), "PYTHONPATH": ":".join(sys.path)},
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()


def test_the_door_loads_nothing_of_the_staff_side(tmp_path: Path) -> None:
    """What is not there cannot be attacked, and it starts in a moment."""
    code = """
import sys
import habeas.door.rsgi, habeas.door.server, habeas.ops.cli
names = {name.partition(".")[0] for name in sys.modules} & {"django", "wagtail", "allauth", "sqlalchemy"}
staff = ("habeas.office", "habeas.cases", "habeas.campaigns", "habeas.delivery")
ours = {name for name in sys.modules if name.startswith(staff)}
print(sorted(names | ours), "habeas.vault.unseal" in sys.modules)
"""
    assert python(code, tmp_path) == "[] False"


def test_the_doors_are_told_how_wary_to_be_from_the_shell(run: Any, office: Config) -> None:
    """What the office's page shows and orders; the log keeps who answers for it."""
    write_status(office.status / "door-00.json", Status(serving=2))
    (office.status / "tally-00.json").write_bytes(b'{"asked":321,"early":17,"levels":{"free-selma":"wary"}}')
    write_mail_status(mail_status_path(office), MailStatus(due=12))
    said = run("door", "level", SELMA, "wary", "--by", "editor")
    status = json.loads(run("door", "status", "--json").output)

    assert said.output == f"{SELMA}: wary; every door worker follows within a second\n"
    assert status["serving"] == {"door-00": 2}
    assert status["tallies"]["door-00"]["asked"] == 321
    assert status["ordered"] == {SELMA: "wary"}
    assert status["mail"]["due"] == 12
    assert "17 too early" in run("door", "status").output
    logged = ModelLogEntry.objects.get(action="campaigns.level")
    assert (logged.user, logged.data["level"]) == (User.objects.get(username="editor"), "wary")


def test_a_case_is_taken_down_and_put_back_from_the_shell(run: Any, office: Config) -> None:
    """When there is no time for the office; a question first, unless told otherwise."""
    said = ("MR-2014-001", "--by", "editor", "--reason", "His family asks")
    assert run("case", "take-down", *said, answer="n\n").exit_code == 1
    result = run("case", "take-down", *said, "--yes", "--json")

    edition = current_edition(office)
    told = {"case": "MR-2014-001", "campaigns": [MKHAITIR], "edition": edition.manifest.number}
    assert json.loads(result.output) == told
    assert not any(b"Mkha" in body for name, body in edition.files.items() if name.endswith(".html"))

    back = run("case", "put-back", *said, "--yes")
    assert (
        back.output == f"MR-2014-001: put back; edition {edition.manifest.number + 1} shows it ({MKHAITIR})\n"
    )


def test_a_case_nobody_knows_is_not_taken_down(run: Any) -> None:
    """The reference has a slip."""
    with pytest.raises(HabeasError, match="there is no case MR-1"):
        raise run("case", "take-down", "MR-1", "--by", "editor", "--reason", "x", "--yes").exception


def test_an_update_is_told_from_the_shell(
    run: Any, office: Config, mkhaitir: Campaign, tmp_path: Path
) -> None:
    """From a file in every language, or one from options; corrected, and taken back."""
    file = tmp_path / "update.toml"
    file.write_text(
        '[en]\nsubject = "News"\ntext = "A day is set."\n[fr]\nsubject = "Date"\ntext = "Le 20."\n'
    )
    told = json.loads(
        run("campaign", "update", MKHAITIR, "--by", "editor", "--file", str(file), "--yes", "--json").output
    )
    name = told["update"]
    assert told["url"] == f"{DOOR}/en/c/{MKHAITIR}/updates/{name}/"
    assert {text.language for text in Update.objects.get().texts.all()} == {"en", "fr"}

    words = ("--language", "en", "--subject", "News", "--text", "Another day is set.")
    result = run("campaign", "update", MKHAITIR, "--by", "editor", *words, "--correct", name, answer="y\n")
    assert result.output.startswith(f"On the pages and feeds of {MKHAITIR} in en.")
    assert f"Update {name} stands in edition" in result.output
    gone = run("campaign", "take-back", MKHAITIR, name, "--by", "editor", "--reason", "Misheard", "--yes")
    assert "Taken back" in gone.output
    assert Update.objects.get().taken_back_on


def test_an_update_is_told_only_after_a_question(run: Any, mkhaitir: Campaign) -> None:
    """And what is wrong with it is said before."""
    words = ("--language", "en", "--subject", "Mkhaïtir", "--text", "A day is set.")
    asked = run("campaign", "update", MKHAITIR, "--by", "editor", *words, answer="n\n")
    assert "Before you publish: The subject in English names" in asked.output
    assert "the clerk has not said how many" in asked.output
    assert run("campaign", "update", MKHAITIR, "--by", "editor", "--yes").exit_code == 2
    unknown = run("campaign", "update", MKHAITIR, "--by", "editor", "--yes", "--language", "de", *words[2:])
    assert isinstance(unknown.exception, HabeasError)

    assert not Update.objects.exists()
