"""News by mail: to who confirmed and asked for it, once, and one click ends it."""

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from habeas.campaigns import actions
from habeas.campaigns.lifecycle import Outcome
from habeas.campaigns.models import Campaign, CampaignPage, Update
from habeas.campaigns.updates import Words
from habeas.cases.actions import amend
from habeas.cases.models import Consent
from habeas.config import Config
from habeas.delivery.folder import FolderBackend
from habeas.delivery.mailroom import Mailroom
from habeas.delivery.news import NewsMail
from habeas.delivery.patience import NotNow
from habeas.delivery.post import Post
from habeas.delivery.supporters import Supporters
from habeas.edition.slots import campaign_path
from habeas.ledger.entry import Entry
from habeas.ledger.store_memory import MemoryStore
from habeas.lib import clock
from habeas.vault import keys, links
from mail_side import Relay, headers_of, links_in, listening, parsed, signs_for_real, smtp, text_of
from office_site import DOOR, MKHAITIR
from people import AMINATA, JUN, MARIA, OMAR, Person, confirms, unsubscribes, withdraws

TWO_YEARS = 24 * 365 * 2


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


@pytest.fixture
def signers(office: Config, store: MemoryStore, mkhaitir: Campaign) -> tuple[Person, ...]:
    """Maria, Omar and Aminata confirmed and asked for news; Jun never confirmed."""
    signs_for_real(office, store, MARIA, OMAR, AMINATA, JUN, campaign=mkhaitir.ledger_bytes)
    for who in (MARIA, OMAR, AMINATA):
        happens(store, confirms(who, day=clock.today(), campaign=mkhaitir.ledger_bytes))
    return MARIA, OMAR, AMINATA


@pytest.fixture
def released(signers: tuple[Person, ...], mkhaitir: Campaign, editor: User) -> Campaign:
    """He is free, and the campaign says so."""
    return actions.close(mkhaitir, outcome=Outcome.RELEASED, by=editor).campaign


def happens(store: MemoryStore, *entries: Entry) -> None:
    store.record(b"door", store.position(b"door") + len(entries), entries)


def sender(office: Config, store: MemoryStore, port: int = 0) -> NewsMail:
    post = Post(office, smtp(port) if port else FolderBackend())
    return NewsMail(Mailroom(office, store, Supporters(store, office.keys), post, keys.link_key(office.keys)))


def mails(office: Config) -> dict[str, bytes]:
    return {str(parsed(file.read_bytes())["to"]): file.read_bytes() for file in office.mailbox.glob("*.eml")}


def test_everybody_who_counts_and_asked_is_told_once_in_their_language(
    office: Config, store: MemoryStore, released: Campaign, signers: tuple[Person, ...]
) -> None:
    """And nobody else."""
    assert sender(office, store).send_due() == 3
    assert sender(office, store).send_due() == 0
    arrived = mails(office)

    assert arrived.keys() == {who.email for who in signers}
    for who in signers:
        words = CampaignPage.objects.get(campaign=released, locale__language_code=who.language)
        mail = parsed(arrived[who.email])
        assert mail["subject"].strip() == words.news_subject  # folding leaves a blank
        assert words.news_text.splitlines()[0] in text_of(mail)


def test_the_mail_ends_with_the_way_out(
    office: Config, store: MemoryStore, released: Campaign, signers: tuple[Person, ...]
) -> None:
    """The page, one link that stops the news, one that takes the signature back; each for this person."""
    sender(office, store).send_due()
    key, hour = keys.link_key(office.keys), clock.this_hour()
    for who in signers:
        page, unsubscribe, withdraw = links_in(parsed(mails(office)[who.email]))
        assert page == DOOR + campaign_path(MKHAITIR, who.language)
        for url, purpose in ((unsubscribe, links.Purpose.UNSUBSCRIBE), (withdraw, links.Purpose.WITHDRAW)):
            word, _, token = url.removeprefix(f"{DOOR}/{who.language}/").partition("/")
            read = links.read(key, purpose, token, hour + TWO_YEARS - 1)
            assert word == purpose.name.lower()
            assert (read.campaign, read.signer) == (released.ledger_bytes, who.signer)


