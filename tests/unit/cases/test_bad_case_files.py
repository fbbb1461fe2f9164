"""A case file is taken whole or not at all, and the person who wrote it is told where to look."""

import re
from pathlib import Path

import pytest

from habeas.cases.actions import import_case
from habeas.cases.importing import BadCaseFile, Problem, read_case_file
from habeas.cases.models import Case, Source


def problems(text: str) -> list[Problem]:
    with pytest.raises(BadCaseFile) as refused:
        read_case_file(text)
    return refused.value.problems


def line_of(text: str, fragment: str) -> int:
    return text[: text.index(fragment)].count("\n") + 1


def corrupt(text: str, old: str, new: str) -> tuple[str, int]:
    """Return the file with `old` replaced once by `new`, and the line where that is."""
    assert old in text
    return text.replace(old, new, 1), line_of(text, old)


CORRUPTIONS = [
    # what stood there, what stands there now, the field that is named, the words that explain
    ("  country: MR", "  country: MR\n  mood: grim", "case.mood", "there is no such key here"),
    ("  title: Mohamed", "  titel: Mohamed", "case.titel", "did you mean 'title'"),
    ("  ref: MR-2014-001", "  ref: case one", "case.ref", "use capitals, digits and hyphens"),
    ("  country: MR", "  country: XQ", "case.country", "is not a country"),
    ("  country: MR", "  country: [MR]", "case.country", "is not a country"),
    ("[UDHR, 3]", "[UDHR]", "case.rights[1]", "expected two things"),
    ("[UDHR, 9]", "[UHDR, 9]", "case.rights[2][1]", "did you mean 'UDHR'"),
    ("[UDHR, 9]", "[UDHR, 3]", "case.rights[2]", "second time"),
    ("reliability: highly", "reliability: very", "sources.amnesty-campaign.reliability", "is not a reliab"),
    ("  counsel-letter:", "  Counsel Letter:", "sources.Counsel Letter", "small letters"),
    ("lang: ar", "lang: klingon", "person.names[3].lang", "is not a language"),
    ("preferred: true", "preferred: maybe", "person.names[1].preferred", "expected true or false"),
    ("nationality: [MR]", "nationality: MR", "person.nationality", "expected a list"),
    ("years: 35", "years: many", "person.age.years", "expected a whole number"),
    ("kind: judiciary", "kind: judge", "authorities.supreme-court.kind", "it can be army, corporate"),
    ("offices: {en: ", "offices: {english: ", "authorities.president.offices.english", "is not a language"),
    ("holders: {en: ", "holders: {en: [A], fr: ", "authorities.president.holders.en", "expected a text"),
    ('date: "2013-12"', 'date: "2013-13"', "events[1].date", "'2013-13' is not a date"),
    ('date: "2014-12/2016"', 'date: "2016/2014-12"', "events[12].date", "ends before it begins"),
    ('date: "2014-01-02",  ', "", "events[3]", "date is missing"),
    ("source: counsel-letter", "source: counsel-leter", "events[3].source", "did you mean 'counsel-letter'"),
    ("authority: appeal-court", "authority: a-court", "events[13].authority", "is not in authorities"),
    ("type: upheld", "type: uphold", "events[13].type", "did you mean 'upheld'"),
    ("seq: 30", "seq: thirty", "events[4].seq", "expected a whole number"),
    ("seq: 30", "seq: 10", "events[4].seq", "another event has the order 10"),
    (", claim_about: same-event", "", "events[3].seq", "add claim_about: same-event"),
    ('type: arrest,                 date: "2014-01-02"', 'type: charge, date: "2014-01-02"',
     "events[3].claim_about", "no event above has the order 20 and the type charge"),
    ("claim_about: same-event}", "claim_about: same-event, condition: no_lawyer}",
     "events[3].condition", "belongs to the first line"),
    ("condition: no_lawyer", "condition: no_coffee", "events[4].condition", "is not a condition"),
    ("class: religious_insult, d", "class: blasphemy, d", "events[5].charges[1].class", "is not a class"),
    ('from: "2015-01", to: "2017-11-09"', 'date: "2015-01"', "events[11].date", "has from instead"),
    ('to: "2017-11-09"', 'to: "2013"', "events[11].to", "is before the beginning"),
    ("qty: 2", "qty: 0", "events[18].components[1].qty", "from 1 to"),
    ("figure: mauritania-hrd-arrests", "figure: 168 arrests!", "campaign.cites[1].figure", "small letters"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "field", "words"), CORRUPTIONS, ids=[c[1] for c in CORRUPTIONS])
