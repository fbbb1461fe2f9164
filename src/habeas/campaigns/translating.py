"""What staff do to translations of a campaign's pages, and what is noted when one goes up.

Wagtail Localize would publish what is not translated yet in the language of the source, outside a
transaction, in nobody's name. Pages of campaigns are published here instead.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polib
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log
from wagtail.models import Locale
from wagtail_localize.models import StringTranslation, Translation, TranslationSource
from wagtail_localize.operations import translate_object
from wagtail_localize.strings import StringValue

from habeas.campaigns import demands, naming, targets, translations
from habeas.campaigns.models import Campaign, CampaignPage, SourceText
from habeas.campaigns.models.page import WORDS
from habeas.cases import choosing
from habeas.lib.errors import HabeasError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from django.contrib.auth.models import User

_REGISTRY = "the registry"  # "Translated with the registry on …"
_HEADER = "X-WagtailLocalize-TranslationID"  # in a PO file: of which translation it is


class TranslationRefused(HabeasError):
    """A translation cannot be begun, published or taken in as it stands; nothing was changed."""


def begin(campaign: Campaign, language: str, *, by: User | None) -> CampaignPage:
    """Return the page of a campaign in a language, to be translated text by text beside the original.

    A page that was written for itself keeps its words: they become the translations of the texts they stand
    for. What readers see does not change.

    raises  TranslationRefused if there is nothing to translate from, or it is done already
    """
    source = translations.original(campaign)
    locale = Locale.objects.get(language_code=language)
    if source is None or source.locale == locale:
        raise TranslationRefused(f"{campaign.slug} has no page to translate from")
    page = campaign.pages.filter(locale=locale).first()
    if page and translations.translation_of(page):
        raise TranslationRefused("this page is translated beside its source already")
    if page and page.alias_of_id:
        raise TranslationRefused("this page only repeats another language: delete it first")
    with transaction.atomic():
        if page:
            _put_beside(page, source)
        else:
            translate_object(source, [locale], user=by)
        log(campaign, "campaigns.translate", user=by, data={"language": language})
    found: CampaignPage = campaign.pages.get(locale=locale)
    return found


def _put_beside(page: CampaignPage, source: CampaignPage) -> None:
    if page.translation_key != source.translation_key:  # it was added by hand, not as a translation
        page.translation_key = source.translation_key
        page.save(update_fields=["translation_key"], clean=False)
    kept, is_new = TranslationSource.get_or_create_from_instance(source)
    if not is_new:
        kept.update_from_db()
    Translation.objects.update_or_create(source=kept, target_locale=page.locale, defaults={"enabled": True})


def fill_in(translation: Translation) -> None:
    """Give a translation that was just begun the texts that are known: of its page, or of the registry.

    One that had been stopped forgets what it said: since then people wrote on the page itself.
    """
    source = CampaignPage.objects.filter(
        translation_key=translation.source.object_id, locale=translation.source.locale
    ).first()
    if source is None:
        return
    page = source.campaign.pages.filter(locale=translation.target_locale).first()
    language = translation.target_locale.language_code
    known = _said_by(page.get_latest_revision_as_object(), source) if page else _known(source, language)
    for segment, text in _segments(translation, known):
        StringTranslation.objects.update_or_create(
            **_place(segment, translation), defaults=_as_said(text, "" if page else _REGISTRY)
        )


def _segments(translation: Translation, known: Mapping[str, str]) -> Iterator[tuple[Any, str]]:
    """Yield the texts of a translation of which something is known, by their paths."""
    for segment in translation.source.stringsegment_set.select_related("context"):
        text = known.get(segment.context.path, "")
        if text:
            yield segment, text


def _place(segment: Any, translation: Translation) -> dict[str, Any]:
    return {
        "translation_of_id": segment.string_id,
        "locale": translation.target_locale,
        "context": segment.context,
    }


def _as_said(text: str, tool: str) -> dict[str, Any]:
    return {
        "data": StringValue.from_plaintext(text).data,
        "translation_type": StringTranslation.TRANSLATION_TYPE_MANUAL,
        "tool_name": tool,
        "has_error": False,
        "field_error": "",
    }


def _known(source: CampaignPage, language: str) -> dict[str, str]:
    person, elsewhere = choosing.names_of(source.campaign.case, language)
    button = naming.proposed_button(source.campaign.case, language)
    names = {"person": person, "person_elsewhere": elsewhere, "button": button}
    return names | targets.carried_over(source, language)


def _said_by(page: CampaignPage, source: CampaignPage) -> dict[str, str]:
    """Return what a page says for each text of its source, where it is plain which is for which.

    What changed in the source since the page was written is left out: the page says the old text.
    """
    row = SourceText.objects.filter(page=page, source=source).first()
    now = translations.words_of(source)
    before, ours = (row.words if row else now), translations.words_of(page)
    stands = translations.texts_in(now)
    said: dict[str, str] = {}
    for name in WORDS:
        theirs, texts = (translations.texts_in({name: words[name]}) for words in (before, ours))
        if len(theirs) == len(texts):
            said |= dict(zip(theirs, texts.values(), strict=True))
    old = translations.texts_in(before)
    if not page.live and page.title in {page.person, page.campaign.slug}:
        del said["title"]  # a draft is called so until it has a title
    return {path: text for path, text in said.items() if old[path] == stands.get(path)}


def refresh(page: CampaignPage, *, by: User) -> None:
    """Give whoever translates a page the texts of its source as they are now.

    Translations of texts that stayed stay; a new office or holder begins with what the directory says.
    Readers see what they saw until it is published.

    raises  TranslationRefused
    """
    translation = translations.translation_of(page)
    if translation is None:
        raise TranslationRefused("this page is not translated beside its source")
    with transaction.atomic():
        translation.source.update_from_db()
        _fill_in_target(translation, page)
        log(page, "campaigns.refresh_translation", user=by)


def _fill_in_target(translation: Translation, page: CampaignPage) -> None:
    """Fill in whom the page asks where nobody has translated it yet."""
    source = translations.source_of(page)
    known = targets.carried_over(source, page.locale.language_code) if source else {}
    for segment, text in _segments(translation, known):
        StringTranslation.objects.get_or_create(
            **_place(segment, translation), defaults=_as_said(text, _REGISTRY)
        )


def agree(page: CampaignPage, *, by: User) -> None:
    """Take it that a page says what its source says now, because somebody compared them.

    raises  TranslationRefused if it is translated text by text: then the new texts are to be translated
    """
    if translations.translation_of(page):
        raise TranslationRefused("translate the texts that are new, and publish")
    source = translations.source_of(page)
    if source is None:
        raise TranslationRefused("this page is the original")
    with transaction.atomic():
        _note(page, source, translations.words_of(source))
        log(page, "campaigns.agree_translation", user=by)


def publish(translation: Translation, *, by: User) -> CampaignPage:
    """Publish a page as it was translated: page, numbers and edition, or nothing.

    raises  TranslationRefused, naming each text that is missing or lost a number, which is marked in the
            editor, and each demand without words in the language
    """
    _forget_errors(translation)
    found = translations.troubles(translation)
    told = [*translations.in_words(found), *_unsaid(translation)]
    if told:
        _mark(found)
        raise TranslationRefused("; ".join(told))
    with transaction.atomic():
        refused = _save(translation, by)
        if refused is None:
            page: CampaignPage = translation.get_target_instance()
            page.get_latest_revision().publish(user=by)
            return page
    raise TranslationRefused(_told(refused))


def _unsaid(translation: Translation) -> list[str]:
    """Return which demands of the directory have no words in the language yet."""
    language = translation.target_locale.language_code
    picked = demands.lacking(translation.source.as_instance(), language)
    return [demands.lack_in_words(one, language).rstrip(".") for one in picked]


def _forget_errors(translation: Translation) -> None:
    """Look again at what could not be saved before; what is no text at all stays marked."""
    said = StringTranslation.objects.filter(
        context__object_id=translation.source.object_id, locale=translation.target_locale, has_error=True
    )
    said.exclude(field_error="").update(has_error=False, field_error="")


def _mark(found: list[translations.Trouble]) -> None:
    for one in found:
        if one.translation and one.reason:
            told = ValidationError(one.reason[:1].upper() + one.reason[1:])
            StringTranslation.objects.get(pk=one.translation).set_field_error([told])


def _save(translation: Translation, by: User) -> ValidationError | None:
    """Save a page as translated; return what stands against it, which is kept beside the texts concerned."""
    try:
        translation.save_target(user=by, publish=False)
    except ValidationError as error:
        return error
    return None


def _told(error: ValidationError) -> str:
    told = getattr(error, "message_dict", {"": error.messages})
    return "; ".join(
        f"{translations.label(field)}: {' '.join(texts)}" if field in WORDS else " ".join(texts)
        for field, texts in told.items()
    ).rstrip(".")


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What a PO file brought."""

    texts: int  # that are translated in it
    unfinished: int  # marked as fuzzy: left out
    unknown: int  # that the page does not say any more


