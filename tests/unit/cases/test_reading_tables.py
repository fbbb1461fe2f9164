"""What people write in tables is understood where it has one meaning, and asked about where it has two."""

from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook

from habeas.cases.tables import cells, countries, days, mapping
from habeas.cases.tables.days import DateOrder
from habeas.cases.tables.reading import NotATable, open_table


@pytest.mark.parametrize(
    ("written", "edtf"),
    [
        ("1 January 2014", "2014-01-01"),
        ("January 1st, 2014", "2014-01-01"),
        ("January\u00a02014", "2014-01"),
        ("2014", "2014"),
        ("1er janvier 2014", "2014-01-01"),
        ("août 2014", "2014-08"),
        ("martes 4 de marzo de 2014", "2014-03-04"),
        ("٥ كانون الثاني ٢٠١٤", "2014-01-05"),
        ("يناير 2014", "2014-01"),
        ("2014-01-05T00:00:00Z", "2014-01-05"),
        ("13/04/2014", "2014-04-13"),
        ("04/13/2014", "2014-04-13"),
        ("04/04/2014", "2014-04-04"),
        ("01/2014", "2014-01"),
        ("about March 2014", "2014-03~"),
        ("late 2014", "2014"),
        ("5-7 January 2014", "2014-01-05/2014-01-07"),
        ("between December 2014 and March 2015", "2014-12/2015-03"),
        ("2014-12/2016", "2014-12/2016"),
        ("Between January 3 and January 7, 2012", "2012-01-03/2012-01-07"),
        ("between 3 and 7 January 2012", "2012-01-03/2012-01-07"),
        ("December 30-31, 2009", "2009-12-30/2009-12-31"),
        ("June or July 2004", "2004-06/2004-07"),
        ("January/February 2007", "2007-01/2007-02"),
        ("November 2005 - January 2006", "2005-11/2006-01"),
        ("2014-2015", "2014/2015"),
        ("Date unknown in 2011", "2011"),
        ("sometime in March 2011", "2011-03"),
        ("in or before March 2011", "../2011-03"),
        ("Date unknown", ""),
        ("unknown", ""),
        ("", ""),
    ],
)
def test_a_date_in_words_is_as_exact_as_it_was_written(written: str, edtf: str) -> None:
    """In four languages and more; a month stays a month."""
    assert days.edtf(written) == edtf


@pytest.mark.parametrize("written", ["03/04/2014", "3.4.2014", "03-04-2014", "03/04/2014 00:00"])
def test_a_date_that_can_be_two_days_is_not_guessed(written: str) -> None:
    """Only whoever keeps the list can say."""
    with pytest.raises(days.TwoDays, match="3 April 2014 or 4 March 2014"):
        days.edtf(written)
    assert days.edtf(written, DateOrder.DAY_FIRST) == "2014-04-03"
    assert days.edtf(written, DateOrder.MONTH_FIRST) == "2014-03-04"


@pytest.mark.parametrize(
    "written", ["31 February 2014", "1/2/14", "Spring", "2014 2015", "5 March", "in 3014", "13/13/2014", "²"]
)
def test_what_is_no_date_is_refused(written: str) -> None:
    """With what to write instead."""
    with pytest.raises(days.NotADay):
        days.edtf(written)


def test_a_date_against_the_order_of_its_column_is_refused() -> None:
    """One of the two is wrong, and we do not know which."""
    with pytest.raises(days.NotADay, match="month-first"):
        days.edtf("13/04/2014", DateOrder.MONTH_FIRST)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        *[
            ("DR Congo", "CD"),
            ("Côte d’Ivoire", "CI"),
            ("Ivory Coast", "CI"),
            ("Turkey", "TR"),
            ("Türkiye", "TR"),
        ],
        *[("Burma", "MM"), ("USA", "US"), ("U.S.", "US"), ("UK", "GB"), ("Palestine", "PS"), ("سوريا", "SY")],
        *[("Corée du Nord", "KP"), ("the Gambia", "GM"), ("Níger", "NE"), ("RUSSIA", "RU"), ("FRA", "FR")],
        *[
            ("Mexique", "MX"),
            ("Bosnia & Herzegovina", "BA"),
            ("&Eacute;gypte", "EG"),
            (" Viet\u00a0Nam ", "VN"),
        ],
    ],
)
def test_a_country_is_known_by_its_names(written: str, code: str) -> None:
    """In many languages, by old names and short ones."""
    assert countries.country_of(written) == code


@pytest.mark.parametrize(
    ("written", "said"), [("Congo", "Congo - Kinshasa"), ("Israel/Palestine", "several"), ("Iraqq", "Iraq")]
)
def test_a_country_that_is_not_clear_is_asked_about(written: str, said: str) -> None:
    """With the countries it might be."""
    with pytest.raises(countries.NotACountry, match=said):
        countries.country_of(written)


def test_spellings_in_two_scripts_are_two_names_of_one_person() -> None:
    """In brackets or behind a stroke; a nickname in the same script stays where it is."""
    both = [cells.Name("Selma Amari", "Latn"), cells.Name("سلمى عماري", "Arab")]

    assert cells.names("Selma Amari (سلمى عماري)") == both
    assert cells.names("Selma&nbsp;Amari / سلمى عماري") == both
    assert cells.names("Selma (the pen) Amari") == [cells.Name("Selma (the pen) Amari", "Latn")]
    assert cells.names("Ali/Aly") == [cells.Name("Ali/Aly", "Latn")]


