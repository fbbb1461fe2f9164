"""The registry's words: what an event, a condition, a name, an authority may be called.

The values are stored and appear in case files; they follow the Events Standard Formats of HURIDOCS where
those have one. English labels marked N_ are collected for translation (`pybabel extract -k N_`).
"""

from django.db.models import TextChoices

from habeas.lib import languages


def N_(text: str) -> str:  # noqa: N802  gettext's own name for "translate later"
    """Mark `text` for translation and return it as it is."""
    return text


EVENTS = {
    # What moves a person's liberty and whereabouts.
    "summons": N_("Summoned"),
    "arrest": N_("Arrest"),
    "detention": N_("Found in detention"),
    "abduction": N_("Abduction"),
    "custody_denied": N_("Custody denied by the authorities"),
    "custody_acknowledged": N_("Custody acknowledged by the authorities"),
    "whereabouts_undisclosed": N_("Held at an undisclosed place"),
    "whereabouts_disclosed": N_("Place of detention disclosed"),
    "transfer": N_("Transfer"),
    "detention_extended": N_("Detention extended"),
    "admin_detention_order": N_("Administrative detention"),
    "house_arrest": N_("House arrest"),
    "bail": N_("Release on bail"),
    "conditional_release": N_("Conditional release"),
    "bail_revoked": N_("Bail revoked"),
    "release": N_("Release"),
    "escape": N_("Escape"),
    "fled": N_("Fled the country"),
    "deported": N_("Deportation"),
    "found_alive": N_("Found alive"),
    "death_in_custody": N_("Death in custody"),
    "death": N_("Death"),
    # What moves a proceeding.
    "investigation": N_("Investigation"),
    "charge": N_("Charge"),
    "charge_changed": N_("Charges changed"),
    "hearing": N_("Hearing"),
    "adjourned": N_("Hearing adjourned"),
    "charge_dropped": N_("Charges dropped"),
    "trial_open": N_("Trial opens"),
    "conviction": N_("Conviction"),
    "acquittal": N_("Acquittal"),
    "sentence": N_("Sentence"),
    "appeal_lodged": N_("Appeal lodged"),
    "upheld": N_("Judgment upheld"),
    "sentence_increased": N_("Sentence increased"),
    "sentence_reduced": N_("Sentence reduced"),
    "commuted": N_("Sentence commuted"),
    "quashed": N_("Judgment quashed"),
    "remitted": N_("Sent back to a lower court"),
    "retrial_ordered": N_("Retrial ordered"),
    "final": N_("Conviction final"),
    "acquittal_final": N_("Acquittal final"),
    "pardon": N_("Pardon"),
    "amnesty": N_("Amnesty"),
    "sentence_served": N_("Sentence served"),
    # The death penalty.
    "death_sought": N_("Death penalty sought"),
    "death_sentence": N_("Death sentence"),
    "death_upheld": N_("Death sentence upheld"),
    "execution_scheduled": N_("Execution scheduled"),
    "stay": N_("Stay of execution"),
    "death_lifted": N_("Death sentence lifted"),
    "execution": N_("Execution"),
    # What leaves the legal status as it is.
    "publication": N_("Publication"),
    "interrogation": N_("Interrogation"),
    "official_statement": N_("Official statement"),
    "health_deterioration": N_("Health deteriorates"),
    "solitary_confinement": N_("Solitary confinement"),
}

# Kinds of event that last: the case file gives them `from` and `to`.
LASTING_EVENTS = {"solitary_confinement": "solitary"}  # event type: the condition it is
CHARGING_EVENTS = frozenset({"charge", "charge_changed"})
SENTENCING_EVENTS = frozenset(
    {"sentence", "sentence_increased", "sentence_reduced", "commuted", "death_sentence"}
)

CONDITIONS = {
    "incommunicado": N_("Held incommunicado"),
    "solitary": N_("Solitary confinement"),
    "death_row": N_("On death row"),
    "hospital": N_("In hospital"),
    "no_lawyer": N_("No access to a lawyer"),
    "no_family": N_("No contact with the family"),
    "no_medical_care": N_("No medical care"),
    "hunger_strike": N_("Hunger strike"),
    "ill_treatment": N_("Ill-treatment"),
    "whereabouts_disclosed": N_("Held at a known place"),
    "whereabouts_undisclosed": N_("Held at an undisclosed place"),
    "whereabouts_denied": N_("Custody denied by the authorities"),
}

