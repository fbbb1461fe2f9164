"""The groups of staff that the registry knows, and what their members may do with its tables.

Which records they see is not decided here but in `cases.access`. An organisation may change the groups;
they are made once, and left alone afterwards.
"""

from django.contrib.auth.models import Group, Permission

from habeas.cases.access import COLLECTORS

RESEARCHERS = "Researchers"

_WRITING = ("add", "change", "view")  # erasing is for administrators
_COLLECTED = ("person", "event", "source", "conditioninterval", "place")
_NOT_BY_HAND = ("assignment", "change", "custodyentry", "document", "sourceidentity")


def ensure_roles() -> None:
    """Make the groups that are not there yet."""
    ours = Permission.objects.filter(content_type__app_label="cases")
    everything = ours.exclude(content_type__model__in=_NOT_BY_HAND)
    collected = ours.filter(content_type__model__in=_COLLECTED)
    for name, tables in ((RESEARCHERS, everything), (COLLECTORS, collected)):
        group, is_new = Group.objects.get_or_create(name=name)
        if is_new:
            office = Permission.objects.get(codename="access_admin", content_type__app_label="wagtailadmin")
            group.permissions.set([office, *(one for one in tables if _verb(one) in _WRITING)])


def _verb(permission: Permission) -> str:
    return permission.codename.partition("_")[0]
