"""Words of the Events Standard Formats (HURIDOCS) that only the registry uses, with their list numbers.

Values are the registry's own spelling. A code of HURIDOCS stands here only where one is known for
certain; elsewhere the number of the list does, so that an export can look the code up.
"""

from django.db.models import TextChoices

from habeas.cases import protection, vocabulary


class Monitoring(TextChoices):
    """Whether the case is watched."""

    ACTIVE = "active"
    PENDING = "pending"
    NOT_ACTIVE = "not_active", "Not active"


class Priority(TextChoices):
    """How soon it needs people."""

    URGENT = "urgent"
    HIGH = "high"
    NORMAL = "normal"
    LOW = "low"
    REJECTED = "rejected"


class CourtKind(TextChoices):
    """What kind of court."""

    CIVILIAN = "civilian"
    MILITARY = "military"
    ADMINISTRATIVE = "administrative"
    SPECIAL = "special", "Special or state security"
    RELIGIOUS = "religious"


class Connection(TextChoices):
    """What a source has to do with what it tells."""

    VICTIM = "victim"
    WITNESS = "witness"
    PERPETRATOR = "perpetrator"
    RELATIVE = "relative"
    COLLEAGUE = "colleague"
    REPORTER = "reporter"
    LAWYER = "lawyer"
    MEDICAL = "medical", "Medical worker"
    NGO = "ngo", "Organisation"
    OTHER = "other"


class MaterialType(TextChoices):
    """What a claim rests on."""

    COURT_RECORD = "court_record", "Court record"
    AFFIDAVIT = "affidavit"
    VICTIM_TESTIMONY = "victim_testimony", "Testimony of the victim"
    WITNESS_TESTIMONY = "witness_testimony", "Testimony of a witness"
    PRESS_RELEASE_GOVERNMENT = "press_release_government", "Press release of the government"
    PRESS_RELEASE_PERPETRATOR = "press_release_perpetrator", "Press release of the perpetrator"
    PRESS_RELEASE_HRO = "press_release_hro", "Press release of a human-rights organisation"
    NEWSPAPER = "newspaper"
    PHOTO = "photo"
    VIDEO = "video"
    OTHER = "other"


OFFICIAL = frozenset({MaterialType.COURT_RECORD})  # one of these corroborates alone


class ReplyPosition(TextChoices):
    """What a government answers."""

    ACKNOWLEDGES = "acknowledges"
    DENIES = "denies"
    DENIES_RESPONSIBILITY = "denies_responsibility", "Denies responsibility"
    OTHER_EXPLANATION = "other_explanation", "Gives another explanation"


class Response(TextChoices):
    """How an intervention was answered."""

    FAVOURABLE = "favourable"
    DENIED = "denied"
    INHIBITED = "inhibited"
    TOKEN = "token", "Token"
    NONE = "none"


class Impact(TextChoices):
    """What an intervention did."""

    STRONG_POSITIVE = "strong_positive", "Strong, for the better"
    POSITIVE = "positive", "For the better"
    NO_IMPACT = "none", "None"
    NEGATIVE = "negative", "For the worse"
    STRONG_NEGATIVE = "strong_negative", "Strong, for the worse"


class Whereabouts(TextChoices):
    """What is known of where a person is held."""

    NA = "na", "Not held"
    UNKNOWN = "unknown"
    DISCLOSED = "disclosed"
    UNDISCLOSED = "undisclosed"
    DENIED = "denied"


LISTS: dict[type[TextChoices], int] = {  # vocabulary: number of its list in the Events Standard Formats
    vocabulary.CountingUnit: 7,
    MaterialType: 16,
    Connection: 19,
    vocabulary.AuthorityKind: 24,
    Response: 27,
    ReplyPosition: 28,
    Whereabouts: 30,
    CourtKind: 32,
    protection.Verification: 41,
    vocabulary.Reliability: 42,
    Monitoring: 43,
    Impact: 44,
    Priority: 46,
}
# Fields in free words whose list has no values here yet: (model, field): list number.
FIELD_LISTS = {
    ("Intervention", "kind"): 20,
    ("Proceeding", "counsel"): 31,
    ("Proceeding", "language_access"): 33,
    ("Intervention", "status"): 45,
}
