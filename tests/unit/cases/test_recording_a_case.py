from datetime import date

import pytest
from django.contrib.auth.models import User

from habeas.cases import dates, queries
from habeas.cases.actions import amend, import_case, record
from habeas.cases.importing import BadCaseFile, CaseDiffers, read_case_file
from habeas.cases.models import (
    Authority,
    Case,
    CaseRight,
    CaseRole,
    Change,
    Charge,
    Claim,
    ConditionInterval,
    Consent,
    Event,
    FigureSnapshot,
    Person,
    PersonName,
    Qualification,
    Record,
    SentenceComponent,
    Source,
)
from habeas.cases.protection import Access
from habeas.cases.vocabulary import Label

EVERYTHING: dict[type[Record], int] = {
    Case: 1,
    CaseRight: 8,
    CaseRole: 1,
    Person: 1,
    PersonName: 3,
    Authority: 4,
    Source: 3,
    Event: 22,
    Claim: 26,
    Charge: 2,
    SentenceComponent: 1,
    ConditionInterval: 2,
    FigureSnapshot: 1,
}


def recorded() -> dict[type[Record], int]:
    return {model: model._default_manager.count() for model in EVERYTHING}


def test_a_real_case_is_recorded_completely(mkhaitir_file: str, researcher: User) -> None:
    imported = import_case(mkhaitir_file, by=researcher)

    assert imported.created
    assert recorded() == EVERYTHING
    assert (imported.sources, imported.events, imported.claims) == (3, 22, 26)
    assert (imported.conditions, imported.figures) == (2, 1)


def test_the_case_says_whom_it_is_about(mkhaitir: Case) -> None:
    person = queries.subject(mkhaitir, by=None)

    assert (mkhaitir.ref, mkhaitir.country) == ("MR-2014-001", "MR")
    assert str(person) == "Mohamed Mkhaïtir"
    assert (person.nationality, person.occupation, person.counting_unit) == (["MR"], "blogger", "individual")
    assert (person.age_years, person.age_as_of) == (35, "2018")
    assert person.age_source == queries.source(mkhaitir, "amnesty-campaign", by=None)


def test_what_has_no_day_stands_in_front(mkhaitir: Case) -> None:
    """In one order for everybody who looks, whatever keeps the records."""
    days = {"b": date(2017, 4, 27), "no day": None, "a": date(2016, 1, 1), "none either": None}
    for ref, day in days.items():
        told = Qualification(case=mkhaitir, body="WGAD", label=Label.UNFAIR_TRIAL, ref=ref, decided_on=day)
        record(told, by=None)

    assert [one.ref for one in mkhaitir.qualifications.all()] == ["no day", "none either", "a", "b"]


def test_rights_stay_in_the_order_given(mkhaitir: Case) -> None:
    rights = [str(right) for right in mkhaitir.rights.all()]

    assert rights == ["UDHR 3", "UDHR 9", "UDHR 10", "UDHR 19", "ICCPR 6", "ICCPR 9", "ICCPR 14", "ICCPR 19"]


def test_charges_and_sentences_are_kept_with_the_event(mkhaitir: Case) -> None:
    charge = queries.events_of(mkhaitir, "charge", by=None)[0]
    sentence = queries.events_of(mkhaitir, "sentence", by=None)[0]

    assert [(one.offence, one.charge_class, one.death_eligible) for one in charge.charges.all()] == [
        ("apostasy", "religious_insult", True),
        ("insulting the Prophet", "religious_insult", False),
    ]
    assert [(one.kind, one.qty, one.unit) for one in sentence.components.all()] == [
        ("imprisonment", 2, "year")
    ]
    assert str(sentence.authority) == "Court of Appeal (MR)"


