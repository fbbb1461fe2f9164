"""Who a source is: sealed when it is entered, opened one at a time, by a named person, on the record.

The database holds ciphertext only. The private key lies in the keys folder, one a case, and goes with
neither the database nor its backup; destroying it closes the identities of that case for good.
"""

from django.conf import settings
from django.contrib.auth.models import User

from habeas.cases import access
from habeas.cases.actions import amend, note_reading, record
from habeas.cases.models import Source, SourceIdentity
from habeas.lib.errors import HabeasError
from habeas.vault import box, keys
from habeas.vault.unseal import open_box


class NoIdentity(HabeasError):
    """Nobody entered who the source is, or it is not for whoever asks."""


def enter_identity(source: Source, who: str, *, by: User | None, reason: str = "") -> SourceIdentity:
    """Seal who a source is; whoever may read what was entered before may replace it.

    who     name, address, how to reach them safely: free text
    raises  MayNotRead, TooLongForABox
    """
    access.check(source, by)
    public_key = keys.create_registry_keys(settings.CONFIG.keys, source.case_id.bytes)
    sealed = box.seal(who.encode(), public_key, source.pk.bytes)
    known = SourceIdentity.objects.filter(source=source).first()
    if known is None:
        return record(SourceIdentity(source=source, sealed=sealed), by=by, reason=reason)
    return amend(known, {"sealed": sealed}, by=by, reason=reason)


def read_identity(source: Source, *, by: User, reason: str) -> str:
    """Return who a source is, to somebody named in the case; that they read it, and why, is in the log.

    raises  NoIdentity, NoReason; KeysMissing, KeysDamaged, CannotOpen
    """
    known = access.visible(SourceIdentity.objects.filter(source=source), by).first()
    if known is None:
        raise NoIdentity("nobody entered who the source is, or it is not for you")
    note_reading(known, by=by, reason=reason)  # first: nobody reads what is not in the log
    who = open_box(bytes(known.sealed), settings.CONFIG.keys, source.case_id.bytes, source.pk.bytes)
    return who.decode()
