"""Dates in the database: the text as the source gives it, and the first and last day it can mean."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db.models import F, OrderBy

from habeas.cases import dates

HELP = (
    "As exact as the source: 2014-01-05, 2014-01 or 2014. 2014-12/2016 is somewhere between, 2014~ is about."
)


def check_edtf(text: str) -> None:
    """Refuse what is not a date, in a form's words.

    raises  ValidationError
    """
    try:
        dates.parse(text)
    except dates.NotADate as error:
        raise ValidationError(str(error), code="not_a_date") from error


def bounds(text: str) -> tuple[date | None, date | None]:
    """Return the first and last day of `text`; an empty text has neither."""
    if not text:
        return None, None
    fuzzy = dates.parse(text)
    return fuzzy.earliest, fuzzy.latest


def undated_first(field: str) -> tuple[OrderBy, str]:
    """Return how records stand by a day that not each has: alike in every database, and never by chance."""
    return F(field).asc(nulls_first=True), "id"
