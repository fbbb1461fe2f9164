"""Figures: a question counted from our records, and a number fixed at one moment, with who counted it."""

from typing import Any, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from habeas.cases.models.case import Case
from habeas.cases.models.place import Place
from habeas.cases.models.record import PRESENT, Record, check_country, once
from habeas.cases.models.source import Source
from habeas.cases.protection import Access, Verification
from habeas.cases.vocabulary import EVENTS, FigureKind, FigureUnit, Qualifier
from habeas.lib.errors import HabeasError

NUMBER = "{number}"  # the place of the number in a wording
# What a definition may ask for; disputed and refuted events are in no number.
VERIFICATIONS = (
    Verification.REPORTED,
    Verification.PLAUSIBLE,
    Verification.CORROBORATED,
    Verification.CONFIRMED,
)
# Sealed records are in no number: one that moves would tell that something moved.
CEILINGS = (Access.PUBLIC, Access.PARTNERS, Access.STAFF, Access.TEAM)
# What an approved figure says; it stays as it was approved.
_SAID = ("definition_id", "definition_version", "as_of", "lower", "upper", "value", "qualifier", "members")


class ApprovedAlready(HabeasError):
    """An approved figure is not changed: pages cite it. Take another snapshot, and approve that."""


class FigureDef(Record):
    """A question, and the rule by which our records answer it."""

    access = models.PositiveSmallIntegerField(choices=Access.choices, default=Access.STAFF)
    slug = models.SlugField("name", max_length=80)  # in texts: {{figure:arrests-of-defenders}}
    question = models.CharField(max_length=300, help_text="How many … since …? In English.")
    questions = models.JSONField(
        "question in other languages",
        default=dict,
        blank=True,
        help_text='For readers of “How we count”, by language, like {"fr": "Combien …"}.',
    )
    unit = models.CharField("what is counted", max_length=10, choices=FigureUnit.choices)
    event_types = models.JSONField("events", default=list)  # ["arrest", "detention"]
    since = models.DateField("from", null=True, blank=True, help_text="The first day of the window.")
    until = models.DateField("to", null=True, blank=True, help_text="The last day; empty: it goes on.")
    country = models.CharField(
        max_length=2,
        blank=True,
        validators=[check_country],
        help_text="Two letters, like MR: where it happened, or else the country of its case.",
    )
    place = models.ForeignKey(Place, on_delete=models.RESTRICT, null=True, blank=True, related_name="+")
    min_verification = models.CharField(
        "verification at least",
        max_length=20,
        choices=[(one.value, one.label) for one in VERIFICATIONS],
        default=Verification.CORROBORATED,
    )
    min_origins = models.PositiveSmallIntegerField(
        "independent origins at least",
        default=1,
        help_text="Of the sources for each event; one official record is enough in their place.",
    )
    access_ceiling = models.PositiveSmallIntegerField(
        "counts records up to",
        choices=[(one.value, one.label) for one in CEILINGS],
        default=Access.TEAM,
        help_text="What is more protected is not in the number. Sealed records never are.",
    )
    wording = models.JSONField(
        default=dict,
        help_text='What a page says, by language, like {"en": "{number} arrests in Mauritania since 2014"}.',
    )

    class Meta:
        ordering = ["slug"]
        verbose_name = "figure of our own"
        verbose_name_plural = "figures of our own"
        constraints = [
            once("slug", name="a_definition_once", told="A figure of our own has this name already.")
        ]

    def __str__(self) -> str:
        return f"{self.slug}: {self.question}"

    def clean(self) -> None:
        """Refuse a rule that counts nothing, and words without the number.

        raises  ValidationError
        """
        told: dict[str, str] = {}
        unknown = sorted(set(self.event_types) - EVENTS.keys())
        if unknown or not self.event_types:
            told["event_types"] = f"Not kinds of events: {', '.join(unknown)}." if unknown else "Choose some."
        if self.since and self.until and self.since > self.until:
            told["until"] = "The window ends before it begins."
        if not isinstance(self.wording, dict) or not self.wording:
            told["wording"] = f"Write it in one language at least: “{NUMBER} arrests since 2014”."
        elif without := sorted(code for code, text in self.wording.items() if str(text).count(NUMBER) != 1):
            told["wording"] = f"{NUMBER} has to stand in it once; it does not in: {', '.join(without)}."
        if FigureSnapshot.objects.filter(slug=self.slug, kind=FigureKind.CITED).exists():
            told["slug"] = "A figure of another body has this name."
        if told:
            raise ValidationError(told)

    def at(self, version: int) -> Self:
        """Return the definition as it was at a version of its own."""
        if version == self.version:
            return self
        return next(one for one in self.versions() if one.version == version)


