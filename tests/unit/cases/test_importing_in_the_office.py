"""A researcher imports a list in the browser: columns, what is unclear, what would come of it, the cases."""

import csv
import io
import os
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import Workbook

from habeas.cases import import_forms, import_views, uploads
from habeas.cases.models import Case, Event, PersonName
from habeas.config import Config
from registry_cast import Cast, office_only

HEADER = ("Name", "Status", "Date", "Country", "Remarks of ours")
SELMA = ("Selma Amari", "Imprisoned", "5 January 2014", "Syria", "")
ROLES = {  # and whether they may add cases
    "administrator": True,
    "teammate": True,
    "named": True,
    "outsider": True,
    "collector": False,
    "reader": False,
}
IDRIS = ("Idris Haddad", "Killed", "2015", "Chad", "by car")


def logged_in(client: Client, user: User) -> Client:
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.fixture
def office(client: Client, cast: Cast, installation: Config) -> Client:
    return logged_in(client, cast.teammate)


def table(*rows: tuple[str, ...], header: tuple[str, ...] = HEADER, name: str = "list.csv") -> Any:
    out = io.StringIO()
    csv.writer(out).writerows([header, *rows])
    return SimpleUploadedFile(name, out.getvalue().encode())


def token_of(answer: Any) -> str:
    assert answer.status_code == 302, answer.context["form"].errors
    return str(answer.url).split("/")[-3]


def upload(office: Client, file: Any, **more: Any) -> str:
    return token_of(office.post(reverse("cases_import"), {"file": file, **more}))


def screen(name: str, token: str) -> str:
    return reverse(f"cases_import_{name}", args=[token])


def answers(office: Client, url: str) -> dict[str, Any]:
    """Return what the form of a screen says as it is shown."""
    form = office.get(url).context["form"]
    return {name: form[name].value() or "" for name in form.fields}


def looked_at(office: Client, *rows: tuple[str, ...], **told: Any) -> tuple[str, Any]:
    """Upload a list, take the columns as they are guessed, and return its token and what would come of it."""
    token = upload(office, table(*rows))
    columns = screen("columns", token)
    assert office.post(columns, {**answers(office, columns), **told}).status_code == 302
    return token, office.get(screen("check", token))


def test_a_researcher_imports_a_list_without_a_shell(office: Client, cast: Cast) -> None:
    """From the file to the cases, which are for their team alone, and the researcher is in it."""
    token, shown = looked_at(office, SELMA, IDRIS)
    assert (shown.context["outcome"].new, Case.objects.count()) == (2, 0)

    done = office.post(screen("run", token), follow=True)

    assert b"Selma Amari, Syria" in done.content
    assert {case.created_by for case in Case.objects.all()} == {cast.teammate}
    assert all(cast.teammate in case.team.all() for case in Case.objects.all())
    assert set(Event.objects.values_list("type", "date_edtf")) == {
        ("arrest", "2014-01-05"),
        ("death", "2015"),
    }


def test_an_excel_table_is_read_as_well(office: Client) -> None:
    book, out = Workbook(), io.BytesIO()
    assert book.active is not None
    for row in (HEADER, SELMA):
        book.active.append(row)
    book.save(out)
    token = upload(office, SimpleUploadedFile("list.xlsx", out.getvalue()))
    columns = screen("columns", token)
    office.post(columns, answers(office, columns))

    office.post(screen("run", token))

    assert PersonName.objects.get().text == "Selma Amari"


def test_each_column_is_shown_with_three_of_its_values_and_a_guess(office: Client) -> None:
    token = upload(office, table(SELMA, IDRIS, ("A", "B", "C", "D", ""), ("E", "F", "G", "H", "")))
    form = office.get(screen("columns", token)).context["form"]

    told = [(field.label, field.value(), samples) for field, samples in form.columns()]
    assert told[0] == ("Name", "name", ["Selma Amari", "Idris Haddad", "A"])
    assert told[4] == ("Remarks of ours", "", ["by car"])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"column-0": ""}, "Which column has the person"),
        ({"column-1": ""}, "What happened?"),
        ({"column-3": ""}, "Where?"),
        ({"column-4": "name"}, "are both"),
        ({"as_of": "soon"}, "is not a date"),
    ],
)
def test_what_a_list_must_tell_is_asked_for_in_plain_words(
    office: Client, change: dict[str, str], said: str
) -> None:
    columns = screen("columns", upload(office, table(SELMA)))
    shown = office.post(columns, {**answers(office, columns), **change})

    assert shown.status_code == 200
    assert said in shown.content.decode()


