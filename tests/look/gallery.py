"""Render every public page with sample data, photograph it, and look for overflow and barriers.

python tests/look/gallery.py OUT_DIR             HTML; screenshots at 3 widths, light and dark; audit
python tests/look/gallery.py OUT_DIR open won    only the pages whose names begin so

The audit runs axe in both schemes and asks for overflow at 320 and 360 px; its findings end the run with 1.
"""

import gzip
import shutil
import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, Literal

import brotli
import click
import yaml
from axe_playwright_python.sync_playwright import Axe
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from PIL import Image, ImageDraw
from playwright.sync_api import Browser, Page, sync_playwright

from habeas.campaigns import deadlines, presentation, sharing
from habeas.campaigns.presentation import (
    CampaignView,
    CitedFigure,
    Correction,
    CountedFigure,
    Frame,
    HomeView,
    LanguageLink,
    Moment,
    News,
    NextAction,
    OtherDate,
    Portrait,
    Site,
    SourceLine,
    Words,
)
from habeas.cases import dates
from habeas.cases.vocabulary import condition_label, event_label
from habeas.edition.manifest import Card, CountRule, Deadline, Running
from habeas.edition.slots import campaign_path, embed_path, fill, render_count, render_days
from habeas.edition.templating import environment
from habeas.lib import languages

ASSETS = Path(presentation.__file__).parent / "public" / "assets"
DEMO = Path(presentation.__file__).parent / "demo"
ORIGIN = "https://act.example.org"
TABLET = 768
WIDTHS = (360, TABLET, 1280)
NARROWEST = 320
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
PHOTOGRAPHED = ("en", "ar")
CHROMIUM = {
    "executable_path": "/usr/bin/chromium",
    "args": ["--no-sandbox", "--disable-background-networking", "--no-first-run"],
}
ERRORS = (400, 403, 404, 405, 413, 422, 429, 500, 503)
PLAIN = ("confirm", "unsubscribe", "unsubscribed", "withdraw", "withdrawn", "link_invalid")
RELEASE = 170  # the event after which the campaign is won
TODAY = date(2018, 6, 1)  # the day that the open page says it is
SINCE = date(2014, 1, 2)  # the arrest, as counsel dates it
HEARING = date(2018, 6, 23)
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
NEWS = {
    "en": (
        "Officials name a legal basis",
        "The Commissioner for Human Rights says he is held “for his own safety”.",
    ),
    "fr": (
        "Les autorités invoquent une base légale",
        "Le commissaire aux droits de l’homme le dit détenu « pour sa propre sécurité ».",
    ),
    "ar": (
        "مسؤولون يذكرون أساسًا قانونيًا",
        "مفوض حقوق الإنسان يقول إنه محتجز «حفاظًا على سلامته».",
    ),
}

PORTRAIT = Portrait((), "../portrait.jpg", 624, 780, "Example Photographer")
CORRECTED_ON = date(2018, 5, 16)
TAKEN_BACK = "We took this update back on {date}. What it said no longer stands."
COUNTED = {  # a number of ours, before and after; what is asked; what the words promise; why it changed
    "en": (
        "more than 170 arrests since 2014",
        "more than 168 arrests since 2014",
        "How many arrests of human-rights defenders have been documented since 2014?",
        "“More than” is said of a number that we can prove, where there may be others.",
        "two records turned out to be of one arrest",
    ),
    "fr": (
        "plus de 170 arrestations depuis 2014",
        "plus de 168 arrestations depuis 2014",
        "Combien d’arrestations de défenseurs des droits humains sont documentées depuis 2014 ?",
        "« Plus de » se dit d’un nombre que nous pouvons prouver, quand il peut y en avoir d’autres.",
        "deux fiches concernaient la même arrestation",
    ),
    "ar": (
        "أكثر من 170 عملية اعتقال منذ عام 2014",
        "أكثر من 168 عملية اعتقال منذ عام 2014",
        "كم عملية اعتقال لمدافعين عن حقوق الإنسان وُثِّقت منذ عام 2014؟",
        "نقول «أكثر من» عن عدد نستطيع إثباته وقد يوجد غيره.",
        "تبيّن أن سجلّين يتعلقان بعملية اعتقال واحدة",
    ),
}
HELD = {
    "en": "2,034 days (5 years, 6 months, 27 days)",
    "fr": "2 034 jours (5 ans, 6 mois et 27 jours)",
    "ar": "2,034 يومًا (5 سنوات و6 أشهر و27 يومًا)",
}


def main() -> int:
    """Render, photograph, audit; return the exit code."""
    out = Path(sys.argv[1])
    wanted = tuple(sys.argv[2:]) or ("",)
    compile_catalogues()
    pages = {name: html for name, html in render_all().items() if Path(name).name.startswith(wanted)}
    write(out, pages)
    findings = photograph(out, list(pages))
    for finding in findings:
        click.echo(finding)
    click.echo(f"{len(pages)} pages, {len(findings)} findings")
    return 1 if findings else 0