class FigureSnapshot(Record):
    """A number fixed at one moment, as pages may cite it: our own count, or another body's."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, null=True, blank=True, related_name="figures")
    slug = models.SlugField(max_length=80)  # "mauritania-hrd-arrests"; of our own: the definition's
    kind = models.CharField(
        max_length=10, choices=FigureKind.choices, default=FigureKind.CITED, editable=False
    )
    value = models.PositiveIntegerField("number", null=True, blank=True)  # as it is said: over 168
    qualifier = models.CharField("how it is said", max_length=10, choices=Qualifier.choices, blank=True)
    # Of another body's.
    wording = models.TextField(blank=True)  # "over 168 cases of arbitrary arrests … since 2014"
    source = models.ForeignKey(
        Source, on_delete=models.RESTRICT, null=True, blank=True, related_name="figures"
    )
    document = models.CharField(max_length=300, blank=True)
    page = models.CharField(max_length=40, blank=True)
    quote = models.TextField(blank=True)
    # Of our own.
    definition = models.ForeignKey(
        FigureDef, on_delete=models.RESTRICT, null=True, blank=True, editable=False, related_name="snapshots"
    )
    definition_version = models.PositiveIntegerField(null=True, editable=False)
    as_of = models.DateField(null=True, editable=False)  # the day it was counted
    lower = models.PositiveIntegerField(null=True, editable=False)  # certain
    upper = models.PositiveIntegerField(null=True, editable=False)  # possible; None: nobody knows how many
    members = models.JSONField(default=list, editable=False)  # sorted ids of all that may count
    uncertain = models.JSONField(
        default=list, editable=False
    )  # those of them that the lower bound leaves out
    members_sha256 = models.CharField(max_length=64, blank=True, editable=False)  # figures.counting.digest
    approver = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,  # somebody answers for it; who left is deactivated
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )
    approved_at = models.DateTimeField(null=True, editable=False)  # None: no page may cite it yet
    corrects = models.JSONField(
        default=list, editable=False
    )  # ids of approved ones that did not hold any more
    reasons = models.JSONField(default=dict, editable=False)  # why they did not, by language, for readers

    class Meta:
        ordering = ["slug", "-created_at"]
        verbose_name = "figure"
        constraints = [
            once(
                "slug",
                name="a_figure_once",
                told="A figure of this name already exists.",
                condition=PRESENT & Q(kind=FigureKind.CITED),
            ),
            models.CheckConstraint(
                name="nobody_approves_nothing",
                condition=Q(approved_at__isnull=True)
                | Q(approver__isnull=False, value__isnull=False) & ~Q(qualifier=""),
            ),
            models.CheckConstraint(
                name="a_number_is_said_as_the_count_allows",
                condition=Q(kind=FigureKind.CITED)
                | Q(definition__isnull=False, lower__isnull=False, value__isnull=False)
                & (
                    Q(qualifier=Qualifier.OVER, lower__gt=F("value"))
                    | Q(qualifier=Qualifier.AT_LEAST, lower__gte=F("value"))
                    | Q(qualifier=Qualifier.EXACTLY, lower=F("value"), upper=F("value"))
                    | Q(qualifier=Qualifier.ABOUT, upper__gte=F("lower"))
                ),
                violation_error_message="The count does not allow to say this.",
            ),
        ]

    def __str__(self) -> str:
        said = f"{self.slug}: {self.qualifier} {self.value}, as of {self.as_of}"
        return self.wording if self.kind == FigureKind.CITED else said

    @property
    def is_approved(self) -> bool:
        """Whether somebody answers for it, so that pages may cite it."""
        return self.approved_at is not None

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write it; what an approved figure says stays.

        raises  ApprovedAlready
        """
        if not self._state.adding:
            before = type(self).objects.filter(pk=self.pk, approved_at__isnull=False).first()
            if before and any(getattr(before, name) != getattr(self, name) for name in _SAID):
                raise ApprovedAlready("an approved figure is not changed; take another snapshot")
        super().save(*args, **kwargs)

    def validate_constraints(self, exclude: Any = None) -> None:
        """Check that it is the only one of its name; no form has its kind.

        raises  ValidationError
        """
        super().validate_constraints(exclude=set(exclude or ()) - {"kind"})

    def clean(self) -> None:
        """Refuse a number of somebody else's without who that is, or half a number.

        raises  ValidationError
        """
        if self.kind != FigureKind.CITED:
            return
        told: dict[str, str] = {}
        if self.source_id is None:
            told["source"] = "A cited figure names who counted it."
        if not self.wording:
            told["wording"] = "Write what they say, in their words."
        if (self.value is None) != (not self.qualifier):
            told["qualifier"] = "A number and how it is said go together."
        if FigureDef.objects.filter(slug=self.slug).exists():
            told["slug"] = "A figure of our own has this name."
        if told:
            raise ValidationError(told)