def test_the_line_and_the_field_are_named(
    mkhaitir_file: str, old: str, new: str, field: str, words: str
) -> None:
    text, line = corrupt(mkhaitir_file, old, new)
    added = new.count("\n")  # a key put in below

    found = {problem.field: problem for problem in problems(text)}

    assert field in found, list(map(str, found.values()))
    assert words in found[field].message
    assert found[field].line == line + added


def test_one_name_is_preferred(mkhaitir_file: str) -> None:
    text, line = corrupt(mkhaitir_file, ", preferred: true", "")

    (problem,) = problems(text)

    assert str(problem).startswith(f"line {line - 1}, person.names: exactly one name has preferred: true")


def test_a_missing_part_is_named_where_it_should_be(mkhaitir_file: str) -> None:
    text, line = corrupt(mkhaitir_file, "    publisher: Amnesty International\n", "")

    (problem,) = problems(text)

    assert str(problem) == f"line {line - 2}, sources.amnesty-campaign: publisher is missing"


def test_a_section_left_out_is_named(mkhaitir_file: str) -> None:
    text = re.sub(r"(?s)\nperson:.*?\nauthorities:", "\nauthorities:", mkhaitir_file)

    assert "person is missing" in [problem.message for problem in problems(text)]


def test_a_key_written_twice_is_named_with_both_lines(mkhaitir_file: str) -> None:
    text, line = corrupt(mkhaitir_file, "  country: MR", "  country: MR\n  country: SN")

    assert list(map(str, problems(text))) == [
        f"line {line + 1}, case.country: written twice; the first is in line {line}"
    ]


def test_everything_is_told_at_once_and_in_the_files_order(mkhaitir_file: str) -> None:
    text, _ = corrupt(mkhaitir_file, "country: MR", "country: XQ")
    text, _ = corrupt(text, '"2013-12"', '"2013-13"')
    text, _ = corrupt(text, "type: release", "type: freedom")

    assert [problem.field for problem in problems(text)] == [
        "case.country",
        "events[1].date",
        "events[25].type",
    ]


def test_the_message_reads_as_a_list(mkhaitir_file: str) -> None:
    text, line = corrupt(mkhaitir_file, '"2013-12"', '"2013-13"')

    with pytest.raises(
        BadCaseFile, match=rf"^line {line}, events\[1\].date: '2013-13' is not a date; write "
    ):
        read_case_file(text)


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("", 1, "the file is empty"),
        ("# nothing yet\n", 1, "the file is empty"),
        ("just some words", 1, "expected keys and values"),
        ("case:\n  title: a: b\n", 2, "this is not YAML"),
        ("case:\n\tref: X\n", 2, "this is not YAML"),
        ('case: {title: "never closed}\n', 2, "this is not YAML"),
        ("case: &me {ref: X}\n", 1, "anchors"),
        ("case: {ref: X}\nperson: *case\n", 2, "aliases"),
        ("case: !!python/name:os.system x\n", 1, "tags"),
        ("? [a, b]\n: c\n", 1, "a key is a plain word"),
        ("case: {}\n---\ncase: {}\n", 2, "a second document"),
        ("case:\n  title: a\x07b\n", 2, "cannot be printed"),
        ("[" * 5000, 1, "nested too deeply"),
    ],
)
def test_what_is_no_case_file_at_all_is_refused_in_words(text: str, line: int, words: str) -> None:
    first = problems(text)[0]

    assert words in first.message
    assert first.line == line


def test_a_country_called_no_and_a_bare_date_stay_what_they_are(mkhaitir_file: str) -> None:
    text = mkhaitir_file.replace("country: MR\n", "country: NO\n").replace('"2019-07-29"', "2019-07-29")

    case_file = read_case_file(text)

    assert case_file.case["country"] == "NO"
    assert case_file.events[-1].first["date"] == "2019-07-29"


@pytest.mark.parametrize("name", ["mkhaitir.yaml", "invented.yaml"])
def test_the_cases_of_the_demonstration_are_in_order(demo_folder: Path, name: str) -> None:
    case_file = read_case_file((demo_folder / name).read_text(encoding="utf-8"))

    assert case_file.events


def test_nothing_of_a_bad_file_is_recorded(mkhaitir_file: str, db: None) -> None:
    text, _ = corrupt(mkhaitir_file, "type: release", "type: freedom")

    with pytest.raises(BadCaseFile):
        import_case(text, by=None)
    assert not Case.objects.exists()
    assert not Source.objects.exists()
