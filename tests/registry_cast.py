"""Two invented cases with a record of every kind, and everybody who might look at them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import Group, Permission, User
from wagtail.signal_handlers import disable_reference_index_auto_update

from habeas.cases.access import COLLECTORS
from habeas.cases.actions import record
from habeas.cases.models import (
    Authority,
    Case,
    CaseRole,
    Claim,
    Communication,
    ConditionInterval,
    Consent,
    Embargo,
    Event,
    FigureDef,
    FigureSnapshot,
    Intervention,
    Override,
    Person,
    PersonName,
    Place,
    Proceeding,
    Qualification,
    Record,
    Source,
)
from habeas.cases.protection import Access
from habeas.cases.roles import RESEARCHERS, ensure_roles

SECRET = "not-a-secret-here"


def member(name: str, *groups: str) -> User:
    """Return a new staff member in some groups."""
    ensure_roles()
    made = User.objects.create_user(name, password=SECRET)
    made.groups.set(Group.objects.filter(name__in=groups))
    return made


@dataclass(frozen=True)
class Cast:
    """Who might look at a case."""

    administrator: User = field(
        default_factory=lambda: User.objects.create_superuser("administrator", password=SECRET)
    )
    teammate: User = field(default_factory=lambda: member("teammate", RESEARCHERS))
    named: User = field(default_factory=lambda: member("named", RESEARCHERS))
    outsider: User = field(default_factory=lambda: member("outsider", RESEARCHERS))
    collector: User = field(default_factory=lambda: member("collector", COLLECTORS))
    reader: User = field(default_factory=lambda: member("reader"))


def office_only(user: User) -> None:
    """Let somebody into the office, and into nothing there."""
    user.user_permissions.add(
        Permission.objects.get(codename="access_admin", content_type__app_label="wagtailadmin")
    )


@contextmanager
def without_index() -> Iterator[None]:
    """Keep no index of who uses what, which nobody here asks for and takes a tenth of the time."""
    with disable_reference_index_auto_update():
        yield


@without_index()
def whole_case(
    ref: str, mark: str, access: Access, cast: Cast, *, by: User | None = None
) -> dict[type[Record], Any]:
    """Return a case with a record of every kind; `mark` stands in each, `access` protects each."""

    def made(model: type[Record], **fields: Any) -> Any:
        return record(model(access=access, **fields), by=by)

    case = made(Case, ref=ref, country="AQ", title=mark, team=[cast.teammate, cast.named], named=[cast.named])
    person = made(Person, occupation=mark)
    name = {"language": "en", "script": "Latn", "kind": "legal", "preferred": True}
    made(PersonName, person=person, text=mark, **name)
    made(CaseRole, case=case, person=person)
    source = made(Source, case=case, key="source", title=mark, publisher=mark)
    event = made(Event, case=case, seq=10, type="arrest", date_edtf="2025", note=mark, persons=[person])
    claim = made(Claim, event=event, source=source, value="2025", note=mark)
    authority = {"case": case, "key": "court", "name": mark, "kind": "judiciary", "country": "AQ"}
    held = {"case": case, "person": person, "source": source, "kind": "solitary", "from_edtf": "2025"}
    return {
        Case: case,
        Person: person,
        Source: source,
        Event: event,
        Claim: claim,
        Authority: made(Authority, **authority),
        ConditionInterval: made(ConditionInterval, note=mark, **held),
        Place: made(Place, case=case, name=mark, country="AQ"),
        Proceeding: made(Proceeding, case=case, court=mark),
        Consent: made(Consent, case=case, person=person, giver="person", purpose="casework", scope=mark),
        Embargo: made(Embargo, case=case, reason=mark),
        Override: made(Override, case=case, event=event, reason=mark),
        Qualification: made(Qualification, case=case, body=mark, label="other"),
        Communication: made(Communication, case=case, body=mark, kind="regular"),
        Intervention: made(Intervention, case=case, kind=mark),
        FigureDef: made(
            FigureDef,
            slug=f"own-{mark}",
            question=mark,
            unit="events",
            event_types=["arrest"],
            wording={"en": "{number} arrests"},
        ),
        FigureSnapshot: made(FigureSnapshot, case=case, slug=mark, wording=mark, source=source),
    }
