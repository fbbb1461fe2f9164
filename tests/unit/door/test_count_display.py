"""The number on the page: honest where it is told, and silent where it would give somebody away."""

import asyncio
import json
import re
import time
from collections.abc import Iterator

import pytest

from habeas.config import Config
from habeas.door.http import Response
from habeas.edition import manifest as manifests
from habeas.edition import read
from habeas.edition.manifest import CountRule
from habeas.edition.slots import campaign_path, confirmed_path, thanks_path
from habeas.edition.write import write
from habeas.lib import languages
from public_side import JO, LANGUAGES, LENA, OMAR, SELMA, STATES, Visitor, draft, header, tell, visitor

PAGE = campaign_path(SELMA, "en")
HIDDEN = CountRule(count_from=1_000)
CAREFUL = CountRule(count_from=100, count_step=100, count_every="day")
HOURLY = CountRule(count_every="hour")
FIRST = {
    "en": "Be among the first to sign.",
    "fr": "Soyez parmi les premières personnes à signer.",
    "ar": "كونوا من أوائل الموقّعين.",
}
MORE_THAN_300 = {
    "en": "More than <b>300</b> people have signed",
    "fr": "Plus de <b>300</b> personnes ont signé",
    "ar": "أكثر من <b>300</b> توقيع",
}


def everything_public(maria: Visitor) -> Iterator[tuple[str, Response]]:
    """Yield (address, answer) of every page of Selma's campaign, and her count."""
    for language in LANGUAGES:
        for address in (campaign_path, thanks_path, confirmed_path):
            for encoding in ("br", "gzip", ""):
                path = address(SELMA, language)
                yield f"{path} {encoding}", maria.opens(path, accept_encoding=encoding)
    yield "count", maria.opens(f"/count/{SELMA}.json")


def count_of(maria: Visitor, slug: str = SELMA) -> object:
    return json.loads(maria.opens(f"/count/{slug}.json").body)


def words(page: bytes) -> str:
    """Return the page as text, one space between words."""
    return " ".join(page.decode().split())


@pytest.mark.parametrize("rule", [HIDDEN, CAREFUL])
def test_nobody_outside_sees_the_number_before_its_time(config: Config, rule: CountRule) -> None:
    """No page, in no language and no state of the door, has a digit of it."""
    write(config.editions, draft(config, rule=rule))
    tell(config, SELMA, [("MR", "ar", 87)], rule)
    maria = visitor(config)

    for language, sentence in FIRST.items():
        page = words(maria.opens(campaign_path(SELMA, language)).body)
        assert sentence in page
        assert "data-count" not in page
    for address, answer in everything_public(maria):
        assert b"87" not in answer.body or header(answer, "content-encoding"), address
    assert count_of(maria) == {"total": None, "is_exact": False, "by_country": None, "by_language": None}


@pytest.mark.parametrize("rule", [HIDDEN, CAREFUL])
def test_whoever_watches_the_page_sees_nothing_move_when_one_person_signs(
    config: Config, rule: CountRule
) -> None:
    """Not a byte, not a header: nobody yet, one, and one more look the same."""
    write(config.editions, draft(config, rule=rule))
    maria = visitor(config)
    before = {address: (one.body, one.headers) for address, one in everything_public(maria)}
    for people in (0, 1, 2, 100 if rule is CAREFUL else 999):
        tell(config, SELMA, [("MR", "ar", people)], rule)
        maria.current.look_at_counts()
        assert {address: (one.body, one.headers) for address, one in everything_public(maria)} == before


@pytest.mark.parametrize("language", LANGUAGES)
def test_in_steps_the_page_says_more_than(config: Config, language: str) -> None:
    """In the words and digits of the language; the JSON says that there are more."""
    write(config.editions, draft(config, rule=CAREFUL))
    tell(config, SELMA, [("MR", "ar", 387)], CAREFUL)
    maria = visitor(config)

    assert MORE_THAN_300[language] in words(maria.opens(campaign_path(SELMA, language)).body)
    assert count_of(maria) == {"total": 300, "is_exact": False, "by_country": None, "by_language": None}


@pytest.mark.parametrize("people", [2, 3, 10, 11, 99, 100, 103, 1_002])
def test_arabic_counts_as_arabic_does(config: Config, people: int) -> None:
    """Two, a few and many have forms of their own; the number is in every one."""
    write(config.editions, draft(config, rule=HOURLY))
    made = {"exact": HOURLY, "more": CountRule(count_step=people, count_every="hour")}
    for rule in made.values():
        tell(config, SELMA, [("EG", "ar", people + (rule is not HOURLY))], rule)
        page = words(visitor(config).opens(campaign_path(SELMA, "ar")).body)
        assert f"<b>{languages.number(people, 'ar')}</b>" in page
        assert "%(" not in page


