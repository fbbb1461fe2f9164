"""Demands are written once for all campaigns, and nobody's signature is moved under other words."""

import html
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.test import Client
from django.urls import reverse
from wagtail.models import ModelLogEntry

from habeas.campaigns import actions, demands, papers, translating
from habeas.campaigns.figures import Numbers
from habeas.campaigns.lifecycle import MoveRefused
from habeas.campaigns.models import Campaign, CampaignPage, Demand
from habeas.campaigns.preview import preview
from habeas.campaigns.publishing import publish_edition
from habeas.campaigns.render import Press, assets
from habeas.campaigns.setup import ensure_demands
from habeas.campaigns.views import campaign_view
from habeas.cases.actions import amend
from habeas.cases.models import Consent
from habeas.cases.publishable import Look
from habeas.config import Config
from habeas.edition.slots import campaign_path
from office_site import DOOR, SELMA, campaign, current_edition, page_of
from registry_cast import member, office_only

ENGLISH = "Let {{person}} see a doctor of her own choice"
WORDS = {"en": ENGLISH, "fr": "Permettre à {{person}} de voir un médecin de son choix"}
LOGIN = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def doctor(office: Config) -> Demand:
    """A demand in English and French."""
    return Demand.objects.create(name="A doctor", words=WORDS)


def page(language: str, slug: str = SELMA) -> Any:
    found: Any = CampaignPage.objects.get(campaign__slug=slug, locale__language_code=language)
    return found


def ask(one: Any, *asked: Demand | str, by: User) -> None:
    """Publish a page with these demands, as its editor does."""
    kinds = [demands.PICKED if isinstance(what, Demand) else "demand" for what in asked]
    one.demands = list(zip(kinds, asked, strict=True))
    one.full_clean()
    one.save_revision(user=by).publish(user=by)


def version(office: Config, slug: str = SELMA) -> str:
    """Return the fingerprint that signatures carry."""
    publish_edition(office)
    return next(card.text_version for card in current_edition(office).manifest.cards if card.slug == slug)


@pytest.fixture
def asked(doctor: Demand, editor: User) -> Demand:
    """The same demand, on the open campaign's pages in English and French."""
    for language in ("en", "fr"):
        ask(page(language), doctor, "Drop the charge", by=editor)
    return doctor


@pytest.fixture
def staff(client: Client, editor: User) -> Client:
    client.force_login(editor, backend=LOGIN)
    return client


def test_a_picked_demand_is_said_in_the_language_of_each_page_with_its_name(
    asked: Demand, office: Config
) -> None:
    """Beside a typed one, wherever demands are shown: on the page, before it is published, on paper."""
    publish_edition(office)
    english, french = (page_of(office, campaign_path(SELMA, code)) for code in ("en", "fr"))

    assert "Let Selma Example see a doctor of her own choice" in english
    assert english.index("see a doctor") < english.index("Drop the charge")
    assert "Permettre à Selma Example de voir un médecin de son choix" in french
    assert "{{" not in english + french
    assert "Let Selma Example see a doctor of her own choice" in preview(page("en"), "open").decode()
    view = campaign_view(page("en"), Press(office, {name: name for name, _, _ in assets()}))
    letter = papers.of(view, "letter", "en", "Habeas", DOOR)
    assert letter.demands == ("Let Selma Example see a doctor of her own choice", "Drop the charge")


def test_a_demand_that_says_a_name_is_left_out_where_nobody_may_be_named(
    asked: Demand, editor: User, office: Config
) -> None:
    """“Release” without whom says something else; and such a campaign does not open."""
    agreed = Consent.objects.filter(case=campaign(SELMA).case).get()
    amend(agreed, {"identification": "none"}, by=editor, reason="She wishes it")
    one, look = page("en"), Look()

    assert list(demands.said_on(one, Numbers(one, look), look)) == ["Drop the charge"]
    assert demands.unsaid(one, look) == ["no consent lets a page name whom these demands are for: “A doctor”"]


