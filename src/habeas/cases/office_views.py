"""Screens of the office besides lists and forms: taking a record back, who a source is."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from wagtail.snippets.models import get_snippet_models

from habeas.cases import actions, identities
from habeas.cases.access import visible
from habeas.cases.models import Record, Source, SourceIdentity
from habeas.lib.errors import HabeasError


class EnteringForm(forms.Form):
    """Who a source is."""

    who = forms.CharField(
        label="Name, address, how to reach them safely",
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off", "dir": "auto"}),
    )


class ReasonForm(forms.Form):
    """Why; the log keeps it."""

    reason = forms.CharField(label="Why", max_length=500)


def withdraw(request: HttpRequest, kind: str, record: UUID) -> HttpResponse:
    """Ask why; on POST, take a record back: a consent, an embargo, an event that did not happen."""
    user, model = request.user, _model(kind)
    if not isinstance(user, User) or not user.has_perm(f"cases.change_{kind}"):
        raise PermissionDenied
    found = get_object_or_404(visible(model.objects.filter(withdrawn_at=None), user), pk=record)
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        actions.withdraw(found, by=user, reason=form.cleaned_data["reason"])
        messages.success(request, "Withdrawn. It stays in its list, and counts no more.")
        return redirect(f"wagtailsnippets_cases_{kind}:list")
    told = {"record": found, "kind": model._meta.verbose_name, "form": form}  # noqa: SLF001  Django's public name
    return render(request, "cases/withdraw.html", {**told, "list": f"wagtailsnippets_cases_{kind}:list"})


def _model(kind: str) -> type[Record]:
    """Return the table of a kind of record.

    raises  Http404 if records of that kind are not taken back one by one
    """
    models: list[type[Model]] = get_snippet_models()
    for model in models:
        if issubclass(model, Record) and model._meta.model_name == kind:  # noqa: SLF001  Django's public name
            return model
    raise Http404


@never_cache
def identity(request: HttpRequest, source: UUID) -> HttpResponse:
    """Seal who a source is, or show it once to somebody named in the case."""
    user = request.user
    if not isinstance(user, User) or not user.has_perm("cases.change_source"):
        raise PermissionDenied
    found = get_object_or_404(visible(Source.objects.all(), user), pk=source)
    act = request.POST.get("act")
    entering = EnteringForm(request.POST if act == "enter" else None)
    reading = ReasonForm(request.POST if act == "read" else None)
    if entering.is_valid() and _enter(request, found, entering, user):
        return redirect(request.path)
    told: dict[str, Any] = {"source": found, "entering": entering, "reading": reading}
    told["who"] = _read(request, found, reading, user) if reading.is_valid() else ""
    told["may_read"] = visible(SourceIdentity.objects.filter(source=found), user).exists()
    return render(request, "cases/identity.html", told)


def _enter(request: HttpRequest, source: Source, entering: EnteringForm, user: User) -> bool:
    try:
        identities.enter_identity(source, entering.cleaned_data["who"], by=user)
    except HabeasError:
        messages.error(request, "Not sealed: who it is stands here already, and named people may replace it.")
        return False
    messages.success(request, "Sealed.")
    return True


def _read(request: HttpRequest, source: Source, reading: ReasonForm, user: User) -> str:
    try:
        return identities.read_identity(source, by=user, reason=reading.cleaned_data["reason"])
    except HabeasError as reason:
        messages.error(request, f"It cannot be read: {reason}.")
        return ""
