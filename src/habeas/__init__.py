"""Habeas turns a documented case into worldwide pressure, and proves what came of it."""

__version__ = "0.1.0"
