"""What must hold between the parts of a case file; the description checks each part alone."""

from typing import Any

from habeas.cases import dates
from habeas.cases.importing.checks import Place
from habeas.cases.importing.description import SAME_EVENT
from habeas.cases.vocabulary import CHARGING_EVENTS, LASTING_EVENTS, SENTENCING_EVENTS

# A second claim about an event says when, and who says so; what happened stands in the first.
_OF_A_SECOND_CLAIM = frozenset(
    {"seq", "type", "date", "from", "to", "source", "claim_about", "note", "quote"}
)


def check_rules(content: dict[str, Any], top: Place) -> None:
    """Report what does not fit together in the checked `content`.

    Parts that failed their own check are empty or absent, and not held against the others.
    """
    _one_preferred_name(content.get("person", {}), top.down("person"))
    _nothing_twice(content.get("case", {}).get("rights", []), top.down("case").down("rights"))
    cites = content.get("campaign", {}).get("cites", [])
    slugs = [figure.get("figure") for figure in cites]
    _nothing_twice(slugs, top.down("campaign").down("cites"))
    events = content.get("events", [])
    for number, event in enumerate(events):
        place = top.down("events").down(number)
        _check_dates(event, place)
        _check_details(event, place)
        _check_order(events[:number], event, place)


def _one_preferred_name(person: dict[str, Any], place: Place) -> None:
    names = person.get("names", [])
    preferred = sum(bool(name.get("preferred")) for name in names)
    if names and preferred != 1:
        place.down("names").say(f"exactly one name has preferred: true; here {preferred} have")


def _nothing_twice(items: list[Any], place: Place) -> None:
    for number, item in enumerate(items):
        if item and item in items[:number]:
            place.down(number).say("stands here a second time")


def _check_dates(event: dict[str, Any], place: Place) -> None:
    """An event has a date; one that lasts has from, and to once it has ended."""
    lasts = event.get("type") in LASTING_EVENTS
    wanted, unwanted = ("from", ("date",)) if lasts else ("date", ("from", "to"))
    if wanted not in event:
        place.say(f"{wanted} is missing")
    for key in unwanted:
        if key in event:
            place.down(key).say(f"an event of this type has {wanted} instead of {key}")
    if event.get("from") and event.get("to"):
        _check_ends(event, place)


def _check_ends(event: dict[str, Any], place: Place) -> None:
    begins, ends = dates.parse(event["from"]), dates.parse(event["to"])
    if begins.earliest and ends.latest and ends.latest < begins.earliest:
        place.down("to").say(f"{ends.text} is before the beginning, {begins.text}")


def _check_details(event: dict[str, Any], place: Place) -> None:
    for key, types in (("charges", CHARGING_EVENTS), ("components", SENTENCING_EVENTS)):
        if key in event and event.get("type") not in types:
            place.down(key).say(f"belongs to {' or '.join(sorted(types))}")


def _check_order(before: list[dict[str, Any]], event: dict[str, Any], place: Place) -> None:
    """A place in the order is one event's, and further claims about the same event share it."""
    seq = event.get("seq")
    if seq is None:
        return
    sharing = [other for other in before if other.get("seq") == seq]
    if event.get("claim_about") != SAME_EVENT:
        if sharing:
            place.down("seq").say(
                f"another event has the order {seq}; give this one its own, or add claim_about: {SAME_EVENT} "
                "if it is the same event according to another source"
            )
        return
    _check_second_claim(sharing, event, place)


def _check_second_claim(sharing: list[dict[str, Any]], event: dict[str, Any], place: Place) -> None:
    if not sharing or sharing[0].get("type") != event.get("type"):
        place.down("claim_about").say(
            f"no event above has the order {event['seq']} and the type {event.get('type')}"
        )
    for key in event:
        if key not in _OF_A_SECOND_CLAIM:
            place.down(key).say("belongs to the first line of this event, not to a second claim about it")
    said = ("source", "date", "from", "to")
    if any(all(other.get(key) == event.get(key) for key in said) for other in sharing):
        place.say("says the same as a line above, by the same source")
