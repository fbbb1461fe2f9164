"""Reads YAML and remembers the line of everything, so that a problem can be found where it is.

Only what a case file needs: mappings, lists and texts. What other readers of YAML would turn into
something else stays as written: the country NO, the date 2014-01-05. The description says what it must be.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from habeas.cases.importing.problems import BadCaseFile, Problem

Step = str | int
Path = tuple[Step, ...]  # ("events", 2, "date")

DEEPEST = 12  # levels; a case file has six
_NOTHING = {"", "~", "null"}


@dataclass(slots=True)
class Document:
    """A file as read: its content, where each part stands, and what is wrong with it."""

    content: Any = None  # dict, list, str or None
    lines: dict[Path, int] = field(default_factory=dict)  # of each key and list item, from 1
    problems: list[Problem] = field(default_factory=list)

    def report(self, path: Path, message: str, *, line: int | None = None) -> None:
        """Note a problem with the part at `path`; its line is that of the nearest part that is there."""
        around = path
        while around not in self.lines and around:
            around = around[:-1]
        self.problems.append(Problem(line or self.lines.get(around, 1), in_words(path), message))


def in_words(path: Path) -> str:
    """Return the path as people count: ("events", 2, "date") is "events[3].date"."""
    steps = (f"[{step + 1}]" if isinstance(step, int) else f".{step}" for step in path)
    return "".join(steps).removeprefix(".")


def read(text: str) -> Document:
    """Return what is in `text`.

    raises  BadCaseFile if it is not YAML, or uses parts of YAML that no case file needs
    """
    try:
        return _Reader(text).read()
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise BadCaseFile([Problem(line, "", "a character here cannot be printed; remove it")]) from error
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        message = f"this is not YAML ({error.problem}); look for a missing quote, colon or indentation"
        raise BadCaseFile([Problem(line, "", message)]) from error


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1


class _Reader:
    """Follows the parser's events; nothing is built that was not looked at."""

    def __init__(self, text: str) -> None:
        self.events: Iterator[yaml.Event] = iter(yaml.parse(text, Loader=yaml.SafeLoader))
        self.document = Document()

    def read(self) -> Document:
        next(self.events)  # the stream's own beginning
        if isinstance(next(self.events), yaml.DocumentStartEvent):
            self.document.content = self._value(next(self.events), ())
            next(self.events)  # the document's end
            self._expect_nothing_more()
        return self.document

    def _expect_nothing_more(self) -> None:
        after = next(self.events)
        if isinstance(after, yaml.DocumentStartEvent):
            raise self._refusal(after, (), "a second document begins here; a file holds one case")

    def _value(self, event: yaml.Event, path: Path) -> Any:
        self.document.lines.setdefault(path, _line(event))
        if len(path) > DEEPEST:
            raise self._refusal(event, path, "nested too deeply")
        if getattr(event, "anchor", None):
            raise self._refusal(event, path, "anchors (&) and aliases (*) are not used in case files")
        if getattr(event, "tag", None):
            raise self._refusal(event, path, "tags (!) are not used in case files")
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(path)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._list(path)
        return self._text(event)

    def _text(self, event: yaml.Event) -> str | None:
        assert isinstance(event, yaml.ScalarEvent)  # noqa: S101  nothing else is left of YAML's events
        is_plain = event.implicit[0]
        return None if is_plain and event.value in _NOTHING else event.value

    def _list(self, path: Path) -> list[Any]:
        items: list[Any] = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            items.append(self._value(event, (*path, len(items))))
        return items

    def _mapping(self, path: Path) -> dict[str, Any]:
        content: dict[str, Any] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            key = self._key(event, path)
            if key in content:
                first = self.document.lines[(*path, key)]
                message = f"written twice; the first is in line {first}"
                self.document.report((*path, key), message, line=_line(event))
            self.document.lines.setdefault((*path, key), _line(event))
            content[key] = self._value(next(self.events), (*path, key))
        return content

    def _key(self, event: yaml.Event, path: Path) -> str:
        if not isinstance(event, yaml.ScalarEvent) or event.anchor or event.tag:
            raise self._refusal(event, path, "a key is a plain word")
        return event.value

    def _refusal(self, event: yaml.Event, path: Path, message: str) -> BadCaseFile:
        problem = Problem(_line(event), in_words(path), message)
        return BadCaseFile([*self.document.problems, problem])
