"""`habeas case show`: how a case stands, for people and for scripts."""

import json
from typing import Any

import pytest
from click.testing import CliRunner

from habeas.cases.queries import NotRecorded
from habeas.config import Config
from habeas.ops.cli import habeas
from office_site import DOOR


@pytest.fixture
def show(office: Config) -> Any:
    """Run `habeas case show` in the demonstration."""

    def command(*arguments: str) -> Any:
        told = {"HABEAS_DATA": office.data, "HABEAS_SITE_URL": DOOR}
        return CliRunner().invoke(habeas, ("case", "show", *arguments), env=told)

    return command


def test_a_person_reads_where_another_person_stood(show: Any) -> None:
    """In words, with the events they rest on, and how long it had lasted."""
    told = show("MR-2014-001", "--on", "2018-06-01").output

    assert (
        "in custody, whereabouts undisclosed, held past the legal end of the sentence (ESF 25: 020204)"
        in told
    )
    assert "liberty        custody: Arrest, 5 January 2014 [20]" in told
    assert "(WGAD category I)" in told
    assert "1,608 days (4 years, 4 months, 27 days); day 1,609; more than 4 years" in told
    assert "by counsel-letter: 1,611 days" in told
    assert told.endswith("The events fit together.\n")


def test_a_script_reads_the_same(show: Any) -> None:
    """With the identifiers of the events."""
    told = json.loads(show("MR-2014-001", "--on", "2018-06-01", "--json").output)
    [person] = told["persons"]
    seq = {row["event"]: row["seq"] for row in told["timeline"]}

    assert (told["case"], told["on"], told["findings"]) == ("MR-2014-001", "2018-06-01", [])
    assert person["liberty"]["state"] == "custody"
    [past] = [label for label in person["labels"] if label["key"] == "held_past_legal_end"]
    assert (past["wgad"], [seq[event] for event in past["events"]]) == ("I", [20, 130])


def test_without_a_day_it_is_today(show: Any) -> None:
    """The invented case goes on: her days in detention are counted."""
    assert "in custody, in pre-trial detention" in show("AQ-2025-001").output
    assert "; day " in show("AQ-2025-001").output


@pytest.mark.parametrize("day", ["yesterday", "2018-13-01", "1.6.2018"])
def test_what_is_no_day_is_refused(show: Any, day: str) -> None:
    """With what to write instead."""
    refused = show("MR-2014-001", "--on", day)

    assert refused.exit_code == 2
    assert "%Y-%m-%d" in refused.output


def test_a_case_that_is_not_there_is_said_so(show: Any) -> None:
    """By its reference."""
    assert isinstance(show("XX-1").exception, NotRecorded)
