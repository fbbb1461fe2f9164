"""The log of changes: who changed which record, when, in which fields and why. It holds no values.

What a record said before stands once, in the superseded row itself (docs/decisions/0012).
"""

from typing import Any, NoReturn

from django.contrib.contenttypes.models import ContentType
from django.db import models
from wagtail.models import BaseLogEntry, LogEntryQuerySet
from wagtail.models.audit_log import BaseLogEntryManager

from habeas.lib.errors import HabeasError


class AppendOnly(HabeasError):
    """Somebody tried to alter or remove a line of a log."""


class AddedOnly:
    """Lines that are added and read, and nothing else."""

    def update(self, **_: Any) -> NoReturn:
        """Refuse.

        raises  AppendOnly
        """
        raise AppendOnly("a line of the log is not changed")

    def delete(self) -> NoReturn:
        """Refuse.

        raises  AppendOnly
        """
        raise AppendOnly("a line of the log is not removed")


class ChangeQuerySet(AddedOnly, LogEntryQuerySet):
    """Changes."""


class ChangeManager(BaseLogEntryManager):
    """Finds and writes changes, as Wagtail's screens ask for them."""

    def get_queryset(self) -> ChangeQuerySet:
        """Return every change."""
        return ChangeQuerySet(self.model, using=self._db)

    def get_instance_title(self, instance: Any) -> str:
        """Return what the log calls the record: never what it says."""
        return name_of(instance)

    def log_action(self, instance: Any, action: str, **kwargs: Any) -> Any:
        """Write what Wagtail reports of a record, unless the act that made it has written it already."""
        if action.startswith("wagtail."):
            return None
        return super().log_action(instance, action, object_id=str(instance.pk), **kwargs)

    def for_instance(self, instance: Any) -> ChangeQuerySet:
        """Return the changes of one record."""
        kind = ContentType.objects.get_for_model(instance, for_concrete_model=False)
        found: ChangeQuerySet = self.filter(content_type=kind, object_id=str(instance.pk))
        return found

    def viewable_by_user(self, user: Any) -> ChangeQuerySet:
        """Return what the user may see in the report of all changes: their own, or all as administrator.

        The log holds no values, but also that a sealed case changed is not everybody's business.
        """
        found: ChangeQuerySet = self.all() if user.is_superuser else self.filter(user=user)
        return found


class Change(BaseLogEntry):
    """One change of one record: names of fields, never their values."""

    object_id = models.CharField(max_length=36, db_index=True)
    version = models.PositiveIntegerField(default=0)  # of the record after it; 0: the record did not change
    fields = models.JSONField(default=list)  # names of the fields that changed
    reason = models.TextField(blank=True)

    objects = ChangeManager()

    class Meta(BaseLogEntry.Meta):
        ordering = ["-timestamp", "-id"]
        verbose_name = "change"

    def __str__(self) -> str:
        return f"{self.label}: {self.action}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Add the line.

        raises  AppendOnly if it is there already
        """
        if not self._state.adding:
            raise AppendOnly("a line of the log is not changed")
        super().save(*args, **kwargs)

    def delete(self, *_: Any, **__: Any) -> NoReturn:
        """Refuse.

        raises  AppendOnly
        """
        raise AppendOnly("a line of the log is not removed")


def name_of(record: Any) -> str:
    """Return what the log calls a record: its kind and identifier, and nothing that it says."""
    return f"{name_of_kind(type(record))} {record.pk}"


def name_of_kind(kind: type[Any]) -> str:
    """Return what the log calls a kind of record."""
    return str(kind._meta.verbose_name)  # noqa: SLF001  Django's public name
