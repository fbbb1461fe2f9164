"""Signing: whoever fills in the form is thanked once the signature is safe, or told what to mend."""

import asyncio
import shutil
from pathlib import Path

import pytest

from habeas.config import Config
from habeas.door.app import Door
from habeas.door.http import Request, Response
from habeas.door.links import Links
from habeas.door.sign import Desks
from habeas.edition.slots import campaign_path, sign_path, thanks_path
from habeas.edition.write import write
from habeas.ledger import entry
from habeas.ledger.journal import JournalBroken, JournalClosed, JournalFull, JournalUnavailable
from habeas.lib import addresses, clock, languages
from habeas.vault import keys
from habeas.vault.personal import Personal
from habeas.vault.pseudonym import Pseudonyms
from habeas.vault.suite import EpochHeader
from habeas.vault.unseal import Unsealer
from public_side import (
    JO,
    LANGUAGES,
    LENA,
    OMAR,
    SELMA,
    TEXT_VERSION,
    TYPED,
    Journal,
    Reader,
    Visitor,
    add_campaign,
    campaign_id,
    card,
    draft,
    header,
    run,
    visitor,
)

MESSAGES = {
    "name": "Please write your name.",
    "email": "This does not look like an e-mail address. It has the form name@example.org.",
    "country": "Please choose your country.",
}


class Disk:
    """A journal whose disk takes as long as the test says."""

    def __init__(self) -> None:
        self.appended: list[tuple[bytes, ...]] = []
        self.durable: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def append(self, *bodies: bytes) -> asyncio.Future[None]:
        self.appended.append(bodies)
        return self.durable


async def sign_on(maria: Visitor, disk: Disk) -> asyncio.Task[Response]:
    """Return Maria's signature on its way, the door having done all it can without the disk."""
    link_key = Links(keys.link_key(maria.config.keys))
    door = Door(maria.current, Desks(maria.config.keys), link_key, disk.append)
    body = b"name=Maria&email=maria%40example.org&country=ES"
    answer = asyncio.ensure_future(door.respond(Request("POST", sign_path(SELMA, "fr"), {}, body)))
    for _ in range(20):
        await asyncio.sleep(0)
    return answer


def test_nobody_is_thanked_before_the_signature_is_durable(maria: Visitor) -> None:
    """A power cut one moment later must not take back what we thanked for."""

    async def story() -> Response:
        disk = Disk()
        answer = await sign_on(maria, disk)
        assert disk.appended
        assert not answer.done()
        disk.durable.set_result(None)
        return await answer

    answer = run(story())

    assert answer.status == 303
    assert header(answer, "location") == thanks_path(SELMA, "fr")


def test_who_waited_in_vain_for_the_disk_is_not_thanked(maria: Visitor) -> None:
    """The disk said no after a while: the person reads so, and can try again."""

    async def story() -> Response:
        disk = Disk()
        answer = await sign_on(maria, disk)
        disk.durable.set_exception(JournalUnavailable("the disk is full"))
        return await answer

    answer = run(story())

    assert answer.status == 503
    assert Reader(answer.body).language == "fr"