def test_the_mail_program_can_end_the_news_with_its_own_button(
    office: Config, store: MemoryStore, released: Campaign
) -> None:
    """RFC 8058: the header holds the link of the text, and says that one POST is enough."""
    sender(office, store).send_due()
    mail = parsed(mails(office)[MARIA.email])

    assert mail["List-Unsubscribe"].strip() == f"<{links_in(mail)[1]}>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["Auto-Submitted"] == "auto-generated"


def test_nothing_a_mailbox_lists_names_the_case_or_the_person(
    office: Config, store: MemoryStore, released: Campaign, signers: tuple[Person, ...]
) -> None:
    """Subject, sender, Message-ID and the addresses of the links in the header."""
    sender(office, store).send_due()
    for who in signers:
        told = headers_of(parsed(mails(office)[who.email])).lower()
        for name in ("mkha", "خيطير", who.name, *who.name.split(), who.email, released.ledger_id):
            assert name.lower() not in told


def test_who_left_meanwhile_is_left_alone(office: Config, store: MemoryStore, released: Campaign) -> None:
    """Also in the minutes between the news and the mail."""
    happens(store, unsubscribes(MARIA, day=clock.today(), campaign=released.ledger_bytes))
    happens(store, withdraws(OMAR, day=clock.today(), campaign=released.ledger_bytes))

    assert sender(office, store).send_due() == 1
    assert mails(office).keys() == {AMINATA.email}


def test_who_signs_after_the_news_is_not_told_old_news(
    office: Config, store: MemoryStore, released: Campaign
) -> None:
    """Arrested again, the person is not free."""
    sender(office, store).send_due()
    happens(store, confirms(JUN, day=clock.today(), campaign=released.ledger_bytes))

    assert sender(office, store).send_due() == 0


