"""The office with the demonstration in it."""

from office_site import demonstration, demonstration_template, editor, mkhaitir, office

__all__ = ["demonstration", "demonstration_template", "editor", "mkhaitir", "office"]
