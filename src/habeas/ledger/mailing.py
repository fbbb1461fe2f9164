"""Whether a person is owed a confirmation mail: at most one a day however often somebody signs for them.

What has been mailed is known to the store alone, so it is not part of the fold: it is decided while an
entry is folded, in the same transaction.
"""

from msgspec import Struct, structs

from habeas.ledger.entry import Sign, Withdraw
from habeas.ledger.fold import NEVER, NOBODY, About, Signer, fold


class Mailed(Struct, frozen=True):
    """What was mailed to one person in one campaign."""

    day: int = NEVER  # of the newest confirmation mail
    round: int = NEVER  # that it asked for
    again: bool = False  # the person signed anew after withdrawing


class Kept(Struct, frozen=True):
    """All that a store keeps of one person in one campaign."""

    signer: Signer = NOBODY
    mailed: Mailed = Mailed()

    @property
    def is_due(self) -> bool:
        """A confirmation mail is owed: somebody signed on a later day than all we know was answered.

        A withdrawal answers what came before it. Signing anew on the very day of withdrawing is owed
        one mail too; days cannot tell that order, so `keep` notes it when the entries come in.
        """
        signer, mailed = self.signer, self.mailed
        if signer.signature is None or signer.is_counted:
            return False
        if signer.latest > max(mailed.day, signer.withdrawn_day):
            return True
        return mailed.again and mailed.round < signer.round


ABSENT = Kept()


def keep(kept: Kept, entry: About) -> Kept:
    """Return `kept` with one more entry about the same signer taken into account."""
    return Kept(fold(kept.signer, entry), _noted(kept, entry))


def sent(kept: Kept, day: int) -> Kept:
    """Return `kept` after a confirmation mail went out on `day`."""
    newest = max(kept.mailed.day, day)
    return structs.replace(kept, mailed=Mailed(newest, kept.signer.round))


def _noted(kept: Kept, entry: About) -> Mailed:
    """Return the mail state with a new signing after a withdrawal noted, or wiped by a withdrawal."""
    if isinstance(entry, Sign) and _is_anew(kept.signer, entry):
        return structs.replace(kept.mailed, again=True)
    if isinstance(entry, Withdraw) and kept.mailed.again:
        return structs.replace(kept.mailed, again=False)
    return kept.mailed


def _is_anew(signer: Signer, entry: Sign) -> bool:
    """Tell a new signing after withdrawing from the withdrawn one being read again."""
    if signer.withdrawn == NEVER or signer.signature is None or signer.is_counted:
        return False
    return entry.day >= signer.withdrawn_day and entry.record != signer.signature.record
