"""Writing the registry: every verb takes who acts, and leaves its audit row in the same transaction."""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from wagtail.log_actions import log

from habeas.cases.importing import BadCaseFile, CaseDiffers, CaseFile, read_case_file
from habeas.cases.models import Case, Claim, ConditionInterval, Event, FigureSnapshot, Source
from habeas.cases.recording import Recording

IMPORTED = "cases.import"  # the audit log's name of this action


@dataclass(frozen=True, slots=True)
class Imported:
    """What reading a case file came to."""

    case: Case
    created: bool  # False: the same case was recorded before, and nothing was written
    sources: int
    events: int
    claims: int
    conditions: int
    figures: int


def import_case(text: str, *, by: User | None) -> Imported:
    """Record the case in `text`, a case file (docs/formats/case.md).

    by      who imports it; None for a command of the operator
    raises  BadCaseFile with everything there is to mend
            CaseDiffers if the reference is taken by a case from other content

    Nothing is written unless the whole file is good. The same content a second time changes nothing,
    also where staff corrected the records meanwhile.
    """
    case_file = read_case_file(text)
    with transaction.atomic():
        known = Case.objects.filter(ref=case_file.case["ref"]).first()
        if known:
            return _known_already(known, case_file)
        _refuse_taken_figures(case_file)
        case = Recording(case_file, by).record()
        log(instance=case, action=IMPORTED, user=by, data={"digest": case_file.digest})
        return _summary(case, created=True)


def _known_already(case: Case, case_file: CaseFile) -> Imported:
    if case.imported_digest != case_file.digest:
        raise CaseDiffers(
            f"{case.ref} is recorded already, with other content than this file. "
            "Correct the records in the office, or give this case a reference of its own."
        )
    return _summary(case, created=False)


def _refuse_taken_figures(case_file: CaseFile) -> None:
    """Report the cited figures whose name another case uses.

    raises  BadCaseFile
    """
    slugs = [figure["figure"] for figure in case_file.figures]
    taken = set(FigureSnapshot.objects.filter(slug__in=slugs).values_list("slug", flat=True))
    document = case_file.document
    for number, slug in enumerate(slugs):
        if slug in taken:
            message = f"{slug!r} is the name of a figure recorded before; choose another"
            document.report(("campaign", "cites", number, "figure"), message)
    if document.problems:
        raise BadCaseFile(document.problems)


def _summary(case: Case, *, created: bool) -> Imported:
    count: dict[str, Any] = {
        "sources": Source.objects.filter(case=case).count(),
        "events": Event.objects.filter(case=case).count(),
        "claims": Claim.objects.filter(event__case=case).count(),
        "conditions": ConditionInterval.objects.filter(case=case).count(),
        "figures": FigureSnapshot.objects.filter(case=case).count(),
    }
    return Imported(case=case, created=created, **count)