def take_in(translation: Translation, content: bytes, *, by: User) -> TakenIn:
    """Take in the translations of a PO file; what is on the page changes when it is published.

    raises  TranslationRefused if it is none, or of another translation
    """
    po = _read(content)
    if po.metadata.get(_HEADER) != str(translation.uuid):
        raise TranslationRefused(
            "this file is not of this page in this language. Send translators the one that was downloaded "
            "here, and leave its first lines as they are"
        )
    unfinished = [entry for entry in po if entry.fuzzy and not entry.obsolete and entry.msgstr]
    for entry in unfinished:
        entry.msgstr = ""
    filled = sum(bool(entry.msgstr and not entry.obsolete) for entry in po)
    with transaction.atomic():
        unknown = len(translation.import_po(po, user=by, tool_name="PO file"))
        page = translation.get_target_instance()
        log(page, "campaigns.take_in_translation", user=by, data={"texts": filled - unknown})
    return TakenIn(filled - unknown, len(unfinished), unknown)


def _read(content: bytes) -> polib.POFile:
    # By name: given as text, what looks like a path would be opened.
    with tempfile.NamedTemporaryFile(suffix=".po") as file:
        file.write(content)
        file.flush()
        try:
            return polib.pofile(file.name)
        except (OSError, UnicodeDecodeError, ValueError) as error:
            raise TranslationRefused("this is no PO file") from error


