"""What the pages of the gallery say: campaigns of the demonstration as they stand on a day, and after."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from habeas.campaigns import deadlines, presentation, sharing
from habeas.campaigns.presentation import (
    CampaignView,
    CitedFigure,
    Correction,
    CountedFigure,
    Moment,
    News,
    NextAction,
    OtherDate,
    SourceLine,
    Words,
)
from habeas.cases import dates
from habeas.cases.vocabulary import condition_label, event_label
from habeas.edition.slots import campaign_path, embed_path
from habeas.lib import languages

DEMO = Path(presentation.__file__).parent / "demo"
ORIGIN = "https://act.example.org"
RELEASE = 170  # the event after which the campaign is won
SINCE = date(2014, 1, 2)  # the arrest, as counsel dates it
HEARING = date(2018, 6, 23)
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


def updates(item: News, code: str) -> Iterator[tuple[str, News]]:
    """Yield name and content of the page of an update as it was written, corrected, taken back."""
    words, day = languages.words(code).gettext, dates.in_words(CORRECTED_ON.isoformat(), code)
    yield "update", item
    yield "update-corrected", replace(item, corrected=words("Corrected on {date}.").format(date=day))
    yield "update-taken-back", replace(item, taken_back=words(TAKEN_BACK).format(date=day))


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