@pytest.mark.parametrize("trouble", [JournalBroken, JournalClosed, JournalFull, JournalUnavailable])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_journal_that_takes_nothing_is_told_in_the_persons_language(
    maria: Visitor, trouble: type[Exception], language: str
) -> None:
    """Whatever is wrong with it, nobody gets a bare error or thanks for nothing."""
    maria.journal.trouble = trouble("no")
    answer = maria.signs(language=language)

    assert answer.status == 503
    assert Reader(answer.body).language == language
    assert b"error-503" in answer.body


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_signature_holds_what_the_person_gave_and_only_the_keeper_of_the_key_reads_it(
    maria: Visitor, language: str
) -> None:
    """From form to sealed record and back nothing is lost."""
    maria.signs(language=language, comment="Because he is one of us.", updates="on")
    epoch, signed = maria.journal.entries
    assert isinstance(epoch, entry.Epoch)
    assert isinstance(signed, entry.Sign)
    keeper = Unsealer.load(maria.config.keys, campaign_id(SELMA))
    keeper.open_epoch(EpochHeader(epoch.epoch, epoch.key_id, epoch.header))
    index_key = keys.index_key(maria.config.keys, campaign_id(SELMA))

    assert keeper.unseal(signed.record, signed.epoch, signed.envelope) == Personal(
        "María Ibáñez", "maria@example.org", "Because he is one of us."
    )
    assert signed.signer == Pseudonyms(index_key).of(addresses.parse("maria@example.org").canonical)
    assert (signed.campaign, signed.language, signed.country) == (campaign_id(SELMA), language, "ES")
    assert signed.updates
    assert signed.text_version == bytes.fromhex(TEXT_VERSION)
    assert signed.day == clock.today()


def test_nothing_that_reaches_the_disk_names_the_person(maria: Visitor) -> None:
    """Whoever seizes the door's disk learns no name, address or comment."""
    maria.signs(comment="Because he is one of us.")
    written = b"".join(maria.journal.groups[0])

    for secret in ("María", "Ibáñez", "maria", "example.org", "one of us"):
        assert secret.encode() not in written


def test_news_is_sent_only_to_who_asked_for_it(maria: Visitor) -> None:
    """The box is empty unless the person ticks it."""
    maria.signs()

    assert [signed.updates for signed in maria.journal.signatures] == [False]


def test_a_comment_nobody_asked_for_is_not_kept(config: Config) -> None:
    """A campaign without the field takes none from a hand-made request either."""
    write(config.editions, draft(config, {"free-ann": "open"}))
    maria = visitor(config)
    maria.signs("free-ann", comment="smuggled in")
    epoch, signed = maria.journal.entries
    assert isinstance(epoch, entry.Epoch)
    assert isinstance(signed, entry.Sign)
    keeper = Unsealer.load(config.keys, campaign_id("free-ann"))
    keeper.open_epoch(EpochHeader(epoch.epoch, epoch.key_id, epoch.header))

    assert keeper.unseal(signed.record, signed.epoch, signed.envelope).comment == ""


def test_the_header_that_opens_the_records_goes_with_each_until_it_is_durable(maria: Visitor) -> None:
    """If the first append fails, the second signature must still be readable."""
    maria.journal.trouble = JournalUnavailable("full")
    maria.signs()
    maria.journal.trouble = None
    maria.signs()
    maria.signs()
    kinds = [[type(entry.unpack(body)) for body in group] for group in maria.journal.groups]

    assert kinds == [[entry.Epoch, entry.Sign], [entry.Sign]]


def test_who_signed_before_gets_the_very_same_answer(maria: Visitor) -> None:
    """Nobody finds out by trying whether Omar signed."""
    first = maria.signs(email="omar@example.org")

    assert maria.signs(email="omar@example.org") == first
    assert maria.signs(email="somebody.else@example.org") == first
    assert len({signed.signer for signed in maria.journal.signatures}) == 2


def test_a_robot_is_thanked_and_nothing_is_written_down(maria: Visitor) -> None:
    """People leave the hidden field empty; a robot learns nothing from the answer."""
    assert maria.signs(website="https://buy.example") == maria.signs()
    assert len(maria.journal.groups) == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_empty_form_comes_back_with_a_message_at_every_field(maria: Visitor, language: str) -> None:
    """Each message is in the page's language, beside its field, and tied to it for screen readers."""
    answer = maria.sends(sign_path(SELMA, language), {})
    page, words = Reader(answer.body), languages.words(language)

    assert answer.status == 422
    assert page.language == language
    assert page.problems == {f"e-{field}": words.gettext(text) for field, text in MESSAGES.items()}
    for field in MESSAGES:
        assert page.inputs[field]["aria-describedby"] == f"e-{field}"
        assert page.inputs[field]["aria-invalid"] == "true"
    assert not maria.journal.groups


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_the_messages_are_translated(language: str) -> None:
    """A page in Arabic does not scold in English."""
    for text in MESSAGES.values():
        assert languages.words(language).gettext(text) != text


