"""What the load client is told to send, and what it reports."""

from msgspec import Struct, structs

from habeas.ops.bench.latencies import added, percentile

_REFUSED = 400  # from here on an answer is a no (RFC 9110, section 15.5)


class Plan(Struct, frozen=True):
    """What to send."""

    host: str
    port: int
    number: int  # of signatures; their confirmations come on top
    rate: float  # requests a second; 0: as fast as they are answered
    connections: int = 256
    first: int = 0  # number of the first person; two loads on one journal take different people
    keys: str = ""  # the installation's key folder
    campaign: str = ""  # in hexadecimal


class Report(Struct, frozen=True):
    """What came of it."""

    answers: dict[int, int]  # status: how many
    errors: dict[str, int]  # what became of requests without an answer: how many
    latencies: dict[int, int]  # from when a request was due, answered or not (bench.latencies)
    lags: dict[int, int]  # by how much the client's own clock was late, as latencies
    seconds: float  # from the first request to the last answer
    cpu_seconds: float  # of the client

    @property
    def sent(self) -> int:
        """How many requests there were, answered or not."""
        return sum(self.answers.values()) + sum(self.errors.values())

    @property
    def failed(self) -> int:
        """How many were not answered, or with a no."""
        refused = sum(number for status, number in self.answers.items() if status >= _REFUSED)
        return refused + sum(self.errors.values())

    @property
    def per_second(self) -> float:
        """How many were answered with a yes, a second."""
        return (self.sent - self.failed) / self.seconds

    @property
    def microseconds_each(self) -> float:
        """What a request cost the client."""
        return self.cpu_seconds / max(1, self.sent) * 1e6

    def latency(self, share: float) -> float:
        """Return the latency, in ms, that `share` of all requests did not exceed."""
        return percentile(self.latencies, share)

    def lag(self, share: float) -> float:
        """Return by how many ms the client was late at most, for `share` of its looks at the clock."""
        return percentile(self.lags, share)


def divided(plan: Plan, parts: int) -> list[Plan]:
    """Return `plan` as the plans of several clients that together do the same, with different people."""
    plans, first = [], plan.first
    for part in range(parts):
        number = plan.number // parts + (part < plan.number % parts)
        plans.append(
            structs.replace(
                plan,
                number=number,
                first=first,
                rate=plan.rate / parts,
                connections=max(1, plan.connections // parts),
            )
        )
        first += number
    return plans


def merged(reports: list[Report]) -> Report:
    """Return what several clients did at the same time as the report of one."""
    return Report(
        answers=added([report.answers for report in reports]),
        errors=added([report.errors for report in reports]),
        latencies=added([report.latencies for report in reports]),
        lags=added([report.lags for report in reports]),
        seconds=max(report.seconds for report in reports),
        cpu_seconds=sum(report.cpu_seconds for report in reports),
    )
