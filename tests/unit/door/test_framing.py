"""The form on a partner's page: it may be framed, nothing else may, and nobody is lost in the frame."""

from collections.abc import Mapping

import pytest

from habeas.door.http import Response
from habeas.edition.slots import campaign_path, embed_path, embed_sign_path, embed_thanks_path, thanks_path
from habeas.ledger.journal import JournalFull
from public_side import LENA, OMAR, POLICY, SELMA, TYPED, Reader, Visitor, header

FRAME = embed_path(SELMA, "en")
SIGN = embed_sign_path(SELMA, "en")
FRAMED = POLICY.replace("frame-ancestors 'none'", "frame-ancestors *")


def policy(answer: Response) -> str:
    return header(answer, "content-security-policy")


def test_only_the_embedded_form_and_its_thanks_may_be_framed(maria: Visitor) -> None:
    """Every page of the edition is asked; the policy differs in who may frame it and in nothing else."""
    assert maria.current.shelf
    paths = [page.path for page in maria.current.shelf.edition.manifest.pages]
    framed = {path for path in paths if policy(maria.opens(path)) == FRAMED}

    assert framed == {path for path in paths if "/embed/" in path}
    assert {policy(maria.opens(path)) for path in paths} == {POLICY, FRAMED}


@pytest.mark.parametrize(
    ("typed", "status"), [(TYPED, 303), ({**TYPED, "name": ""}, 422), ({**TYPED, "website": "x"}, 303)]
)
def test_what_follows_a_form_in_a_frame_stays_in_it(
    maria: Visitor, typed: Mapping[str, str], status: int
) -> None:
    """The thanks, and the mistakes with the form that sends to the frame's address again."""
    answer = maria.sends(SIGN, typed)

    assert answer.status == status
    if status == 303:
        assert header(answer, "location") == embed_thanks_path(SELMA, "en")
    else:
        assert policy(answer) == FRAMED
        assert f'action="{SIGN}"'.encode() in answer.body
        assert Reader(answer.body).inputs["email"]["value"] == TYPED["email"]


def test_a_signature_from_a_frame_is_one_like_any_other(maria: Visitor) -> None:
    """The same envelope, the same count."""
    maria.sends(SIGN, TYPED)
    maria.signs()

    assert len(maria.journal.signatures) == 2
    assert len({signature.signer for signature in maria.journal.signatures}) == 1


def test_while_a_campaign_is_flooded_a_frame_shows_the_second_step(maria: Visitor) -> None:
    """As on the page itself, and the step stays in the frame."""
    maria.door.limits._orders.levels = {SELMA: "wary"}
    answer = maria.sends(SIGN, TYPED)

    assert (answer.status, policy(answer)) == (200, FRAMED)
    assert "step" in Reader(answer.body).inputs
    assert not maria.journal.groups


@pytest.mark.parametrize("slug", [OMAR, LENA])
def test_a_campaign_that_ended_says_so_in_the_frame(maria: Visitor, slug: str) -> None:
    """A partner forgets the frame; people do not type into the void."""
    assert Reader(maria.opens(embed_path(slug, "ar")).body).inputs == {}
    answer = maria.sends(embed_sign_path(slug, "ar"), TYPED)

    assert answer.status in {409, 410}
    assert policy(answer) == FRAMED


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (b"a=1&a=2", {}, 400),
        (None, {}, 413),
        (b"name=M", {"sec_fetch_site": "cross-site", "origin": "null"}, 403),
    ],
)
def test_what_goes_wrong_is_said_in_the_frame(
    maria: Visitor, body: bytes | None, headers: dict[str, str], status: int
) -> None:
    """A blank frame would look as if it had been taken. What a sandbox makes strange is not thanked for."""
    answer = maria.asks("POST", SIGN, body, **headers)

    assert (answer.status, policy(answer)) == (status, FRAMED)
    assert not maria.journal.groups


def test_a_full_disk_is_said_in_the_frame(maria: Visitor) -> None:
    """Never thanks for what was not kept."""
    maria.journal.trouble = JournalFull("full")
    answer = maria.sends(SIGN, TYPED)

    assert (answer.status, policy(answer)) == (503, FRAMED)


def test_forms_of_the_page_itself_go_to_its_own_thanks(maria: Visitor) -> None:
    """And a reload of either address shows the form it belongs to."""
    assert header(maria.signs(), "location") == thanks_path(SELMA, "en")
    assert header(maria.opens(SIGN), "location") == FRAME
    assert header(maria.opens(campaign_path(SELMA, "en") + "sign"), "location") == campaign_path(SELMA, "en")
    assert maria.sends("/en/c/free-selma/other/sign", TYPED).status == 404