def test_of_a_name_that_many_countries_share_none_is_kept_silent() -> None:
    """Whoever died in Belgrade is not asked to choose between Sarajevo and Zagreb."""
    with pytest.raises(countries.NotACountry) as told:
        countries.country_of("Yugoslavia")

    for name in (
        "Serbia (RS)",
        "Slovenia (SI)",
        "Kosovo (XK)",
        "Bosnia & Herzegovina (BA)",
        "perhaps another",
    ):
        assert name in str(told.value)


def test_several_addresses_in_a_cell_are_all_kept() -> None:
    """Each once."""
    assert cells.links("https://a.example/1, https://b.example/2;https://c.example\nhttps://a.example/1") == [
        "https://a.example/1",
        "https://b.example/2",
        "https://c.example",
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_csv_is_read_whatever_wrote_it(tmp_path: Path, encoding: str, delimiter: str) -> None:
    """Encoding and delimiter are found out; a guess of the encoding is said aloud."""
    rows = [["Name", "Status", "Where, then"], ["Zoë", "Killed", "one, two"], ["Müller", "Killed", "three"]]
    text = "\r\n".join(delimiter.join(f'"{cell}"' for cell in row) for row in rows)
    (tmp_path / "list.csv").write_bytes(text.encode(encoding))

    table = open_table(tmp_path / "list.csv")

    assert table.header == ("Name", "Status", "Where, then")
    assert [row.cells[0] for row in table.rows()] == ["Zoë", "Müller"]
    assert [row.line for row in table.rows()] == [2, 3]
    assert bool(table.told) == (encoding in {"cp1252", "utf-16-le"})


def test_a_month_in_a_spreadsheet_stays_a_month(tmp_path: Path) -> None:
    """Excel keeps "January 2014" as its first day; how the cell is shown tells."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Name", "Date", "Born"])
    sheet.append(["Selma Amari", date(2014, 1, 1), 1980])
    sheet["B2"].number_format = "mmmm yyyy"
    sheet.append(["Idris Amari", date(2014, 1, 1), None])
    sheet["B3"].number_format = "dd/mm/yyyy"
    book.save(tmp_path / "list.xlsx")

    rows = list(open_table(tmp_path / "list.xlsx").rows())

    assert [row.cells for row in rows] == [
        ("Selma Amari", "2014-01", "1980"),
        ("Idris Amari", "2014-01-01", ""),
    ]


@pytest.mark.parametrize(
    "content",
    [b"", b"\n\n", b"PK\x03\x04 no zip", b"\xd0\xcf\x11\xe0old", b"\xff\x81\x8d\x8f\x90,", b'a,b\n"open,2\n'],
)
def test_what_is_no_table_is_refused_in_words(tmp_path: Path, content: bytes) -> None:
    """And never read half."""
    (tmp_path / "list.csv").write_bytes(content)

    with pytest.raises(NotATable):
        list(open_table(tmp_path / "list.csv").rows())


def test_a_row_that_does_not_fit_the_header_says_so(tmp_path: Path) -> None:
    """A delimiter inside a cell shifts everything behind it."""
    (tmp_path / "list.csv").write_text("Name,Status\nAmari, Selma,Killed\n")

    [row] = open_table(tmp_path / "list.csv").rows()

    assert "3 cells and the header 2" in row.problem


def test_a_proposed_mapping_can_be_saved_and_read() -> None:
    """What is proposed is what comes back."""
    header = ("Nom", "Statut", 'Dä"te', "Pays", "Média", "Links", "More links", "Zodiac")
    proposed = mapping.propose(header, [("Zoë", "Tué", "2014", "Syrie", "Radio", "", "", "lion")])
    text = mapping.in_toml(proposed, {"Tué": 1, "Harcelé": 2}, ["Zodiac"])

    read = mapping.read_mapping(text, header)

    assert proposed.column("date") == 'Dä"te'  # by its cells: its name says nothing
    assert {field: read.columns_of(field) for field in read.columns} == {
        field: proposed.columns_of(field) for field in proposed.columns
    }
    assert read.status == {"Tué": "death", "Harcelé": "ask"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("no toml", "not TOML"),
        ("[columns]\nname = 3", "columns"),
        ('[columns]\nnome = "Name"', "nothing a column can be"),
        ('[columns]\nname = "Nme"', "no column 'Nme'"),
        ('[columns]\nname = "Name"', "say what happened"),
        ('[columns]\nname = "Name"\n[list]\nstatus = "eaten"\ncountry = "SY"', "no type of event"),
        ('[columns]\nname = "Name"\n[list]\nstatus = "death"\ncountry = "Syria"', "two letters"),
        ('[columns]\nname = "Name"\n[list]\nas_of = "soon"\nstatus = "death"\ncountry = "SY"', "as_of"),
    ],
)
def test_a_mapping_that_does_not_fit_says_where(text: str, said: str) -> None:
    """And what it may say."""
    with pytest.raises(mapping.BadMapping, match=said):
        mapping.read_mapping(text, ("Name",))
