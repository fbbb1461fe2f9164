"""Figures: a number on a page, fixed at one moment, with who counted it."""

from django.core.exceptions import ValidationError
from django.db import models

from habeas.cases.models.case import Case
from habeas.cases.models.record import Record, once
from habeas.cases.models.source import Source
from habeas.cases.vocabulary import FigureKind


class FigureSnapshot(Record):
    """A claim with a number in it, as pages may cite it. For now every figure is another body's."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, null=True, blank=True, related_name="figures")
    slug = models.SlugField(max_length=80)  # "mauritania-hrd-arrests"
    kind = models.CharField(max_length=10, choices=FigureKind.choices, default=FigureKind.CITED)
    wording = models.TextField()  # "over 168 cases of arbitrary arrests … since 2014"
    source = models.ForeignKey(
        Source, on_delete=models.RESTRICT, null=True, blank=True, related_name="figures"
    )
    document = models.CharField(max_length=300, blank=True)
    page = models.CharField(max_length=40, blank=True)
    quote = models.TextField(blank=True)

    class Meta:
        ordering = ["slug"]
        verbose_name = "figure"
        constraints = [once("slug", name="a_figure_once", told="A figure of this name already exists.")]

    def __str__(self) -> str:
        return self.wording

    def clean(self) -> None:
        """Refuse a number of somebody else's without who that is.

        raises  ValidationError
        """
        if self.kind == FigureKind.CITED and self.source_id is None:
            raise ValidationError({"source": "A cited figure names who counted it."})
