"""The questions that the office asks about a list, as forms: what each column is, and what its words mean."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

import msgspec
from django import forms
from django.core.files.uploadedfile import UploadedFile

from habeas.cases import dates
from habeas.cases.models.dated import check_edtf
from habeas.cases.table_import import Prepared
from habeas.cases.tables import cells, words
from habeas.cases.tables.cells import fold
from habeas.cases.tables.days import DateOrder, in_numbers
from habeas.cases.tables.mapping import ASK, Column, ListMapping, TheList
from habeas.cases.tables.reading import RawRow, Table
from habeas.cases.tables.rows import Problem
from habeas.cases.vocabulary import event_choices
from habeas.lib import languages

LARGEST = 20_000_000  # bytes; more is for the shell
_SAMPLES, _LOOKED_AT = 3, 200  # values of a column that are shown, and rows in which they are looked for
_LONGEST_SAMPLE = 60
_ASKED = 60  # words and names that are asked about at once
LABELS = {
    "name": "Name of the person",
    "other_name": "Another spelling, pen name or alias",
    "reference": "Your reference of the case",
    "key": "The list's own number of the row",
    "status": "What happened",
    "date": "When it happened",
    "country": "Country where it happened",
    "nationality": "Nationality",
    "employer": "Employer or medium",
    "publisher": "Who says so",
    "occupation": "Occupation",
    "motive": "Why, as the list says it",
    "place": "Town or region",
    "sex": "Sex",
    "birth": "Date of birth",
    "note": "Note: anything else to keep",
    "url": "Web address",
}
_UNREAD = ("", "Not read")
_LEFT = ("", "Leave: refuse such rows")


class UploadForm(forms.Form):
    """A table, and how it is read if that was decided before."""

    file = forms.FileField(
        label="The table",
        help_text=f"CSV or XLSX, at most {LARGEST // 1_000_000} MB. Its first row names the columns.",
        error_messages={
            "required": "Choose the table.",
            "empty": "There is nothing in that file: it is empty. Choose another.",
        },
    )
    kept = forms.ChoiceField(
        label="How it was read last time",
        required=False,
        help_text="If you imported an earlier edition of the same list.",
    )
    mapping = forms.FileField(
        label="A mapping file (TOML), if you have one",
        required=False,
        help_text="As the shell command proposes it, and as these screens hand it out.",
    )

    def __init__(self, data: Any, files: Any, *, kept: dict[str, ListMapping]) -> None:
        super().__init__(data, files)
        if kept:
            titles = [(name, told.list.title or name) for name, told in kept.items()]
            self.fields["kept"].choices = [("", "Read it anew"), *titles]  # type: ignore[attr-defined]  # a ChoiceField
        else:
            del self.fields["kept"]

    def clean_file(self) -> UploadedFile[Any]:
        """Refuse what is too large for the office."""
        file: UploadedFile[Any] = self.cleaned_data["file"]
        if (file.size or 0) > LARGEST:
            raise forms.ValidationError(
                f"The file is larger than {LARGEST // 1_000_000} MB. Split it, or ask whoever runs the "
                "server to import it from the shell: habeas case import."
            )
        return file


class ColumnsForm(forms.Form):
    """What each column is, and what holds for the whole list."""

    title = forms.CharField(
        label="Name of the list", max_length=300, help_text="It stands with each case as its source."
    )
    publisher = forms.CharField(label="Who keeps it", max_length=200, required=False)
    as_of = forms.CharField(
        label="The day it is of",
        required=False,
        validators=[check_edtf],
        help_text="Like 2024-12-01. Rows without a date happened by then; if you leave it empty, by today.",
    )
    status = forms.ChoiceField(label="What happened, where no column says it", required=False)
    country = forms.ChoiceField(label="Country, where a row names none", required=False)

    def __init__(self, data: Any, *, table: Table, mapping: ListMapping) -> None:
        told = msgspec.structs.asdict(mapping.list)
        super().__init__(data, initial={key: told[key] for key in self.base_fields})
        self._mapping, self._header = mapping, table.header
        self.fields["status"].choices = [("", "A column says it"), *event_choices()]  # type: ignore[attr-defined]  # ChoiceFields
        self.fields["country"].choices = [  # type: ignore[attr-defined]
            ("", "A column says it"),
            *languages.countries(languages.DEFAULT),
        ]
        known = {column: name for name in mapping.columns for column in mapping.columns_of(name)}
        self._samples = samples(table)
        for place, column in enumerate(table.header):
            self.fields[f"column-{place}"] = forms.ChoiceField(
                label=column,
                choices=[_UNREAD, *LABELS.items()],
                required=False,
                initial=known.get(column, ""),
            )

    def columns(self) -> Iterator[tuple[Any, Sequence[str]]]:
        """Yield the question about each column, with some of its values."""
        for place in range(len(self._header)):
            yield self[f"column-{place}"], self._samples[place]

    def about(self) -> Iterator[Any]:
        """Yield the questions about the whole list."""
        return (self[name] for name in self.base_fields)

    def clean(self) -> dict[str, Any]:
        """Check that the columns tell whom, what and where, and no two the same."""
        told = self.cleaned_data
        chosen = self._chosen()
        if not chosen.get("name"):
            self.add_error(None, "Which column has the person's name?")
        if not chosen.get("status") and not told.get("status"):
            self.add_error(None, "What happened? Choose a column that says it, or what holds for all rows.")
        if not chosen.get("country") and not told.get("country"):
            self.add_error(None, "Where? Choose a column that names the country, or one for all rows.")
        for name, columns in chosen.items():
            if len(columns) > 1 and name not in words.SEVERAL:
                both = " and ".join(f"“{column}”" for column in columns)
                self.add_error(None, f"{both} are both “{LABELS[name]}”. Choose one of them.")
        return told

    def _chosen(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for place, column in enumerate(self._header):
            name = self.cleaned_data.get(f"column-{place}")
            if name:
                found.setdefault(name, []).append(column)
        return found

    def mapping(self) -> ListMapping:
        """Return what was answered, with what had been decided about words before."""
        chosen = self._chosen()
        columns = {name: self._column(name, chosen[name]) for name in words.FIELDS if name in chosen}
        told = {name: self.cleaned_data[name] for name in self.base_fields}
        about: TheList = msgspec.structs.replace(self._mapping.list, **told)
        return msgspec.structs.replace(self._mapping, columns=columns, list=about)

    def _column(self, name: str, columns: list[str]) -> str | list[str] | Column:
        if name in words.DATED:
            is_same = self._mapping.column(name) == columns[0]
            return Column(columns[0], self._mapping.order(name) if is_same else DateOrder.ASK)
        return columns if len(columns) > 1 else columns[0]


def samples(table: Table) -> list[list[str]]:
    """Return up to three different values of each column."""
    found: list[dict[str, None]] = [{} for _ in table.header]
    raw: RawRow
    for raw in islice(table.rows(), _LOOKED_AT):
        for known, cell in zip(found, raw.cells, strict=True):
            text = cells.plain(cell)
            if len(known) < _SAMPLES and text:
                known[text if len(text) <= _LONGEST_SAMPLE else text[: _LONGEST_SAMPLE - 1] + "…"] = None
    return [list(known) for known in found]


class QuestionsForm(forms.Form):
    """What only a person can decide: orders of dates, words for what happened, names of countries."""

    def __init__(self, data: Any, *, prepared: Prepared) -> None:
        super().__init__(data)
        self._mapping = prepared.mapping
        self._orders = list(_orders(prepared))
        self._words = list(islice(_undecided(prepared), _ASKED))
        self._countries = list(islice(_not_understood(prepared), _ASKED))
        for name, label, choices in self._orders:
            self.fields[f"order-{name}"] = forms.ChoiceField(
                label=label,
                choices=choices,
                widget=forms.RadioSelect,
                initial=self._mapping.order(name),
            )
        for place, (word, rows) in enumerate(self._words):
            self.fields[f"word-{place}"] = forms.ChoiceField(
                label=f"“{word}”",
                help_text="1 row" if rows == 1 else f"{rows} rows",
                choices=[_LEFT, *event_choices()],
                required=False,
            )
        for place, name in enumerate(self._countries):
            self.fields[f"country-{place}"] = forms.ChoiceField(
                label=f"“{name}”",
                choices=[_LEFT, *languages.countries(languages.DEFAULT)],
                required=False,
            )

    def orders(self) -> list[Any]:
        """Return the questions about orders of dates."""
        return [self[f"order-{name}"] for name, *_ in self._orders]

    def words(self) -> list[Any]:
        """Return the questions about words for what happened."""
        return [self[f"word-{place}"] for place in range(len(self._words))]

    def countries(self) -> list[Any]:
        """Return the questions about names of countries."""
        return [self[f"country-{place}"] for place in range(len(self._countries))]

    def mapping(self) -> ListMapping:
        """Return the mapping with what was answered."""
        told = self.cleaned_data
        status = {word: told[f"word-{place}"] for place, (word, _rows) in enumerate(self._words)}
        country = {name: told[f"country-{place}"] for place, name in enumerate(self._countries)}
        columns = {
            name: Column(self._mapping.column(name), DateOrder(told[f"order-{name}"]))
            for name, *_ in self._orders
        }
        return msgspec.structs.replace(
            self._mapping,
            columns={**self._mapping.columns, **columns},
            status={**self._mapping.status, **{word: kind for word, kind in status.items() if kind}},
            country={**self._mapping.country, **{name: code for name, code in country.items() if code}},
        )


def _orders(prepared: Prepared) -> Iterator[tuple[str, str, list[tuple[str, str]]]]:
    """Yield each field with dates that can be two days: its name, the question, the answers."""
    for name, known in prepared.survey.dates.items():
        numbers = in_numbers(known.open_example)
        if numbers:
            example = known.open_example
            day, month = (dates.in_words(numbers.read(order), "en") for order in list(DateOrder)[1:])
            others = f", and so can {known.open - 1} more" if known.open > 1 else ""
            label = f"{known.column}: {example} can be two days{others}. {_evidence(known)}".strip()
        elif prepared.mapping.order(name) is not DateOrder.ASK:
            example, day, month = "03/04/2014", "3 April 2014", "4 March 2014"
            label = f"{known.column}: dates in numbers"
        else:
            continue
        yield (
            name,
            label,
            [
                (DateOrder.DAY_FIRST.value, f"Day first: {example} is {day}"),
                (DateOrder.MONTH_FIRST.value, f"Month first: {example} is {month}"),
                (DateOrder.ASK.value, "Leave: rows with such dates are refused"),
            ],
        )


def _evidence(known: Any) -> str:
    said = [f"{one.value} (line {one.row}) can only be {order}" for order, one in known.evidence.items()]
    if len(said) > 1:
        return f"The column mixes both: {' and '.join(said)}."
    return f"{said[0]}." if said else ""


def _undecided(prepared: Prepared) -> Iterator[tuple[str, int]]:
    """Yield words for what happened that are not any type of event yet, with their rows."""
    decided = words.STATUSES | {fold(word): kind for word, kind in prepared.mapping.status.items()}
    for word, rows in prepared.survey.statuses.most_common():
        if decided.get(fold(word), ASK) == ASK and not cells.is_empty(word):
            yield word, rows


def _not_understood(prepared: Prepared) -> Iterator[str]:
    """Yield names in the column of countries that are not any country's."""
    column = prepared.mapping.column("country")
    found = dict.fromkeys(one.value for one in problems(prepared) if column and one.column == column)
    return (name for name in found if not cells.is_unknown(name))


def problems(prepared: Prepared) -> Iterator[Problem]:
    """Yield everything there is to mend."""
    for first in prepared.survey.refused:
        yield first
        yield from prepared.survey.also.get(first.row, ())
