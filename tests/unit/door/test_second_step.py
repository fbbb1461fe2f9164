"""The second step: one more press for people, and a closed door for tokens that are not theirs."""

import random
import re
import string
from dataclasses import dataclass, field
from urllib.parse import urlencode

import pytest
from msgspec.structs import replace

from habeas.door import form, second_step
from habeas.door.app import Door
from habeas.door.form import Filled
from habeas.door.http import Request, Response
from habeas.door.limits import BUDGET, Limits
from habeas.door.links import Links
from habeas.door.second_step import OLDEST, YOUNGEST, Outcome, Press, SecondStep
from habeas.door.sign import Desks
from habeas.edition.slots import sign_path, thanks_path
from habeas.ledger.journal import JournalUnavailable
from habeas.lib import addresses, languages
from habeas.vault import keys, once
from public_side import (
    LANGUAGES,
    SELMA,
    TYPED,
    Reader,
    Visitor,
    header,
    run,
)

KEY = bytes(range(32))
CAMPAIGN, OTHER = b"selma...", b"omar...."
SCHOOL = b"school.."
NOON = 1_800_000_000.0
FILLED = Filled("María Ibáñez", addresses.parse("maria@example.org"), "ES", "Because.", updates=False)


@dataclass
class Clock:
    """A clock that the test moves."""

    time: float = NOON

    def __call__(self) -> float:
        return self.time


@dataclass
class Crowd:
    """People behind one address, in front of a door that has counted them all."""

    maria: Visitor
    clock: Clock
    door: Door
    source: bytes | None = SCHOOL
    language: str = "en"
    typed: dict[str, str] = field(default_factory=dict)

    def sends(self, **typed: str) -> Response:
        """Return the answer to a form."""
        body = urlencode(TYPED | typed).encode()
        path = sign_path(SELMA, self.language)
        return run(self.door.respond(Request("POST", path, {}, body, source=self.source)))

    def presses(
        self, page: Response, after: float = YOUNGEST, changed: dict[str, str] | None = None
    ) -> Response:
        """Return the answer to the button of `page`, pressed `after` seconds."""
        self.clock.time += after
        return self.sends(**(carried(page) | (changed or {})))


def carried(page: Response) -> dict[str, str]:
    """Return what the page's form sends."""
    return {name: told["value"] for name, told in Reader(page.body).inputs.items()}


@pytest.fixture
def crowd(maria: Visitor) -> Crowd:
    """A school whose first thirty pupils have signed."""
    clock = Clock()
    link_key = keys.link_key(maria.config.keys)
    limits, steps = Limits(now=clock), SecondStep(once.key_from(link_key), clock)
    door = Door(maria.current, Desks(maria.config.keys), Links(link_key), maria.journal.append, limits, steps)
    made = Crowd(maria, clock, door)
    for number in range(BUDGET):
        assert made.sends(email=f"pupil{number}@example.org").status == 303
    maria.journal.groups.clear()
    return made


def test_a_school_behind_one_address_passes_with_one_more_press(crowd: Crowd) -> None:
    """Five hundred pupils, one connection to the world: each of them is counted, none is turned away."""
    for number in range(500):
        page = crowd.sends(email=f"late{number}@example.org")
        assert page.status == 200
        answer = crowd.presses(page)
        assert (answer.status, header(answer, "location")) == (303, thanks_path(SELMA, "en"))
        crowd.clock.time -= YOUNGEST  # all within the same minutes

    assert len({signed.signer for signed in crowd.maria.journal.signatures}) == 500


def test_people_elsewhere_do_not_notice_the_school(crowd: Crowd) -> None:
    """The budget is the source's own."""
    crowd.source = b"a family"

    assert crowd.sends().status == 303


