"""The root of every error Habeas raises on purpose."""


class HabeasError(Exception):
    """Something a person can read and act on; the message is written for them."""
