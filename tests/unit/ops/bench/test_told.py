"""What was measured is told."""

from habeas.ops import bench
from habeas.ops.bench.figures import Figure


def test_what_was_measured_is_told_as_a_table() -> None:
    """With its goal, and whether it was met; no module of the bench takes the name of what tells it."""
    told = vars(bench)["table"](
        [Figure("page", 100.0, "/s", 90), Figure("page: errors", 3, "", 0, is_ceiling=True)]
    )
    assert "| page | 100 /s | ≥ 90 | met |" in told
    assert "MISSED" in told