@pytest.mark.parametrize(("every", "said"), [("live", ""), ("hour", "once an hour"), ("day", "once a day")])
def test_the_page_says_why_the_number_waits(config: Config, every: str, said: str) -> None:
    """So that nobody who signed looks for theirs in vain."""
    rule = CountRule(count_every=every)  # type: ignore[arg-type]
    write(config.editions, draft(config, rule=rule))
    page = words(visitor(config).opens(PAGE).body)

    assert ("To protect those who sign" in page) == bool(said)
    assert said in page


@pytest.mark.parametrize("slug", [OMAR, LENA, JO])
@pytest.mark.parametrize("rule", [CountRule(), HIDDEN, CAREFUL, HOURLY])
def test_a_campaign_that_takes_no_signatures_asks_for_none(
    config: Config, slug: str, rule: CountRule
) -> None:
    """Paused, won or closed: a number if there is one to tell, and no word if not."""
    write(config.editions, draft(config, rule=rule))
    path = campaign_path(slug, "en")
    assert "class=" not in words(visitor(config).opens(path).body)

    tell(config, slug, [("MR", "ar", 2_345)], rule)
    page = words(visitor(config).opens(path).body)
    assert re.findall(r'data-count="(\d+)"', page) == ["2300" if rule is CAREFUL else "2345"]
    assert "first to sign" not in page
    assert "To protect" not in page


def test_every_worker_shows_the_same_number(config: Config) -> None:
    """Also one that was started later: they read, none of them reckons."""
    write(config.editions, draft(config, rule=CAREFUL))
    early = visitor(config)
    tell(config, SELMA, [("MR", "ar", 387)], CAREFUL)
    early.current.look_at_counts()
    late = visitor(config)

    assert early.opens(PAGE).body == late.opens(PAGE).body
    assert count_of(early) == count_of(late)


def test_the_number_is_folded_into_the_page_at_most_once_a_second(config: Config) -> None:
    """However often the clerk writes and people ask, and however often a new edition comes in between."""
    write(config.editions, draft(config))
    maria = visitor(config)
    tell(config, SELMA, [("ES", "en", 5)])
    for people in (6, 7, 8):
        tell(config, SELMA, [("ES", "en", people)])
        write(config.editions, draft(config, STATES))
        maria.current.look()
        assert b'data-count="0"' in maria.opens(PAGE).body
        assert count_of(maria, SELMA) == {"total": 0, "is_exact": True, "by_country": {}, "by_language": {}}

    maria.current.look_at_counts()
    assert b'data-count="8"' in maria.opens(PAGE).body


def test_every_worker_looks_at_the_counts_as_each_second_begins(
    config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So the number does not fall when another worker answers; for editions they look four times as often."""
    monkeypatch.setenv("HABEAS_DATA", config.data)
    from habeas.door import rsgi  # noqa: PLC0415  it reads the configuration when it is imported

    now, worker = 1_000.1, rsgi.Worker(config)
    looks: list[tuple[float, bool]] = []

    async def sleep(seconds: float) -> None:
        nonlocal now
        now += seconds
        if now > 1_010:
            raise asyncio.CancelledError

    monkeypatch.setattr(time, "time", lambda: now)
    monkeypatch.setattr(asyncio, "sleep", sleep)
    monkeypatch.setattr(worker, "_look", lambda *_, is_new_second: looks.append((now, is_new_second)))

    async def watch() -> None:
        await worker._keep_looking(asyncio.get_running_loop())

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(watch())

    assert [when for when, _ in looks] == [1_000.25 + turn / 4 for turn in range(40)]
    assert [when for when, is_new_second in looks if is_new_second] == [1_000.25, *range(1_001, 1_011)]


def test_an_edition_with_steps_told_at_once_is_refused(config: Config) -> None:
    """Whoever wrote it: the page would tell who was the hundredth."""
    number = write(config.editions, draft(config, rule=CAREFUL))
    folder = read.folder_of(config.editions, number)
    told = (folder / manifests.FILE).read_bytes().replace(b'"day"', b'"live"')
    (folder / manifests.FILE).write_bytes(told)
    (folder / manifests.CHECKSUM).write_bytes(manifests.checksum(told))

    with pytest.raises(read.BadEdition, match="by the hour or the day"):
        read.load(config.editions, number)
