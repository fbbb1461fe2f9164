"""What an operator or another program relies on is written down, and what is written down is so."""

import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import msgspec
import pytest

from habeas.config import Config
from habeas.delivery.news_status import NewsStatus
from habeas.delivery.status import MailStatus
from habeas.edition import manifest
from habeas.edition.slots import COUNT, DAYS, FORM
from habeas.edition.status import Status
from habeas.ledger.counts import Counts, Taken, read_snapshot
from habeas.ledger.shown import NOTHING, Shown, read_shown, shown
from habeas.ops.cli import habeas
from look.states import render_language

ROOT = Path(__file__).parents[2]
FORMATS = ROOT / "docs" / "formats"
EXAMPLE = (ROOT / "habeas.example.toml").read_text(encoding="utf-8")
COMMANDS = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")


def every_command(group: click.Group, *above: str) -> Iterator[tuple[str, click.Command]]:
    """Yield (name, command) of every command a person can type."""
    with click.Context(group) as context:
        for name in group.list_commands(context):
            command = group.get_command(context, name)
            assert command
            if isinstance(command, click.Group):
                yield from every_command(command, *above, name)
            if not isinstance(command, click.Group) or command.invoke_without_command:
                yield " ".join(("habeas", *above, name)), command


ALL = dict(every_command(habeas))


def test_every_setting_stands_in_the_example_with_its_default() -> None:
    """Copying the example and changing nothing changes nothing."""
    assert tomllib.loads(EXAMPLE) == json.loads(msgspec.json.encode(Config()))


def test_every_state_of_the_pages_has_its_picture_and_its_line() -> None:
    """Whoever adds a state to the gallery, or takes one away, is reminded of docs/states.md."""
    told = (ROOT / "docs" / "states.md").read_text(encoding="utf-8")
    lines = re.findall(r"(?m)^\| (\S+) \| .+ \| \[sheet\]\(pictures/states/(\S+)\.webp\) \|$", told)
    sheets = {path.stem for path in (ROOT / "docs" / "pictures" / "states").iterdir()}

    assert {name for name, _ in lines} == {name for _, name in lines} == sheets
    assert sheets == {name for name, _ in render_language("en")}


def test_every_setting_of_the_example_is_explained_or_plain() -> None:
    """A section or a line says what it is for."""
    sections = re.split(r"(?m)^(?=\[)", EXAMPLE)
    for section in sections:
        assert "#" in section, section


@pytest.mark.parametrize("name", ALL)
def test_every_command_is_named_with_an_example(name: str) -> None:
    """In its own row: the name, and a line to copy."""
    [row] = [line for line in COMMANDS.splitlines() if line.startswith(f"| `{name}` |")]

    assert f"{name.removeprefix('habeas')}" in row.split("|")[3]


@pytest.mark.parametrize("name", ALL)
def test_every_option_is_named(name: str) -> None:
    """In the row of its command, or in the words above the rows."""
    options = [
        option for parameter in ALL[name].params for option in parameter.opts if option.startswith("--")
    ]
    hidden = {option for parameter in ALL[name].params for option in parameter.opts if is_hidden(parameter)}
    for option in set(options) - hidden:
        assert f"`{option}`" in COMMANDS or f"{option} " in COMMANDS


def is_hidden(parameter: click.Parameter) -> bool:
    return isinstance(parameter, click.Option) and parameter.hidden


def test_no_command_is_named_that_is_not_there() -> None:
    """A renamed one leaves no trace."""
    named = set(re.findall(r"(?m)^\| `(habeas [a-z -]+)` \|", COMMANDS))

    assert named == ALL.keys()


def test_every_format_has_its_page() -> None:
    """Those of the list, and whatever else the source refers to."""
    known = {"case", "journal", "envelope", "edition", "status", "count"}
    source = " ".join(path.read_text(encoding="utf-8") for path in (ROOT / "src").rglob("*.py"))
    referred = set(re.findall(r"docs/formats/([a-z]+)\.md", source))

    assert {path.stem for path in FORMATS.glob("*.md")} >= known | referred


@pytest.mark.parametrize(
    ("page", "kinds"),
    [
        (
            "edition",
            [
                manifest.Manifest,
                manifest.Card,
                manifest.CountRule,
                manifest.Running,
                manifest.Deadline,
                manifest.Page,
                manifest.Notice,
            ],
        ),
        ("status", [Status]),
        ("mail", [MailStatus]),
        ("news", [NewsStatus]),
        ("count", [Counts, Shown, Taken]),
    ],
)
def test_every_field_of_a_format_is_described(page: str, kinds: list[type[msgspec.Struct]]) -> None:
    """By its name."""
    text = (FORMATS / f"{page}.md").read_text(encoding="utf-8")
    for kind in kinds:
        for field in kind.__struct_fields__:
            assert f"`{field}`" in text, f"{kind.__name__}.{field}"


def test_the_page_of_the_edition_says_what_the_reader_asks_for() -> None:
    """Notices, errors, states, places and file names."""
    text = (FORMATS / "edition.md").read_text(encoding="utf-8")

    for word in (*manifest.NOTICES, *map(str, manifest.ERRORS), manifest.FILE, manifest.CHECKSUM):
        assert word in text
    for place in (FORM, COUNT, DAYS):
        assert place.decode() in text
    assert f"| `format` | `{manifest.FORMAT}` |" in text


def examples(page: str) -> list[Any]:
    """Return the JSON examples of a page."""
    text = (FORMATS / f"{page}.md").read_text(encoding="utf-8")
    return [json.loads(line) for line in re.findall(r"(?m)^    (\{.*\})$", text)]


def test_the_examples_are_ones_we_would_read(tmp_path: Path) -> None:
    """Not a field out of date."""
    [status] = examples("status")
    assert msgspec.convert(status, Status).refused == 12

    [asked] = examples("news")
    assert msgspec.convert(asked, NewsStatus).wanted_of("00112233aabbccdd")["ar"] == 34

    [waiting] = examples("mail")
    assert msgspec.convert(waiting, MailStatus).domain == 2980

    live, in_steps, nothing, for_door, for_office = examples("count")
    (tmp_path / "counts.json").write_text(json.dumps(for_door))
    (tmp_path / "confirmed.json").write_text(json.dumps(for_office))
    [told], kept = read_shown(tmp_path / "counts.json").values(), read_snapshot(tmp_path / "confirmed.json")
    [counts], [taken] = kept.counts.values(), kept.taken.values()
    assert counts.total == sum(counts.by_country.values()) == sum(counts.by_language.values())
    assert shown(manifest.CountRule(), counts, taken) == told == msgspec.convert(live, Shown)
    assert msgspec.to_builtins(Shown(300)) == in_steps
    assert msgspec.to_builtins(NOTHING) == nothing