def compile_catalogues() -> None:
    """Compile every catalogue beside its source, as `pybabel compile` does."""
    for source in languages.CATALOGUES.glob("*/LC_MESSAGES/*.po"):
        with source.open("rb") as words, source.with_suffix(".mo").open("wb") as compiled:
            write_mo(compiled, read_po(words))


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


def updates(item: News, code: str) -> Iterator[tuple[str, News]]:
    """Yield name and content of the page of an update as it was written, corrected, taken back."""
    words, day = languages.words(code).gettext, dates.in_words(CORRECTED_ON.isoformat(), code)
    yield "update", item
    yield "update-corrected", replace(item, corrected=words("Corrected on {date}.").format(date=day))
    yield "update-taken-back", replace(item, taken_back=words(TAKEN_BACK).format(date=day))


def staying(html: str) -> str:
    """Return a page that leads on at once, so that it can be looked at."""
    return html.replace('http-equiv="refresh"', 'name="leads-on"')


def corrections(code: str) -> tuple[Correction, ...]:
    """Return the notice that a number of ours was wrong."""
    words, (before, after, _, _, reason) = languages.words(code).gettext, COUNTED[code]
    day = dates.in_words(CORRECTED_ON.isoformat(), code)
    text = words("Corrected on {date}: we had written “{before}”; it is “{after}”, because {reason}.")
    told = text.format(date=day, before=before, after=after, reason=reason)
    return (Correction(told, CORRECTED_ON.isoformat()),)


def counting(code: str) -> CountedFigure:
    """Return how that number was counted, as habeas.campaigns.counted words it."""
    words, (_, after, question, meaning, _) = languages.words(code).gettext, COUNTED[code]
    return CountedFigure(
        anchor="arrests",
        words=after[0].upper() + after[1:],
        question=question,
        what=f"{event_label('arrest', code)}. "
        + words("Each event counts once; what happened to somebody twice counts twice."),
        when=words("since {start}").format(start=dates.in_words(SINCE.isoformat(), code)),
        where=dict(languages.countries(code))["MR"],
        sure=(
            words("A researcher finds it at least plausible."),
            words("For each, {number} independent sources say so, or an official record does.").format(
                number=2
            ),
        ),
        as_of=dates.in_words(CORRECTED_ON.isoformat(), code),
        machine_date=CORRECTED_ON.isoformat(),
        bounds=words(
            "between {lower} and {upper}: not every date or size of a group is known exactly"
        ).format(lower=168, upper=181),
        meaning=meaning,
        corrections=corrections(code),
    )


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


def campaign(slug: str, code: str) -> CampaignView:
    """Return a campaign of the demonstration as it stands while people can sign."""
    texts = read(slug)
    told = texts["pages"][code]
    case = read({"free-mkhaitir": "mkhaitir", "free-selma": "invented"}[slug])
    has_news = slug == "free-mkhaitir"
    title, text = NEWS[code]
    news = (
        (News(dates.in_words("2018-05-14", code), "2018-05-14", title, text, "update.html"),)
        if has_news
        else ()
    )
    lines = sharing.embed_code(ORIGIN, embed_path(slug, code), told["title"])
    return CampaignView(
        slug=slug,
        state="open",
        url=f"/{code}/c/{slug}/",
        title=told["title"],
        person=told["person"],
        person_elsewhere=told.get("person_elsewhere", ""),
        lede=told["lede"],
        story=tuple(told["story"]),
        target_office=told["target_office"],
        target_holder=told["target_holder"],
        demands=tuple(told["demands"]),
        timeline=tuple(moments(case, told["timeline"], code)),
        figures=tuple(
            CitedFigure(figure["text"], source(case, "amnesty-campaign")) for figure in told["figures"]
        ),
        news=news,
        is_demonstration=texts["is_demonstration"],
        share=replace(
            sharing.share(told["share_text"], ORIGIN + campaign_path(slug, code), "../qr.svg", lines),
            poster="poster.pdf",
            letter="letter.pdf",
        ),
        deadline=deadlines.in_words("hearing", HEARING, code) if has_news else "",
        feed="updates.atom",
    )


def ended(code: str) -> CampaignView:
    """Return the campaign that was won."""
    told = read("free-mkhaitir")["pages"][code]
    other = campaign("free-selma", code)
    words = told["words"]
    return replace(
        campaign("free-mkhaitir", code),
        state="won",
        timeline=tuple(moments(read("mkhaitir"), told["timeline"], code, until=RELEASE)),
        outcome=told["outcome"]["headline"],
        outcome_text=told["outcome"]["text"],
        closed_on=dates.in_words("2019-07-29", code),
        thanks=told["thanks"],
        words=Words(words["quote"], words["said_by"], words["occasion"]),
        next_action=NextAction(other.title, other.url),
        deadline="",
        was_held=HELD[code],
    )


