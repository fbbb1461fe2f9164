"""A person is counted once under a token that does not tell who they are."""

from habeas.lib import addresses
from habeas.vault.pseudonym import Pseudonyms
from people import INDEX_KEY, MARIA, OMAR


def test_every_spelling_of_a_mailbox_has_one_token() -> None:
    """Maria signs again with capitals and a tag, and still counts once."""
    again = addresses.parse("MARIA+petitions@Example.org").canonical

    assert Pseudonyms(INDEX_KEY).of(again) == MARIA.signer != OMAR.signer
    assert len(MARIA.signer) == 16


def test_another_campaign_has_other_tokens() -> None:
    """Nobody can follow a person from one campaign to the next."""
    assert Pseudonyms(b"k" * 32).of(MARIA.email) != Pseudonyms(INDEX_KEY).of(MARIA.email)
