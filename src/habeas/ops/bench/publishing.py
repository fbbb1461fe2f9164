"""Many campaigns: what an edition of all of them takes, and how soon a case that is taken down is gone.

Seconds of an edition are the processor's: they say what the work takes, whatever else the machine does. How
soon a case is gone is what somebody at the door sees, by the clock.
"""

import re
import time
import urllib.request
from collections.abc import Callable
from threading import Thread
from typing import Any
from urllib.error import HTTPError

import click

from habeas.ops.bench.figures import Figure
from habeas.ops.bench.ground import Ground

_CAMPAIGNS = 40  # besides those of the demonstration
_GOAL = 1.0  # second, until a case is gone from every page
_LOOK_SECONDS = 0.01
_PATIENCE = 60.0  # seconds
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
    page = f"{ground.config.door_url}/en/c/{campaign.slug}/"
    with ground.door():
        gone = _Gone(page)
        gone.start()
        begun = time.perf_counter()
        actions.take_down(campaign.case, by=None, reason="measured")
        whole = time.perf_counter() - begun
        gone.join()
    every = f"{Campaign.objects.count()} campaigns, three languages"
    return [
        Figure(f"publishing: an edition of {every}", edition, "s"),
        Figure(f"publishing: one of {every} taken down, gone", gone.at - begun, "s", _GOAL, is_ceiling=True),
        Figure("publishing: the edition without it", whole, "s"),
    ]


class _Gone(Thread):
    """Watches a page until it is not there any more."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self._page = page
        self.at = float("inf")  # by time.perf_counter, when it was seen to be gone

    def run(self) -> None:
        """Look until it is gone."""
        end = time.perf_counter() + _PATIENCE
        while time.perf_counter() < end:
            try:
                urllib.request.urlopen(self._page, timeout=5).close()  # noqa: S310  our own door
            except HTTPError:
                self.at = time.perf_counter()
                return
            time.sleep(_LOOK_SECONDS)


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