def test_a_clerk_that_dies_after_sending_sends_the_very_same_mail_again(
    office: Config, store: MemoryStore, released: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And nobody is owed it twice."""

    def dies(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as crash:
        crash.setattr(store, "news_sent", dies)
        with pytest.raises(KeyboardInterrupt):
            sender(office, store).send_due()
    [first] = mails(office).values()
    assert sender(office, store).send_due() == 3

    assert len(list(office.mailbox.glob("*.eml"))) == 3
    assert parsed(first)["message-id"] in {parsed(raw)["message-id"] for raw in mails(office).values()}


def test_a_mailbox_that_says_later_holds_up_nobody_and_one_that_says_never_is_not_asked_again(
    office: Config, store: MemoryStore, released: Campaign
) -> None:
    """As with confirmations."""
    relay = Relay(replies={MARIA.email: "450 Greylisted", OMAR.email: "550 No such user"})
    with listening(relay) as port:
        clerk = sender(office, store, port)
        clerk.send_due()
        clerk.send_due()
        assert {parsed(raw)["to"] for raw in relay.raw} == {AMINATA.email}
        assert (relay.asked.count(MARIA.email), relay.asked.count(OMAR.email)) == (1, 1)

        relay.replies = {}
        assert sender(office, store, port).send_due() == 1
        assert {parsed(raw)["to"] for raw in relay.raw} == {AMINATA.email, MARIA.email}


def test_a_relay_that_closes_keeps_everybody_waiting(
    office: Config, store: MemoryStore, released: Campaign
) -> None:
    """The rest is told when it is back."""
    with listening(Relay(to_sender="421 Closing")) as port, pytest.raises(NotNow):
        sender(office, store, port).send_due()

    assert sender(office, store).send_due() == 3


def test_who_signed_in_a_language_without_news_is_told_in_another(
    office: Config, store: MemoryStore, released: Campaign
) -> None:
    """Better French than nothing."""
    Update.objects.get().texts.filter(language="ar").delete()
    sender(office, store).send_due()
    told = parsed(mails(office)[OMAR.email])

    assert told["subject"]
    assert links_in(told)


def test_an_update_without_words_holds_up_no_other(
    office: Config, store: MemoryStore, released: Campaign, signers: tuple[Person, ...]
) -> None:
    """Whoever deleted them, the next update still goes out."""
    Update.objects.get().texts.all().delete()
    second = Update.objects.create(campaign=released, made_on=timezone.localdate())
    second.texts.create(language="en", subject="News", text="He is well.")

    assert sender(office, store).send_due() == len(signers)


def test_an_update_reaches_everybody_who_asked_in_a_language_that_is_written(
    office: Config, store: MemoryStore, signers: tuple[Person, ...], mkhaitir: Campaign, editor: User
) -> None:
    """Their own, otherwise the first of the site."""
    texts = {"fr": Words("Des nouvelles", "La cour a fixé une date."), "en": Words("News", "A day is set.")}
    actions.write_update(mkhaitir, texts, by=editor)
    assert sender(office, store).send_due() == 3

    for who in signers:
        mail = parsed(mails(office)[who.email])
        language = who.language if who.language in texts else "en"
        assert mail["subject"].strip() == texts[language].subject
        assert f"/{language}/c/{MKHAITIR}/" in text_of(mail)


def test_an_update_without_mail_is_mailed_to_nobody(
    office: Config, store: MemoryStore, signers: tuple[Person, ...], mkhaitir: Campaign, editor: User
) -> None:
    """Nor when it is corrected."""
    told = actions.write_update(mkhaitir, {"en": Words("News", "Day")}, by=editor, mails=False).update
    assert sender(office, store).send_due() == 0
    actions.correct_update(told, {"en": Words("News", "Another day")}, by=editor)

    assert sender(office, store).send_due() == 0
    assert mails(office) == {}


def test_a_correction_mails_nobody_twice_and_who_waits_gets_the_right_words(
    office: Config, store: MemoryStore, signers: tuple[Person, ...], mkhaitir: Campaign, editor: User
) -> None:
    """The relay had put Omar off."""
    told = actions.write_update(mkhaitir, {"en": Words("News", "On 20 December.")}, by=editor).update
    relay = Relay(replies={OMAR.email: "451 later"})
    with listening(relay) as port:
        sender(office, store, port).send_due()
    assert len(relay.raw) == 2
    actions.correct_update(told, {"en": Words("News", "On 21 December.")}, by=editor)

    assert sender(office, store).send_due() == 1
    assert mails(office).keys() == {OMAR.email}
    assert "21 December" in text_of(parsed(mails(office)[OMAR.email]))


def test_mails_of_an_update_that_is_taken_back_stop(
    office: Config, store: MemoryStore, signers: tuple[Person, ...], mkhaitir: Campaign, editor: User
) -> None:
    """Those that have not left; also when the clerk had them in its hands."""
    told = actions.write_update(mkhaitir, {"en": Words("News", "Day")}, by=editor).update
    relay = Relay(replies={OMAR.email: "451 later"})
    with listening(relay) as port:
        sender(office, store, port).send_due()
    actions.take_back_update(told, by=editor, reason="Misheard")

    assert sender(office, store).send_due() == 0
    assert mails(office) == {}


def test_no_mail_names_who_asks_not_to_be_named_any_more(
    office: Config, store: MemoryStore, signers: tuple[Person, ...], mkhaitir: Campaign, editor: User
) -> None:
    """Between the update and its mails somebody took their name back."""
    actions.write_update(mkhaitir, {"en": Words("News", "Mohamed Mkhaïtir is ill.")}, by=editor)
    for consent in Consent.objects.filter(case=mkhaitir.case):
        amend(consent, {"identification": "initials"}, by=editor, reason="He asks for it")

    assert sender(office, store).send_due() == 0
    assert mails(office) == {}
