"""Forms in which staff enter and correct records."""

from typing import Any

from wagtail.admin.forms.models import WagtailAdminModelForm


class RecordForm(WagtailAdminModelForm):
    """A form that notes who made a record, and each part entered with it."""

    def save(self, commit: bool = True) -> Any:  # noqa: FBT001, FBT002  Django's own signature
        """Return the record, with its maker if it is new."""
        parts = [form.instance for formset in self.formsets.values() for form in formset.forms]
        for record in (self.instance, *parts):
            if record._state.adding:  # noqa: SLF001  Django's documented way to tell a new record
                record.created_by = self.for_user
        return super().save(commit=commit)


class EventForm(RecordForm):
    """An event, with what each source claims about it."""

    def is_valid(self) -> bool:
        """Tell whether all is well; a claim rests on a source of the event's own case."""
        valid: bool = super().is_valid()
        for form in self.formsets["claims"].forms:
            source = form.cleaned_data.get("source") if form.is_valid() else None
            if source and source.case_id != self.instance.case_id:
                form.add_error("source", "This is a source of another case.")
                valid = False
        return valid
