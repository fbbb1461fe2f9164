"""Settings: what is given is taken, and what cannot be meant is refused with the key's name."""

import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from habeas.config import BadConfig, Config, load
from habeas.config.load import variable


@pytest.fixture(autouse=True)
def _nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the developer's own habeas.toml out of it."""
    monkeypatch.chdir(tmp_path)


def read(text: str, environ: Mapping[str, str] | None = None) -> Config:
    """Return the configuration of a habeas.toml that says `text`."""
    Path("habeas.toml").write_text(text, encoding="utf-8")
    return load(environ or {})


def test_without_a_file_everything_has_its_default() -> None:
    """`habeas demo` needs nothing."""
    assert load({}) == Config()


def test_a_file_in_the_working_folder_is_read_by_itself() -> None:
    """And one named by HABEAS_CONFIG instead of it."""
    Path("other.toml").write_text("door.port = 9001\n")

    assert read("[door]\nport = 9000\n").door.port == 9000
    assert load({"HABEAS_CONFIG": "other.toml"}).door.port == 9001


def test_the_environment_is_read_when_none_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    """As the commands do."""
    monkeypatch.setenv("HABEAS_SITE_NAME", "Free Voices")

    assert load().site.name == "Free Voices"


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("HABEAS_DATA", "/srv/habeas", ("data", "/srv/habeas")),
        ("HABEAS_SITE_NAME", "  Free Voices", ("site.name", "  Free Voices")),
        ("HABEAS_SITE_LANGUAGES", "fr, ar,", ("site.languages", ("fr", "ar"))),
        ("HABEAS_DOOR_PORT", "9000", ("door.port", 9000)),
        ("HABEAS_OFFICE_URL", "https://staff.example.org", ("office.url", "https://staff.example.org")),
        ("HABEAS_MAIL_TRANSPORT", "folder", ("mail.transport", "folder")),
        ("HABEAS_RETENTION_CONFIRM_HOURS", "24", ("retention.confirm_hours", 24)),
    ],
)
def test_a_variable_goes_before_the_file(name: str, text: str, value: tuple[str, object]) -> None:
    """Containers are set up by variables."""
    config = read('data = "elsewhere"\n[door]\nport = 8888\n', {name: text})
    found: object = config
    for part in value[0].split("."):
        found = getattr(found, part)

    assert found == value[1]


def test_variables_of_other_programs_are_theirs() -> None:
    """Only what begins with our name is ours."""
    assert load({"HABEASX": "1", "PATH": "/bin", "DOOR_PORT": "1"}) == Config()


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("colour = 'red'", "colour"),
        ("[site]\ncolour = 'red'", "site.colour"),
        ("[doors]\nport = 1", "doors"),
        ("[door]\nport = '9000'", "door.port"),
        ("[door]\nport = 0", "door.port"),
        ("[door]\nport = 70000", "door.port"),
        ("[door]\nport = true", "door.port"),
        ("[door]\nworkers = 0", "door.workers"),
        ("door = 5", "door"),
        ("data = ['a']", "data"),
        ("[site]\nlanguages = []", "site.languages"),
        ("[site]\nlanguages = 'en'", "site.languages"),
        ("[site]\nlanguages = ['en', 5]", "site.languages"),
        ("[site]\nlanguages = ['en', 'tlh']", "site.languages"),
        ("[site]\nlanguages = ['en', 'fr', 'en']", "site.languages"),
        ("[site]\nurl = 'act.example.org'", "site.url"),
        ("[site]\nurl = 'ftp://act.example.org'", "site.url"),
        ("[site]\nurl = 'https://'", "site.url"),
        ("[site]\nurl = 'https://act.example.org/petitions'", "site.url"),
        ("[site]\nurl = 'https://act.example.org:port'", "site.url"),
        ("[site]\nurl = 'https://[act'", "site.url"),
        ("[site]\nurl = 'https://act.example.org/?x=1'", "site.url"),
        ("[office]\nurl = 'staff'", "office.url"),
        ("[mail]\ntransport = 'pigeon'", "mail.transport"),
        ("[mail]\nsecurity = 'ssl'", "mail.security"),
        ("[mail]\nsender = 'Habeas'", "mail.sender"),
        ('[mail]\nsender = "Habeas <actions@example.org>\\nBcc: omar@example.org"', "mail.sender"),
        ("[mail]\nper_hour = 0", "mail.per_hour"),
        ("[mail]\nper_hour_domain = 0", "mail.per_hour_domain"),
        ("[mail]\nper_hour_large = -1", "mail.per_hour_large"),
        ("[retention]\nunconfirmed_days = 91", "retention.unconfirmed_days"),
        ("[retention]\nconfirm_hours = 0", "retention.confirm_hours"),
        ("[retention]\nconfirm_hours = 1.5", "retention.confirm_hours"),
    ],
)
def test_what_no_setting_can_be_is_refused_by_name(text: str, key: str) -> None:
    """Nothing is guessed, nothing ignored: the operator reads which line to mend."""
    with pytest.raises(BadConfig) as refused:
        read(text)

    assert str(refused.value).startswith(f"{key}")


