"""Measured figures, and the table they are shown in."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One number, with what it has to be."""

    what: str
    value: float
    unit: str
    goal: float | None = None  # None where there is none
    is_ceiling: bool = False  # the goal is not to be exceeded, instead of to be reached

    @property
    def verdict(self) -> str:
        """Whether the goal is met, in a word."""
        if self.goal is None:
            return ""
        is_met = self.value <= self.goal if self.is_ceiling else self.value >= self.goal
        return "met" if is_met else "MISSED"


def table(figures: list[Figure]) -> str:
    """Return the figures as a Markdown table."""
    lines = ["| what | measured | goal | |", "|---|---|---|---|"]
    for figure in figures:
        goal = "" if figure.goal is None else f"{'≤' if figure.is_ceiling else '≥'} {_number(figure.goal)}"
        lines.append(f"| {figure.what} | {_number(figure.value)} {figure.unit} | {goal} | {figure.verdict} |")
    return "\n".join(lines)


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"  # noqa: PLR2004  three figures tell enough