def moments(
    case: Mapping[str, Any], told: list[dict[str, Any]], code: str, until: int = RELEASE - 1
) -> Iterator[Moment]:
    """Yield the timeline: dates and sources from the case, words from the campaign's texts."""
    for line in told:
        if line["seq"] > until:
            continue
        first, *others = [event for event in case["events"] if event["seq"] == line["seq"]]
        yield Moment(
            when=when(first, code),
            machine_date=first.get("date", "") if "/" not in first.get("date", "/") else "",
            kind=first["type"],
            label=label(first["type"], code),
            text=line["text"],
            sources=(source(case, first["source"]),),
            others=tuple(OtherDate(when(other, code), source(case, other["source"])) for other in others),
        )


def when(event: Mapping[str, Any], code: str) -> str:
    """Return an event's date in words; an interval by its two ends."""
    if "date" in event:
        return dates.in_words(event["date"], code)
    start, end = (dates.in_words(event[edge], code) for edge in ("from", "to"))
    return languages.words(code).gettext("{start} to {end}").format(start=start, end=end)


def label(kind: str, code: str) -> str:
    """Return the name of an event or a condition."""
    try:
        return event_label(kind, code)
    except KeyError:
        return condition_label(kind, code)


def source(case: Mapping[str, Any], ref: str) -> SourceLine:
    """Return one source of the case."""
    found = case["sources"][ref]
    return SourceLine(found["title"], found["publisher"], "https://example.org/source")


def button(code: str) -> str:
    """Return the words on the button."""
    return str(read("free-mkhaitir")["pages"][code]["button"])


def read(name: str) -> dict[str, Any]:
    """Return a file of the demonstration."""
    found: dict[str, Any] = yaml.safe_load((DEMO / f"{name}.yaml").read_text())
    return found


def write(out: Path, pages: Mapping[str, str]) -> None:
    """Write the pages and assets as files that a browser opens."""
    for name, html in pages.items():
        path = out / f"{name}.html"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(html)
    for asset in ASSETS.iterdir():
        shutil.copy(asset, out / asset.name)
    stand_in().save(out / "portrait.jpg")
    (out / "qr.svg").write_bytes(sharing.qr_code(ORIGIN + campaign_path("free-mkhaitir", "en")))
    click.echo(size("style.css", (ASSETS / "style.css").read_bytes()))
    for name, html in pages.items():
        if name.endswith("/open"):
            click.echo(size(name, html.encode()))


def stand_in() -> Image.Image:
    """Return a picture of nobody: head and shoulders against the light."""
    drawn = Image.new("RGB", (624, 780), (0xB9, 0xAE, 0x9C))
    pen = ImageDraw.Draw(drawn)
    pen.ellipse((200, 150, 424, 430), fill=(0x5A, 0x50, 0x45))
    pen.ellipse((70, 450, 554, 1000), fill=(0x3A, 0x33, 0x2C))
    return drawn


def size(name: str, body: bytes) -> str:
    """Return how much of a page travels."""
    return f"{name}: {len(body)} bytes, {len(brotli.compress(body))} br, {len(gzip.compress(body))} gz"


def photograph(out: Path, names: list[str]) -> list[str]:
    """Photograph and audit the pages; return what is wrong with them."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**CHROMIUM)  # type: ignore[arg-type]  # a table of options
        findings = [
            finding
            for name in names
            if name.partition("/")[0] in PHOTOGRAPHED
            for scheme in SCHEMES
            for finding in visit(browser, out, name, scheme)
        ]
        browser.close()
    return findings


def visit(browser: Browser, out: Path, name: str, scheme: Literal["light", "dark"]) -> Iterator[str]:
    """Photograph one page in one colour scheme and yield what axe and the ruler find."""
    context = browser.new_context(color_scheme=scheme, reduced_motion="reduce", locale=name.partition("/")[0])
    tab = context.new_page()
    tab.goto((out / f"{name}.html").absolute().as_uri())
    for width in WIDTHS:
        tab.set_viewport_size({"width": width, "height": 740 if width < WIDTHS[-1] else 800})
        shots = out / "shots"
        tab.screenshot(path=shots / f"{name.replace('/', '-')}-{width}-{scheme}.png", full_page=True)
        if width != TABLET:
            yield from barriers(tab, f"{name} {width} {scheme}")
    yield from overflow(tab, name)
    context.close()


def barriers(tab: Page, where: str) -> Iterator[str]:
    """Yield axe's violations, target size (WCAG 2.2) included."""
    result = Axe().run(tab, options={"rules": {"target-size": {"enabled": True}}})
    for violation in result.response["violations"]:
        for node in violation["nodes"]:
            yield f"{where}: {violation['id']}: {node['html'][:120]}: {node['failureSummary'][:300]}"


def overflow(tab: Page, where: str) -> Iterator[str]:
    """Yield a line if the page can be scrolled sideways on a narrow phone."""
    for width in (NARROWEST, WIDTHS[0]):
        tab.set_viewport_size({"width": width, "height": 640})
        if tab.evaluate("document.documentElement.scrollWidth") > width:
            yield f"{where} {width}: wider than the screen"


if __name__ == "__main__":
    sys.exit(main())