def test_one_answer_may_hold_for_all_rows(office: Client) -> None:
    """A list of prisoners of one country has no column for either."""
    token, shown = looked_at(
        office, SELMA, **{"column-1": "", "status": "detention", "column-3": "", "country": "LY"}
    )
    office.post(screen("run", token))

    assert shown.context["outcome"].new == 1
    assert (Event.objects.get().type, Case.objects.get().country) == ("detention", "LY")


def test_a_date_that_can_be_two_days_is_asked_about_and_never_guessed(office: Client) -> None:
    """Also where another date of the column gives a hint."""
    token, shown = looked_at(
        office, (*SELMA[:2], "03/04/2014", *SELMA[3:]), (*IDRIS[:2], "25/12/2014", *IDRIS[3:])
    )
    assert shown.context["outcome"].new == 1
    assert "25/12/2014 (line 3) can only be day-first" in shown.content.decode()

    office.post(screen("check", token), {"order-date": "month-first"})
    assert "can only be" in office.get(screen("check", token)).content.decode()
    office.post(screen("check", token), {"order-date": "day-first"})
    office.post(screen("run", token))

    assert set(Event.objects.values_list("date_edtf", flat=True)) == {"2014-04-03", "2014-12-25"}


def test_words_and_countries_nobody_knows_are_asked_about(office: Client) -> None:
    """Left alone, their rows are refused; answered, they are read so."""
    token, shown = looked_at(office, ("Selma Amari", "Harassed", "2014", "Congo", ""), IDRIS)
    form = shown.context["form"]
    assert [field.label for field in (*form.words(), *form.countries())] == ["“Harassed”", "“Congo”"]
    assert shown.context["outcome"].new == 1

    office.post(screen("check", token), {"word-0": "summons", "country-0": "CD"})

    assert office.get(screen("check", token)).context["outcome"].new == 2


def test_one_refused_row_hurts_no_other_and_is_told_in_plain_words(office: Client) -> None:
    """With its line, column, value and reason; and no word of mapping files."""
    bad = [
        ("A", "", "2014", "Syria", ""),
        ("B", "Harassed", "2014", "Syria", ""),
        ("C", "Killed", "03/04/2014", "Syria", ""),
        ("D", "Killed", "2014", "", ""),
        ("E", "Killed", "2014", "Congo", ""),
        ("F", "Killed", "2014", "Nowhereland", ""),
        ("G", "Killed", "31/31/2014", "Syria", ""),
    ]
    token, shown = looked_at(office, *bad, IDRIS)

    told = shown.context["refused"]
    assert [one.row for one in told] == [2, 3, 4, 5, 6, 7, 8]
    for one in told:
        assert not any(word in one.reason for word in ("[", "mapping", "date_order")), one.reason
    office.post(screen("run", token))
    assert PersonName.objects.get().text == "Idris Haddad"


def test_refused_rows_are_handed_out_as_a_table_that_runs_nothing(office: Client) -> None:
    """A cell that a spreadsheet would run stays a text."""
    token, _ = looked_at(office, ("A", "=cmd()", "2014", "Syria", ""))
    answer = office.get(screen("refused", token))

    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0] == ["row", "column", "value", "reason"]
    assert rows[1][:3] == ["2", "Status", "'=cmd()"]


def test_a_list_imported_again_brings_only_what_is_new(office: Client) -> None:
    """And says which rows were changed since."""
    token, _ = looked_at(office, SELMA)
    office.post(screen("run", token))
    _, shown = looked_at(office, SELMA, IDRIS)

    outcome = shown.context["outcome"]
    assert (outcome.known, outcome.new) == (1, 1)


def test_the_next_edition_of_a_list_is_read_as_the_last(office: Client) -> None:
    """What was decided about its words is not asked again."""
    token, _ = looked_at(office, ("Selma Amari", "Harassed", "2014", "Syria", ""))
    office.post(screen("check", token), {"word-0": "summons"})
    office.post(screen("run", token), {"keep": "on"})
    (kept,) = [
        name
        for name, _title in office.get(reverse("cases_import")).context["form"].fields["kept"].choices
        if name
    ]

    token = upload(office, table(("Idris Haddad", "Harassed", "2015", "Chad", "")), kept=kept)

    assert office.get(screen("check", token)).context["outcome"].new == 1


def test_a_mapping_of_the_shell_is_taken_in_the_office(office: Client) -> None:
    toml = b'[columns]\nname = "Name"\nstatus = "Status"\ncountry = "Country"\n'
    token = upload(office, table(SELMA), mapping=SimpleUploadedFile("m.toml", toml))
    assert office.get(screen("check", token)).context["outcome"].new == 1

    other = b'[columns]\nname = "Nobody"\nstatus = "Status"\ncountry = "Country"\n'
    refused = office.post(
        reverse("cases_import"), {"file": table(SELMA), "mapping": SimpleUploadedFile("m.toml", other)}
    )
    assert b"the table has no column" in refused.content


