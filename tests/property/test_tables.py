"""Whatever is in a table, reading it never fails, and every row is accounted for."""

import csv
import tempfile
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from habeas.cases import dates
from habeas.cases.models import Case
from habeas.cases.table_import import prepare, run
from habeas.cases.tables import days
from messy_list import HEADER

PLAUSIBLE = (
    *("Selma Amari", "Unknown", "Killed", "arrested", "Missing", "2014", "January 2014", "03/04/2014"),
    *("31/12/2014", "Syria", "Congo", "Côte d’Ivoire", "https://a.example/1", "http://[", "", "-", "Total"),
)  # fmt: skip
CELL = st.one_of(st.sampled_from(PLAUSIBLE), st.text(max_size=30))
TABLE = st.lists(st.lists(CELL, min_size=1, max_size=len(HEADER) + 1), max_size=12)


@pytest.mark.django_db
@given(TABLE)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_every_row_of_any_table_is_new_known_or_refused(db: None, rows: list[list[str]]) -> None:
    """And the same table read again brings nothing new."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "list.csv"
        with path.open("w", encoding="utf-8", newline="", errors="replace") as file:
            csv.writer(file).writerows([HEADER, *rows])
        before = Case.objects.count()
        first = run(prepare(path), by=None, dry_run=False)
        again = run(prepare(path), by=None, dry_run=False)

    assert first.rows == first.new + first.known + len(first.refused)
    assert Case.objects.count() == before + first.new
    assert (again.new, again.known) == (0, first.new + first.known)
    assert {one.row for one in again.refused} == {one.row for one in first.refused}


@given(st.text(max_size=40))
def test_any_text_is_a_date_or_refused(text: str) -> None:
    """And what is read is EDTF."""
    try:
        found = days.edtf(text)
    except days.NotADay:
        return
    assert not found or dates.parse(found).text == found


@given(
    st.dates(min_value=date(1900, 1, 1), max_value=date(2025, 12, 31)),
    st.sampled_from(["en", "fr", "es", "ar"]),
)
def test_a_date_as_we_write_it_is_read_back(day: date, language: str) -> None:
    """Day, month and year, in each language."""
    for edtf in (day.isoformat(), f"{day:%Y-%m}", f"{day:%Y}"):
        assert days.edtf(dates.in_words(edtf, language)) == edtf