def test_signatures_carry_the_words_that_people_read(asked: Demand, office: Config, editor: User) -> None:
    """A picked demand counts as if it had been typed; another one is another text."""
    picked = version(office)
    for language in ("en", "fr"):
        words = demands.in_words(WORDS[language], "Selma Example")
        ask(page(language), words, "Drop the charge", by=editor)
    assert version(office) == picked

    ask(page("en"), "Drop the charge", by=editor)
    assert version(office) != picked


def test_typed_demands_keep_their_fingerprint(office: Config) -> None:
    """What people signed before there was a directory stays what they signed."""
    assert version(office) == "13100d7a3fac04b6"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Release {{person}}", ""),
        ("Release {{ person }} and {{person}}", ""),
        ("Release her", ""),
        ("Release {{name}}", "English: “{{name}}” is not read as a name. Write {{person}}."),
        ("Release {{person}", "English: “{{person” is not read as a name. Write {{person}}."),
        ("Release {{figure:arrests}}", "English: a number from the registry cannot stand here."),
    ],
)
def test_what_no_page_could_say_is_refused_where_it_is_written(text: str, told: str) -> None:
    """Rather than read by the public with its braces."""
    found = list(demands.mistakes_in({"en": text}))

    assert [one.startswith(told) for one in found] == ([True] if told else [])


def test_a_page_is_not_published_in_a_language_its_demand_lacks(doctor: Demand, editor: User) -> None:
    """The refusal says which demand, which language, and where to add it."""
    with pytest.raises(ValidationError) as refused:
        ask(page("ar"), doctor, by=editor)

    assert refused.value.message_dict == {
        "demands": [
            "The demand “A doctor” has no words in Arabic yet. Add them in the menu, under Demands.",
        ]
    }


def test_words_that_people_signed_are_neither_changed_nor_removed(asked: Demand) -> None:
    """Whatever way they are saved; the campaigns are named, and so is the way to other words."""
    for words in ({**WORDS, "en": "Let {{person}} go"}, {"fr": WORDS["fr"]}):
        asked.words = words
        with pytest.raises(
            ValidationError, match=r"English: people may have signed .* for free-selma.*“Copy”"
        ):
            asked.full_clean()
        with pytest.raises(demands.DemandRefused):
            asked.save()

    assert Demand.objects.get(pk=asked.pk).words == WORDS


def test_another_language_and_another_name_for_staff_are_always_allowed(asked: Demand) -> None:
    """Nobody has signed the new words yet, and readers never see the name."""
    asked.words, asked.name = {**WORDS, "ar": "السماح لـ{{person}} برؤية طبيب"}, "Medical care"
    asked.full_clean()
    asked.save()

    assert set(Demand.objects.get(pk=asked.pk).words) == {"en", "fr", "ar"}


def test_words_that_no_page_has_shown_may_still_be_mended(asked: Demand, editor: User) -> None:
    """A slip in Arabic, while the Arabic page is a draft that nobody has seen, harms nobody."""
    page("ar").delete()
    translating.begin(campaign(SELMA), "ar", by=editor)
    assert demands.picked_on(page("ar")) == [asked]
    asked.words = {**WORDS, "ar": "خطا"}
    asked.save()
    asked.words = {**WORDS, "ar": "خطأ"}
    asked.full_clean()
    asked.save()


def test_words_stay_after_the_page_stopped_showing_them(asked: Demand, editor: User) -> None:
    """Earlier versions of the page are the proof of what people signed then."""
    ask(page("en"), "Drop the charge", by=editor)
    asked.words = {**WORDS, "en": "Let {{person}} go"}

    with pytest.raises(demands.DemandRefused, match=SELMA):
        asked.save()


def draft_asking(asked: Demand, by: User) -> Campaign:
    """Return a draft campaign whose English page asks for it."""
    of = campaign(SELMA)
    made = actions.create(slug="later", case=of.case, target=of.target, by=by)
    words = {name: getattr(page("en"), name) for name in ("title", "person", "lede", "button", "story")}
    picked = [(demands.PICKED, asked)]
    actions.add_page(made, "en", {**words, "target_office": "Minister", "demands": picked}, by=by)
    return made


