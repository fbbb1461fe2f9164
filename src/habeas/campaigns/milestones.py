"""Numbers to reach, as a campaigner writes them down."""

from django.core.exceptions import ValidationError


def check_milestones(text: str) -> None:
    """Let a list of rising numbers pass.

    raises  ValidationError, saying what to write
    """
    try:
        numbers = milestones_in(text)
    except ValueError:
        numbers = (0,)
    if any(number < 1 for number in numbers) or list(numbers) != sorted(set(numbers)):
        raise ValidationError("Write rising numbers with commas between them, like 100, 1000, 10000.")


def milestones_in(text: str) -> tuple[int, ...]:
    """Return the numbers of a list like "100, 1000, 10000".

    raises  ValueError for anything else
    """
    return tuple(int(part) for part in text.split(",") if part.strip())
