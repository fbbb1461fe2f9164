"""Forms in which staff enter and correct records."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from wagtail.admin.forms.models import WagtailAdminModelForm, WagtailAdminModelFormMetaclass

from habeas.cases import access, actions
from habeas.cases.models import Record
from habeas.cases.protection import Access
from habeas.cases.vocabulary import FigureKind, event_choices
from habeas.lib import languages


class _OfReadable:
    """A form that offers, and takes, only records that the person may read."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():  # type: ignore[attr-defined]  # Django's forms
            offered: Any = getattr(field, "queryset", None)
            if offered is not None and issubclass(offered.model, Record):
                field.queryset = access.visible(offered, self.for_user)  # type: ignore[attr-defined]  # Wagtail's


class PartForm(_OfReadable, WagtailAdminModelForm):
    """A part entered with its record: a name, a claim."""


class _RecordFormMetaclass(WagtailAdminModelFormMetaclass):
    @classmethod
    def child_form(cls) -> type[PartForm]:
        return PartForm


class RecordForm(_OfReadable, WagtailAdminModelForm, metaclass=_RecordFormMetaclass):
    """A form that writes a record, and each part entered with it, in the name of who fills it in."""

    reason = forms.CharField(
        required=False,
        max_length=500,
        label="Why",
        help_text="What made the change necessary: the log keeps it.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in access.hidden_fields(self.instance, self.for_user):
            self.fields.pop(name, None)
        for name, formset in self.formsets.items():
            formset.form_kwargs["for_user"] = self.for_user
            if not self.instance._state.adding:  # noqa: SLF001  Django's documented way to tell a new record
                parts = getattr(type(self.instance), name).rel.related_model.objects
                of_this = {formset.fk.name: self.instance.pk}
                formset.queryset = access.visible(parts.filter(**of_this), self.for_user)

    def clean(self) -> Any:
        """Refuse to seal what nobody could open any more."""
        cleaned = super().clean()
        if cleaned.get("access") == Access.SEALED and not self.someone_is_named(cleaned):
            self.add_error(
                "access", "Nobody is named in the case who could read it: name somebody there first."
            )
        return cleaned

    def someone_is_named(self, cleaned: Any) -> bool:
        """Tell whether the case of the record names people who read what is sealed."""
        case = cleaned.get("case") or getattr(self.instance, "case", None)
        return case is None or case.named.exists()

    def save(self, commit: bool = True) -> Any:  # noqa: FBT001, FBT002  Django's own signature
        """Return the record, written with what it said before kept."""
        if not commit:
            return super().save(commit=False)
        is_new = self.instance._state.adding  # noqa: SLF001  Django's documented way to tell a new record
        if not is_new:
            access.check(self.instance, self.for_user)
        return actions.save_form(super().save, by=self.for_user, reason=self.cleaned_data.get("reason", ""))


class CaseForm(RecordForm):
    """A case; whoever enters it is in its team, and among those named for what is sealed."""

    def clean(self) -> Any:
        """Add the maker to team and named people of a new case."""
        cleaned = super().clean()
        if self.instance._state.adding:  # noqa: SLF001  Django's documented way to tell a new record
            for name in ("team", "named"):
                if name in cleaned:
                    cleaned[name] = {*cleaned[name], self.for_user}
        return cleaned

    def someone_is_named(self, cleaned: Any) -> bool:
        """Tell whether the form names people; whoever enters a case is one of them."""
        is_new: bool = self.instance._state.adding  # noqa: SLF001  Django's documented way to tell a new record
        return is_new or bool(cleaned.get("named"))


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


class ByLanguage(forms.MultiValueField):
    """A text in several languages, each in a field of its own: {"en": "Your Excellency"}."""

    def __init__(
        self, codes: Sequence[str], *, written_in: type[forms.Widget] = forms.TextInput, **said: Any
    ) -> None:
        """Ask for the languages of `codes`, none of which has to be filled in."""
        self._codes = codes
        fields = [forms.CharField(required=False) for _ in codes]
        super().__init__(fields, widget=_InLanguages(codes, written_in), require_all_fields=False, **said)

    def compress(self, texts: Sequence[str]) -> dict[str, str]:
        """Return the texts that were written, by language."""
        return {code: text for code, text in zip(self._codes, texts, strict=False) if text}


class _InLanguages(forms.MultiWidget):
    template_name = "cases/by_language.html"

    def __init__(self, codes: Sequence[str], written_in: type[forms.Widget]) -> None:
        self._codes = codes
        super().__init__({code: written_in({"lang": code, "dir": "auto"}) for code in codes})

    def decompress(self, value: Any) -> list[str]:
        known = value if isinstance(value, dict) else {}
        return [known.get(code, "") for code in self._codes]

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(name, value, attrs)
        for widget in context["widget"]["subwidgets"]:
            widget["label"] = languages.english_name(widget["attrs"]["lang"])
        return context


class InLanguages:
    """A form with texts by language: those of the site, and whatever language is there already."""

    texts: ClassVar[tuple[str, ...]]
    written_in: ClassVar[type[forms.Widget]] = forms.TextInput

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, forms.Field] = self.fields  # type: ignore[attr-defined]  # Django's forms
        for name in self.texts:
            if name in fields:
                fields[name] = self._by_language(name, fields[name])

    def _by_language(self, name: str, plain: forms.Field) -> ByLanguage:
        known = getattr(self.instance, name) or {}  # type: ignore[attr-defined]  # Django's forms
        codes = tuple(dict.fromkeys([*settings.CONFIG.site.languages, *known]))
        said = {"label": plain.label, "help_text": plain.help_text, "required": plain.required}
        return ByLanguage(codes, written_in=self.written_in, **said)


class AuthorityForm(InLanguages, RecordForm):
    """An authority: what pages call it and who holds it, and how a letter begins, in each language."""

    texts = ("offices", "holders", "salutation")


class FigureDefForm(InLanguages, RecordForm):
    """A question that is counted from our records."""

    texts = ("questions", "wording")

    event_types = forms.MultipleChoiceField(
        label="Events", choices=event_choices, widget=forms.CheckboxSelectMultiple
    )

    def someone_is_named(self, cleaned: Any) -> bool:  # noqa: ARG002  the form's signature
        """Tell that nobody is: a question is of no case, and sealed it would be lost."""
        return False


class FigureForm(RecordForm):
    """Another body's number. What was counted from our records, or approved, is not typed over."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.kind == FigureKind.COMPUTED or self.instance.is_approved:
            for name in set(self.fields) - {"access", "reason"}:
                self.fields[name].disabled = True
                self.fields[name].required = False
