"""Claims: what one source says about one event. Sources disagree, and none of them is merged away."""

from django.core.exceptions import ValidationError
from django.db import models
from modelcluster.fields import ParentalKey
from wagtail.models import Orderable

from habeas.cases.models.dated import check_edtf
from habeas.cases.models.event import Event
from habeas.cases.models.record import Record
from habeas.cases.models.source import Source
from habeas.cases.vocabulary import Stance


class ClaimField(models.TextChoices):
    """What of an event a claim is about."""

    DATE = "date", "Date, or beginning"
    UNTIL = "until", "End"


class Claim(Orderable, Record):
    """Source X says that FIELD of the event is VALUE."""

    event = ParentalKey(Event, on_delete=models.CASCADE, related_name="claims")
    source = models.ForeignKey(Source, on_delete=models.RESTRICT, related_name="claims")
    field = models.CharField(max_length=20, choices=ClaimField.choices, default=ClaimField.DATE)
    value = models.CharField(max_length=200)  # for both fields: EDTF
    stance = models.CharField(max_length=10, choices=Stance.choices, default=Stance.SUPPORTS)
    note = models.TextField(blank=True)
    quote = models.TextField(blank=True)

    class Meta(Orderable.Meta):
        pass

    def __str__(self) -> str:
        return f"{self.source.key}: {self.get_field_display()} {self.value}"

    def clean(self) -> None:
        """Refuse a date that is not one.

        raises  ValidationError
        """
        try:
            check_edtf(self.value)
        except ValidationError as error:
            raise ValidationError({"value": error}) from error
