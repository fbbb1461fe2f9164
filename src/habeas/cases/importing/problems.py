"""What can be wrong with a case file, told to the person who wrote it."""

from dataclasses import dataclass

from habeas.lib.errors import HabeasError


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing to mend."""

    line: int  # in the file, from 1
    field: str  # "events[3].date", the third event; empty for the file as a whole
    message: str

    def __str__(self) -> str:
        place = f"line {self.line}, {self.field}" if self.field else f"line {self.line}"
        return f"{place}: {self.message}"


class BadCaseFile(HabeasError):
    """The case file has something to mend; nothing of it was recorded."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = sorted(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class CaseDiffers(HabeasError):
    """A case of this reference is recorded already, from another file or by hand."""