def test_a_statement_keeps_whose_words_it_quotes(mkhaitir: Case) -> None:
    statement = queries.events_of(mkhaitir, "official_statement", by=None)[0]

    assert statement.quote == "under administrative detention for his own safety"
    assert statement.authority == queries.authority(mkhaitir, "human-rights-commissioner", by=None)
    assert statement.authority.holder == "Cheikh Tourad Ould Abdel Malick"


def test_isolation_has_a_beginning_and_an_end(mkhaitir: Case) -> None:
    isolation = ConditionInterval.objects.get(case=mkhaitir, kind="solitary")

    assert (isolation.from_edtf, isolation.to_edtf) == ("2015-01", "2017-11-09")
    assert str(isolation.from_earliest) == "2015-01-01"
    assert isolation.event is not None
    assert queries.ends(isolation.event) == "2017-11-09"


def test_a_condition_shown_by_an_event_is_recorded_too(mkhaitir: Case) -> None:
    condition = ConditionInterval.objects.get(case=mkhaitir, kind="no_lawyer")

    assert (condition.from_edtf, condition.to_edtf) == ("2014-01", "2014-01")
    assert condition.event == queries.events_of(mkhaitir, "interrogation", by=None)[0]


def test_a_figure_of_another_body_names_it(mkhaitir: Case) -> None:
    figure = queries.figure("mauritania-hrd-arrests", by=None)

    assert figure.wording.startswith("over 168 cases")
    assert figure.kind == "cited"
    assert figure.source == queries.source(mkhaitir, "amnesty-campaign", by=None)


def test_a_number_no_database_takes_is_left_to_staff(mkhaitir_file: str, researcher: User) -> None:
    """The words are kept as they are; SQLite would take the number, PostgreSQL would refuse the case."""
    case = import_case(
        mkhaitir_file.replace("over 168 cases", "over 3,000,000,000 cases"), by=researcher
    ).case
    figure = FigureSnapshot.objects.get(case=case, wording__startswith="over 3,000,000,000 cases")

    assert (figure.value, figure.qualifier) == (None, "")


def test_the_target_can_be_addressed(mkhaitir: Case) -> None:
    president = queries.authority(mkhaitir, "president", by=None)

    assert president.holder == "Mohamed Ould Abdel Aziz"
    assert president.salutation == {"en": "Your Excellency", "fr": "Monsieur le Président"}


def test_pages_can_name_the_target_in_each_language(mkhaitir: Case, mkhaitir_file: str) -> None:
    """A file from before these words has none, and is read as ever."""
    president = queries.authority(mkhaitir, "president", by=None)
    older = "\n".join(
        line for line in mkhaitir_file.splitlines() if not line.strip().startswith(("offices:", "holders:"))
    )
    told = read_case_file(older).authorities["president"]

    assert president.offices["fr"] == "Président de la République islamique de Mauritanie"
    assert president.holders["ar"] == "محمد ولد عبد العزيز"
    assert told["name"] == president.name
    assert not {"offices", "holders"} & told.keys()


def test_every_record_names_who_made_it(mkhaitir: Case, researcher: User) -> None:
    event = queries.timeline(mkhaitir, by=None)[0]

    assert event.created_by == mkhaitir.created_by == researcher
    assert (event.version, mkhaitir.version) == (1, 1)
    assert event.versions() == [event]


def test_the_audit_log_tells_who_imported_the_case(mkhaitir: Case, researcher: User) -> None:
    imported, recorded = Change.objects.for_instance(mkhaitir)

    assert (imported.action, imported.user) == ("cases.import", researcher)
    assert imported.message == "Case file imported"
    assert (recorded.action, recorded.user, recorded.version) == ("cases.record", researcher, 1)
    assert {change.user for change in Change.objects.all()} == {researcher}


def test_the_same_file_again_changes_nothing(mkhaitir: Case, mkhaitir_file: str, researcher: User) -> None:
    again = import_case(mkhaitir_file, by=researcher)

    assert not again.created
    assert again.case == mkhaitir
    assert again.events == 22
    assert recorded() == EVERYTHING


