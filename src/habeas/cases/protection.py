"""The words of protection: who may read a record, how sure we are of it, what a person allowed."""

from django.db.models import IntegerChoices, TextChoices


class Access(IntegerChoices):
    """Who may read a record; `cases.access` applies it."""

    PUBLIC = 0, "Public"
    PARTNERS = 1, "Partners"
    STAFF = 2, "Staff"
    TEAM = 3, "Case team"
    SEALED = 4, "Sealed to named people"


class Verification(TextChoices):
    """How sure we are that it happened (ESF list 41).

    Corroborated asks for two independent origins or one official record; confirmed is the
    judgment of a person who answers for it.
    """

    REPORTED = "reported"
    PLAUSIBLE = "plausible"
    CORROBORATED = "corroborated"
    CONFIRMED = "confirmed"
    DISPUTED = "disputed"
    REFUTED = "refuted"


SURE_ENOUGH = frozenset({Verification.CORROBORATED, Verification.CONFIRMED})  # to be published


class Giver(TextChoices):
    """Who consents."""

    PERSON = "person", "The person"
    NEXT_OF_KIN = "next_of_kin", "Next of kin"
    LAWYER = "lawyer"
    SOURCE = "source"


class Purpose(TextChoices):
    """What a consent is for: each use needs its own."""

    CASEWORK = "casework"
    UN_SUBMISSION = "un_submission", "Submission to the United Nations"
    PUBLIC_WEB = "public_web", "Public pages"
    MEDIA = "media"
    PETITION_LETTER = "petition_letter", "Letters and petitions"
    DONOR_REPORT = "donor_report", "Reports to donors"
    SOCIAL_MEDIA = "social_media", "Social media"
    SHARE_PARTNER = "share_partner", "Sharing with a partner"


class Identification(TextChoices):
    """How far a person may be made known."""

    FULL_NAME_PHOTO = "full_name_photo", "Full name and picture"
    NAME_ONLY = "name_only", "Name, no picture"
    INITIALS = "initials", "Initials"
    ANONYMOUS = "anonymous", "What happened, without who"
    NONE = "none", "Nothing"

    @property
    def tells(self) -> int:
        """How much it makes known: 0 is nothing, 4 is name and picture."""
        return _TELLS[self]

    def covers(self, wanted: "Identification") -> bool:
        """Tell whether what is wanted stays within it."""
        return self.tells >= wanted.tells


_TELLS = {level: height for height, level in enumerate(reversed(Identification))}