def test_what_was_typed_is_still_there(maria: Visitor) -> None:
    """One slip in the address must not cost the rest."""
    answer = maria.signs(email="maria.example.org", comment="Two\r\nlines", updates="on")
    page = Reader(answer.body)

    assert answer.status == 422
    assert page.problems.keys() == {"e-email"}
    assert page.inputs["name"]["value"] == "María Ibáñez"
    assert page.inputs["email"]["value"] == "maria.example.org"
    assert page.chosen == ["ES"]
    assert page.comment.split() == ["Two", "lines"]
    assert "checked" in page.inputs["updates"]


def test_what_was_typed_cannot_become_part_of_the_page(maria: Visitor) -> None:
    """A name may hold any sign; none of them opens a tag."""
    evil = '"><script>alert(1)</script>'
    answer = maria.signs(name=evil, email=evil, comment=f"</textarea>{evil}", country=evil)

    assert b"<script" not in answer.body
    assert b"</textarea>&#34;" not in answer.body
    assert Reader(answer.body).inputs["name"]["value"] == evil


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("name", "x" * 101),
        ("name", " \t "),
        ("name", "\u200b\u200f"),  # nothing a person could see
        ("email", "maria@example"),
        ("email", "maria\u202e@example.org"),
        ("email", "maria@example.org\nBcc: omar@example.org"),
        ("country", "XX"),
        ("country", "es"),
        ("comment", "x" * 1001),
        ("comment", "\x07"),
    ],
)
def test_what_does_not_hold_is_refused_at_its_field(maria: Visitor, field: str, text: str) -> None:
    """And at no other."""
    answer = maria.signs(**{field: text})

    assert answer.status == 422
    assert Reader(answer.body).problems.keys() == {f"e-{field}"}
    assert not maria.journal.groups


@pytest.mark.parametrize(
    "name", ["李", "محمد الشيخ ولد امخيطير", "\u200fعمر\u200f", "Zo\u0308e", "O'Neil <ok>", "x" * 100]
)
def test_a_name_of_any_script_is_taken(maria: Visitor, name: str) -> None:
    """People are called what they are called."""
    assert maria.signs(name=name).status == 303


def test_a_comment_of_a_thousand_letters_on_several_lines_is_taken(maria: Visitor) -> None:
    """Browsers count a line's end as one letter and send two."""
    comment = ("x" * 9 + "\r\n") * 100

    assert maria.signs(comment=comment.rstrip()).status == 303


@pytest.mark.parametrize(("slug", "status"), [(OMAR, 409), (LENA, 410), (JO, 410)])
@pytest.mark.parametrize("language", LANGUAGES)
def test_who_signs_too_late_reads_how_it_stands(
    maria: Visitor, slug: str, status: int, language: str
) -> None:
    """The page was open in a tab while the campaign ended: nothing is taken, and nothing is lost on them."""
    answer = maria.signs(slug, language)

    assert answer.status == status
    assert slug.encode() in answer.body
    assert Reader(answer.body).language == language
    assert not maria.journal.groups


@pytest.mark.parametrize(
    "body",
    [
        b"name=Maria&name=Omar&email=maria%40example.org&country=ES",
        b"name=%ff%fe&email=maria%40example.org&country=ES",
        b"name=%ed%a0%80&email=maria%40example.org&country=ES",  # half a surrogate pair
        "name=María&email=maria%40example.org&country=ES".encode(),
        "&".join(f"field{n}=x" for n in range(31)).encode(),
    ],
    ids=["doubled", "not-utf-8", "surrogate", "not-escaped", "31-fields"],
)
def test_what_no_browser_sends_is_not_read(maria: Visitor, body: bytes) -> None:
    """It is refused as a whole, in words."""
    answer = maria.asks("POST", sign_path(SELMA, "ar"), body)

    assert answer.status == 400
    assert Reader(answer.body).language == "ar"
    assert not maria.journal.groups