def test_who_comes_through_tor_passes_with_one_more_press(crowd: Crowd) -> None:
    """Another exit between the two presses does not matter: the page knows nothing of addresses."""
    page = crowd.sends()
    crowd.source = b"exit two"

    assert crowd.presses(page).status == 303
    assert len(crowd.maria.journal.signatures) == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_is_in_the_persons_language_and_has_one_button(crowd: Crowd, language: str) -> None:
    """Nothing to read out of a picture, nothing to fill in, nothing in the address."""
    crowd.language = language
    page = crowd.sends(comment="Two\r\nlines", updates="on")
    text, words = page.body.decode(), languages.words(language)

    assert Reader(page.body).language == language
    assert words.gettext("One more press, please.") in text
    assert text.count("<button") == 1
    assert 'aria-describedby="step"' in text
    assert {told["type"] for told in Reader(page.body).inputs.values()} == {"hidden"}
    assert f'action="{sign_path(SELMA, language)}"' in text
    assert dict(page.headers)["cache-control"] == "no-store"
    assert not {name for name, _ in page.headers} & {"set-cookie", "location"}
    assert "<script" not in text


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_its_words_are_translated(language: str) -> None:
    """All of them."""
    for text in (
        "One more press, please.",
        "Nothing is stored before you press.",
        "That was very quick. Count to three, then press again: nothing you typed is lost.",
        "This page lay open for a while. Nothing you typed is lost.",
        "Your first press is still on its way. If you read no thanks, press again.",
    ):
        assert languages.words(language).gettext(text) != text


def test_what_was_typed_is_carried_and_cannot_become_part_of_the_page(crowd: Crowd) -> None:
    """A name may hold any sign; none of them opens a tag."""
    evil = '"><script>alert(1)</script>'
    page = crowd.sends(name=evil, comment=f"'{evil}")

    assert b"<script" not in page.body
    assert carried(page)["name"] == evil
    assert crowd.presses(page).status == 303


@pytest.mark.parametrize(
    "typed",
    [
        {"name": "Ma\x00ria\r\n\tIb"},
        {"name": "\u200fعمر\u200f"},
        {"comment": "one\r\ntwo\rthree\nfour"},
        {"comment": "  \r\nblank around\r\n"},
        {"email": " m@bücher.example "},
        {"updates": "on"},
        {"updates": "perhaps"},
        {"name": "+%26&=;"},
    ],
)
def test_what_was_typed_survives_the_way_through_the_page(crowd: Crowd, typed: dict[str, str]) -> None:
    """A browser sends hidden lines back with its own line ends; the page must know its form again."""
    page = crowd.sends(**typed)
    told = {name: re.sub(r"\r\n|\r|\n", "\r\n", value) for name, value in carried(page).items()}

    assert crowd.presses(page, changed=told).status == 303
    assert len(crowd.maria.journal.signatures) == 1


def test_the_largest_form_that_was_let_in_is_let_out(crowd: Crowd) -> None:
    """The token must not make the body larger than the door reads."""
    page = crowd.sends(comment="é" * 1_000)
    first, second = urlencode(TYPED | {"comment": "é" * 1_000}), urlencode(carried(page))

    assert len(second) - len(first) <= second_step.ROOM


def test_who_presses_at_once_reads_a_kind_sentence_and_need_not_begin_anew(crowd: Crowd) -> None:
    """Three seconds count from the first page, however often somebody presses."""
    page = crowd.sends()
    for _ in range(2):
        page = crowd.presses(page, after=1)
        assert page.status == 200
        assert b"Count to three, then press again" in page.body

    assert crowd.presses(page, after=1).status == 303
    assert crowd.door.limits.told().early == 2


def test_a_page_that_lay_open_over_lunch_still_works(crowd: Crowd) -> None:
    """By then the rush is over, and nobody asks for the token any more."""
    page = crowd.sends()

    assert crowd.presses(page, after=OLDEST + 1).status == 303
    assert len(crowd.maria.journal.signatures) == 1


def test_a_press_too_late_stores_nothing(crowd: Crowd) -> None:
    """And says why there is one more button."""
    page = crowd.sends()
    wary(crowd)
    again = crowd.presses(page, after=OLDEST + 1)

    assert again.status == 200
    assert b"lay open for a while" in again.body
    assert not crowd.maria.journal.groups
    assert crowd.presses(again).status == 303


