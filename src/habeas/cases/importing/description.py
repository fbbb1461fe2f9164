"""What a case file looks like, key by key. `docs/formats/case.md` tells the same to its writers."""

from typing import Any

from django.db import models

from habeas.cases import esf, protection, vocabulary
from habeas.cases.importing import checks
from habeas.cases.importing.checks import Check, group, keyed, list_of, name_in, one_of
from habeas.cases.models import (
    Authority,
    Case,
    CaseRight,
    Consent,
    FigureSnapshot,
    Person,
    PersonName,
    Source,
)
from habeas.cases.models.authority import LONGEST

SAME_EVENT = "same-event"
ACCESS = tuple(level.name.lower() for level in protection.Access)


def _text(model: type[models.Model], field: str) -> Check:
    """Return the check of a text that goes into the field of the model: the limit stands there."""
    longest: Any = getattr(model._meta.get_field(field), "max_length", None)  # noqa: SLF001  Django's public name
    return checks.text(longest)


_NAME = checks.matching(r"[a-z0-9]+(?:-[a-z0-9]+)*", "use small letters, digits and hyphens", 60)
_SLUG = checks.matching(r"[a-z0-9]+(?:-[a-z0-9]+)*", "use small letters, digits and hyphens", 80)
_REF = checks.matching(r"[A-Z0-9]+(?:-[A-Z0-9]+)*", "use capitals, digits and hyphens, like MR-2014-001", 40)
_SCRIPT = checks.matching(r"[A-Z][a-z]{3}", "write its four letters (ISO 15924), like Latn or Arab", 4)
_UNIT = checks.matching(r"day|week|month|year|lash|[A-Z]{3}", "write day, week, month, year, lash or EUR", 10)
_PARAGRAPH = checks.text()

_VERIFICATION = one_of(protection.Verification.values, "a degree of verification")
_CASE = group(
    {"ref": _REF, "country": checks.country, "title": _text(Case, "title")},
    {
        "access": one_of(ACCESS, "a level of access"),
        "verification": _VERIFICATION,
        "rights": list_of(
            checks.pair(
                one_of(vocabulary.INSTRUMENTS, "a treaty or declaration we know"),
                _text(CaseRight, "article"),
                "expected two things, like [ICCPR, 9]",
            )
        ),
    },
)

_SOURCE = group(
    {"title": _text(Source, "title"), "publisher": _text(Source, "publisher")},
    {
        "kind": _text(Source, "kind"),
        "url": checks.url(500),
        "reliability": one_of(vocabulary.Reliability.values, "a reliability"),
        "connection": one_of(esf.Connection.values, "a connection to the case"),
        "material": one_of(esf.MaterialType.values, "a kind of material"),
        "origin": _text(Source, "origin"),
    },
)
_CONSENT = group(
    {
        "giver": one_of(protection.Giver.values, "somebody who can consent"),
        "purpose": one_of(protection.Purpose.values, "a purpose"),
        "identification": one_of(protection.Identification.values, "a degree of identification"),
    },
    {
        "scope": _PARAGRAPH,
        "obtained_by": _text(Consent, "obtained_by"),
        "obtained_how": _text(Consent, "obtained_how"),
        "obtained_on": checks.exact_day,
    },
)

_PERSON_NAME = group(
    {
        "text": _text(PersonName, "text"),
        "lang": checks.language,
        "kind": one_of(vocabulary.NameKind.values, "a kind of name"),
    },
    {"script": _SCRIPT, "preferred": checks.flag},
)

_PERSON = group(
    {"names": list_of(_PERSON_NAME, least=1)},
    {
        "nationality": list_of(checks.country),
        "occupation": _text(Person, "occupation"),
        "age": group({"years": checks.whole(0, 130), "as_of": checks.day}, {"source": name_in("sources")}),
        "counting_unit": one_of(vocabulary.CountingUnit.values, "a counting unit"),
    },
)

_AUTHORITY = group(
    {
        "name": _text(Authority, "name"),
        "kind": one_of(vocabulary.AuthorityKind.values, "a kind of authority"),
        "country": checks.country,
    },
    {
        "offices": keyed(checks.language, checks.text(LONGEST)),
        "holder": _text(Authority, "holder"),
        "holders": keyed(checks.language, checks.text(LONGEST)),
        "salutation": keyed(checks.language, checks.text(100)),
    },
)

_CHARGE = group(
    {"offence": checks.text(200)},
    {
        "class": one_of(vocabulary.CHARGE_CLASSES, "a class of charge"),
        "death_eligible": checks.flag,
        "law": checks.text(200),
        "article": checks.text(20),
    },
)

_COMPONENT = group(
    {"kind": one_of(vocabulary.SENTENCE_KINDS, "a kind of sentence")},
    {"qty": checks.whole(1, 999_999_999), "unit": _UNIT},
)

_EVENT = group(
    {
        "seq": checks.whole(0, 1_000_000),
        "type": one_of(vocabulary.EVENTS, "a kind of event"),
        "source": name_in("sources"),
    },
    {
        "date": checks.day,
        "from": checks.day,
        "to": checks.day,
        "claim_about": one_of([SAME_EVENT], "what a second claim can be about"),
        "authority": name_in("authorities"),
        "note": _PARAGRAPH,
        "quote": _PARAGRAPH,
        "condition": one_of(vocabulary.CONDITIONS, "a condition"),
        "verification": _VERIFICATION,
        "charges": list_of(_CHARGE, least=1),
        "components": list_of(_COMPONENT, least=1),
    },
)

_CITED_FIGURE = group(
    {"figure": _SLUG, "claim": _PARAGRAPH, "source": name_in("sources")},
    {
        "document": _text(FigureSnapshot, "document"),
        "page": _text(FigureSnapshot, "page"),
        "quote": _PARAGRAPH,
    },
)
_CITED_FIGURES = list_of(_CITED_FIGURE)


def _campaign(value: Any, place: checks.Place) -> dict[str, Any]:
    """Check the figures that a campaign cites; the rest of it is for whoever makes campaigns."""
    if not isinstance(value, dict):
        place.say("expected keys and values")
        return {}
    return {"cites": _CITED_FIGURES(value.get("cites", []), place.down("cites"))}


CASE_FILE = group(
    {
        "case": _CASE,
        "sources": keyed(_NAME, _SOURCE),
        "person": _PERSON,
        "events": list_of(_EVENT, least=1),
    },
    {
        "authorities": keyed(_NAME, _AUTHORITY),
        "consents": list_of(_CONSENT),
        "campaign": _campaign,
        "derived": checks.anything,
    },
)
