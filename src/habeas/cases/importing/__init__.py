"""Case files: a case as facts, each with its source, written by hand and checked whole before use."""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from habeas.cases.importing.checks import Place
from habeas.cases.importing.description import CASE_FILE
from habeas.cases.importing.lines import Document, read
from habeas.cases.importing.problems import BadCaseFile, CaseDiffers, Problem
from habeas.cases.importing.rules import check_rules

__all__ = ["BadCaseFile", "CaseDiffers", "CaseFile", "EventEntry", "Problem", "read_case_file"]


@dataclass(frozen=True, slots=True)
class EventEntry:
    """One event as the file tells it."""

    first: dict[str, Any]  # the line that describes it
    lines: tuple[dict[str, Any], ...]  # every line about it, the first included: one claim each


@dataclass(frozen=True, slots=True)
class CaseFile:
    """A case file in which everything is in order."""

    case: dict[str, Any]
    sources: dict[str, dict[str, Any]]  # by their names in the file
    person: dict[str, Any]
    authorities: dict[str, dict[str, Any]]
    events: tuple[EventEntry, ...]  # as listed
    figures: tuple[dict[str, Any], ...]  # that the campaign cites
    consents: tuple[dict[str, Any], ...]  # of the person
    digest: str  # SHA-256 of the content, the same however it is laid out
    document: Document  # to say where something stands


def read_case_file(text: str) -> CaseFile:
    """Return the case in `text` (YAML), checked.

    raises  BadCaseFile with everything there is to mend
    """
    document = read(text)
    if document.content is None:
        raise BadCaseFile([Problem(1, "", "the file is empty")])
    top = Place(document)
    content = CASE_FILE(document.content, top)
    check_rules(content, top)
    if document.problems:
        raise BadCaseFile(document.problems)
    return _case_file(content, document)


def _case_file(content: dict[str, Any], document: Document) -> CaseFile:
    figures = tuple(content.get("campaign", {}).get("cites", ()))
    kept = {key: part for key, part in content.items() if key not in {"campaign", "derived"}}
    return CaseFile(
        case=content["case"],
        sources=content["sources"],
        person=content["person"],
        authorities=content.get("authorities", {}),
        events=_together(content["events"]),
        figures=figures,
        consents=tuple(content.get("consents", ())),
        digest=_digest({**kept, "figures": figures}),
        document=document,
    )


def _together(lines: list[dict[str, Any]]) -> tuple[EventEntry, ...]:
    """Return the events, with the lines that are claims about the same one put together."""
    by_seq: dict[int, list[dict[str, Any]]] = {}
    for line in lines:
        by_seq.setdefault(line["seq"], []).append(line)
    return tuple(EventEntry(about[0], tuple(about)) for about in by_seq.values())


def _digest(content: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
