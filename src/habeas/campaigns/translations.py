"""Pages of one campaign in several languages: which was translated from which, and what a translation lacks.

Translating is done in the screens of Wagtail Localize, text by text beside the source. It forgets nothing and
notices nothing: that a source changed later, or that a number got lost, is found here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import QuerySet
from wagtail.fields import StreamField
from wagtail_localize.models import StringTranslation, Translation
from wagtail_localize.strings import StringValue

from habeas.campaigns.blocks import ParagraphsField, paragraph_name, paragraphs
from habeas.campaigns.demands import PICKED
from habeas.campaigns.figures import mistyped, named_in
from habeas.campaigns.models import Campaign, CampaignPage, Demand, SourceText
from habeas.campaigns.models.page import WORDS
from habeas.lib import languages

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

_SHOWN = 60  # characters of a text by which its translator knows it again


def words_of(page: CampaignPage) -> dict[str, Any]:
    """Return what a page says and shows, by field, as JSON keeps it, however its lines end."""
    return {name: _plain(page, name) for name in WORDS}


def _plain(page: CampaignPage, name: str) -> Any:
    field, value = CampaignPage._meta.get_field(name), getattr(page, name)  # noqa: SLF001  Django's documented API
    if isinstance(field, StreamField):
        return _evened(field.stream_block.get_prep_value(value) or [])
    return _evened(value)


def _evened(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("\r\n", "\n").strip()
    if isinstance(value, list):
        return [_evened(one) for one in value]
    if isinstance(value, dict):
        return {key: _evened(one) for key, one in value.items()}
    return value


def texts_in(words: Mapping[str, Any]) -> dict[str, str]:
    """Return the texts of `words_of` by the path that translators' texts have, in their order."""
    names = [name for name in WORDS if name in words]
    return {path: text for name in names for path, text in _texts_of(name, words[name])}


def _texts_of(name: str, said: Any) -> Iterator[tuple[str, str]]:
    if isinstance(CampaignPage._meta.get_field(name), ParagraphsField):  # noqa: SLF001  Django's documented API
        yield from ((f"{name}.{paragraph_name(text)}", text) for text in paragraphs(said))
    elif isinstance(said, list):
        for block in said:
            part = ".text" if isinstance(block["value"], dict) else ""
            if block["type"] != PICKED:  # the same in every language
                yield f"{name}.{block['id']}{part}", text_of(block)
    else:
        yield name, said


def translation_of(page: CampaignPage) -> Translation | None:
    """Return the translation beside its source that a page is; None if it is written for itself."""
    found = Translation.objects.filter(
        source__object_id=page.translation_key, target_locale_id=page.locale_id, enabled=True
    )
    translation: Translation | None = found.select_related("source__locale", "target_locale").first()
    return translation


def original(campaign: Campaign) -> CampaignPage | None:
    """Return the page that a campaign was begun with: what is not translated follows it."""
    found: CampaignPage | None = (
        campaign.pages.filter(alias_of=None).select_related("locale").order_by("pk").first()
    )
    return found


def source_of(page: CampaignPage) -> CampaignPage | None:
    """Return the page from which another was translated; None if it is the original."""
    translation = translation_of(page)
    if translation:
        source = CampaignPage.objects.filter(
            translation_key=page.translation_key, locale_id=translation.source.locale_id
        )
        found: CampaignPage | None = source.select_related("locale").first()
        return found
    first = original(page.campaign)
    return None if first == page else first


@dataclass(frozen=True, slots=True)
class Change:
    """A text of the source that is not what it was when it was translated."""

    field: str
    before: str  # empty: it was not there
    now: str  # empty: it is gone


@dataclass(frozen=True, slots=True)
class Behind:
    """A page that says what its source said before."""

    page: CampaignPage
    source: CampaignPage
    since: datetime

    @property
    def language(self) -> str:
        """The language of the page, as staff call it."""
        return name_of(self.page)

    @property
    def source_language(self) -> str:
        """The language it was translated from, as staff call it."""
        return name_of(self.source)

    @property
    def changes(self) -> list[Change]:
        """What the source says now and did not."""
        return list(changes(self.page.source_text.words, words_of(self.source)))


def name_of(page: CampaignPage) -> str:
    """Return what staff call the language of a page."""
    return languages.english_name(page.locale.language_code)


def behind(**which: Any) -> list[Behind]:
    """Return the public pages that say what their source said before, in the order of the site.

    which  a filter of SourceText: `page__campaign=…`, `source=…`, `page=…`
    """
    return [one for found in behind_by_campaign(**which).values() for one in found]