def test_a_draft_may_still_be_put_in_other_words(doctor: Demand, editor: User) -> None:
    """Nobody has signed it; once it is open, people may have."""
    made = draft_asking(doctor, editor)
    doctor.words = {**WORDS, "en": "Let {{person}} see her doctor"}
    doctor.save()
    actions.publish(made, by=editor)
    doctor.words = {**WORDS, "en": "Let {{person}} go"}

    with pytest.raises(demands.DemandRefused, match="for later"):
        doctor.save()


def test_a_campaign_does_not_open_without_the_words_of_its_demand(doctor: Demand, editor: User) -> None:
    """They may have gone since its page was published."""
    made = draft_asking(doctor, editor)
    doctor.words = {"fr": WORDS["fr"]}
    doctor.save()

    with pytest.raises(MoveRefused, match="“A doctor” has no words in English yet"):
        actions.publish(made, by=editor)


def test_a_demand_in_use_is_not_deleted_and_the_campaigns_are_named(
    asked: Demand, editor: User, staff: Client
) -> None:
    """Nor by the dozen, nor by a program; one that nobody asks for goes."""
    address = reverse("wagtailsnippets_campaigns_demand:delete", args=[asked.pk])
    bulk = reverse("wagtail_bulk_action", args=["campaigns", "demand", "delete"])
    for url in (address, f"{bulk}?id={asked.pk}"):
        said = html.unescape(staff.post(url, follow=True).content.decode())
        assert "“A doctor” is on pages of free-selma, or in a draft of them, or was once." in said
    with pytest.raises(demands.DemandRefused), transaction.atomic():
        Demand.objects.filter(pk=asked.pk).delete()
    assert Demand.objects.filter(pk=asked.pk).exists()

    unused = Demand.objects.create(name="Nobody's", words={"en": "Release"})
    staff.post(reverse("wagtailsnippets_campaigns_demand:delete", args=[unused.pk]))
    assert not Demand.objects.filter(pk=unused.pk).exists()


def test_a_demand_in_a_draft_alone_is_not_deleted_either(doctor: Demand, editor: User) -> None:
    """Its page would be published with a line that says nothing."""
    draft = page("en")
    draft.demands = [(demands.PICKED, doctor)]
    draft.save_revision(user=editor)

    assert demands.used_by(doctor) == [SELMA]
    assert not demands.signed_in(doctor)
    draft.demands = [("demand", "Drop the charge")]
    draft.save_revision(user=editor)
    assert not demands.used_by(doctor)


def form(demand: Demand, **words: str) -> dict[str, str]:
    """Return the form of a demand as somebody filled it in."""
    said = {**demand.words, **words}
    return {"name": demand.name, "suits": "", **{f"words_{code}": text for code, text in said.items()}}


def test_each_language_has_a_field_and_a_refusal_stands_beside_it(asked: Demand, staff: Client) -> None:
    """Whoever writes demands needs no developer, and loses nothing they typed."""
    address = reverse("wagtailsnippets_campaigns_demand:edit", args=[asked.pk])
    assert 'name="words_ar"' in staff.get(address).content.decode()
    refused = html.unescape(staff.post(address, form(asked, en="Let her go")).content.decode())
    assert "English: people may have signed these words, for free-selma." in refused
    assert "Let her go" in refused
    assert staff.post(address, form(asked, ar="الإفراج")).status_code == 302

    assert Demand.objects.get(pk=asked.pk).words == {**WORDS, "ar": "الإفراج"}
    assert ModelLogEntry.objects.for_instance(asked).filter(action="wagtail.edit").exists()


def test_other_words_are_written_in_a_copy(asked: Demand, staff: Client) -> None:
    """It begins with the words there are, under a name of its own; the first stays as it was."""
    address = reverse("wagtailsnippets_campaigns_demand:copy", args=[asked.pk])
    begun = html.unescape(staff.get(address).content.decode())
    assert 'value="A doctor (copy)"' in begun
    assert ENGLISH in begun
    for name, url in (("First", address), ("Second", reverse("wagtailsnippets_campaigns_demand:add"))):
        told = {**form(asked, en="Let her go"), "name": name}
        assert staff.post(url, told).status_code == 302

    assert Demand.objects.filter(words__en="Let her go").count() == 2
    assert Demand.objects.get(pk=asked.pk).words == WORDS