def note_publishing(page: CampaignPage) -> None:
    """Note that a page went up: whoever is translated from it may be behind now, and it is not any more."""
    now = CampaignPage.objects.select_related("locale", "campaign").get(pk=page.pk)
    with transaction.atomic():
        says = translations.words_of(now)
        for row in SourceText.objects.filter(source=now):
            _compare(row, says)
        _note_translation(now)


def ensure_noted() -> None:
    """Take pages that were up before translations were watched as up to date; safe to call again."""
    for page in CampaignPage.objects.live().filter(source_text=None).select_related("locale", "campaign"):
        _note_translation(page)


def _note_translation(page: CampaignPage) -> None:
    source = translations.source_of(page)
    if source is None:
        return
    translation = translations.translation_of(page)
    if translation and not translations.troubles(translation):
        _note(page, source, translations.words_of(translation.source.as_instance()))
    elif not SourceText.objects.filter(page=page).exists():
        _note(page, source, translations.words_of(source))


def _note(page: CampaignPage, source: CampaignPage, words: dict[str, object]) -> None:
    row, _ = SourceText.objects.update_or_create(page=page, defaults={"source": source, "words": words})
    _compare(row, translations.words_of(source))


def _compare(row: SourceText, says: dict[str, object]) -> None:
    is_behind = row.words != says
    if is_behind != bool(row.changed_at):
        row.changed_at = timezone.now() if is_behind else None
        row.save(update_fields=["changed_at"])