def wary(crowd: Crowd) -> None:
    """Keep asking everybody, however long it takes."""
    crowd.door.limits._orders.levels = {SELMA: "wary"}


def test_a_double_click_stores_one_signature_and_both_are_thanked(crowd: Crowd) -> None:
    """The second answer is the one that the browser shows."""
    page = crowd.sends()
    first, second = crowd.presses(page), crowd.presses(page, after=0)

    assert first == second
    assert first.status == 303
    assert len(crowd.maria.journal.groups) == 1


def test_a_second_press_while_the_disk_is_slow_is_not_thanked(steps: SecondStep, clock: Clock) -> None:
    """Nothing is durable yet; the button of the page that comes back still works."""
    token = token_of(steps)
    clock.time += YOUNGEST
    first, second = steps.press(token, CAMPAIGN, FILLED), steps.press(token, CAMPAIGN, FILLED)
    look = steps.look(second, CAMPAIGN, FILLED, "en")

    assert (first.outcome, second.outcome) == (Outcome.GOOD, Outcome.WAITING)
    assert look.step == token
    assert look.notice
    steps.settle(first, is_durable=True)
    assert steps.press(token, CAMPAIGN, FILLED).outcome is Outcome.DONE


def test_what_the_disk_refused_may_be_pressed_again(crowd: Crowd) -> None:
    """The browser's reload sends the same token."""
    page = crowd.sends()
    crowd.maria.journal.trouble = JournalUnavailable("full")
    assert crowd.presses(page).status == 503
    crowd.maria.journal.trouble = None

    assert crowd.presses(page, after=0).status == 303
    assert len(crowd.maria.journal.signatures) == 1


def test_a_raised_level_asks_everybody_and_takes_everybody(crowd: Crowd) -> None:
    """Also those whose network is not counted: an onion service can be flooded too."""
    wary(crowd)
    for source in (None, b"somebody"):
        crowd.source = source
        page = crowd.sends()
        assert page.status == 200
        assert crowd.presses(page).status == 303


def test_a_slip_in_the_form_is_told_before_any_second_step(crowd: Crowd) -> None:
    """Nobody presses twice to learn that the address is wrong."""
    answer = crowd.sends(email="maria")

    assert answer.status == 422
    assert second_step.FIELD not in Reader(answer.body).inputs


def test_two_workers_know_each_others_pages(maria: Visitor) -> None:
    """The first press and the second may meet different processes."""
    key, clock = once.key_from(keys.link_key(maria.config.keys)), Clock()
    one, other = SecondStep(key, clock), SecondStep(key, clock)
    token = token_of(one)
    clock.time += YOUNGEST

    assert other.press(token, CAMPAIGN, FILLED).outcome is Outcome.GOOD


def token_of(steps: SecondStep) -> str:
    return steps.look(Press(Outcome.UNKNOWN), CAMPAIGN, FILLED, "en").step


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def steps(clock: Clock) -> SecondStep:
    return SecondStep(KEY, clock)


@pytest.mark.parametrize(
    ("age", "outcome"),
    [
        (-60.0, Outcome.EARLY),
        (0, Outcome.EARLY),
        (YOUNGEST - 0.1, Outcome.EARLY),
        (YOUNGEST, Outcome.GOOD),
        (OLDEST, Outcome.GOOD),
        (OLDEST + 0.1, Outcome.LATE),
        (10 * OLDEST, Outcome.LATE),
    ],
)
def test_a_token_works_from_three_seconds_to_half_an_hour(
    steps: SecondStep, clock: Clock, age: float, outcome: Outcome
) -> None:
    """A robot has to wait; a person has time."""
    token = token_of(steps)
    clock.time += age

    assert steps.press(token, CAMPAIGN, FILLED).outcome is outcome


