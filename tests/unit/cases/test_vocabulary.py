from pathlib import Path

from habeas.cases import esf, protection, vocabulary
from habeas.lib import languages


def test_every_kind_of_event_has_a_label_in_english() -> None:
    labels = {kind: vocabulary.event_label(kind, "en") for kind in vocabulary.EVENTS}

    assert labels["arrest"] == "Arrest"
    assert all(labels.values())
    assert len(set(labels.values())) == len(labels)


def test_conditions_and_treaties_have_labels_too() -> None:
    assert vocabulary.condition_label("no_lawyer", "en") == "No access to a lawyer"
    assert vocabulary.instrument_label("ICCPR", "en").startswith("International Covenant on Civil")


def test_labels_can_be_asked_for_in_every_language() -> None:
    for code in languages.AVAILABLE:
        assert vocabulary.event_label("release", code)


def test_events_that_last_and_their_conditions_are_known_words() -> None:
    assert set(vocabulary.LASTING_EVENTS) <= set(vocabulary.EVENTS)
    assert set(vocabulary.LASTING_EVENTS.values()) <= set(vocabulary.CONDITIONS)
    assert set(vocabulary.EVENTS) >= vocabulary.CHARGING_EVENTS | vocabulary.SENTENCING_EVENTS


def test_writers_of_case_files_find_every_word_in_the_documentation() -> None:
    page = (Path(__file__).parents[3] / "docs" / "formats" / "case.md").read_text(encoding="utf-8")
    words = [
        *vocabulary.EVENTS,
        *vocabulary.CONDITIONS,
        *vocabulary.INSTRUMENTS,
        *vocabulary.CHARGE_CLASSES,
        *vocabulary.SENTENCE_KINDS,
        *vocabulary.NameKind.values,
        *vocabulary.AuthorityKind.values,
        *vocabulary.Reliability.values,
        *vocabulary.CountingUnit.values,
        *(level.name.lower() for level in protection.Access),
        *protection.Verification.values,
        *protection.Giver.values,
        *protection.Purpose.values,
        *protection.Identification.values,
        *esf.Connection.values,
        *esf.MaterialType.values,
    ]

    assert [word for word in words if f"`{word}`" not in page] == []


def test_words_of_the_events_standard_formats_know_their_list() -> None:
    """So that an export can look their codes up; no list is claimed twice."""
    assert esf.LISTS[vocabulary.CountingUnit] == 7
    numbers = [*esf.LISTS.values(), *esf.FIELD_LISTS.values()]
    assert len(set(numbers)) == len(numbers)


def test_to_allow_more_is_to_allow_what_is_less() -> None:
    levels = list(protection.Identification)

    for height, level in enumerate(levels):
        assert [level.covers(other) for other in levels] == [other >= height for other in range(len(levels))]
