"""Addresses: people can be written to at what they typed, and one mailbox is one person."""

import pytest

from habeas.lib.addresses import LONGEST, NotAnAddress, parse


@pytest.mark.parametrize(
    "text",
    [
        "maria@example.org",
        "  maria@example.org\n",
        "Maria.Ibanez+signs@mail.example.co.uk",
        "o'neil_{x}@example.org",
        "x@a-b.example",
        "maria@xn--bcher-kva.example",
        f"{'a' * 64}@example.org",
    ],
)
def test_an_address_mail_can_be_sent_to_is_taken_as_typed(text: str) -> None:
    """Blanks around it are nobody's."""
    assert parse(text).typed == text.strip()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "maria",
        "@example.org",
        "maria@",
        "maria@example",
        "maria@@example.org",
        "maria@example..org",
        ".maria@example.org",
        "maria.@example.org",
        "ma..ria@example.org",
        "maria@-example.org",
        "maria@example.org.",
        "maria@127.0.0.1",
        "maria@[127.0.0.1]",
        '"maria ibanez"@example.org',
        "maria ibanez@example.org",
        "María <maria@example.org>",
        "maria@example.org, omar@example.org",
        "maria@example.org\r\nBcc: omar@example.org",
        "maria\x00@example.org",
        "maria\u200b@example.org",
        "maria@exam\u202eple.org",
        "maria@example.org\ud800",
        f"{'a' * 65}@example.org",
        f"maria@{'a' * 64}.org",
        f"maria@{'a.' * LONGEST}org",
    ],
)
def test_what_mail_could_not_reach_is_refused(text: str) -> None:
    """Better a message at the field than a mail that never comes."""
    with pytest.raises(NotAnAddress):
        parse(text)


@pytest.mark.parametrize(
    ("text", "sent_to"),
    [
        ("maria@bücher.example", "maria@xn--bcher-kva.example"),
        ("maria@straße.example", "maria@xn--strae-oqa.example"),  # IDNA 2003 would make it strasse.example
        ("maria@مثال.إختبار", "maria@xn--mgbh0fb.xn--kgbechtv"),
    ],
)
def test_a_domain_in_any_script_is_written_to_as_the_post_knows_it(text: str, sent_to: str) -> None:
    """Another spelling would be somebody else's mailbox."""
    assert parse(text).typed == sent_to
    assert parse(text).canonical == parse(sent_to).canonical


@pytest.mark.parametrize("text", ["müller@example.org", "用户@example.org", "عمر@example.org"])
def test_a_mailbox_our_mail_cannot_name_is_refused_at_once(text: str) -> None:
    """Without SMTPUTF8 the mail would go to a mailbox of another name, and the person would wait for it."""
    with pytest.raises(NotAnAddress):
        parse(text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("maria@example.org", "MARIA@Example.ORG"),
        ("maria@example.org", "maria+habeas@example.org"),
        ("maria@example.org", "maria+a+b@example.org"),
        ("a.b.c@gmail.com", "abc@gmail.com"),  # Gmail gives no names so short: nobody's
        ("a.b.c@gmail.com", "ab.c+x@googlemail.com"),
        ("maria@bücher.example", "maria@XN--BCHER-KVA.example"),
    ],
)
def test_two_spellings_of_a_mailbox_are_one_person(one: str, other: str) -> None:
    """Who writes it another way counts once."""
    assert parse(one).canonical == parse(other).canonical


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("maria@example.org", "maria@example.com"),
        ("maria.ibanez@example.org", "mariaibanez@example.org"),
        ("maria@example.org", "mario@example.org"),
        ("maria-habeas@example.org", "maria@example.org"),
        ("+maria@example.org", "+omar@example.org"),
        ("maria@mail.example.org", "maria@example.org"),
    ],
)
def test_two_mailboxes_are_two_people(one: str, other: str) -> None:
    """Elsewhere dots count, and nobody is merged into somebody else."""
    assert parse(one).canonical != parse(other).canonical