def not_here(client: Client, token: str) -> bool:
    """Tell whether somebody is led to upload it again, by every screen of a table."""
    asked = [
        client.get(screen(name, token), follow=True) for name in ("columns", "check", "refused", "mapping")
    ]
    sent = [client.post(screen(name, token), follow=True) for name in ("run", "cancel")]
    return all("upload it again" in answer.content.decode() for answer in (*asked, *sent))


def files(installation: Config) -> list[Path]:
    return [path for path in installation.uploads.rglob("*") if path.is_file()]


def test_what_was_uploaded_is_for_its_owner_alone_and_goes_with_the_import(
    office: Client, cast: Cast, installation: Config
) -> None:
    """Nobody else's screen opens it, and no other user of the machine reads it."""
    token, _ = looked_at(office, SELMA)
    assert {path.stat().st_mode & 0o777 for path in files(installation)} == {0o600}
    assert "list" not in str(files(installation))
    other = logged_in(Client(), cast.administrator)
    assert not_here(other, token)

    office.post(screen("run", token))

    assert files(installation) == []
    assert not_here(office, token)


def test_whoever_cancels_leaves_nothing_behind(office: Client, installation: Config) -> None:
    token, _ = looked_at(office, SELMA)
    office.post(screen("cancel", token))

    assert files(installation) == []
    assert not Case.objects.exists()


def test_a_table_left_lying_is_gone_after_a_day(office: Client, installation: Config) -> None:
    """The next person who uploads one removes it."""
    old = upload(office, table(SELMA))
    path = installation.uploads / old / "table.csv"
    os.utime(path, (path.stat().st_mtime - 86_401,) * 2)
    young = upload(office, table(IDRIS))

    assert [one.name for one in installation.uploads.iterdir()] == [young]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b"\xd0\xcf\x11\xe0 old", "list.csv is an old Excel file"),
        (b"PK\x03\x04 no zip", "list.csv is no XLSX"),
        (b"%PDF-1.7 a list", "list.csv is a PDF"),
        (b"\x89PNG\r\n\x1a\n", "list.csv is a picture"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "list.csv is a picture"),
    ],
)
def test_what_is_no_table_is_refused_by_its_own_name(
    office: Client, installation: Config, content: bytes, said: str
) -> None:
    shown = office.post(reverse("cases_import"), {"file": SimpleUploadedFile("list.csv", content)})

    assert said in shown.content.decode()
    assert files(installation) == []


def test_a_file_too_large_for_the_office_is_refused_with_a_way_out(
    office: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_forms, "LARGEST", 10)
    shown = office.post(reverse("cases_import"), {"file": table(SELMA)})

    assert "habeas case import" in shown.content.decode()


def test_a_list_too_long_for_a_browser_is_sent_to_the_shell(
    office: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the command, the mapping that was made on the screen, and another way for who has no shell."""
    monkeypatch.setattr(import_views, "MOST_ROWS", 1)
    token, shown = looked_at(office, SELMA, IDRIS)

    assert "habeas case import list.csv --mapping" in shown.content.decode()
    assert "into parts of at most 1 rows" in shown.content.decode()
    assert b'country = "Country"' in office.get(screen("mapping", token)).content
    office.post(screen("run", token))
    assert not Case.objects.exists()


@pytest.mark.parametrize("role", ROLES)
def test_a_table_is_imported_by_whoever_may_add_cases(
    client: Client, cast: Cast, installation: Config, role: str
) -> None:
    """And the menu shows the way to nobody else."""
    office_only(cast.reader)
    person = getattr(cast, role)
    office, may = logged_in(client, person), ROLES[role]
    kept = uploads.keep([b"Name\nSelma\n"], "list.csv", by=person)

    assert (office.get(reverse("cases_import")).status_code == 200) == may
    for name in ("columns", "check", "refused", "mapping"):
        assert may or office.get(screen(name, kept.token)).status_code == 302
    for name in ("run", "cancel"):
        assert may or office.post(screen(name, kept.token)).status_code == 302
    assert kept.path.exists()
    assert (reverse("cases_import") in office.get(reverse("wagtailadmin_home")).content.decode()) == may


def test_the_cases_of_an_import_are_shown_to_whoever_reads_them(office: Client, cast: Cast) -> None:
    """The address alone tells nobody else anything."""
    token, _ = looked_at(office, SELMA)
    address = office.post(screen("run", token)).headers["Location"]

    assert office.get(address).status_code == 200
    assert logged_in(Client(), cast.outsider).get(address).status_code == 404
    assert logged_in(Client(), cast.collector).get(address).status_code == 302
