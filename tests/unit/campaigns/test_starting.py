"""A campaign from its case: what the registry knows is filled in, what is not public is not."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from habeas.campaigns import actions, starting
from habeas.campaigns.lifecycle import State
from habeas.campaigns.models import Campaign, Demand
from habeas.cases.actions import amend
from habeas.cases.models import Authority, Event
from habeas.cases.protection import Access
from habeas.config import Config
from habeas.edition.slots import campaign_path
from office_site import page_of
from registry_cast import member, office_only

WRITTEN = {
    "person": "Mohamed Mkhaïtir",
    "title": "Tell the President to protect Mohamed Mkhaïtir",
    "lede": "He is threatened wherever he goes.",
    "demands": "Protect him.\n\nLet him travel.",
    "story": "He wrote an essay.\r\n\r\nHe was sentenced to death for it.",
    "button": "Sign for Mohamed",
    "slug": "protect-mkhaitir",
}


@pytest.fixture
def staff(client: Client, editor: User) -> Client:
    client.force_login(editor, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def start(client: Client, one: Campaign, **told: Any) -> Any:
    """Send the screen as somebody filled it in."""
    url = reverse("campaigns_start", args=[one.case_id])
    return client.post(url, {**WRITTEN, "target": str(one.target_id), **told}, follow=True)


def test_a_campaign_begins_with_what_the_case_knows(
    staff: Client, mkhaitir: Campaign, office: Config
) -> None:
    """Names and the timeline; it leads to the opening, which shows the page."""
    asked = staff.get(reverse("campaigns_start", args=[mkhaitir.case_id])).content.decode()
    for known in (
        'value="Mohamed Mkhaïtir"',
        'value="Sign for Mohamed Mkhaïtir"',
        'value="free-mohamed-mkhaitir"',
    ):
        assert known in asked
    answer = start(staff, mkhaitir, also=["ar"])
    made = Campaign.objects.get(slug="protect-mkhaitir")
    page, draft = (made.pages.get(locale__language_code=code) for code in ("en", "ar"))

    assert made.state == State.DRAFT
    assert (page.live, draft.live) == (True, False)
    assert [str(block.value) for block in page.demands] == ["Protect him.", "Let him travel."]
    assert [str(block.value) for block in page.story] == [
        "He wrote an essay.",
        "He was sentenced to death for it.",
    ]
    assert draft.person not in {"", page.person}
    assert len(draft.timeline) == len(page.timeline) > 3
    shown = answer.content.decode()
    assert "As it will open, in English" in shown
    assert "He is threatened wherever he goes." in shown

    opened = reverse("campaigns_move", args=[made.pk, "publish"])
    said = staff.post(opened, {"go": "on"}, follow=True).content.decode()
    assert "protect-mkhaitir is open" in said, said[-3000:]
    assert "He is threatened" in page_of(office, campaign_path("protect-mkhaitir", "en"))


def test_demands_of_the_directory_are_ticked_and_stand_before_typed_ones(
    staff: Client, mkhaitir: Campaign
) -> None:
    """They are offered as the page will say them; one without words in its language is not."""
    safety = Demand.objects.get(name="Guarantee safety")
    Demand.objects.create(name="In French alone", words={"fr": "Libérer {{person}}"})
    url = reverse("campaigns_start", args=[mkhaitir.case_id])
    asked = staff.get(url).content.decode()
    assert "Guarantee the safety of Mohamed Mkhaïtir, and protect" in asked
    assert "Libérer" not in asked
    assert "Without words in English yet, and so not here: “In French alone”." in asked
    start(staff, mkhaitir, picked=[str(safety.pk)], also=["ar"])
    made = Campaign.objects.get(slug="protect-mkhaitir")

    for page in made.pages.all():
        assert page.demands[0].value == safety
    assert [str(one.value) for one in made.pages.get(live=True).demands][1:] == [
        "Protect him.",
        "Let him travel.",
    ]


def test_a_campaign_may_ask_for_what_is_ticked_alone_but_not_for_nothing(
    staff: Client, mkhaitir: Campaign
) -> None:
    """The usual demands need no typing."""
    refused = start(staff, mkhaitir, demands=" ").content.decode()
    assert "Tick a demand, or write one." in refused
    release = Demand.objects.get(name="Release")
    start(staff, mkhaitir, demands="", picked=[str(release.pk)])

    [asked] = Campaign.objects.get(slug="protect-mkhaitir").pages.get().demands
    assert asked.value == release


def test_what_may_not_be_public_is_not_in_the_draft(mkhaitir: Campaign, editor: User, office: Config) -> None:
    """Whoever fills the rest in never saw it either."""
    arrest = Event.objects.get(case=mkhaitir.case, type="arrest")
    amend(arrest, {"access": Access.TEAM}, by=editor, reason="Not yet")
    first = starting.FirstPage("en", "M.", "T", "L", "B", ("D",), ("S",))
    made = starting.start(
        case=mkhaitir.case, target=mkhaitir.target, slug="later", first=first, also=[], by=editor
    )

    told = [block.value["event"].pk for block in made.pages.get().timeline]
    assert told
    assert arrest.pk not in told


def test_a_page_begins_with_its_target_as_the_directory_says_it_in_its_language(
    staff: Client, mkhaitir: Campaign
) -> None:
    """In whatever language the campaign begins; drafts in others have theirs."""
    url = reverse("campaigns_start", args=[mkhaitir.case_id]) + "?language=fr"
    staff.post(url, {**WRITTEN, "target": str(mkhaitir.target_id), "also": ["ar"]})
    pages = {
        page.locale.language_code: page for page in Campaign.objects.get(slug=WRITTEN["slug"]).pages.all()
    }

    assert pages["fr"].target_office == "Président de la République islamique de Mauritanie"
    assert pages["ar"].target_office == "رئيس الجمهورية الإسلامية الموريتانية"
    assert pages["ar"].target_holder == "محمد ولد عبد العزيز"


def test_an_office_without_words_is_asked_for_and_not_said_in_another_language(
    staff: Client, mkhaitir: Campaign, editor: User
) -> None:
    """Before anything is written, and again if it is left empty; what is typed stands on the page."""
    amend(mkhaitir.target, {"offices": {"fr": "Président"}, "holders": {}}, by=editor)
    asked = staff.get(reverse("campaigns_start", args=[mkhaitir.case_id])).content.decode()
    assert f"It has nothing public in English for “{mkhaitir.target.name}”: write it here." in asked
    refused = start(staff, mkhaitir).content.decode()
    assert "The directory has nothing public in English for it: write it." in refused
    start(staff, mkhaitir, target_office="Head of State")

    made = Campaign.objects.get(slug=WRITTEN["slug"]).pages.get()
    assert (made.target_office, made.target_holder) == ("Head of State", "")


def test_an_office_that_is_not_public_is_typed_by_whoever_answers_for_it(
    staff: Client, mkhaitir: Campaign, editor: User
) -> None:
    """What the team alone may read goes on no page by itself."""
    amend(mkhaitir.target, {"access": Access.TEAM}, by=editor, reason="A confidential channel")
    assert "nothing public in English" in start(staff, mkhaitir).content.decode()
    start(staff, mkhaitir, target_office="The government", target_holder="")

    made = Campaign.objects.get(slug=WRITTEN["slug"]).pages.get()
    assert (made.target_office, made.target_holder) == ("The government", "")


def test_what_happened_at_the_end_waits_for_the_end(mkhaitir: Campaign, editor: User, office: Config) -> None:
    """A release is kept for the closing."""
    first = starting.FirstPage("en", "M.", "T", "L", "B", ("D",), ("S",))
    made = starting.start(
        case=mkhaitir.case, target=mkhaitir.target, slug="later", first=first, also=[], by=editor
    )
    kept = [block.value["event"].type for block in made.pages.get().timeline if block.value["at_closing"]]

    assert kept == ["release"]


def test_an_address_is_proposed_that_nobody_has(mkhaitir: Campaign, editor: User) -> None:
    """The second campaign for somebody gets a number."""
    assert starting.proposed_slug(mkhaitir.case) == "free-mohamed-mkhaitir"
    actions.create(slug="free-mohamed-mkhaitir", case=mkhaitir.case, target=mkhaitir.target, by=editor)

    assert starting.proposed_slug(mkhaitir.case) == "free-mohamed-mkhaitir-2"


def test_a_slip_is_said_beside_its_field_and_makes_nothing(staff: Client, mkhaitir: Campaign) -> None:
    """An address that is taken, an authority of another case, a figure that may not be cited."""
    other = Authority.objects.exclude(case=mkhaitir.case).first()
    assert other
    before = Campaign.objects.count()
    for told, said in (
        ({"slug": mkhaitir.slug}, "A campaign has this address already"),
        ({"target": str(other.pk)}, "Select a valid choice"),
        ({"lede": "{{figure:nothing}} were arrested"}, "there is no figure"),
        ({"story": ""}, "This field is required"),
    ):
        assert said.lower() in start(staff, mkhaitir, **told).content.decode().lower()

    assert Campaign.objects.count() == before


def test_who_may_not_read_a_case_makes_no_campaign_of_it(
    client: Client, mkhaitir: Campaign, editor: User
) -> None:
    """Not even whether it is there is told."""
    amend(mkhaitir.case, {"access": Access.SEALED}, by=editor, reason="He is followed")
    other = User.objects.create_superuser("other", password="not-a-secret-here")
    client.force_login(other, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.get(reverse("campaigns_start", args=[mkhaitir.case_id])).status_code == 404

    without = member("reader")
    office_only(without)
    client.force_login(without, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.get(reverse("campaigns_start", args=[mkhaitir.case_id])).status_code in {302, 403}
