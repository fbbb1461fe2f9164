"""How each person of a case stands, worked out from the events: for lists, which cannot replay 20,000 cases.

Derived, and written in the act that changes a case (cases.standings); `habeas case index` makes it anew.
What somebody may not read must not decide what they are told. So there is a line for each way the case
can be read, where that makes a difference: with and without what is for the team, and what is sealed.
"""

from django.db import models

from habeas.cases.models.case import Case
from habeas.cases.models.person import Person


class CaseStanding(models.Model):
    """One person of a case, for one way of reading it."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="standings")
    person = models.ForeignKey(  # None: the case names nobody
        Person, on_delete=models.CASCADE, null=True, related_name="+"
    )
    # There are records for the team (or sealed ones): this line takes them into account, or leaves them out.
    shows_team = models.BooleanField(default=False)
    hides_team = models.BooleanField(default=False)
    shows_sealed = models.BooleanField(default=False)
    hides_sealed = models.BooleanField(default=False)
    keys = models.TextField()  # " custody w_undisclosed d_imposed serving ": what lists filter by
    text = models.TextField()  # "in custody, whereabouts undisclosed, serving a sentence"
    gaps = models.PositiveIntegerField(default=0)  # of the whole case: steps that nobody recorded,
    contradictions = models.PositiveIntegerField(default=0)  # what nothing explains and nobody overrode,
    misplaced = models.PositiveIntegerField(default=0)  # and events that stand against their dates
    next_change_on = models.DateField(null=True)  # from when on it has to be worked out anew; None: never

    class Meta:
        indexes = [models.Index(fields=["next_change_on"], name="standings_by_change")]

    def __str__(self) -> str:
        return self.text