INSTRUMENTS = {
    "UDHR": N_("Universal Declaration of Human Rights"),
    "ICCPR": N_("International Covenant on Civil and Political Rights"),
    "ICESCR": N_("International Covenant on Economic, Social and Cultural Rights"),
    "CAT": N_("Convention against Torture"),
    "CEDAW": N_("Convention on the Elimination of All Forms of Discrimination against Women"),
    "CRC": N_("Convention on the Rights of the Child"),
    "CRPD": N_("Convention on the Rights of Persons with Disabilities"),
    "CMW": N_("Convention on Migrant Workers"),
    "ICERD": N_("Convention on the Elimination of All Forms of Racial Discrimination"),
    "ICPPED": N_("Convention on Enforced Disappearance"),
    "ACHPR": N_("African Charter on Human and Peoples' Rights"),
    "ACHR": N_("American Convention on Human Rights"),
    "ArCHR": N_("Arab Charter on Human Rights"),
    "ECHR": N_("European Convention on Human Rights"),
}


def event_label(type: str, language: str) -> str:  # noqa: A002  "type" is the field's own word
    """Return the kind of event in words of the language: "Arrest"."""
    return languages.words(language).gettext(EVENTS[type])


def condition_label(kind: str, language: str) -> str:
    """Return the condition in words of the language: "No access to a lawyer"."""
    return languages.words(language).gettext(CONDITIONS[kind])


def instrument_label(instrument: str, language: str) -> str:
    """Return the treaty or declaration by its full name."""
    return languages.words(language).gettext(INSTRUMENTS[instrument])


def event_choices() -> list[tuple[str, str]]:
    """Return (type, English label) for forms; as a function it asks no migration for new words."""
    return list(EVENTS.items())


def condition_choices() -> list[tuple[str, str]]:
    """Return (kind, English label) for forms."""
    return list(CONDITIONS.items())


def instrument_choices() -> list[tuple[str, str]]:
    """Return (short name, full name) for forms."""
    return list(INSTRUMENTS.items())


class CountingUnit(TextChoices):
    """Whom one record stands for (ESF list 7)."""

    INDIVIDUAL = "individual"
    FAMILY = "family"
    GROUP = "group"
    COMMUNITY = "community"
    CLASS = "class"
    PEOPLE = "people"


class NameKind(TextChoices):
    """What kind of name it is."""

    PUBLISHABLE = "publishable", "As it may be published"
    LEGAL = "legal"
    PEN = "pen", "Pen name"
    ALIAS = "alias"
    TRANSLITERATION = "transliteration"


class Role(TextChoices):
    """What a person is in a case."""

    SUBJECT = "subject"
    CO_ACCUSED = "co_accused", "Co-accused"
    RELATIVE = "relative"
    LAWYER = "lawyer"
    WITNESS = "witness"
    SOURCE_CONTACT = "source_contact", "Contact of a source"
    OTHER = "other"


class AuthorityKind(TextChoices):
    """Which power an authority belongs to (ESF list 24)."""

    EXECUTIVE = "executive"
    ARMY = "army"
    POLICE = "police"
    PRISON = "prison"
    INTELLIGENCE = "intelligence"
    LEGISLATURE = "legislature"
    JUDICIARY = "judiciary"
    PRO_GOVERNMENT = "pro_government", "Pro-government group"
    OPPOSITION = "opposition"
    PRIVATE = "private"
    CORPORATE = "corporate"


class Reliability(TextChoices):
    """How far a source may be relied on (ESF list 42)."""

    HIGHLY_RELIABLE = "highly reliable", "Highly reliable"
    LIKELY_RELIABLE = "likely reliable", "Likely reliable"
    UNSURE = "unsure"
    LIKELY_UNRELIABLE = "likely unreliable", "Likely unreliable"
    HIGHLY_UNRELIABLE = "highly unreliable", "Highly unreliable"
    UNKNOWN = "unknown"


class Stance(TextChoices):
    """What a source says about a claim."""

    SUPPORTS = "supports"
    DENIES = "denies"
    UNCLEAR = "unclear"


class FigureKind(TextChoices):
    """Who counted."""

    CITED = "cited", "Counted by another body"
    COMPUTED = "computed", "Computed from our own records"


class FigureUnit(TextChoices):
    """What a figure counts: often the same people are arrested again, and one event may be of many."""

    EVENTS = "events"
    PERSONS = "persons"
    GROUPS = "groups", "Groups, families, communities"
    CASES = "cases"


class Qualifier(TextChoices):
    """How a number is said; `cases.figures.saying` has the rule for each."""

    OVER = "over", "over: more than this for certain"
    AT_LEAST = "at least", "at least: this or more for certain"
    ABOUT = "about", "about: within a tenth"
    EXACTLY = "exactly", "exactly: no other number is possible"


class ChargeClass(TextChoices):
    """What kind of offence a person is charged with."""

    ANTI_STATE = "anti_state", "Against the state"
    TERRORISM = "terrorism"
    FALSE_NEWS = "false_news", "False news"
    DEFAMATION = "defamation"
    RELIGIOUS_INSULT = "religious_insult", "Religious insult, apostasy, blasphemy"
    PUBLIC_ORDER = "public_order", "Public order"
    ASSEMBLY = "assembly"
    CYBER = "cyber"
    OTHER_ORDINARY = "other_ordinary", "Ordinary: drugs, fraud and the like"
    RETALIATORY = "retaliatory"
    NONE_DISCLOSED = "none_disclosed", "None disclosed"


