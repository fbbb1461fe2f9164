"""What figures ask of events, in one table: so that a number is one walk through one index.

Derived, and written in the act that changes a case (cases.counted); `habeas case index` makes it anew. What
is in no number has no line: withdrawn, sealed, disputed and refuted events, and those of withdrawn cases.
"""

from django.db import models

from habeas.cases.models.case import Case
from habeas.cases.models.event import Event
from habeas.cases.models.person import Person
from habeas.cases.models.place import Place

IN_PLACE_OF_ANY = 32_767  # origins: an official record is enough, however many are asked for


class CountedEvent(models.Model):
    """One event, for one person that it names; one that names nobody has one line, for nobody."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(
        Person, on_delete=models.CASCADE, null=True, related_name="+", db_index=False
    )  # None: nobody is named
    place = models.ForeignKey(Place, on_delete=models.CASCADE, null=True, related_name="+", db_index=False)
    country = models.CharField(max_length=2)  # of the case; where a place is known, it says more
    type = models.CharField(max_length=40)
    verification = models.CharField(max_length=20)
    access = models.PositiveSmallIntegerField()  # the higher one of event and case
    origins = models.PositiveSmallIntegerField()  # independent ones that support it; see IN_PLACE_OF_ANY
    earliest = models.DateField(null=True)
    latest = models.DateField(null=True)

    class Meta:
        indexes = [
            models.Index(  # every column, so that no row is read
                fields=[
                    *("type", "verification", "access", "origins", "country", "earliest", "latest"),
                    *("place", "case", "event", "person"),
                ],
                name="events_as_counted",
            )
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.event_id}"
