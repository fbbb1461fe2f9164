"""What the entries about one person in one campaign come to, in whatever order they are read.

Several doors write several journals, journals are read again after a crash, and a restored backup is
older than its journal. So a state only ever grows: every field is the smallest or largest of what the
entries said. Any order, any repetition and any cut of the same entries fold to the same state.
"""

from msgspec import Struct, structs

from habeas.ledger.entry import LAST_ROUND, Confirm, Sign, Unsubscribe, Withdraw

NEVER = -1  # before any round and any day

About = Sign | Confirm | Withdraw | Unsubscribe  # the entries that are about one signer


class Signature(Struct, frozen=True, array_like=True, order=True):
    """What counts of a person's signing: the earliest `Sign`, by day, then by the bytes of its record."""

    day: int
    record: bytes
    language: str
    country: str
    text_version: bytes
    epoch: bytes
    envelope: bytes


class Signer(Struct, frozen=True):
    """One person in one campaign."""

    signature: Signature | None = None  # None: a confirmation was read before the signature it confirms
    updates: bool = False  # asked for news on any signing
    latest: int = NEVER  # day of the newest `Sign`
    confirmed: int = NEVER  # highest round confirmed
    withdrawn: int = NEVER  # highest round withdrawn
    withdrawn_day: int = NEVER  # day of the newest withdrawal
    unsubscribed: int = NEVER  # highest round unsubscribed

    @property
    def is_counted(self) -> bool:
        """The person signed, confirmed, and did not withdraw since."""
        return self.signature is not None and self.confirmed > self.withdrawn

    @property
    def wants_news(self) -> bool:
        """The person counts, asked for news, and did not unsubscribe since."""
        return self.is_counted and self.updates and self.unsubscribed < self.confirmed

    @property
    def round(self) -> int:
        """The round that the next confirmation mail asks for: links of earlier rounds confirm nothing."""
        return min(self.withdrawn + 1, LAST_ROUND)


NOBODY = Signer()


def without_signature(state: Signer) -> Signer:
    """Return `state` as if no `Sign` had ever been read."""
    return structs.replace(state, signature=None, updates=False, latest=NEVER)


def fold(state: Signer, entry: About) -> Signer:
    """Return `state` with one more entry about the same signer taken into account.

    Folding an entry again, or folding two in the other order, gives the same state.
    """
    match entry:
        case Sign():
            return _sign(state, entry)
        case Confirm(round=round_):
            return _grown(state, confirmed=max(state.confirmed, round_))
        case Withdraw(round=round_, day=day):
            newest = max(state.withdrawn_day, day)
            return _grown(state, withdrawn=max(state.withdrawn, round_), withdrawn_day=newest)
        case Unsubscribe(round=round_):
            return _grown(state, unsubscribed=max(state.unsubscribed, round_))


def _sign(state: Signer, entry: Sign) -> Signer:
    signature = Signature(
        entry.day,
        entry.record,
        entry.language,
        entry.country,
        entry.text_version,
        entry.epoch,
        entry.envelope,
    )
    if state is NOBODY:
        return Signer(signature, entry.updates, entry.day)
    earliest = signature if state.signature is None else min(state.signature, signature)
    return _grown(
        state,
        signature=earliest,
        updates=state.updates or entry.updates,
        latest=max(state.latest, entry.day),
    )


def _grown(state: Signer, **fields: object) -> Signer:
    return structs.replace(state, **fields)
