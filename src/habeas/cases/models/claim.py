"""Claims: what one source says about one event. Sources disagree, and none of them is merged away."""

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from modelcluster.fields import ParentalKey
from wagtail.models import Orderable

from habeas.cases.esf import MaterialType
from habeas.cases.models.case import Case
from habeas.cases.models.dated import check_edtf
from habeas.cases.models.event import Event
from habeas.cases.models.record import STANDING, Record, earlier_version, versions
from habeas.cases.models.source import Source
from habeas.cases.vocabulary import Stance


class ClaimField(models.TextChoices):
    """What of an event, or of the case, a claim is about."""

    DATE = "date", "Date, or beginning"
    UNTIL = "until", "End"
    HAPPENED = "happened", "Whether it happened"
    PLACE = "place"
    AUTHORITY = "authority"
    LEGAL_BASIS = "legal_basis", "Legal basis"
    NAME = "name", "Name of the person"
    BIRTH = "birth", "Birth of the person"
    NATIONALITY = "nationality"
    OCCUPATION = "occupation"
    HEALTH = "health"
    OTHER = "other"


DATED = frozenset({ClaimField.DATE, ClaimField.UNTIL, ClaimField.BIRTH})  # their values are EDTF


class Claim(Orderable, Record):
    """Source X says that FIELD of the event, or of the case, is VALUE."""

    event = ParentalKey(Event, on_delete=models.CASCADE, null=True, blank=True, related_name="claims")
    case = models.ForeignKey(
        Case, on_delete=models.CASCADE, null=True, blank=True, related_name="claims"
    )  # of a claim about the case itself; None for one about an event
    source = models.ForeignKey(Source, on_delete=models.RESTRICT, related_name="claims")
    document = models.ForeignKey(
        "cases.Document", on_delete=models.RESTRICT, null=True, blank=True, related_name="claims"
    )
    field = models.CharField(max_length=20, choices=ClaimField.choices, default=ClaimField.DATE)
    value = models.CharField(max_length=200)  # EDTF, where the field is a date
    stance = models.CharField(max_length=10, choices=Stance.choices, default=Stance.SUPPORTS)
    credibility = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(6)],
        help_text="1 confirmed by others … 5 improbable, 6 cannot be judged.",
    )
    material_type = models.CharField(
        "what it rests on", max_length=30, choices=MaterialType.choices, blank=True
    )
    received_on = models.DateField("received", null=True, blank=True)
    language = models.CharField(max_length=20, blank=True)  # BCP 47, of the quote
    consent = models.ForeignKey(
        "cases.Consent", on_delete=models.RESTRICT, null=True, blank=True, related_name="claims"
    )  # the source's, where it is a person
    note = models.TextField(blank=True)
    quote = models.TextField(blank=True)

    version_of = earlier_version()

    class Meta(Orderable.Meta):
        constraints = [
            models.CheckConstraint(
                condition=models.Q(event__isnull=False, case__isnull=True)
                | models.Q(event__isnull=True, case__isnull=False),
                name="a_claim_is_about_one_thing",
            )
        ]
        indexes = [
            models.Index(
                fields=["event", "stance", "source", "material_type"],
                condition=STANDING,
                name="claims_counted",
            ),
            versions("versions_of_claims"),
        ]

    def __str__(self) -> str:
        return f"{self.source.key}: {self.get_field_display()} {self.value}"

    def clean(self) -> None:
        """Refuse a date that is not one.

        raises  ValidationError
        """
        if self.field not in DATED:
            return
        try:
            check_edtf(self.value)
        except ValidationError as error:
            raise ValidationError({"value": error}) from error
