"""Many campaigns: what an edition of all of them takes, and how soon a case that is taken down is gone.

Seconds are the processor's: they say what the work takes, whatever else the machine does.
"""

import re
import time
from collections.abc import Callable
from typing import Any

import click

from habeas.ops.bench.figures import Figure
from habeas.ops.bench.ground import Ground

_CAMPAIGNS = 40  # besides those of the demonstration
_GOAL = 1.0  # second, until a case is gone from every page
_FIGURE = re.compile(r"(?<=figure: )[a-z0-9-]+")


def publishing(ground: Ground) -> list[Figure]:
    """Measure an edition of many campaigns, and the taking down of one."""
    from habeas.campaigns import actions
    from habeas.campaigns.models import Campaign
    from habeas.campaigns.publishing import publish_edition

    number = ground.wishes.people or _CAMPAIGNS
    click.echo(f"    publishing {number} more campaigns, one after the other", err=True)
    for one in range(number):
        _publish_another(one)
    campaign = Campaign.objects.order_by("slug").last()
    if campaign is None:
        raise RuntimeError("the demonstration has campaigns")
    edition = _seconds(lambda: publish_edition(ground.config))
    gone = _seconds(lambda: actions.take_down(campaign.case, by=None, reason="measured"))
    every = f"{Campaign.objects.count()} campaigns, three languages"
    return [
        Figure(f"publishing: an edition of {every}", edition, "s"),
        Figure(f"publishing: taking one of {every} down", gone, "s", _GOAL, is_ceiling=True),
    ]


def _publish_another(number: int) -> None:
    """Publish a campaign of the demonstration once more, for a case of its own."""
    from habeas.campaigns import actions
    from habeas.campaigns.demo import load
    from habeas.cases.actions import import_case

    which = number % len(load.CASES)
    case, campaign = load.case_text(load.CASES[which]), load.campaign_texts()[which]
    names = dict.fromkeys([campaign["case"], *_FIGURE.findall(case)])
    import_case(_renamed(case, names, number), by=None)
    made = load.create_campaign(_renamed_in(campaign, names, number), by=None)
    actions.publish(made, by=None)


def _renamed_in(campaign: dict[str, Any], names: dict[str, None], number: int) -> dict[str, Any]:
    pages = {
        language: {**words, "figures": [_with_figure(line, names, number) for line in words["figures"]]}
        for language, words in campaign["pages"].items()
    }
    slug, case = f"{campaign['slug']}-{number}", _renamed(campaign["case"], names, number)
    return {**campaign, "slug": slug, "case": case, "pages": pages}


def _with_figure(line: dict[str, Any], names: dict[str, None], number: int) -> dict[str, Any]:
    return {**line, "figure": _renamed(line["figure"], names, number)}


def _renamed(text: str, names: dict[str, None], number: int) -> str:
    for name in names:
        text = re.sub(rf"{re.escape(name)}(?![a-z0-9-])", f"{name}-{number}", text)
    return text


def _seconds(do: Callable[[], object]) -> float:
    begun = time.process_time()
    do()
    return time.process_time() - begun
