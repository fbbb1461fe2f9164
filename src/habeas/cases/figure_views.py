"""The screen of a figure of our own: what it comes to now, what it counts, what pages may cite."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from wagtail.admin.admin_url_finder import AdminURLFinder

from habeas.cases.access import visible
from habeas.cases.figures import actions, saying, select
from habeas.cases.figures.counting import Count
from habeas.cases.models import Case, Event, FigureDef, FigureSnapshot, Person, Record
from habeas.cases.vocabulary import FigureUnit, Qualifier
from habeas.lib.errors import HabeasError

_SHOWN = 200  # members on the screen; `habeas figure show --json` gives all
_TABLES: dict[str, type[Record]] = {
    FigureUnit.EVENTS: Event,
    FigureUnit.CASES: Case,
    FigureUnit.PERSONS: Person,
    FigureUnit.GROUPS: Person,
}


class SnapshotForm(forms.Form):
    """What is to be said of the count."""

    qualifier = forms.ChoiceField(label="Say", choices=Qualifier.choices)
    value = forms.IntegerField(label="Number", min_value=0)


class ApprovalForm(forms.Form):
    """Answering for a number; where it corrects one, readers are told why."""

    def __init__(self, *args: Any, languages: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code in languages:
            self.fields[code] = forms.CharField(
                label=f"Because … ({code})",
                max_length=300,
                help_text="Pages will say: Corrected on …: we had written …; it is …, because …",
            )


def figure(request: HttpRequest, definition: UUID) -> HttpResponse:
    """Show a figure; on POST, keep its count as a snapshot, or approve one."""
    user = request.user
    if not isinstance(user, User) or not user.has_perm("cases.change_figuresnapshot"):
        raise PermissionDenied
    found = get_object_or_404(visible(FigureDef.objects.all(), user), pk=definition)
    if request.method == "POST" and _act(request, found, user):
        return redirect(request.path)
    now = select.count(found)
    return render(request, "cases/figure.html", _told(found, now, user))


def _act(request: HttpRequest, definition: FigureDef, by: User) -> bool:
    try:
        done = (
            _approve(request, definition, by) if "approve" in request.POST else _take(request, definition, by)
        )
    except HabeasError as reason:
        messages.error(request, f"Nothing was changed: {reason}.")
        return False
    return done


def _take(request: HttpRequest, definition: FigureDef, by: User) -> bool:
    form = SnapshotForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Nothing was changed: say a number, and how it is said.")
        return False
    actions.take(definition, by=by, **form.cleaned_data)
    messages.success(request, "Kept. Pages may cite it once somebody approves it.")
    return True


def _approve(request: HttpRequest, definition: FigureDef, by: User) -> bool:
    snapshots = visible(FigureSnapshot.objects.filter(definition=definition, withdrawn_at=None), by)
    snapshot = get_object_or_404(snapshots, pk=request.POST["approve"])
    codes = [name.removeprefix("reason-") for name in request.POST if name.startswith("reason-")]
    actions.approve(snapshot, by=by, reasons={code: request.POST[f"reason-{code}"] for code in codes})
    messages.success(request, "Approved. Pages published from now on may cite it.")
    return True


def _told(definition: FigureDef, now: Count, by: User) -> dict[str, Any]:
    qualifier, number = saying.strongest(now.lower, now.upper)
    ours = FigureSnapshot.objects.filter(definition=definition).select_related("approver")
    snapshots = list(visible(ours, by).order_by("-created_at"))
    corrected = actions.to_correct(definition.slug)
    return {
        "definition": definition,
        "place": f"{{{{figure:{definition.slug}}}}}",
        "now": now,
        "taking": SnapshotForm(initial={"qualifier": qualifier, "value": number}),
        "snapshots": snapshots,
        "wrong": corrected,
        "approval": _approval(snapshots, corrected),
        **_members(definition, now, by),
    }


def _approval(snapshots: list[FigureSnapshot], corrected: list[FigureSnapshot]) -> ApprovalForm:
    codes = actions.languages_of_reasons(snapshots[0], corrected) if snapshots and corrected else []
    return ApprovalForm(languages=codes, prefix="reason")


def _members(definition: FigureDef, now: Count, by: User) -> dict[str, Any]:
    """Return the members that the person may read, a screenful of them, and how many there are besides."""
    table = _TABLES[definition.unit]
    known = visible(table.objects.filter(pk__in=now.members[:_SHOWN]), by)
    finder, uncertain = AdminURLFinder(by), set(now.uncertain)
    members = [(one, finder.get_edit_url(one), str(one.pk) in uncertain) for one in known]
    return {"members": members, "others": len(now.members) - len(members)}
