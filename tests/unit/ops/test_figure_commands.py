"""`habeas figure`: numbers for people and for scripts."""

import json
from typing import Any

import pytest
from click.testing import CliRunner

from figures_cast import a_case, an_event
from habeas.cases.figures.counting import digest
from habeas.config import Config
from habeas.ops.cli import habeas
from office_site import DOOR

ASKED = ("--question", "How many arrests in 2024?", "--unit", "events", "--event", "arrest")
WINDOW = ("--since", "2024-01-01", "--until", "2024-12-31", "--wording", "en={number} arrests in 2024")


@pytest.fixture
def figure(office: Config) -> Any:
    """Run `habeas figure` in the demonstration."""

    def command(*arguments: str) -> Any:
        told = {"HABEAS_DATA": office.data, "HABEAS_SITE_URL": DOOR}
        return CliRunner().invoke(habeas, ("figure", *arguments), env=told)

    return command


@pytest.fixture
def arrests(figure: Any) -> list[str]:
    case = a_case()
    made = [str(an_event(case, when).pk) for when in ("2024-05-01", "2024-06-01", "2024/2025")]
    defined = figure("define", "arrests", *ASKED, *WINDOW, "--by", "editor")
    assert defined.exit_code == 0, defined.output
    return made


def test_a_script_reads_number_bounds_and_members(figure: Any, arrests: list[str]) -> None:
    told = json.loads(figure("show", "arrests", "--json").output)

    assert (told["slug"], told["question"], told["unit"]) == (
        "arrests",
        "How many arrests in 2024?",
        "events",
    )
    assert (told["value"], told["lower"], told["upper"], told["qualifier"]) == (2, 2, 3, "at least")
    assert told["members"] == sorted(arrests)
    assert (told["uncertain"], told["sha256"]) == ([arrests[2]], digest(arrests))
    assert told["published"] is None
    assert len(told["as_of"]) == 10


def test_a_person_reads_the_same(figure: Any, arrests: list[str]) -> None:
    told = figure("show", "arrests").output

    assert "arrests: How many arrests in 2024?" in told
    assert "bounds         2 to 3" in told
    assert "may be said    at least 2" in told
    assert "nothing yet: no page may cite it" in told


def test_an_approved_number_is_shown_with_who_answers_for_it(figure: Any, arrests: list[str]) -> None:
    approved = figure(
        "approve", "arrests", "--number", "1", "--qualifier", "over", "--by", "editor", "--json"
    )
    assert json.loads(approved.output) == {"slug": "arrests", "value": 1, "qualifier": "over"}

    published = json.loads(figure("show", "arrests", "--json").output)["published"]
    assert (published["value"], published["approver"], published["holds"]) == (1, "editor", True)
    assert "over 1, as of" in figure("show", "arrests").output


def test_more_than_we_know_is_refused_and_nothing_is_kept(figure: Any, arrests: list[str]) -> None:
    refused = figure("approve", "arrests", "--number", "2", "--qualifier", "over", "--by", "editor")

    assert refused.exit_code == 2
    assert "“over 2” is more than we know: between 2 and 3" in refused.output
    assert "nothing yet" in figure("show", "arrests").output


def test_a_number_of_another_body_says_whose_it_is(figure: Any) -> None:
    told = json.loads(figure("show", "mauritania-hrd-arrests", "--json").output)

    assert (told["kind"], told["value"], told["qualifier"], told["members"]) == ("cited", 168, "over", [])
    assert "Amnesty International" in told["source"]
    assert "Amnesty International" in figure("show", "mauritania-hrd-arrests").output


def test_a_figure_that_is_not_there_is_said_so_in_one_sentence(figure: Any, arrests: list[str]) -> None:
    """With those there are."""
    for arguments in (("show", "nothing"), ("show", "nothing", "--json")):
        refused = figure(*arguments)
        assert refused.exit_code == 2
        assert refused.output.strip() == (
            "Error: there is no figure nothing; there are: arrests, mauritania-hrd-arrests"
        )


def test_a_bad_question_is_refused(figure: Any) -> None:
    refused = figure("define", "bad", "--question", "?", "--unit", "mice", "--event", "x", "--by", "editor")

    assert refused.exit_code == 2
    assert "Not kinds of events: x" in refused.output


def test_figures_are_listed(figure: Any, arrests: list[str]) -> None:
    assert json.loads(figure("list", "--json").output) == {"figures": ["arrests", "mauritania-hrd-arrests"]}
    assert "arrests\n" in figure("list").output
