"""What a campaign page is put together from: words in the page's language, facts from the registry."""

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from wagtail.blocks import BooleanBlock, CharBlock, StructBlock, TextBlock
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.fields import StreamField
from wagtail.snippets.blocks import SnippetChooserBlock

from habeas.campaigns.figures import named_in


class RecordChooserBlock(SnippetChooserBlock):
    """Chooses a record of the registry."""

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
