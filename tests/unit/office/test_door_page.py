"""Staff see how the door fares, and say how wary it has to be of a campaign."""

from typing import Any

import msgspec
import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse
from wagtail.models import ModelLogEntry

from habeas.config import Config
from habeas.delivery.status import MailStatus, mail_status_path, write_mail_status
from habeas.edition.levels import Tally, orders_path, read_orders
from habeas.edition.status import Status, write_status
from office_site import MKHAITIR, SELMA
from registry_cast import Cast, member, office_only

BUSY = Tally(arrived=1_234, asked=321, passed=210, early=17, robots=43, elsewhere=5, sources=9)


@pytest.fixture
def cast(office: Config) -> Cast:
    made = Cast()
    office_only(made.reader)
    return made


@pytest.fixture
def campaigner(cast: Cast) -> User:
    """Somebody who pauses and closes campaigns, and is no administrator."""
    made = member("campaigner")
    office_only(made)
    made.user_permissions.add(Permission.objects.get(codename="change_campaign"))
    return made


def logged_in(client: Client, user: User) -> Client:
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def door_says(config: Config, slot: str, tally: Tally) -> None:
    """Have a door worker tell what came to it."""
    write_status(config.status / f"door-{slot}.json", Status(serving=2))
    (config.status / f"tally-{slot}.json").write_bytes(msgspec.json.encode(tally))


def shown(client: Client) -> str:
    """Return the page, its white space folded."""
    answer = client.get(reverse("door"))
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def order(client: Client, slug: str, level: str) -> Any:
    return client.post(reverse("door"), {"campaign": slug, "level": level}, follow=True)


def test_staff_see_what_came_to_each_door(client: Client, campaigner: User, office: Config) -> None:
    """Robots, forms from elsewhere, and who was asked to press again."""
    door_says(office, "00", BUSY)
    page = shown(logged_in(client, campaigner))

    assert "door-00" in page
    for number in ("1,234", "321", "210", "17", "43", "5", "9"):
        assert f"<td>{number}</td>" in page


def test_staff_see_how_wary_the_doors_are_and_where(client: Client, campaigner: User, office: Config) -> None:
    """Each worker decides for itself: one may have seen a flood that the other has not."""
    door_says(office, "00", Tally())
    door_says(office, "01", Tally(levels={SELMA: "wary"}))
    page = shown(logged_in(client, campaigner))

    assert page.count("<td>Asks everybody again, only at door-01</td>") == 1
    assert "<td>Normal</td>" in page


def test_staff_see_which_mail_waits_and_for_what(client: Client, campaigner: User, office: Config) -> None:
    """No address and no domain: one can be a person's own."""
    write_mail_status(mail_status_path(office), MailStatus(due=2_400, mailbox=3, domain=611, is_spent=True))
    page = shown(logged_in(client, campaigner))

    assert all(f"<td>{number}</td>" in page for number in ("2,400", "611", "3"))
    assert "The budget of the whole installation is spent" in page
    assert "5,000 an hour" in page


def test_before_anything_ran_the_page_says_so(client: Client, campaigner: User) -> None:
    """A new installation has no door, no clerk and no orders."""
    page = shown(logged_in(client, campaigner))

    assert "No door has run on this data folder yet." in page
    assert "The clerk has said nothing yet." in page


def test_a_campaigner_orders_a_level_and_lets_go(client: Client, campaigner: User, office: Config) -> None:
    """What the doors read is what `habeas door level` writes; the log says who and which."""
    staff = logged_in(client, campaigner)
    said = order(staff, SELMA, "wary").content.decode()
    assert read_orders(orders_path(office)) == {SELMA: "wary"}
    assert "Every door follows within a second" in said
    assert '<option value="wary" selected>' in said

    order(staff, SELMA, "auto")
    assert read_orders(orders_path(office)) == {}
    logged = ModelLogEntry.objects.filter(action="campaigns.level").order_by("timestamp")
    assert [(one.user, one.data["level"]) for one in logged] == [(campaigner, "wary"), (campaigner, "auto")]
    assert str(logged[0].message) == "Ordered the door: wary"


@pytest.mark.parametrize(("slug", "level"), [("free-nobody", "wary"), (MKHAITIR, "siege"), ("", "")])
def test_what_cannot_be_ordered_changes_nothing(
    client: Client, campaigner: User, office: Config, slug: str, level: str
) -> None:
    """A campaign that is gone, a level that there is not."""
    said = order(logged_in(client, campaigner), slug, level).content.decode()

    assert "Nothing was changed" in said
    assert not orders_path(office).exists()
    assert not ModelLogEntry.objects.filter(action="campaigns.level").exists()


def test_orders_that_cannot_be_read_are_told_and_kept(
    client: Client, campaigner: User, office: Config
) -> None:
    """Somebody wrote into the file by hand: the page says what to do, and nothing is logged."""
    orders_path(office).parent.mkdir(parents=True, exist_ok=True)
    orders_path(office).write_text("{")
    staff = logged_in(client, campaigner)

    assert "limits.json cannot be read" in shown(staff)
    assert "Nothing was changed" in order(staff, SELMA, "wary").content.decode()
    assert orders_path(office).read_text() == "{"
    assert not ModelLogEntry.objects.filter(action="campaigns.level").exists()


@pytest.mark.parametrize(
    ("role", "may"),
    [("administrator", True), ("teammate", False), ("collector", False), ("reader", False)],
)
def test_only_who_runs_campaigns_sees_and_orders(
    client: Client,
    cast: Cast,
    office: Config,
    role: str,
    may: bool,  # noqa: FBT001  pytest's columns
) -> None:
    """For everybody else there is neither page nor menu item."""
    staff = logged_in(client, getattr(cast, role))
    answers = staff.get(reverse("door")), order(staff, SELMA, "wary")

    assert (answers[0].status_code == 200) is may
    assert ("How wary it is" in answers[1].content.decode()) is may
    assert (read_orders(orders_path(office)) == {SELMA: "wary"}) is may
    assert (reverse("door") in staff.get(reverse("wagtailadmin_home")).content.decode()) is may


def test_without_a_login_the_way_leads_there(client: Client, office: Config) -> None:
    """Reading and ordering alike."""
    for answer in (
        client.get(reverse("door")),
        client.post(reverse("door"), {"campaign": SELMA, "level": "wary"}),
    ):
        assert answer.status_code == 302
        assert "login" in answer.headers["Location"]
    assert not orders_path(office).exists()
