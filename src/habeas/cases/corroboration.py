"""When what sources say is corroborated: by two that stand apart, or by an official record."""

from collections.abc import Iterable

from habeas.cases.esf import OFFICIAL
from habeas.cases.models import Claim
from habeas.cases.protection import Verification
from habeas.cases.vocabulary import Stance

ENOUGH = 2  # origins


def origins(claims: Iterable[Claim]) -> set[str]:
    """Return whom the supporting claims go back to; three papers that quote one agency are one."""
    return {claim.source.ultimate_origin for claim in _supporting(claims)}


def is_corroborated(claims: Iterable[Claim]) -> bool:
    """Tell whether two independent origins, or one official record, say that it happened."""
    supporting = _supporting(claims)
    return len(origins(supporting)) >= ENOUGH or any(claim.material_type in OFFICIAL for claim in supporting)


def is_sure_enough(verification: str, claims: Iterable[Claim]) -> bool:
    """Tell whether an event may be published: what is called corroborated has to be so.

    A claim taken back takes away what rested on it. Confirmed is the judgment of a person, and stands.
    """
    if verification == Verification.CORROBORATED:
        return is_corroborated(claims)
    return verification == Verification.CONFIRMED


def _supporting(claims: Iterable[Claim]) -> list[Claim]:
    return [
        claim
        for claim in claims
        if claim.stance == Stance.SUPPORTS and not claim.is_withdrawn and not claim.source.is_withdrawn
    ]
