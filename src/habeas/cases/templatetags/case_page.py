"""Words for the page of a case."""

from django import template

from habeas.cases.standing import FindingLine
from habeas.lib import languages

register = template.Library()

_KINDS = {"gap": "A step is missing.", "contradiction": "A contradiction.", "order": "Out of order."}


@register.filter
def kind(finding: FindingLine) -> str:
    """Return what a finding is, in a few words."""
    return _KINDS[finding.kind]


@register.filter
def country(code: str) -> str:
    """Return a country by its name."""
    return dict(languages.countries(languages.DEFAULT)).get(code, code)