@pytest.mark.parametrize("section", ["site", "door", "office", "mail", "retention"])
def test_a_misspelt_setting_is_refused_in_every_section(section: str) -> None:
    """It would otherwise run with the default, and nobody would know."""
    with pytest.raises(BadConfig, match=rf"^{section}\.prot: there is no such setting$"):
        read(f"[{section}]\nprot = 9000")


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("[door]\nport = 8001", "office.port"),
        ("[door]\nport = 8001\nhost = '0.0.0.0'", "office.port"),
        ("[mail]\ntransport = 'smtp'", "mail.host"),
        ("[mail]\nuser = 'habeas'", "mail.user"),
        ("[mail]\npassword = 'secret'", "mail.user"),
        ("[mail]\nuser = 'habeas'\npassword = 'secret'\nsecurity = 'none'", "mail.security"),
        ("[site]\nurl = 'https://a.org'\n[office]\nurl = 'https://a.org/'", "office.url"),
        ("[site]\nurl = 'https://a.org'\n[office]\nurl = 'https://A.ORG'", "office.url"),
        ("[office]\nurl = 'http://127.0.0.1:8000'", "office.url"),
    ],
)
def test_settings_that_cannot_stand_together_are_refused(text: str, key: str) -> None:
    """Each alone would be fine."""
    with pytest.raises(BadConfig) as refused:
        read(text)

    assert str(refused.value).startswith(f"{key}:")


def test_a_refusal_keeps_the_secret() -> None:
    """What goes to the terminal may be copied into a chat."""
    with pytest.raises(BadConfig) as refused:
        read("[mail]\npassword = 'hunter2'\n")

    assert "hunter2" not in str(refused.value)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("HABEAS_COLOUR", "red"),
        ("HABEAS_DOOR_COLOUR", "red"),
        ("HABEAS_DOOR", "red"),
        ("HABEAS_DOOR_PORT", "many"),
        ("HABEAS_DOOR_PORT", ""),
        ("HABEAS_MAIL_SECURITY", "ssl"),
        ("HABEAS_COLOUR_FILE", "/dev/null"),
        ("HABEAS_MAIL_PASSWORD_FILE", "/nowhere/password"),
        ("HABEAS_MAIL_PASSWORD_FILE", "."),
    ],
)
def test_a_variable_that_means_nothing_is_refused_by_name(name: str, text: str) -> None:
    """A slip in a container's settings stops it, instead of running it with a default."""
    with pytest.raises(BadConfig, match=f"^{name}: "):
        load({name: text})


def test_a_secret_is_read_from_its_file(tmp_path: Path) -> None:
    """Docker, systemd and Kubernetes hand secrets over as files; their last newline is not part of it."""
    secret = tmp_path / "password"
    secret.write_text("correct horse\n")
    config = load({"HABEAS_MAIL_PASSWORD_FILE": str(secret), "HABEAS_MAIL_USER": "habeas"})

    assert config.mail.password == "correct horse"


def test_any_setting_may_come_from_a_file(tmp_path: Path) -> None:
    """Of any type."""
    number = tmp_path / "port"
    number.write_text("9000\n")

    assert load({"HABEAS_DOOR_PORT_FILE": str(number)}).door.port == 9000


def test_a_secret_file_that_is_not_text_is_refused(tmp_path: Path) -> None:
    """By the variable's name."""
    secret = tmp_path / "password"
    secret.write_bytes(b"\xff\xfe")
    with pytest.raises(BadConfig, match=r"^HABEAS_MAIL_PASSWORD_FILE: "):
        load({"HABEAS_MAIL_PASSWORD_FILE": str(secret)})


@pytest.mark.parametrize("name", ["missing.toml", "."])
def test_a_named_file_has_to_be_there(name: str) -> None:
    """A wrong path must not mean an installation of defaults."""
    with pytest.raises(BadConfig, match="HABEAS_CONFIG"):
        load({"HABEAS_CONFIG": name})


@pytest.mark.parametrize("content", [b"[door", b"port = \xff", b"a = 1\na = 2"])
def test_a_file_that_is_not_toml_is_refused(content: bytes) -> None:
    """With its name and place."""
    Path("habeas.toml").write_bytes(content)
    with pytest.raises(BadConfig, match=r"habeas\.toml is not valid TOML"):
        load({})


def test_everything_written_is_inside_the_data_folder() -> None:
    """One folder to back up, one to delete; and it does not move with the working folder."""
    config = read("data = 'here'")
    inside = [
        *(config.keys, config.journal, config.editions, config.counts, config.confirmed, config.status),
        *(config.store, config.office_database, config.mailbox),
    ]
    folder = Path.cwd() / "here"
    os.chdir("/")

    assert all(path.is_relative_to(folder) for path in inside)


@pytest.mark.parametrize(
    ("text", "door", "office"),
    [
        ("", "http://127.0.0.1:8000", "http://127.0.0.1:8001"),
        ("[site]\nurl = 'https://act.example.org/'", "https://act.example.org", "http://127.0.0.1:8001"),
        ("[door]\nhost = '::1'", "http://[::1]:8000", "http://127.0.0.1:8001"),
        ("[office]\nhost = '::'", "http://127.0.0.1:8000", "http://[::]:8001"),
    ],
)
def test_the_addresses_people_and_staff_use(text: str, door: str, office: str) -> None:
    """They go into mails as they are: no slash at the end, and brackets where IPv6 needs them."""
    config = read(text)

    assert (config.door_url, config.office_url) == (door, office)


def test_every_setting_has_a_variable_of_its_own() -> None:
    """[door] port is HABEAS_DOOR_PORT; a top-level one has no section in it."""
    assert variable("door", "port") == "HABEAS_DOOR_PORT"
    assert variable("", "data") == "HABEAS_DATA"