def behind_by_campaign(**which: Any) -> Mapping[UUID, list[Behind]]:
    """Return the same by campaign, in one query for all campaigns."""
    found: dict[UUID, list[Behind]] = defaultdict(list)
    spoken = settings.CONFIG.site.languages
    for row in sorted(_changed(**which), key=lambda row: spoken.index(row.page.locale.language_code)):
        if row.changed_at:
            found[row.page.campaign_id].append(Behind(row.page, row.source, row.changed_at))
    return found


def _changed(**which: Any) -> QuerySet[SourceText]:
    rows = SourceText.objects.filter(changed_at__isnull=False, page__live=True, source__live=True, **which)
    known = rows.filter(page__locale__language_code__in=settings.CONFIG.site.languages)
    return known.select_related("page__locale", "source__locale", "page__campaign")


def changes(before: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Change]:
    """Yield what differs between two texts of `words_of`, in words for translators."""
    for name in WORDS:
        was, says = before.get(name, ""), now.get(name, "")
        if was == says:
            continue
        if isinstance(says, list) or isinstance(was, list):
            yield from _changed_blocks(label(name), was or [], says or [])
        else:
            yield Change(label(name), was, says)


def _changed_blocks(field: str, was: list[Any], says: list[Any]) -> Iterator[Change]:
    before, now = ({one["id"]: text_of(one) for one in blocks} for blocks in (was, says))
    told = [
        Change(field, before.get(key, ""), now.get(key, ""))
        for key in dict.fromkeys((*before, *now))
        if before.get(key) != now.get(key)
    ]
    yield from told or [Change(field, "", "its order, or which records it shows")]


def text_of(block: Mapping[str, Any]) -> str:
    """Return what a block of a stream says; of a demand that was picked, what staff call it."""
    value = block["value"]
    if block["type"] == PICKED:
        return next((str(one) for one in Demand.objects.filter(pk=value)), "")
    return str(value["text"] if isinstance(value, dict) else value)


def label(name: str) -> str:
    """Return what staff call a field of a page."""
    called = str(CampaignPage._meta.get_field(name).verbose_name)  # noqa: SLF001  Django's documented API
    return called[:1].upper() + called[1:]


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a text of a translation cannot be published."""

    field: str
    source: str  # what it is a translation of
    reason: str  # empty: it is not translated yet
    translation: int | None = None  # of the text, if there is any

    def __str__(self) -> str:
        return f"{self.field}, “{_shortened(self.source)}”: {self.reason}"


def troubles(translation: Translation) -> list[Trouble]:
    """Return everything that keeps a translation from being published, in the order of the page."""
    segments = translation.source.stringsegment_set.order_by("order").select_related("string", "context")
    said = {
        (one.translation_of_id, one.context_id): one
        for one in segments.get_translations(translation.target_locale)
    }
    found = [_trouble(one, said.get((one.string_id, one.context_id)), translation) for one in segments]
    return [one for one in found if one]


def _trouble(segment: Any, said: StringTranslation | None, translation: Translation) -> Trouble | None:
    field = label(segment.context.path.split(".")[0])
    source = StringValue(segment.string.data).render_text()
    if said is None or not said.data.strip():
        return Trouble(field, source, "")
    error = said.get_error() or ""
    reason = figure_trouble(source, StringValue(said.data).render_text(), _called(translation.source.locale))
    if said.has_error or reason:
        return Trouble(field, source, reason or error, said.pk)
    return None


def figure_trouble(source: str, text: str, language: str) -> str:
    """Return what happened to the numbers of a text on the way into another language; empty: nothing.

    language  of the source, as staff call it
    """
    had, has = named_in(source), named_in(text)
    lost = [slug for slug in dict.fromkeys(had) if has.count(slug) < had.count(slug)]
    new = [slug for slug in dict.fromkeys(has) if has.count(slug) > had.count(slug)]
    copy = f"Copy it as it stands in the {language} text."
    if lost:
        return f"the number {_place(lost[0])} is missing. {copy}"
    if new:
        return f"{_place(new[0])} does not stand in the {language} text, or stands there less often."
    if mistyped(text) and not mistyped(source):
        return f"“{mistyped(text)}” is not read as a number. {copy}"
    return ""


def _place(slug: str) -> str:
    return f"{{{{figure:{slug}}}}}"


def _called(locale: Any) -> str:
    return languages.english_name(locale.language_code)


def in_words(found: Iterable[Trouble]) -> list[str]:
    """Return sentences for whoever wants to publish a translation."""
    listed = list(found)
    missing: dict[str, int] = defaultdict(int)
    for one in listed:
        missing[one.field] += not one.reason
    fields = [f"{field} ({many})" if many > 1 else field for field, many in missing.items() if many]
    told = [f"these texts are not translated yet: {', '.join(fields)}"] if fields else []
    return told + [str(one) for one in listed if one.reason]


def _shortened(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN].rstrip()}…"
