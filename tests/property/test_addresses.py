"""Whatever somebody types as an address: it is refused, or it is one mailbox and stays that one."""

import unicodedata
from email import message_from_bytes
from email.policy import default
from functools import cache

from django.core.mail.backends.locmem import EmailBackend
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from habeas.config import Config
from habeas.delivery.post import NeverAgain, Post
from habeas.lib.addresses import NotAnAddress, canonical, parse

LOCAL = "abcXYZ09!#$%&'*+/=?^_`{|}~-"
plain_locals = st.lists(st.text(LOCAL, min_size=1, max_size=8), min_size=1, max_size=4).map(".".join)
domains = st.sampled_from(["example.org", "Example.ORG", "gmail.com", "googlemail.com", "a-b.example.co.uk"])
nearly = st.lists(
    st.text(LOCAL + '.@ \t\r\n\x00,;:<>()[]"\\üßıİعمر用\u200f\u202eＡ＠．', max_size=6)
    | st.sampled_from(["@", "@example.org", "maria", "\r\nBcc: omar@example.org", "=?utf-8?q?", "<", ">"]),
    max_size=6,
).map("".join)
anything = st.text(max_size=60) | nearly | st.text(max_size=20).map(lambda text: f"{text}@example.org")
patient = settings(max_examples=150, deadline=None)


@patient
@given(st.text(max_size=30), domains)
@example("İ", "example.org")
@example("\u0345\u0301", "example.org")
def test_the_canonical_spelling_is_its_own(local: str, domain: str) -> None:
    """Otherwise a person could count under two."""
    once = canonical(local, domain)

    assert canonical(*once.rsplit("@", 1)) == once


@patient
@given(plain_locals, domains, st.text(LOCAL, max_size=8))
def test_tags_and_capital_letters_make_nobody_another_person(local: str, domain: str, tag: str) -> None:
    """Neither for us nor for the one signer token."""
    assume(not local.startswith("+"))
    mailbox = local.partition("+")[0].rstrip(".")
    assume(mailbox)
    variant, same = f"{mailbox}+{tag}@{domain}", parse(f"{mailbox}@{domain}").canonical

    assert parse(variant).canonical == same
    assert parse(variant.upper()).canonical == same


@patient
@given(st.lists(st.text("abc09", min_size=1, max_size=3), min_size=2, max_size=5))
def test_dots_are_nothing_where_the_provider_ignores_them_and_something_elsewhere(parts: list[str]) -> None:
    """Gmail delivers all of them to one mailbox."""
    dotted, bare = ".".join(parts), "".join(parts)

    assert parse(f"{dotted}@googlemail.com").canonical == parse(f"{bare}@gmail.com").canonical
    assert parse(f"{dotted}@example.org").canonical != parse(f"{bare}@example.org").canonical


@patient
@given(anything)
def test_an_address_that_is_taken_is_taken_again_as_the_same(text: str) -> None:
    """What we write to is an address itself, of the same person."""
    try:
        address = parse(text)
    except NotAnAddress:
        return
    assert parse(address.typed) == address


@patient
@given(anything)
def test_an_address_that_is_taken_holds_nothing_but_visible_ascii(text: str) -> None:
    """No line end, no blank, no letter that turns the reading direction."""
    try:
        address = parse(text)
    except NotAnAddress:
        return
    assert address.typed.isascii()
    assert all(unicodedata.category(character)[0] not in "CZ" for character in address.typed)
    assert address.typed.count("@") == 1


class Kept(EmailBackend):
    """Django's mailbox in memory, of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.raw: list[bytes] = []

    def send_messages(self, messages: object) -> int:
        """Keep each message as it would be sent."""
        assert isinstance(messages, list)
        self.raw = [message.message().as_bytes() for message in messages]
        return len(self.raw)


@cache
def post() -> tuple[Post, Kept]:
    kept = Kept()
    return Post(Config(), kept), kept


@patient
@given(anything)
@example("maria@example.org\r\nBcc: omar@example.org")
@example("maria@example.org\nSubject: hello")
def test_no_address_writes_a_header_of_its_own(text: str) -> None:
    """Checked or not, it reaches one person or nobody, and says nothing else."""
    sender, kept = post()
    kept.raw.clear()
    try:
        sender.send(to=text, subject="Please confirm", text="Hello", headers={"Auto-Submitted": "x"})
    except NeverAgain:
        return
    [raw] = kept.raw
    head, _, body = raw.partition(b"\n\n")
    names = [line.partition(b":")[0] for line in head.split(b"\n") if line[:1] not in b" \t"]

    assert sorted(name.decode().lower() for name in names) == [
        *("auto-submitted", "content-transfer-encoding", "content-type", "date", "from"),
        *("message-id", "mime-version", "subject", "to"),
    ]
    assert body.strip() == b"Hello"


@patient
@given(anything)
def test_an_address_that_is_taken_is_the_only_one_in_the_mail(text: str) -> None:
    """It is written to as it was read."""
    try:
        address = parse(text)
    except NotAnAddress:
        return
    sender, kept = post()
    sender.send(to=address.typed, subject="Please confirm", text="Hello", headers={})
    [raw] = kept.raw
    told = message_from_bytes(raw, policy=default)["to"].addresses

    assert [one.addr_spec for one in told] == [address.typed]