@pytest.mark.parametrize(
    "changed",
    [
        {"name": "Omar"},
        {"name": "María Ibáñe"},
        {"address": addresses.parse("omar@example.org")},
        {"country": "FR"},
        {"comment": ""},
        {"comment": "Because. "},
        {"updates": True},
        {"name": "María IbáñezES", "country": ""},
    ],
)
def test_a_token_takes_no_other_words(steps: SecondStep, clock: Clock, changed: dict[str, object]) -> None:
    """Not one field of the form, and no letter moved from one to the next."""
    token = token_of(steps)
    clock.time += YOUNGEST

    assert steps.press(token, CAMPAIGN, replace(FILLED, **changed)).outcome is Outcome.UNKNOWN
    assert steps.press(token, OTHER, FILLED).outcome is Outcome.UNKNOWN
    assert steps.press(token, CAMPAIGN, FILLED).outcome is Outcome.GOOD


def mutations(token: str, other: str, number: int) -> set[str]:
    """Return tokens that are nearly right: changed, cut, spliced, grown."""
    made: set[str] = set()
    chance = random.Random(7)
    while len(made) < number:
        place, letter = (
            chance.randrange(len(token)),
            chance.choice(string.ascii_letters + string.digits + "-_=é"),
        )
        made.add(
            chance.choice(
                [
                    token[:place] + letter + token[place + 1 :],
                    token[:place] + letter + token[place:],
                    token[:place],
                    token[:place] + other[place:],
                    other[:place] + token[place:],
                    token[:place] + chance.choice(string.ascii_letters) * 2 + token[place + 2 :],
                    token + letter,
                    token[place:] + token[:place],
                ]
            )
        )
        made -= {token, other}
    return made


def test_no_changed_token_is_accepted(steps: SecondStep, clock: Clock) -> None:
    """Two thousand tries, and the real one still works afterwards."""
    token, other = token_of(steps), token_of(steps)
    clock.time += YOUNGEST
    for tried in mutations(token, other, 2_000):
        assert steps.press(tried, CAMPAIGN, FILLED).outcome is Outcome.UNKNOWN, tried

    assert steps.press(token, CAMPAIGN, FILLED).outcome is Outcome.GOOD


def test_a_token_of_another_installation_is_nothing_here(steps: SecondStep, clock: Clock) -> None:
    """Each has its own key."""
    token = token_of(SecondStep(bytes(32), clock))
    clock.time += YOUNGEST

    assert steps.press(token, CAMPAIGN, FILLED).outcome is Outcome.UNKNOWN


def test_a_used_token_is_never_taken_again_even_when_the_table_was_full(
    steps: SecondStep, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the worker cannot remember any more it treats as used."""
    monkeypatch.setattr(second_step, "MOST_USED", 10)
    tokens = []
    for _ in range(40):
        tokens.append(token_of(steps))
        clock.time += 1
    clock.time += YOUNGEST
    for token in tokens:
        press = steps.press(token, CAMPAIGN, FILLED)
        assert press.outcome is Outcome.GOOD
        steps.settle(press, is_durable=True)

    assert len(steps._used) <= 10
    assert not [token for token in tokens if steps.press(token, CAMPAIGN, FILLED).outcome is Outcome.GOOD]


def test_used_tokens_are_forgotten_when_nobody_could_use_them_any_more(
    steps: SecondStep, clock: Clock
) -> None:
    """Memory follows the last half hour."""
    for _ in range(100):
        token = token_of(steps)
        clock.time += OLDEST
        press = steps.press(token, CAMPAIGN, FILLED)
        steps.settle(press, is_durable=True)

    assert len(steps._used) <= 2


def test_the_token_tells_nothing_of_the_person(steps: SecondStep) -> None:
    """The same form makes another token each time; nothing of it stands in there."""
    assert token_of(steps) != token_of(steps)
    assert len(token_of(steps)) == once.TEXT_LENGTH
    assert form.HONEYPOT not in second_step._carried(FILLED)
