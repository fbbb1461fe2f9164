"""What a campaign page is put together from: words in the page's language, facts from the registry."""

import hashlib
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import models
from wagtail.blocks import BooleanBlock, CharBlock, StructBlock, TextBlock
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.fields import StreamField
from wagtail.snippets.blocks import SnippetChooserBlock
from wagtail_localize.segments import StringSegmentValue

from habeas.campaigns.demands import in_short
from habeas.campaigns.figures import named_in


class RecordChooserBlock(SnippetChooserBlock):
    """Chooses a record, which is the same in every language."""

    def bulk_to_python(self, values: list[str | None]) -> list[Any]:
        """Return the records of `values`, in their order.

        Pages are stored as JSON, so identifiers come back as text; Wagtail looks them up as they come
        and would find nothing.
        """
        found: list[Any] = super().bulk_to_python([UUID(str(value)) if value else None for value in values])
        return found

    def get_prep_value(self, value: Any) -> str | None:
        """Return the identifier of the record as text."""
        return str(value.pk) if value else None

    def get_form_state(self, value: Any) -> dict[str, Any] | None:
        """Return what the editor is given; its JSON knows no UUID."""
        state: dict[str, Any] | None = super().get_form_state(value)
        return {**state, "id": str(state["id"])} if state else None

    def get_translatable_segments(self, value: Any) -> list[Any]:  # noqa: ARG002  Wagtail Localize's signature
        """Return nothing: which event, whose figure, which demand is the same in every language."""
        return []


class MomentBlock(StructBlock):
    """One line of the timeline. Date and sources come from the event; only the words are written here."""

    event = RecordChooserBlock("cases.Event")
    text = TextBlock(
        required=False, rows=2, help_text="What happened, without dates: they come from the case."
    )
    at_closing = BooleanBlock(
        required=False,
        label="Only once the campaign has ended",
        help_text="For what happened at the end: the release, the sentence carried out.",
    )

    class Meta:
        icon = "history"
        label_format = "{event} {text}"


class FigureBlock(StructBlock):
    """A number and what it means, in words; who counted it comes from the registry."""

    figure = RecordChooserBlock(
        "cases.FigureSnapshot",
        required=False,
        help_text="Of another body. Our own counts are named in the text: {{figure:name}}.",
    )
    text = CharBlock()

    class Meta:
        icon = "order"

    def clean(self, value: Any) -> Any:
        """Refuse a number that nobody counted."""
        cleaned = super().clean(value)
        if not cleaned["figure"] and not named_in(cleaned["text"]):
            told = "Choose who counted it, or name a figure of our own in the text: {{figure:name}}."
            raise StructBlockValidationError(block_errors={"figure": ValidationError(told)})
        return cleaned


class DemandBlock(CharBlock):
    """One thing the target is asked to do."""

    class Meta:
        icon = "list-ol"
        label = "Demand, typed here"


class PickedDemandBlock(RecordChooserBlock):
    """A demand of the directory: its words come in the language of the page."""

    class Meta:
        icon = "list-ol"
        label = "Demand from the directory"

    def get_form_state(self, value: Any) -> dict[str, Any] | None:
        """Return what the editor is given, the words of the demand among it."""
        state = super().get_form_state(value)
        return {**state, "string": in_short(value)} if state else None


class ParagraphBlock(TextBlock):
    """One paragraph of the story."""

    class Meta:
        icon = "pilcrow"


class BlocksField(StreamField):
    """A stream of blocks whose definitions stay out of migrations: a new help text is no schema change."""

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        """Return what a migration writes down."""
        name, _, _, keywords = super().deconstruct()
        return name, "wagtail.fields.StreamField", [[]], {**keywords, "block_lookup": {}}


class ParagraphsField(models.TextField):  # type: ignore[type-arg]  # Django takes no parameters here
    """A text of several paragraphs, an empty line between them; translators are given one at a time.

    As one piece they would meet it in a single line, with HTML's tags for the line breaks.
    """

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        """Return what a migration writes down: for the database it is any text."""
        name, _, positional, keywords = super().deconstruct()
        return name, "django.db.models.TextField", list(positional), dict(keywords)

    def get_translatable_segments(self, value: str) -> list[StringSegmentValue]:
        """Return each paragraph, under a name that stays with it when others come or go."""
        return [StringSegmentValue(paragraph_name(text), text) for text in paragraphs(value)]

    def restore_translated_segments(self, value: str, segments: Iterable[StringSegmentValue]) -> str:
        """Return the text `value` with its paragraphs translated."""
        said = {segment.path: segment.render_text() for segment in segments}
        return "\n\n".join(said.get(paragraph_name(text), text) for text in paragraphs(value))


def paragraphs(text: str) -> list[str]:
    """Return the paragraphs of a text."""
    parts = text.replace("\r\n", "\n").split("\n\n")
    return [part.strip() for part in parts if part.strip()]


def paragraph_name(paragraph: str) -> str:
    """Return the name under which a paragraph is given to translators."""
    return hashlib.sha256(paragraph.encode()).hexdigest()[:12]
