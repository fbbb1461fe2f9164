"""Screens of the office that lead on from a case: overriding, documents, history, two versions compared."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from wagtail.admin.widgets import AdminDateTimeInput

from habeas.cases import custody, history, overrides
from habeas.cases.access import visible
from habeas.cases.case_page import page_address
from habeas.cases.models import Case, Document, Event, Record
from habeas.cases.queries import record_models
from habeas.cases.status import words
from habeas.lib.errors import HabeasError

LARGEST = 100_000_000  # bytes of one document; it is read into memory to be hashed


class OverrideForm(forms.Form):
    """Why both events stand."""

    reason = forms.CharField(
        label="Why both stand",
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
        help_text="Whoever publishes the case reads it, and the log keeps it with your name.",
    )


class DocumentForm(forms.Form):
    """A document, and how it was come by."""

    file = forms.FileField(help_text="Its SHA-256 is written down as it comes in; the file is never changed.")
    source_url = forms.URLField(label="Where it was found", required=False, assume_scheme="https")
    captured_at = forms.DateTimeField(label="Captured", required=False, widget=AdminDateTimeInput())
    tool = forms.CharField(label="With what, and its version", required=False, max_length=200)

    def clean_file(self) -> UploadedFile[Any]:
        """Refuse what is too large to be taken in here."""
        file: UploadedFile[Any] = self.cleaned_data["file"]
        if (file.size or 0) > LARGEST:
            raise forms.ValidationError(
                f"The file is larger than {LARGEST // 1_000_000} MB: split it, or shrink it."
            )
        return file


def _staff(request: HttpRequest, permission: str) -> User:
    """Return who asks.

    raises  PermissionDenied
    """
    user = request.user
    if not isinstance(user, User) or not user.has_perm(permission):
        raise PermissionDenied
    return user


def override(request: HttpRequest, event: UUID) -> HttpResponse:
    """Show a contradiction; on POST, let both events stand with the reason given."""
    user = _staff(request, "cases.add_override")
    found = get_object_or_404(visible(Event.objects.filter(withdrawn_at=None), user), pk=event)
    try:
        contradiction = overrides.contradiction_of(found, user)
    except overrides.NothingToOverride as reason:
        messages.warning(request, f"Nothing to do: {reason}.")
        return redirect(page_address(found.case_id))
    form = OverrideForm(request.POST or None)
    if form.is_valid():
        overrides.override(found, by=user, reason=form.cleaned_data["reason"])
        messages.success(request, "Written down. The case can be published with both events.")
        return redirect(page_address(found.case_id))
    told = {"event": found, "case": found.case, "text": words.task(contradiction), "form": form}
    return render(request, "cases/override.html", {**told, "back": page_address(found.case_id)})


def add_document(request: HttpRequest, case: UUID) -> HttpResponse:
    """Take a document into a case."""
    user = _staff(request, "cases.change_case")
    found = get_object_or_404(visible(Case.objects.all(), user), pk=case)
    form = DocumentForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        taken = _take_in(request, found, form.cleaned_data, user)
        if taken:
            return redirect("cases_document", taken.pk)
    told = {"case": found, "form": form, "back": page_address(found.pk)}
    return render(request, "cases/add_document.html", told)


def _take_in(request: HttpRequest, case: Case, told: dict[str, Any], user: User) -> Document | None:
    file: UploadedFile[Any] = told["file"]
    capture = custody.Capture(told["source_url"], told["captured_at"], told["tool"])
    try:
        taken = custody.take_in(case, file.read(), file.name or "document", by=user, capture=capture)
    except (HabeasError, OSError) as reason:
        messages.error(request, f"Not taken in: {reason}.")
        return None
    messages.success(request, "Taken in, with its SHA-256.")
    return taken


@never_cache
def document(request: HttpRequest, document: UUID) -> HttpResponse:
    """Show a document's chain of custody; on POST, check it or hand it out, which is a line of the chain."""
    user = _staff(request, "cases.view_case")
    found = get_object_or_404(visible(Document.objects.all(), user).select_related("case"), pk=document)
    act = request.POST.get("act")
    try:
        if act == "read":
            return _handed_out(found, user)
        if act == "check":
            custody.check(found, by=user)
            messages.success(request, "It is what was taken in.")
            return redirect(request.path)
    except HabeasError as reason:
        messages.error(request, f"Something is wrong: {reason}.")
    told = {
        "document": found,
        "custody": found.custody.select_related("by"),
        "back": page_address(found.case_id),
    }
    return render(request, "cases/document.html", told)


def _handed_out(document: Document, user: User) -> HttpResponse:
    """Return the file to be saved, never shown: what it holds may be hostile."""
    answer = HttpResponse(custody.read(document, by=user), content_type="application/octet-stream")
    answer.headers["Content-Disposition"] = f'attachment; filename="{document.sha256[:12]}"'
    return answer


def case_history(request: HttpRequest, case: UUID) -> HttpResponse:
    """Show who changed what in a case, and when."""
    user = _staff(request, "cases.view_case")
    found = get_object_or_404(visible(Case.objects.all(), user), pk=case)
    told = {"case": found, "lines": history.lines(found, user), "back": page_address(found.pk)}
    return render(request, "cases/history.html", told)


def compare(request: HttpRequest, kind: str, record: UUID, version: int) -> HttpResponse:
    """Show what one version of a record changed, field by field."""
    user = _staff(request, "cases.view_case")
    found = get_object_or_404(visible(_model(kind).objects.all(), user), pk=record)
    try:
        differences = history.differences(found, version, user)
    except history.NoSuchVersion as error:
        raise Http404 from error
    cases = visible(Case.objects.filter(pk__in=found.of_cases()), user)
    told = {"record": found, "version": version, "before": version - 1, "differences": differences}
    return render(request, "cases/compare.html", {**told, "cases": cases})


def _model(kind: str) -> type[Record]:
    for model in record_models():
        if model._meta.model_name == kind:  # noqa: SLF001  Django's public name
            return model
    raise Http404