def test_thirty_fields_are_still_a_form(maria: Visitor) -> None:
    """Browser extensions add fields of their own."""
    assert maria.signs(**{f"field{n}": "x" for n in range(27)}).status == 303


def test_a_body_larger_than_any_form_is_refused(maria: Visitor) -> None:
    """The server reads no further than 8 KB and says so in the person's language."""
    answer = maria.asks("POST", sign_path(SELMA, "fr"), None)

    assert answer.status == 413
    assert Reader(answer.body).language == "fr"
    assert not maria.journal.groups


@pytest.mark.parametrize("path", ["/en/c/free-nobody/sign", "/de/c/free-selma/sign", "/en/c//sign", "/sign"])
def test_nobody_signs_what_is_not_there(maria: Visitor, path: str) -> None:
    """An unknown campaign or language takes nothing."""
    assert maria.sends(path, TYPED).status == 404
    assert not maria.journal.groups


def test_a_bookmarked_signing_address_leads_to_the_page(maria: Visitor) -> None:
    """After a mistake the address bar shows it, and people reload and share it."""
    answer = maria.opens(sign_path(SELMA, "ar"))

    assert answer.status == 303
    assert header(answer, "location") == campaign_path(SELMA, "ar")


def unreadable(path: Path) -> None:
    path.write_bytes(b"short")


@pytest.mark.parametrize("damage", [Path.unlink, unreadable])
def test_a_door_without_the_campaigns_key_takes_nothing(config: Config, damage: object) -> None:
    """A signature that could not be counted must not be thanked for."""
    write(config.editions, draft(config))
    assert callable(damage)
    damage(keys.index_key_path(config.keys, campaign_id(SELMA)))
    answer = visitor(config).signs(language="fr")

    assert answer.status == 503
    assert Reader(answer.body).language == "fr"


@pytest.mark.parametrize("public_key", ["", "AAAA", "not base64 at all"])
def test_a_card_without_a_sealing_key_takes_nothing(config: Config, public_key: str) -> None:
    """What cannot be sealed is not stored."""
    made = draft(config, {})
    add_campaign(made, card(config, "free-ann", public_key=public_key))
    write(config.editions, made)
    answer = visitor(config).signs("free-ann", "ar")

    assert answer.status == 503
    assert Reader(answer.body).language == "ar"


def test_a_mistake_of_ours_is_answered_in_words_too(
    maria: Visitor, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Nobody sees a bare server error, and what they typed does not go into the log."""

    async def fails(*bodies: bytes) -> None:
        raise RuntimeError("nobody thought of this")

    monkeypatch.setattr(Journal, "append", fails)
    door = Door(maria.current, Desks(maria.config.keys), Links(bytes(32)), fails)
    body = b"name=Maria&email=maria%40example.org&country=ES"
    answer = run(door.respond(Request("POST", sign_path(SELMA, "fr"), {}, body)))

    assert answer.status == 500
    assert Reader(answer.body).language == "fr"
    assert "nobody thought of this" in caplog.text
    assert "maria" not in caplog.text


def test_the_first_to_sign_waits_for_nothing_that_could_be_made_before(config: Config) -> None:
    """The keys were read, and the countries looked up in every language, while nobody came."""
    write(config.editions, draft(config))
    first = visitor(config)
    languages.countries.cache_clear()

    steps = len(list(first.door.warm_up()))

    shutil.rmtree(config.keys)
    before = languages.countries.cache_info().misses
    assert steps >= len(LANGUAGES)
    assert [first.signs(language=language).status for language in LANGUAGES] == [303] * len(LANGUAGES)
    assert first.signs(language="en", email="").status == 422
    assert languages.countries.cache_info().misses == before