class SentenceKind(TextChoices):
    """One part of a sentence."""

    DEATH = "death"
    LIFE = "life", "Life imprisonment"
    IMPRISONMENT = "imprisonment"
    FLOGGING = "flogging"
    FINE = "fine"
    HOUSE_ARREST = "house_arrest", "House arrest"
    TRAVEL_BAN = "travel_ban", "Travel ban"
    RIGHTS_LOSS = "rights_loss", "Loss of rights"
    EXILE = "exile"
    PROBATION = "probation"
    SUSPENDED = "suspended"


class LegalBasis(TextChoices):
    """On what somebody is held."""

    NONE = "none"
    WARRANT = "warrant"
    ADMINISTRATIVE_ORDER = "administrative_order", "Administrative order"
    EMERGENCY_LAW = "emergency_law", "Emergency law"
    POST_SENTENCE = "post_sentence", "After the end of the sentence"


class Sex(TextChoices):
    """As sources give it."""

    FEMALE = "female"
    MALE = "male"
    OTHER = "other"
    UNKNOWN = "unknown"


class Calendar(TextChoices):
    """In which calendar the source writes its date; `date_edtf` is always the proleptic Gregorian one."""

    GREGORIAN = "gregorian"
    HIJRI = "hijri", "Hijri (lunar)"
    JALALI = "jalali", "Jalali (solar Hijri)"
    ETHIOPIAN = "ethiopian"
    OTHER = "other"


class Runs(TextChoices):
    """How a part of a sentence stands to the others."""

    CONCURRENT = "concurrent"
    CONSECUTIVE = "consecutive"


class CountsFrom(TextChoices):
    """From when a part of a sentence runs."""

    ARREST = "arrest"
    CONVICTION = "conviction"
    AFTER_COMPONENT = "after_component", "The end of the part before it"


class CopyKind(TextChoices):
    """What a document is of the one it comes from."""

    REDACTED = "redacted", "Redacted copy"
    TRANSLATION = "translation"


class CustodyAct(TextChoices):
    """What was done with a document."""

    TAKEN_IN = "taken_in", "Taken in"
    CHECKED = "checked", "Checked against its SHA-256"
    READ = "read"
    HANDED_OUT = "handed_out", "Handed out"
    COPIED = "copied", "A copy was made"


class Label(TextChoices):
    """What a body says a case is."""

    ARBITRARY_DETENTION = "arbitrary_detention", "Arbitrary detention"
    ENFORCED_DISAPPEARANCE = "enforced_disappearance", "Enforced disappearance"
    PRISONER_OF_CONSCIENCE = "prisoner_of_conscience", "Prisoner of conscience"
    UNFAIR_TRIAL = "unfair_trial", "Unfair trial"
    TORTURE_ALLEGED = "torture_alleged", "Torture, alleged"
    TORTURE_ESTABLISHED = "torture_established", "Torture, established"
    OTHER = "other"


class CommunicationKind(TextChoices):
    """What was sent to a body."""

    URGENT_APPEAL = "urgent_appeal", "Urgent appeal"
    REGULAR = "regular"
    ALLEGATION_LETTER = "allegation_letter", "Allegation letter"
    COMPLAINT = "complaint"
    AMICUS = "amicus", "Amicus brief"


class PlaceKind(TextChoices):
    """What kind of place."""

    POLICE_STATION = "police_station", "Police station"
    GENDARMERIE = "gendarmerie"
    PRISON = "prison"
    MILITARY_BASE = "military_base", "Military base"
    UNOFFICIAL_SITE = "unofficial_site", "Unofficial site"
    HOSPITAL = "hospital"
    COURT = "court"
    OTHER = "other"
    UNKNOWN = "unknown"


class CourtLevel(TextChoices):
    """How high a court stands."""

    FIRST = "first", "First instance"
    APPEAL = "appeal"
    CASSATION = "cassation"
    CONSTITUTIONAL = "constitutional"
    REGIONAL = "regional"
    INTERNATIONAL = "international"


class Lifecycle(TextChoices):
    """How far the work on a case has come."""

    INTAKE = "intake"
    DOCUMENTING = "documenting"
    VERIFIED = "verified"
    PUBLIC = "public"
    CAMPAIGNING = "campaigning"
    MONITORING = "monitoring"
    CLOSED = "closed"


CHARGE_CLASSES = frozenset(ChargeClass.values)
SENTENCE_KINDS = frozenset(SentenceKind.values)
