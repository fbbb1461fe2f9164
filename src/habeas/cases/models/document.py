"""Documents: originals kept untouched under their SHA-256, copies linked to them, who held them when."""

from typing import Any, NoReturn

from django.conf import settings
from django.db import models
from django.utils import timezone

from habeas.cases.models.case import Case
from habeas.cases.models.change import AddedOnly, AppendOnly
from habeas.cases.models.record import Record, once
from habeas.cases.vocabulary import CopyKind, CustodyAct


class Document(Record):
    """A file as it came in. The file itself lies in the data folder under its SHA-256 (cases.originals)."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="documents")
    title = models.CharField(max_length=200, blank=True)
    sha256 = models.CharField("SHA-256", max_length=64, editable=False)  # of the bytes as taken in
    size = models.PositiveBigIntegerField(editable=False)  # bytes
    mime = models.CharField("type", max_length=100, editable=False)
    original_name = models.CharField(max_length=255, editable=False)
    source_url = models.URLField("where it was found", max_length=1000, blank=True)
    captured_at = models.DateTimeField("captured", null=True, blank=True)
    tool = models.CharField(
        max_length=200, blank=True, help_text="With what it was captured, and its version."
    )
    timestamp_token = models.BinaryField(blank=True, editable=False)  # RFC 3161, where one was asked for
    parent = models.ForeignKey(
        "self", on_delete=models.RESTRICT, null=True, blank=True, editable=False, related_name="copies"
    )
    copy_kind = models.CharField(max_length=20, choices=CopyKind.choices, blank=True, editable=False)
    language = models.CharField(max_length=20, blank=True)  # BCP 47

    class Meta:
        ordering = ["case", "created_at"]
        constraints = [
            once(
                "case",
                "sha256",
                name="a_document_once_a_case",
                told="This very file already exists in the case.",
            )
        ]

    def __str__(self) -> str:
        return self.title or self.original_name


class CustodyQuerySet(AddedOnly, models.QuerySet["CustodyEntry"]):
    """Lines of chains of custody."""


class CustodyEntry(models.Model):
    """One line of a document's chain of custody; added, never changed."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="custody")
    at = models.DateTimeField(default=timezone.now, editable=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, editable=False, related_name="+"
    )
    act = models.CharField(max_length=20, choices=CustodyAct.choices)
    sha256 = models.CharField("SHA-256", max_length=64)  # of the file at that moment
    note = models.TextField(blank=True)

    objects = CustodyQuerySet.as_manager()

    class Meta:
        ordering = ["document", "id"]
        verbose_name_plural = "custody entries"

    def __str__(self) -> str:
        return f"{self.get_act_display()}, {self.at:%Y-%m-%d}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Add the line.

        raises  AppendOnly if it is there already
        """
        if not self._state.adding:
            raise AppendOnly("a line of a chain of custody is not changed")
        super().save(*args, **kwargs)

    def delete(self, *_: Any, **__: Any) -> NoReturn:
        """Refuse.

        raises  AppendOnly
        """
        raise AppendOnly("a line of a chain of custody is not removed")
