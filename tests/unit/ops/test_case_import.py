"""`habeas case import` and `export`, as an operator and a script meet them."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from habeas.cases.models import Case
from habeas.config import Config
from habeas.ops.cli import habeas
from office_site import DOOR

LIST = """Name;Status;Date;Country;URL
Selma Haddad;Imprisoned;January 2014;Syria;https://list.example/selma
Idris Haddad;Killed;03/04/2014;DR Congo;https://list.example/idris
Zoë Müller;Harassed;2016;Germany;=cmd()
"""


@pytest.fixture
def case(office: Config) -> Any:
    """Run `habeas case …` in the demonstration."""

    def command(*arguments: str) -> Any:
        told = {"HABEAS_DATA": str(office.data), "HABEAS_SITE_URL": DOOR}
        return CliRunner().invoke(habeas, ("case", *arguments), env=told)

    return command


@pytest.fixture
def listing(tmp_path: Path) -> str:
    (tmp_path / "list.csv").write_text(LIST, encoding="utf-8")
    return str(tmp_path / "list.csv")


def test_without_yes_a_list_is_only_looked_at(case: Any, listing: str) -> None:
    """A mapping is proposed, problems are shown, and nothing is written."""
    before = Case.objects.count()
    told = case("import", listing).output

    assert 'name = "Name"' in told
    assert '"Harassed" = "ask"' in told
    assert "line 3, Date: '03/04/2014': 3 April 2014 or 4 March 2014?" in told
    assert "3 rows read: 1 would be imported, 0 known already, 2 refused." in told
    assert "--yes" in told
    assert Case.objects.count() == before


def test_a_script_gets_one_object(case: Any, listing: str, tmp_path: Path) -> None:
    """With every refused row, and nothing else on standard output."""
    refused = tmp_path / "refused.csv"
    first = case("import", listing, "--yes", "--json", "--refused", str(refused))
    told = json.loads(first.stdout)
    again = json.loads(case("import", listing, "--yes", "--json").stdout)

    assert (told["rows"], told["new"], told["known"], told["dry_run"]) == (3, 1, 0, False)
    assert [(one["row"], one["column"], one["value"]) for one in told["refused"]] == [
        (3, "Date", "03/04/2014"),
        (4, "Status", "Harassed"),
    ]
    assert (again["new"], again["known"]) == (0, 1)
    with refused.open(encoding="utf-8-sig", newline="") as file:
        assert [row["row"] for row in csv.DictReader(file)] == ["3", "4"]


def test_the_proposal_can_be_saved_and_completed(case: Any, listing: str, tmp_path: Path) -> None:
    """And then every row goes in."""
    told = json.loads(case("import", listing, "--dry-run", "--json").stdout)
    mapping = tmp_path / "list.toml"
    decided = told["mapping"].replace('"Harassed" = "ask"', '"Harassed" = "summons"')
    mapping.write_text(decided.replace('date_order = "ask"', 'date_order = "day-first"'))

    done = json.loads(case("import", listing, "--mapping", str(mapping), "--yes", "--json").stdout)

    assert told["dry_run"]
    assert (done["new"], done["refused"], done["proposed"]) == (3, [], False)


def test_a_table_that_names_nobody_says_what_is_missing(case: Any, tmp_path: Path) -> None:
    """With a mapping to complete."""
    (tmp_path / "list.csv").write_text("Alpha,Beta\n1,2\n")

    refused = case("import", str(tmp_path / "list.csv"), "--yes")

    assert refused.exit_code == 1
    assert "which column has the person's name?" in refused.output
    assert "A column can be: name, other_name" in refused.output


def test_a_case_file_can_be_tried_first(case: Any, mkhaitir_file: str, tmp_path: Path) -> None:
    """Read and checked, and not written."""
    path = tmp_path / "case.yaml"
    path.write_text(mkhaitir_file.replace("MR-2014-001", "MR-2014-002"))

    told = json.loads(case("import", str(path), "--dry-run", "--json").stdout)

    assert told == {"case": "MR-2014-002", "created": False, "dry_run": True}
    assert not Case.objects.filter(ref="MR-2014-002").exists()


def test_a_case_is_exported_into_a_folder(case: Any, tmp_path: Path) -> None:
    """And the command says what is in it, and what is not."""
    told = json.loads(case("export", "MR-2014-001", "--to", str(tmp_path / "out"), "--csv", "--json").stdout)

    assert (told["cases"], told["records"]["event"]) == (1, 22)
    assert (tmp_path / "out" / "README.md").is_file()
    assert "Mkhaïtir" in (tmp_path / "out" / "cases.csv").read_text(encoding="utf-8-sig")
