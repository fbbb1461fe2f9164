"""Whatever is sent to the door: it is refused in words, or sealed and read back as it was meant."""

import re
import unicodedata
from functools import cache
from tempfile import TemporaryDirectory
from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from habeas.config import Config
from habeas.door import form
from habeas.door.form import BadForm, Filled, Refused
from habeas.edition.slots import sign_path
from habeas.edition.write import write
from habeas.ledger import entry
from habeas.vault.suite import EpochHeader
from habeas.vault.unseal import Unsealer
from public_side import LANGUAGES, SELMA, Reader, Visitor, campaign_id, draft, visitor

patient = settings(max_examples=200, deadline=None)
HIDDEN = "\x00\x07\t\r\n\x0b\x1b\x7f\x85\u2028\u2029\u200b\u200f\u202e\u2066\ufeff\ud800\udfff"
ODD = HIDDEN + "<>&\"'%+=;李عمر😀é\u0301"
odd_text = st.text(st.sampled_from(ODD) | st.characters(), max_size=1_100) | st.text(
    st.sampled_from(ODD), max_size=12
)
addresses = st.sampled_from(["maria@example.org", "Maria+x@Example.org", "m@bücher.example"]) | odd_text
fields = st.fixed_dictionaries(
    {
        "name": odd_text,
        "email": addresses,
        "country": st.sampled_from(["ES", "XK", ""]) | odd_text,
        "comment": odd_text,
        "updates": st.sampled_from(["on", "", "off"]),
    }
)
KNOWN = {303, 400, 422}


@cache
def maria() -> Visitor:
    """Somebody at a door that lives as long as the tests."""
    folder = TemporaryDirectory()
    config = Config(data=folder.name)
    write(config.editions, draft(config, {SELMA: "open"}))
    made = visitor(config)
    vars(made)["folder"] = folder
    return made


@cache
def keeper() -> Unsealer:
    return Unsealer.load(maria().config.keys, campaign_id(SELMA))


def last_signature() -> tuple[entry.Sign, str, str, str]:
    """Return the newest signature, and name, address and comment as the keeper of the key reads them."""
    journal = maria().journal
    for one in journal.entries:
        if isinstance(one, entry.Epoch) and not keeper().has_epoch(one.epoch):
            keeper().open_epoch(EpochHeader(one.epoch, one.key_id, one.header))
    signed = journal.signatures[-1]
    del journal.groups[1:]
    told = keeper().unseal(signed.record, signed.epoch, signed.envelope)
    return signed, told.name, told.email, told.comment


def without_surrogates(told: dict[str, str]) -> dict[str, str]:
    """Return what a browser would send: it turns half pairs into the sign for what cannot be shown."""
    return {name: re.sub("[\ud800-\udfff]", "\ufffd", text) for name, text in told.items()}


@patient
@given(fields, st.sampled_from(LANGUAGES))
@example(
    {"name": "\u200fعمر", "email": "m@bücher.example", "country": "EG", "comment": "", "updates": ""}, "ar"
)
def test_a_form_is_refused_in_words_or_comes_back_whole_from_the_seal(
    told: dict[str, str], language: str
) -> None:
    """Nobody's name breaks the door, and nobody is signed up under another."""
    told = without_surrogates(told)
    body = urlencode(told).encode()
    answer = maria().asks("POST", sign_path(SELMA, language), body)

    assert answer.status in KNOWN
    if answer.status != 303:
        assert Reader(answer.body).language == language
        return
    signed, name, email, comment = last_signature()
    assert name == " ".join("".join(" " if is_blank(c) else c for c in told["name"]).split())
    assert email.partition("@")[0] == told["email"].strip().partition("@")[0]
    assert comment == told["comment"].replace("\r\n", "\n").strip()
    assert (signed.country, signed.updates) == (told["country"], told["updates"] == "on")


def is_blank(character: str) -> bool:
    return unicodedata.category(character) in {"Cc", "Zl", "Zp"}


@patient
@given(st.binary(max_size=400))
@example(b"%")
@example(b"name=%00&email=%00&country=%00")
@example(b"&" * 40)
@example(b";=&;=&")
@example(b"name=%ed%a0%80")
def test_any_bytes_at_all_get_an_answer(body: bytes) -> None:
    """A robot that throws noise at the door hears no."""
    answer = maria().asks("POST", sign_path(SELMA, "fr"), body)

    assert answer.status in {400, 422}


noise = st.lists(
    st.sampled_from([b"&", b"=", b"%", b"%E", b"%e2%80%8f", b"%ff", b"%00", b"+", b";", b"name", b"email"])
    | st.binary(max_size=3),
    max_size=60,
).map(b"".join)


@patient
@given(noise | st.binary(max_size=200))
def test_reading_gives_text_or_says_that_it_is_no_form(body: bytes) -> None:
    """No third thing comes out: every value can be written to disk and shown again."""
    try:
        read = form.read(body)
    except BadForm:
        return
    assert len(read) <= form.MOST_FIELDS
    for name, value in read.items():
        (name + value).encode()


@patient
@given(st.dictionaries(st.text(max_size=20), st.text(max_size=40), max_size=form.MOST_FIELDS))
def test_what_a_browser_sends_is_read_as_it_was_typed(told: dict[str, str]) -> None:
    """Letter by letter."""
    told = without_surrogates(told)
    if len(told) == len(dict(parse_qsl(urlencode(told), keep_blank_values=True))):
        assert form.read(urlencode(told).encode()) == told


@patient
@given(fields, st.sampled_from(LANGUAGES))
def test_a_checked_form_is_whole_or_says_at_which_field_it_is_not(
    told: dict[str, str], language: str
) -> None:
    """What was typed is kept for another try; what is taken fits the ledger."""
    checked = form.check(told, language, asks_comment=True)
    if isinstance(checked, Refused):
        assert checked.errors
        assert checked.errors.keys() <= {"name", "email", "country", "comment"}
        assert all(told[field] == value for field, value in checked.values.items())
        return
    assert isinstance(checked, Filled)
    assert 0 < len(checked.name) <= form.LONGEST_NAME
    assert not any(is_blank(character) for character in checked.name)
    assert len(checked.comment) <= form.LONGEST_COMMENT
    silent = form.check(told, language, asks_comment=False)
    assert isinstance(silent, Filled)
    assert silent.comment == ""


@given(st.lists(st.tuples(st.text(max_size=8), st.text(max_size=20)), max_size=8), st.data())
def test_a_form_reads_as_browsers_and_the_library_write_it(
    pairs: list[tuple[str, str]], data: st.DataObject
) -> None:
    """Our reading of a form is the standard library's, for whatever a browser may send."""
    try:
        body = urlencode(pairs).encode()
    except UnicodeEncodeError:
        return
    body = data.draw(st.sampled_from([body, body + b"&", b"&" + body, body.replace(b"=&", b"&")]))
    theirs = parse_qsl(body.decode(), keep_blank_values=True, errors="strict")

    if len(dict(theirs)) == len(theirs):
        assert form.read(body) == dict(theirs)
    else:
        with pytest.raises(form.BadForm):
            form.read(body)
