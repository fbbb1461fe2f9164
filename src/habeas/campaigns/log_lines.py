"""What the audit log says of acts on campaigns: a line each, as people say it."""

from collections.abc import Callable, Mapping
from typing import Any

from wagtail.log_actions import LogActionRegistry, LogFormatter

_Said = Callable[[Mapping[str, Any]], str]  # from what the log kept to its line


def register(actions: LogActionRegistry) -> None:
    """Give every act on a campaign its name and its line."""
    for act, (name, said) in _ACTS.items():
        actions.register_action(act)(_formatter(name, said))


def _formatter(name: str, said: _Said) -> type[Any]:
    class Line(LogFormatter):
        label = name

        def format_message(self, log_entry: Any) -> str:
            """Return the line of the log."""
            return said(log_entry.data)

    return Line


def _moved(kept: Mapping[str, Any]) -> str:
    ending = f" ({kept['outcome']})" if kept.get("outcome") else ""
    return f"Moved from {kept['from']} to {kept['to']}{ending}"


def _ordered(kept: Mapping[str, Any]) -> str:
    level = kept["level"]
    return "Left the level to the door" if level == "auto" else f"Ordered the door: {level}"


def _updated(kept: Mapping[str, Any]) -> str:
    how = "and mailed it" if kept["mailed"] else "without mail"
    return f"Published an update in {', '.join(kept['languages'])}, {how}"


def _planned(kept: Mapping[str, Any]) -> str:
    verb, at = kept["verb"], kept["at"]
    return f"Left to the clock: {verb} at {at}" if at else f"Not left to the clock any more: {verb}"


_ACTS: dict[str, tuple[str, _Said]] = {
    "campaigns.move": ("Move a campaign", _moved),
    "campaigns.level": ("Order the door's level", _ordered),
    "campaigns.correct": (
        "Correct a number",
        lambda kept: f"Says the corrected number of {kept['figure']}, with a notice",
    ),
    "campaigns.plan": ("Leave a move to the clock", _planned),
    "campaigns.update": ("Publish an update", _updated),
    "campaigns.correct_update": (
        "Correct an update",
        lambda kept: f"Corrected an update; it stands in {', '.join(kept['languages'])}",
    ),
    "campaigns.take_back_update": (
        "Take an update back",
        lambda kept: f"Took an update back: {kept['reason']}",
    ),
    "campaigns.translate": (
        "Begin a translation",
        lambda kept: f"Began to translate into {kept['language']}",
    ),
    "campaigns.take_in_translation": (
        "Take in a PO file",
        lambda kept: f"Took in {kept['texts']} texts of a PO file",
    ),
    "campaigns.refresh_translation": (
        "Bring a translation up to date",
        lambda _: "Fetched the texts of the original",
    ),
    "campaigns.agree_translation": (
        "Find a page up to date",
        lambda _: "Found that it says what the original says",
    ),
}
