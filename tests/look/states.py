"""Every state of every public page, rendered with the samples: what the gallery photographs."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Literal

from habeas.campaigns import deadlines
from habeas.campaigns.presentation import (
    CampaignView,
    Frame,
    HomeView,
    LanguageLink,
    NextAction,
    Portrait,
    Site,
)
from habeas.edition.manifest import Card, CountRule, Deadline, Running
from habeas.edition.slots import fill, render_count, render_days
from habeas.edition.templating import environment
from habeas.lib import languages
from look.samples import HEARING, ORIGIN, SINCE, button, campaign, corrections, counting, ended, updates

ERRORS = (400, 403, 404, 405, 413, 422, 429, 500, 503)
PLAIN = ("confirm", "unsubscribe", "unsubscribed", "withdraw", "withdrawn", "link_invalid")
TODAY = date(2018, 6, 1)  # the day that the open page says it is
MILESTONES = (100, 1_000, 15_000, 50_000)
MISTAKES = {
    "name": "Please write your name.",
    "email": "This does not look like an e-mail address. It has the form name@example.org.",
    "country": "Please choose your country.",
}
TYPED = {"email": "maria.example.org", "comment": "<b>Because</b> he is one of us.", "updates": "on"}
ABOUT = {
    "en": "People everywhere, for one person at a time.",
    "fr": "Des gens partout, pour une personne à la fois.",
    "ar": "أناس في كل مكان، من أجل إنسان واحد في كل مرة.",
}

PORTRAIT = Portrait((), "../portrait.jpg", 624, 780, "Example Photographer")


def render_all() -> dict[str, str]:
    """Return every page: {"en/open": html}."""
    return {f"{code}/{name}": html for code in ABOUT for name, html in render_language(code)}


def render_language(code: str) -> Iterator[tuple[str, str]]:
    """Yield (name, html) of every page in one language."""
    opened, won, selma = campaign("free-mkhaitir", code), ended(code), campaign("free-selma", code)
    around = frame(code)
    neutral = replace(around, canonical_url="")
    yield "home", page("home", code, frame=around, home=HomeView((opened, selma), (won,)))
    yield "home-empty", page("home", code, frame=around, home=HomeView(()))
    yield "open", page("open", code, frame=around, c=opened)
    yield "open-first", page("open", code, 0, frame=around, c=replace(opened, news=()))
    yield "open-mistakes", page("open", code, 1, mistakes=MISTAKES, frame=around, c=opened)
    yield "open-more-than", page("open", code, 2, is_exact=False, frame=around, c=opened)
    yield "open-free", page("open", code, is_held=False, frame=around, c=opened)
    yield "open-hidden", page("open", code, None, frame=around, c=opened)
    yield "open-daily", page("open", code, None, every="day", frame=around, c=opened)
    yield "open-steps", page("open", code, 12_300, every="day", frame=around, c=opened)
    yield "open-portrait", page("open", code, frame=around, c=replace(opened, portrait=PORTRAIT))
    yield "open-demonstration", page("open", code, frame=around, c=selma)
    yield "open-corrected", page("open", code, frame=around, c=replace(opened, corrections=corrections(code)))
    yield "open-languages", page("open", code, frame=in_ten_languages(around), c=opened)
    yield "open-second-step", page("open", code, step="step", frame=around, c=opened)
    yield "paused", page("paused", code, frame=around, c=replace(opened, state="paused"))
    yield "won", page("won", code, frame=around, c=won)
    yield "won-portrait", page("won", code, frame=around, c=replace(won, portrait=PORTRAIT))
    yield "won-wordless", page("won", code, frame=around, c=replace(won, words=None, next_action=None))
    yield "won-hidden", page("won", code, None, frame=around, c=won)
    yield "won-steps", page("won", code, 12_300, every="day", frame=around, c=won)
    yield "closed", page("closed", code, frame=around, c=replace(won, state="closed"))
    yield "closed-bare", page("closed", code, 0, frame=around, c=replace(opened, state="closed"))
    chained = replace(
        opened, chain=(NextAction(selma.title, selma.url), NextAction(opened.title, opened.url))
    )
    for name in ("thanks", "confirmed"):
        yield name, page(name, code, frame=neutral, c=chained)
    framed = replace(neutral, is_framed=True, source=ORIGIN)
    yield "embed", page("embed", code, frame=framed, c=opened)
    yield "embed-mistakes", page("embed", code, 1, mistakes=MISTAKES, frame=framed, c=opened)
    yield "embed-paused", page("embed", code, None, frame=framed, c=replace(opened, state="paused"))
    yield "embed-won", page("embed", code, frame=framed, c=won)
    yield "embed-thanks", page("embed_thanks", code, frame=framed, c=chained)
    for name, item in updates(opened.news[0], code):
        template = "update_taken_back" if item.taken_back else "update"
        yield name, page(template, code, frame=around, c=opened, item=item)
    yield "moved", staying(page("moved", code, frame=neutral, to="open.html"))
    yield "unavailable", page("unavailable", code, frame=neutral)
    yield (
        "legal",
        page("legal", code, frame=around, legal="Example Association\n1 Example Street", source=ORIGIN),
    )
    yield "accessibility", page("accessibility", code, frame=around)
    yield "how-we-count", page("how_we_count", code, frame=around, figures=(counting(code),))
    yield "how-we-count-empty", page("how_we_count", code, frame=around, figures=())
    for name in PLAIN:
        yield name, page(name, code, frame=neutral)
    yield "privacy", page("privacy", code, frame=around, retention_days=3, confirm_hours=48)
    for status in ERRORS:
        yield f"error-{status}", page("error", code, frame=neutral, status=status)


def page(
    name: str,
    code: str,
    count: int | None = 12_345,
    mistakes: Mapping[str, str] | None = None,
    every: Literal["live", "hour", "day"] = "live",
    is_exact: bool = True,  # noqa: FBT001, FBT002  named in every call
    is_held: bool = True,  # noqa: FBT001, FBT002  as above
    **values: object,
) -> str:
    """Return the HTML of one page with its slots filled as the door does; daily, the count is in steps."""
    html = environment("habeas.campaigns", "public", code).get_template(f"{name}.html").render(**values)
    words = languages.words(code).gettext
    errors = {field: words(message) for field, message in (mistakes or {}).items()}
    form = part(
        "second_step" if "step" in values else "form",
        code,
        step=values.get("step", ""),
        notice="",
        action="#",
        button=button(code),
        values=TYPED if mistakes else {},
        errors=errors,
        likely=languages.likely_countries(code),
        countries=languages.countries(code),
        asks_comment=bool(mistakes),
        privacy_url="privacy.html",
        is_framed=name == "embed",
    )
    told = card(
        code,
        state_of(name, values),
        CountRule(0, 1 if every == "live" else 100, every),
        is_exact=is_exact,
        is_held=is_held,
    )
    return fill(
        html.encode(),
        form=form.encode(),
        count=render_count(told, code, count, is_exact=every == "live"),
        days=render_days(told, code, TODAY),
    ).decode()


def staying(html: str) -> str:
    """Return a page that leads on at once, so that it can be looked at."""
    return html.replace('http-equiv="refresh"', 'name="leads-on"')


def state_of(name: str, values: Mapping[str, object]) -> str:
    """Return the state of the campaign that a page shows."""
    told = values.get("c")
    return told.state if name == "embed" and isinstance(told, CampaignView) else name


def card(code: str, name: str, rule: CountRule, *, is_exact: bool, is_held: bool) -> Card:
    """Return what the door knows of the campaign."""
    hearing = Deadline(HEARING, {code: deadlines.in_words("hearing", HEARING, code)})
    return Card(
        id="00" * 8,
        slug="free-mkhaitir",
        state="open" if name == "open" else "won",
        languages=(code,),
        public_key="",
        text_version="00" * 8,
        asks_comment=False,
        buttons={code: button(code)},
        count_rule=rule,
        running=Running("detention", SINCE, is_exact) if is_held else None,
        deadline=hearing if is_held and is_exact else None,
        milestones=MILESTONES,
    )


def part(name: str, code: str, **values: object) -> str:
    """Return one fragment of the door."""
    return environment("habeas.edition", "parts", code).get_template(f"{name}.html").render(**values)


def frame(code: str) -> Frame:
    """Return the frame of a page in one language."""
    links = tuple(language_link(other, code) for other in ABOUT)
    return Frame(
        site=Site("Habeas", ABOUT[code], "people@example.org"),
        language=language_link(code, code),
        languages=links,
        stylesheet="../style.css",
        icon="../icon.svg",
        script="../live.js",
        home_url="home.html",
        privacy_url="privacy.html",
        counting_url="how-we-count.html",
        legal_url="legal.html",
        accessibility_url="accessibility.html",
        canonical_url=f"{ORIGIN}/{code}/c/free-mkhaitir/",
        origin=ORIGIN,
    )


def in_ten_languages(around: Frame) -> Frame:
    """Return the frame of a page that exists in every language there is."""
    current = around.language.code
    return replace(around, languages=tuple(language_link(other, current) for other in languages.AVAILABLE))


def language_link(code: str, current: str) -> LanguageLink:
    """Return the link to a page's version in `code`."""
    known = languages.language(code)
    return LanguageLink(code, known.name, known.direction, f"../{code}/open.html", code == current)
