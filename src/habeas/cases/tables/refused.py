"""The refused rows of a list as a table, for whoever mends it."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from typing import TextIO

from habeas.cases.tables.rows import Problem

ENCODING = "utf-8-sig"  # Excel takes UTF-8 only with its mark


def write(out: TextIO, refused: Iterable[Problem], also: Mapping[int, Sequence[Problem]]) -> None:
    """Write a line for each thing to mend.

    refused  the first problem of each row
    also     the further ones, by line
    """
    table = csv.writer(out)
    table.writerow(("row", "column", "value", "reason"))
    for first in refused:
        for one in (first, *also.get(first.row, ())):
            table.writerow((one.row, one.column, _no_formula(one.value), one.reason))


def _no_formula(value: str) -> str:
    """Return a cell that a spreadsheet will show and not run (OWASP: CSV injection)."""
    return f"'{value}" if value[:1] in {"=", "+", "-", "@"} else value
