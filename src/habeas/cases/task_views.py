"""The screen on which a finding is given to somebody, taken, or given back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from wagtail.admin.widgets import AdminDateInput

from habeas.cases import actions, tasks
from habeas.cases.access import visible
from habeas.cases.case_page import page_address
from habeas.cases.models import Assignment, Case, Event
from habeas.cases.status import words
from habeas.lib.errors import HabeasError


class GivingForm(forms.Form):
    """To whom, and by when."""

    to = forms.TypedChoiceField(label="Give it to", coerce=int)
    due_on = forms.DateField(
        label="By", required=False, widget=AdminDateInput(), help_text="Empty: whenever they can."
    )
    note = forms.CharField(
        required=False,
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        help_text="What they should know. It is for whoever reads the task, and stays in its history.",
    )
    seen = forms.IntegerField(widget=forms.HiddenInput())  # the version of the assignment this form shows

    def __init__(self, holders: list[User], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].choices = [(one.pk, _name(one)) for one in holders]  # type: ignore[attr-defined]  # a choice field

    def clean_due_on(self) -> Any:
        """Refuse a day that is over."""
        due_on = self.cleaned_data["due_on"]
        if due_on and due_on < timezone.localdate():
            raise forms.ValidationError("This day is over.")
        return due_on


def _name(user: User) -> str:
    full = user.get_full_name()
    return f"{full} ({user.get_username()})" if full else user.get_username()


def task(request: HttpRequest, kind: str, event: UUID, against: UUID | None = None) -> HttpResponse:
    """Show who sees to a finding; on POST, give it to somebody, take it, or give it back."""
    user = request.user
    if not isinstance(user, User) or not user.has_perm(tasks.CHANGES_CASES):
        raise PermissionDenied
    found = get_object_or_404(visible(Event.objects.filter(withdrawn_at=None), user), pk=event)
    if not tasks.may_give(found.case, user):
        raise PermissionDenied
    case, key = found.case, tasks.Key(kind, event, against)
    try:
        finding = tasks.finding_of(case, key, user)
    except tasks.NoSuchTask as reason:
        messages.warning(request, f"Nothing to do: {reason}.")
        return redirect(page_address(case.pk))
    known = tasks.assignments(case, user).get(key)
    holders = tasks.possible_holders(case, key, user)
    form = GivingForm(
        holders, request.POST if request.POST.get("act") == "give" else None, initial=_as_is(known)
    )
    if _acted(request, case, key, known, form, user):
        return redirect(f"{page_address(case.pk)}#tasks-section")
    told = {"case": case, "text": words.task(finding), "known": known, "form": form, "holders": holders}
    return render(request, "cases/task.html", {**told, "back": page_address(case.pk)})


def _as_is(known: Assignment | None) -> dict[str, Any]:
    """Return what the form says at first."""
    if known is None:
        return {"seen": 0}
    return {"to": known.holder_id, "due_on": known.due_on, "note": known.note, "seen": known.version}


def _acted(
    request: HttpRequest, case: Case, key: tasks.Key, known: Assignment | None, form: GivingForm, user: User
) -> bool:
    """Do what was asked for, and tell whether anything was."""
    act = request.POST.get("act")
    try:
        if act == "take":
            actions.give_task(case, key, user, by=user, seen=known.version if known else 0)
            messages.success(request, "It is yours.")
            return True
        if act == "back" and known:
            actions.give_back_task(known, by=user)
            messages.success(request, "Given back: nobody has it now.")
            return True
        if form.is_valid():
            _give(case, key, form.cleaned_data, user)
            messages.success(request, "Given. It stands on their first screen.")
            return True
    except HabeasError as reason:
        messages.error(request, f"Not done: {reason}.")
    return False


def _give(case: Case, key: tasks.Key, told: dict[str, Any], user: User) -> None:
    to = User.objects.get(pk=told["to"])
    actions.give_task(case, key, to, by=user, due_on=told["due_on"], note=told["note"], seen=told["seen"])