def test_the_same_content_laid_out_otherwise_is_the_same_case(mkhaitir: Case, mkhaitir_file: str) -> None:
    comments_gone = "\n".join(line for line in mkhaitir_file.splitlines() if not line.startswith("#"))

    assert not import_case(comments_gone, by=None).created


def test_what_only_campaigns_read_does_not_make_another_case(mkhaitir: Case, mkhaitir_file: str) -> None:
    renamed = mkhaitir_file.replace("Tell the President of Mauritania", "Ask the President of Mauritania")

    assert not import_case(renamed, by=None).created


def test_a_changed_file_does_not_overwrite_a_recorded_case(mkhaitir: Case, mkhaitir_file: str) -> None:
    changed = mkhaitir_file.replace("2019-07-29", "2019-07-30")

    with pytest.raises(CaseDiffers, match="MR-2014-001 is recorded already"):
        import_case(changed, by=None)
    assert queries.events_of(mkhaitir, "release", by=None)[0].date_edtf == "2019-07-29"


def test_corrections_by_staff_survive_the_same_file(mkhaitir: Case, mkhaitir_file: str) -> None:
    amend(Event.objects.get(case=mkhaitir, type="release"), {"note": "At dawn"}, by=None)

    import_case(mkhaitir_file, by=None)

    assert Event.objects.get(case=mkhaitir, type="release").note == "At dawn"


def test_two_cases_cannot_use_one_name_for_their_figures(mkhaitir: Case, mkhaitir_file: str) -> None:
    other = mkhaitir_file.replace("MR-2014-001", "MR-2014-002")

    with pytest.raises(
        BadCaseFile, match=r"campaign.cites\[1\].figure: 'mauritania-hrd-arrests' is the name"
    ):
        import_case(other, by=None)
    assert recorded() == EVERYTHING


def days(first: str, second: str) -> tuple[int, int]:
    return dates.duration(dates.parse(first), dates.parse(second))


def test_durations_follow_from_the_events_as_each_source_gives_them(mkhaitir: Case) -> None:
    arrest = queries.events_of(mkhaitir, "arrest", by=None)[0]
    released = dates.parse(queries.events_of(mkhaitir, "release", by=None)[0].date_edtf)
    sentence_ended = dates.parse(queries.events_of(mkhaitir, "sentence_served", by=None)[0].date_edtf)
    by_counsel, by_amnesty = (queries.date_by(arrest, key) for key in ("counsel-letter", "amnesty-campaign"))

    assert dates.duration(by_counsel, released) == (2034, 2034)
    assert dates.duration(sentence_ended, released) == (627, 627)
    assert dates.duration(by_amnesty, sentence_ended) == (1404, 1404)


def levels() -> set[int]:
    return {one.access for model in EVERYTHING for one in model._default_manager.all()}


def test_a_file_says_who_reads_it_and_what_the_person_allowed(mkhaitir: Case, researcher: User) -> None:
    consent = Consent.objects.get(case=mkhaitir, purpose="public_web")

    assert (consent.purpose, consent.identification) == ("public_web", "name_only")
    assert consent.access == Access.TEAM
    assert levels() == {Access.PUBLIC}
    assert {event.verification for event in Event.objects.all()} == {"confirmed"}
    assert {claim.material_type for claim in Claim.objects.all()} == {"", "court_record"}
    assert set(mkhaitir.team.all()) == set(mkhaitir.named.all()) == {researcher}


def test_a_file_that_says_nothing_of_access_is_for_the_case_team(
    mkhaitir_file: str, researcher: User
) -> None:
    silent = "\n".join(
        line for line in mkhaitir_file.splitlines() if not line.startswith(("  access:", "  verification:"))
    )
    import_case(silent, by=researcher)

    assert levels() == {Access.TEAM}
    assert {event.verification for event in Event.objects.all()} == {"reported"}
