"""Figures are what they say they are, whether one client measured or several."""

from hypothesis import given
from hypothesis import strategies as st

from habeas.ops.bench.latencies import added, percentile
from habeas.ops.bench.plans import Plan, Report, divided, merged

latencies = st.dictionaries(st.integers(0, 100_000), st.integers(1, 50), max_size=30)


def test_of_a_hundred_people_the_99th_to_be_answered_is_p99() -> None:
    """By nearest rank: somebody really waited that long."""
    each = dict.fromkeys(range(100, 10100, 100), 1)

    assert percentile(each, 0.5) == 50
    assert percentile(each, 0.99) == 99
    assert percentile(each, 1) == 100


def test_one_slow_answer_in_a_thousand_does_not_hide_behind_the_others() -> None:
    """It is the longest, and p99.9 does not yet reach it."""
    answers = {10: 999, 100_000: 1}

    assert percentile(answers, 0.999) == 0.1
    assert percentile(answers, 1) == 1000


def test_nobody_waited_if_nobody_asked() -> None:
    """An empty load has no latency."""
    assert percentile({}, 0.99) == 0


@given(latencies, latencies, st.floats(0.01, 1))
def test_two_clients_report_what_one_would_have(
    one: dict[int, int], other: dict[int, int], share: float
) -> None:
    """Percentiles are taken of all answers, not averaged."""
    everything = [units for part in (one, other) for units, number in part.items() for _ in range(number)]
    together = percentile(added([one, other]), share)

    slower = sum(units / 100 > together for units in everything)
    assert slower <= (1 - share) * len(everything) + 1e-6


@given(st.integers(1, 10_000), st.integers(1, 4))
def test_clients_share_the_work_and_nobody_is_sent_for_twice(number: int, parts: int) -> None:
    """Together they send every person of the plan once."""
    plans = divided(Plan("127.0.0.1", 1, number, 1000.0, first=7), parts)

    people = [person for plan in plans for person in range(plan.first, plan.first + plan.number)]
    assert people == list(range(7, 7 + number))
    assert abs(sum(plan.rate for plan in plans) - 1000) < 1e-6


def test_reports_are_added_up_and_the_longest_clock_counts() -> None:
    """Clients run at the same time."""
    report = merged(
        [
            Report({303: 5}, {"closed": 1}, {10: 6}, {1: 1}, seconds=2.0, cpu_seconds=0.5),
            Report({303: 3, 503: 1}, {}, {20: 4}, {1: 2}, seconds=1.0, cpu_seconds=0.25),
        ]
    )

    assert report == Report(
        {303: 8, 503: 1}, {"closed": 1}, {10: 6, 20: 4}, {1: 3}, seconds=2.0, cpu_seconds=0.75
    )
    assert (report.sent, report.failed, report.per_second) == (10, 2, 4.0)
