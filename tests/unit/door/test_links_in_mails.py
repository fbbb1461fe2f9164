"""Links in mails: opening one changes nothing, pressing the button does, and only what it says."""

import pytest

from habeas.edition.slots import confirmed_path
from habeas.ledger import entry
from habeas.ledger.entry import Confirm, Unsubscribe, Withdraw
from habeas.ledger.journal import JournalUnavailable
from habeas.ledger.store_memory import MemoryStore
from habeas.lib import clock
from habeas.vault.links import Purpose
from people import MARIA
from public_side import LANGUAGES, SELMA, Reader, Visitor, campaign_id, header

KINDS = {
    "confirm": (Purpose.CONFIRM, Confirm),
    "unsubscribe": (Purpose.UNSUBSCRIBE, Unsubscribe),
    "withdraw": (Purpose.WITHDRAW, Withdraw),
}
ONE_CLICK = b"List-Unsubscribe=One-Click"


@pytest.mark.parametrize("word", KINDS)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_mail_scanner_that_opens_the_link_does_nothing_for_maria(
    maria: Visitor, word: str, method: str
) -> None:
    """It sees a page with one button, as she does."""
    for _ in range(3):
        answer = maria.asks(method, maria.link(word, KINDS[word][0], language="ar"))
        assert answer.status == 200
        assert word.encode() in answer.body
        assert Reader(answer.body).language == "ar"

    assert not maria.journal.groups


@pytest.mark.parametrize("word", KINDS)
def test_pressing_the_button_writes_down_what_it_says(maria: Visitor, word: str) -> None:
    """One entry, about Maria, of the round her mail belongs to."""
    purpose, kind = KINDS[word]
    maria.asks("POST", maria.link(word, purpose))

    assert maria.journal.entries == [kind(campaign_id(SELMA), MARIA.signer, 1, clock.today())]


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_confirmed_is_sent_to_the_campaigns_page_of_thanks(maria: Visitor, language: str) -> None:
    """In the language of the mail."""
    answer = maria.asks("POST", maria.link("confirm", Purpose.CONFIRM, language=language))

    assert answer.status == 303
    assert header(answer, "location") == confirmed_path(SELMA, language)


def test_who_confirms_after_the_campaign_left_the_door_still_counts(maria: Visitor) -> None:
    """The signature was given while it was there."""
    answer = maria.asks("POST", maria.link("confirm", Purpose.CONFIRM, language="fr", slug="free-gone"))

    assert header(answer, "location") == "/fr/"
    assert [type(one) for one in maria.journal.entries] == [Confirm]


def test_pressing_twice_is_written_twice_and_counts_once(maria: Visitor) -> None:
    """Impatient people press again; a person is a person."""
    maria.signs()
    signed = maria.journal.signatures[0]
    pressed = entry.Confirm(signed.campaign, signed.signer, 1, clock.today())
    for _ in range(2):
        maria.asks("POST", maria.link("confirm", Purpose.CONFIRM))
    confirmed = [one for one in maria.journal.entries if isinstance(one, Confirm)]
    assert len(confirmed) == 2

    store = MemoryStore()
    store.record(b"journal", 4, [*maria.journal.entries[:2], pressed, pressed])
    assert store.counts()[campaign_id(SELMA)].total == 1


def test_nobody_is_told_that_they_count_before_it_is_durable(maria: Visitor) -> None:
    """A confirmation waits for the disk like a signature."""
    maria.journal.trouble = JournalUnavailable("full")
    answer = maria.asks("POST", maria.link("confirm", Purpose.CONFIRM, language="ar"))

    assert answer.status == 503
    assert Reader(answer.body).language == "ar"


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("word", KINDS)
def test_a_link_changed_on_its_way_does_nothing(maria: Visitor, method: str, word: str) -> None:
    """Mail programs break links, and people guess at them."""
    path = maria.link(word, KINDS[word][0], language="fr")
    for altered in (path[:-1], path + "A", path[:-1] + ("A" if path[-1] != "A" else "B"), path[:-30]):
        answer = maria.asks(method, altered)
        assert answer.status == 404
        assert Reader(answer.body).language == "fr"

    assert not maria.journal.groups


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("word", KINDS)
def test_a_link_that_is_too_old_says_so(maria: Visitor, method: str, word: str) -> None:
    """A mailbox read years later opens nothing."""
    answer = maria.asks(method, maria.link(word, KINDS[word][0], hours=0))

    assert answer.status == 410
    assert b"link-invalid" in answer.body
    assert not maria.journal.groups


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("word", KINDS)
def test_a_link_for_one_thing_does_nothing_else(maria: Visitor, method: str, word: str) -> None:
    """Who has somebody's unsubscribe link cannot withdraw their signature with it."""
    for other, (purpose, _) in KINDS.items():
        if other != word:
            assert maria.asks(method, maria.link(word, purpose)).status == 404

    assert not maria.journal.groups


def test_the_mail_programs_own_button_ends_the_news(maria: Visitor) -> None:
    """RFC 8058, section 3.1: one POST, answered without redirect, cookie or question."""
    answer = maria.asks("POST", maria.link("unsubscribe", Purpose.UNSUBSCRIBE), ONE_CLICK)

    assert answer.status == 200
    assert b"unsubscribed" in answer.body
    assert header(answer, "location") == ""
    assert header(answer, "set-cookie") == ""
    assert [type(one) for one in maria.journal.entries] == [Unsubscribe]


def test_a_page_behind_a_link_is_kept_by_no_cache(maria: Visitor) -> None:
    """On a shared computer the next person finds nothing in the history."""
    for method in ("GET", "POST"):
        answer = maria.asks(method, maria.link("withdraw", Purpose.WITHDRAW))
        assert header(answer, "cache-control") == "no-store"


def test_a_link_in_a_language_of_which_there_is_no_page_still_works(maria: Visitor) -> None:
    """A language may be dropped while mails in it lie around."""
    path = maria.link("withdraw", Purpose.WITHDRAW).replace("/en/", "/de/")

    assert maria.opens(path).status == 200
    assert maria.asks("POST", path).status == 200
    assert [type(one) for one in maria.journal.entries] == [Withdraw]
