"""The places in a page that the door fills: the form (which may carry a person's mistakes), the count,
and the days: what changes at midnight without anybody's doing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache

from habeas.edition.manifest import Card, Running
from habeas.edition.templating import environment
from habeas.lib import languages

FORM = b"<!--slot:form-->"
COUNT = b"<!--slot:count-->"
DAYS = b"<!--slot:days-->"
EMBED = "/embed/"  # in the address of whatever partners show in a frame

_TEN = 10


@dataclass(frozen=True, slots=True)
class FormLook:
    """What a form shows besides its own words."""

    values: Mapping[str, str] = field(default_factory=dict)  # field: what the person typed
    errors: Mapping[str, str] = field(
        default_factory=dict
    )  # field: what is wrong with it, in the page's language
    step: str = ""  # token of the second step; empty: the form itself is shown
    notice: str = ""  # what the second step says besides, in the page's language


def render_form(
    card: Card, language: str, privacy_url: str, look: FormLook | None = None, *, is_framed: bool = False
) -> bytes:
    """Return the sign form of `card` in `language` as HTML; blank unless `look` says otherwise.

    With a step, one button stands in its place and what was typed is carried along, unseen.

    is_framed  whether it stands in a partner's frame, and what follows stays there
    """
    look = look or FormLook()
    name = "second_step.html" if look.step else "form.html"
    template = environment("habeas.edition", "parts", language).get_template(name)
    text = template.render(
        is_framed=is_framed,
        step=look.step,
        notice=look.notice,
        action=(embed_sign_path if is_framed else sign_path)(card.slug, language),
        button=card.buttons[language],
        values=look.values,
        errors=look.errors,
        likely=languages.likely_countries(language),
        countries=languages.countries(language),
        asks_comment=card.asks_comment,
        privacy_url=privacy_url,
    )
    return text.encode()


def render_count(card: Card, language: str, total: int | None, *, is_exact: bool = True) -> bytes:
    """Return what the public is told of the number of people who confirmed, as HTML in `language`.

    total     what is told; None: no number, and where people can sign, an invitation in its place
    is_exact  False: more people than `total` confirmed
    """
    template = environment("habeas.edition", "parts", language).get_template("count.html")
    tells_all = card.count_rule.count_step == 1
    text = template.render(
        live=count_path(card.slug) if card.state == "open" else "",
        forms=_count_in_words(language, tells_all=tells_all),
        tells_all=tells_all,
        digits=languages.digits(language),
        total=total,
        number=languages.number(total or 0, language),
        is_exact=is_exact,
        is_open=card.state == "open",
        every=card.count_rule.count_every,
        milestones=[number for number in card.milestones if number > (total or 0)],
        in_words=lambda value: languages.number(value, language),
    )
    return text.encode()


@cache
def _count_in_words(language: str, *, tells_all: bool) -> dict[str, str]:
    """Return the sentence on the count for each plural of `language` (CLDR), "#" in the number's place."""
    ngettext = languages.words(language).ngettext
    if tells_all:
        return {
            plural: "# " + ngettext("person has signed", "people have signed", number)
            for plural, number in languages.plurals(language).items()
        }
    return {
        plural: ngettext(
            "More than %(people)s person has signed", "More than %(people)s people have signed", number
        )
        % {"people": "#"}
        for plural, number in languages.plurals(language).items()
    }


def render_days(card: Card, language: str, today: date) -> bytes:
    """Return which day of being held `today` is, and how near the deadline, as HTML in `language`."""
    day, more_than = _days_of(card.running, today)
    deadline = card.deadline if card.deadline and card.deadline.on >= today else None
    template = environment("habeas.edition", "parts", language).get_template("days.html")
    text = template.render(
        kind=card.running.kind if card.running else "",
        day=day,
        more_than=more_than,
        deadline=deadline.words.get(language, "") if deadline else "",
        machine_date=deadline.on.isoformat() if deadline else "",
        days_left=(deadline.on - today).days if deadline else 0,
        in_words=lambda value: languages.number(value, language),
    )
    return text.encode()


def _days_of(running: Running | None, today: date) -> tuple[int, int]:
    """Return (which day it is, more than how many days it is); one of them is 0, both if nothing is said.

    The day on which it began is day 1. Where the beginning is not known to the day, the number is round
    and less than the fewest days it can be, so "more than" is true whichever day it really was.
    """
    if running is None or (running.until and today > running.until):
        return 0, 0
    passed = (today - running.since).days
    if running.is_exact:
        return max(0, passed + 1), 0
    step = _TEN ** max(0, len(str(max(passed, 0))) - 2)  # 1,611 days: in hundreds
    return 0, max(0, (passed - 1) // step * step)


def fill(body: bytes, *, form: bytes, count: bytes, days: bytes) -> bytes:
    """Return the page `body` with its slots filled."""
    return body.replace(FORM, form).replace(COUNT, count).replace(DAYS, days)


def campaign_path(slug: str, language: str) -> str:
    """Return the address of a campaign's page on the door."""
    return f"/{language}{campaign_part(slug)}"


def campaign_part(slug: str) -> str:
    """Return what the addresses of all pages of a campaign have in common."""
    return f"/c/{slug}/"


def count_path(slug: str) -> str:
    """Return the address of a campaign's count, for scripts and other programs (docs/formats/count.md)."""
    return f"/count/{slug}.json"


def sign_path(slug: str, language: str) -> str:
    """Return the address that takes signatures."""
    return f"/{language}/c/{slug}/sign"


def embed_path(slug: str, language: str) -> str:
    """Return the address of the form that partners show in a frame."""
    return f"/{language}/c/{slug}{EMBED}"


def embed_sign_path(slug: str, language: str) -> str:
    """Return the address that takes signatures from a frame: its answers may be framed too."""
    return f"/{language}/c/{slug}{EMBED}sign"


def embed_thanks_path(slug: str, language: str) -> str:
    """Return the address a signer in a frame is sent to."""
    return f"/{language}/c/{slug}{EMBED}thanks/"


def thanks_path(slug: str, language: str) -> str:
    """Return the address a signer is sent to."""
    return f"/{language}/c/{slug}/thanks/"


def update_path(slug: str, language: str, name: str) -> str:
    """Return the address of one update; `name` is its day, and its number if there are several of a day."""
    return f"/{language}/c/{slug}/updates/{name}/"


def feed_path(slug: str, language: str) -> str:
    """Return the address of the Atom feed of a campaign's updates."""
    return f"/{language}/c/{slug}/updates.atom"


def confirmed_path(slug: str, language: str) -> str:
    """Return the address a person who confirmed is sent to."""
    return f"/{language}/c/{slug}/confirmed/"
