"""What every record of the registry has: an identifier, who made it and when, how often it changed."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models

from habeas.lib import languages
from habeas.lib.ids import uuid7


class Record(models.Model):
    """The base of all staff records; nothing about a supporter is ever one."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )
    version = models.PositiveIntegerField(default=1, editable=False)  # 1, and one more with each change

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write the record; a change, not the first save, makes the next version."""
        if not self._state.adding and kwargs.get("update_fields") is None:
            self.version += 1
        super().save(*args, **kwargs)


def check_country(code: str) -> None:
    """Refuse what is not a country, in a form's words.

    raises  ValidationError
    """
    if code not in languages.country_codes():
        raise ValidationError(f"{code!r} is not a country's two letters, like MR.", code="not_a_country")
