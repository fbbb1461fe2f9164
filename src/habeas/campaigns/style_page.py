"""The style page: every component of the public pages, on every ground, for whoever designs or writes."""

from dataclasses import replace
from datetime import date, timedelta

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render as render_in_office
from django.urls import reverse
from django.views.decorators.clickjacking import xframe_options_sameorigin

from habeas.campaigns import presentation as shown
from habeas.campaigns import render, sharing
from habeas.campaigns.preview import ASSETS
from habeas.edition.manifest import Card, Deadline, Running
from habeas.edition.slots import FormLook, fill, render_count, render_days, render_form
from habeas.lib import clock, languages

GROUNDS = ("paper", "dark", "day")
_PEOPLE = 12_345  # have signed, on the style page
_DAYS = 1_611  # in detention
_LEFT = 22  # days to the hearing
_EMBED = sharing.embed_code("https://act.example.org", "/en/c/style-page/embed/", "A title")


def style_page(request: HttpRequest) -> HttpResponse:
    """Show the page in the office, one frame for each ground."""
    language = request.GET.get("language", settings.CONFIG.site.languages[0])
    if language not in languages.AVAILABLE:
        raise Http404
    told = {
        "language": language,
        "languages": [(code, languages.language(code).name) for code in languages.AVAILABLE],
        "sheets": [(ground, reverse("style_sheet", args=[ground, language])) for ground in GROUNDS],
    }
    return render_in_office(request, "campaigns/style_page.html", told)


@xframe_options_sameorigin
def style_sheet(request: HttpRequest, ground: str, language: str) -> HttpResponse:  # noqa: ARG001  Django's signature
    """Show every component on one ground."""
    if ground not in GROUNDS or language not in languages.AVAILABLE:
        raise Http404
    assets = {name: ASSETS + name for name, _, _ in render.assets()}
    press = render.Press(settings.CONFIG, assets, has_pictures=False)
    page = press.page("style_page.html", language, {}, is_listed=False, ground=ground, c=_view())
    card, today = _card(language), clock.date_of(clock.today())
    mistakes = FormLook({}, {"email": languages.words(language).gettext("Please write your name.")})
    look = mistakes if ground == "paper" else None
    return HttpResponse(
        fill(
            page,
            form=render_form(card, language, "#", look),
            count=render_count(card, language, _PEOPLE),
            days=render_days(card, language, today),
        )
    )


def _card(language: str) -> Card:
    today = clock.date_of(clock.today())
    return Card(
        id="00" * 8,
        slug="style-page",
        state="open",
        languages=(language,),
        public_key="",
        text_version="00" * 8,
        asks_comment=True,
        buttons={language: "Sign for Selma"},
        running=Running("detention", today - timedelta(days=_DAYS), is_exact=True),
        deadline=Deadline(today + timedelta(days=_LEFT), {language: "Hearing on a day that is set"}),
        milestones=(15_000,),
    )


def _view() -> shown.CampaignView:
    source = shown.SourceLine("Invented source A", "Invented organisation A", "https://example.org/")
    other = shown.SourceLine("Invented source B", "Invented counsel B", "")
    return shown.CampaignView(
        slug="style-page",
        state="open",
        url="#",
        title="Tell the Minister of Justice to free radio journalist Selma Example",
        person="Selma Example",
        person_elsewhere="سلمى مثال",
        lede="One line: why this is urgent.",
        story=("A paragraph of the story.", "Another one."),
        target_office="Minister of Justice",
        target_holder="A. N. Example",
        demands=("The first demand", "The second demand"),
        timeline=(
            shown.Moment(
                "between December 2014 and 2016",
                "",
                "arrest",
                "Arrest",
                "What happened.",
                (source,),
                (shown.OtherDate("2 January 2015", other),),
            ),
        ),
        figures=(shown.CitedFigure("Over 168 cases since 2014", source),),
        news=(shown.News("14 May 2018", "2018-05-14", "An update", "What is new.", "#"),),
        words=shown.Words("The person’s own words, the largest text.", "Selma Example", "where it was said"),
        chain=(shown.NextAction("Tell TARGET to DEMAND", "#"), shown.NextAction("Tell another TARGET", "#")),
        is_demonstration=True,
        share=replace(
            sharing.share("A text to share", "https://act.example.org/en/c/style-page/", embed=_EMBED),
            poster="#",
            letter="#",
        ),
        was_held="2,034 days",
        feed="#",
        opened_on=date(2018, 1, 1),
    )