def test_a_demand_needs_words_in_one_language_and_a_name_of_its_own(asked: Demand, staff: Client) -> None:
    """One language is enough to begin with."""
    address = reverse("wagtailsnippets_campaigns_demand:add")
    empty = staff.post(address, {"name": "Empty", "suits": "", "words_en": ""}).content.decode()
    assert "This field is required." in empty
    twice = staff.post(address, {"name": "A doctor", "words_en": "Release"}).content.decode()
    assert "A demand has this name already." in twice
    assert staff.post(address, {"name": "One", "words_en": "Release"}).status_code == 302


@pytest.mark.parametrize("query", ["AVOCAT", "whereabouts", "الإعدام", "enforced"])
def test_a_demand_is_found_by_its_words_in_any_script(staff: Client, doctor: Demand, query: str) -> None:
    """In the list, and where it is chosen for a page."""
    for name in ("wagtailsnippets_campaigns_demand:list", "wagtailsnippetchoosers_campaigns_demand:choose"):
        shown = staff.get(reverse(name), {"q": query}).content.decode()
        assert len([one for one in Demand.objects.all() if one.name in shown]) == 1, name


def test_a_page_picks_a_demand_in_its_editor(staff: Client, doctor: Demand) -> None:
    """The editor offers it, and shows what staff call the one that was picked."""
    draft = page("en")
    draft.demands = [(demands.PICKED, doctor)]
    draft.save_revision()
    shown = html.unescape(staff.get(reverse("wagtailadmin_pages:edit", args=[draft.pk])).content.decode())

    assert "Demand from the directory" in shown
    assert str(doctor.pk) in shown
    assert f"A doctor: {ENGLISH}" in shown


def test_who_may_not_write_campaigns_writes_no_demands(client: Client, doctor: Demand) -> None:
    """Every screen of the directory asks for a right to it; the office alone is none."""
    reader = member("reader")
    office_only(reader)
    client.force_login(reader, backend=LOGIN)
    for name in ("list", "list_results", "add"):
        assert client.get(reverse(f"wagtailsnippets_campaigns_demand:{name}")).status_code in {302, 403}
    for name in ("edit", "copy", "delete", "history", "history_results", "usage"):
        url = reverse(f"wagtailsnippets_campaigns_demand:{name}", args=[doctor.pk])
        assert client.get(url).status_code in {302, 403}, name
        assert doctor.name not in client.get(url, follow=True).content.decode()


def permission(name: str) -> Permission:
    return Permission.objects.get(codename=name, content_type__app_label="campaigns")


def test_a_new_installation_has_demands_and_what_is_deleted_stays_away(office: Config) -> None:
    """They are given once, in three languages; who writes campaigns may write demands."""
    given = list(Demand.objects.all())
    assert len(given) == 8
    for one in given:
        one.full_clean()
        assert set(one.words) == {"en", "fr", "ar"}
        assert all("{{person}}" in text for text in one.words.values())
    given[0].delete()
    ensure_demands()
    assert Demand.objects.count() == 7

    ModelLogEntry.objects.get_for_model(Demand).delete()
    Demand.objects.all().delete()
    group = Group.objects.create(name="Campaigners")
    group.permissions.add(permission("change_campaign"))
    ensure_demands()
    assert list(group.permissions.filter(codename__endswith="_demand")) == [permission("change_demand")]


def test_a_demand_gone_from_the_database_is_named_as_missing(asked: Demand, editor: User) -> None:
    """Whoever deletes it past the office is told at the next publishing; the page goes on without it."""
    Demand.objects.filter(pk=asked.pk)._raw_delete("default")

    assert demands.obstacles(page("en")) == [
        "A demand is not in the directory any more. Choose another, or take its line out."
    ]
