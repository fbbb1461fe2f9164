"""The words of the registry, for searching: derived from the records, and written with them.

One line for each field of a record that has words, and one for each word. Nothing here is a source of
truth: `habeas case index` makes it anew. It is kept by `Record.save` in the act that changes a record,
goes when the record goes, and tells nobody anything: `cases.search` asks `cases.access` before it answers.
"""

from collections.abc import Collection, Iterable, Mapping
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db import models

from habeas.cases import spelling
from habeas.cases.models.inserting import insert_numbered, insert_values

# What of each kind of record is searched, and in which order it is named. Who a source is never is.
SEARCHED: Mapping[str, tuple[str, ...]] = {
    "case": ("ref", "title", "title_internal"),
    "personname": ("text",),
    "person": ("occupation", "health_note"),
    "event": ("note", "quote"),
    "claim": ("note", "quote"),
    "source": ("key", "title", "publisher"),
    "authority": ("name", "holder"),
    "place": ("name", "note"),
    "proceeding": ("court", "file_no", "counsel", "note"),
    "charge": ("offence", "offence_original", "law"),
    "conditioninterval": ("note",),
    "consent": ("scope",),
    "document": ("title", "original_name"),
    "qualification": ("body", "ref"),
    "communication": ("body", "outcome"),
    "intervention": ("requested",),
}
NAMES = frozenset({("personname", "text"), ("authority", "name"), ("authority", "holder"), ("place", "name")})
# What rests on its case and on nothing else: of a readable case, its own level decides (access.visible_in).
OF_THEIR_CASE = frozenset({"event", "source", "proceeding", "document", "qualification"})
SOUND = "~"  # before what a name sounds like, among the words


class SearchEntry(models.Model):
    """A field of a record that has words."""

    kind = models.CharField(max_length=30)  # of record: "event"
    field = models.CharField(max_length=30)  # "note"
    record = models.UUIDField()
    # Of standing records that rest on their case alone, so that a search finds the case without asking them:
    of_case = models.UUIDField(null=True)  # None: the record is asked
    access = models.PositiveSmallIntegerField(default=0)  # its level

    class Meta:
        indexes = [models.Index(fields=["record"], name="words_by_record")]

    def __str__(self) -> str:
        return f"{self.kind} {self.record} {self.field}"


class SearchWord(models.Model):
    """A word in it, folded; or what a name in it sounds like."""

    entry = models.ForeignKey(SearchEntry, on_delete=models.CASCADE, related_name="words")
    word = models.CharField(max_length=spelling.LONGEST + 1)

    class Meta:
        indexes = [models.Index(fields=["word", "entry"], name="entries_by_word")]

    def __str__(self) -> str:
        return self.word


def is_searched(record: models.Model) -> bool:
    """Tell whether records of this kind have words to search."""
    return record._meta.model_name in SEARCHED  # noqa: SLF001  Django's public name


def note_words(records: Iterable[Any]) -> None:
    """Write the words of records of one kind that have none written yet."""
    for kind, some in groupby(records, key=lambda record: str(record._meta.model_name)):  # noqa: SLF001  Django's public name
        note_texts(
            kind,
            (
                (field, record.pk, getattr(record, field), *beside(kind, record))
                for record in some
                for field in SEARCHED[kind]
            ),
        )


def beside(kind: str, record: Any) -> tuple[UUID | None, int]:
    """Return what stands beside the words of a record: the case that it rests on alone, and its level."""
    if kind not in OF_THEIR_CASE or record.withdrawn_at is not None:
        return None, 0
    return record.case_id, record.access


def columns(kind: str) -> tuple[str, ...]:
    """Return the fields of a record that its words are made of."""
    return (*SEARCHED[kind], *(("case", "access", "withdrawn_at") if kind in OF_THEIR_CASE else ()))


def note_texts(kind: str, texts: Iterable[tuple[str, UUID, str, UUID | None, int]]) -> None:
    """Write the words of texts that have none written yet.

    kind   of record: "event"
    texts  field, record, text, and what stands beside it
    """
    found = [
        (field, record, case, access, words)
        for field, record, text, case, access in texts
        if (words := _words(kind, field, text))
    ]
    made = insert_numbered(
        SearchEntry,
        ("kind", "field", "record", "of_case", "access"),
        [(kind, *told) for *told, _words_of_it in found],
    )
    pairs = zip(made, (words for *_, words in found), strict=True)
    insert_values(
        SearchWord, ("entry_id", "word"), [(entry, word) for entry, words in pairs for word in words]
    )


def forget_words(record: models.Model) -> None:
    """Remove the words of a record."""
    SearchEntry.objects.filter(record=record.pk).delete()


def _words(kind: str, field: str, text: str) -> Collection[str]:
    """Return the words of a text, and in a field of names, what they sound like."""
    if not text:
        return ()
    words = spelling.words_of(text)
    if (kind, field) in NAMES:
        return words | {SOUND + sound for sound in spelling.sounds_of(text)}
    return words
