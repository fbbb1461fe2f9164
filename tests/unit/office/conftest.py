"""The office with the demonstration in it."""

from office_site import demonstration, editor, mkhaitir, office

__all__ = ["demonstration", "editor", "mkhaitir", "office"]
