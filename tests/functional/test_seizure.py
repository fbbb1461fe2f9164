"""The seizure drill: whoever carries the machine away learns of nobody."""

import base64
import contextlib
import gzip
import zlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import brotli
import pytest

import databases
from running import Installation, wait_for

SIGNERS = 1_000
# Private keys, and in the demonstration people's mailboxes: what the drill is not about.
LEFT_OUT = {"keys", "mail"}


def _name(number: int) -> str:
    return f"Canary{number:04}zq Örnek"


def _address(number: int) -> str:
    return f"seized-{number:04}-vx@example.org"


@pytest.fixture(scope="module")
def seized(site: Installation) -> Path:
    """A data folder after a thousand people signed and were written to."""
    with ThreadPoolExecutor(8) as people:
        answers = people.map(lambda n: site.sign(_name(n), _address(n), updates="on").status, range(SIGNERS))
        assert set(answers) == {303}
    mailbox = site.data / "mail"
    wait_for("every confirmation mail", lambda: len(list(mailbox.glob("*.eml"))) >= SIGNERS, 60)
    return site.data


def test_no_name_and_no_address_is_readable_outside_the_keys_and_the_mailbox(
    seized: Path, site: Installation
) -> None:
    """Databases, write-ahead logs, journals, editions, process output: raw, base64, hex, unpacked."""
    wanted = _needles()
    files = [
        path
        for path in seized.rglob("*")
        if path.is_file() and not LEFT_OUT & set(path.relative_to(seized).parts)
    ]
    office = () if databases.are_on_postgresql() else ("office.sqlite3",)
    assert {"store.sqlite3", "00.journal", *office} <= {path.name for path in files}
    for path in [*files, site.log]:
        _is_silent(str(path), path.read_bytes(), wanted)
    for rows in databases.rows(site.data):
        _is_silent("PostgreSQL", rows, wanted)


def _is_silent(what: str, raw: bytes, wanted: list[bytes]) -> None:
    for content in _readings(raw):
        hits = [needle for needle in wanted if needle in content]
        assert not hits, f"{what} tells of somebody: {hits[:3]}"


def test_the_drill_finds_what_is_not_sealed(tmp_path: Path) -> None:
    """A drill that cannot fail proves nothing: each way of hiding is found."""
    line = f"{_name(7)} <{_address(7)}>".encode()
    hidden = [
        line,
        base64.b64encode(b"xy" + line),
        line.hex().encode(),
        gzip.compress(line),
        brotli.compress(line),
    ]
    for content in [*hidden, b"before" + zlib.compress(line)]:
        assert any(needle in reading for reading in _readings(content) for needle in _needles())


def _needles() -> list[bytes]:
    """Return what must not be found: the part of each canary that nothing else holds, in every spelling."""
    plain = [
        text.encode()
        for n in (0, 7, 123, 500, SIGNERS - 1)
        for text in (f"Canary{n:04}zq", f"seized-{n:04}-vx")
    ]
    plain += [b"zq \xc3\x96rnek", b"-vx@example.org"]
    spelled = [needle.hex().encode() for needle in plain]
    for needle in plain:
        spelled += [_inside_base64(needle, offset) for offset in range(3)]
    utf16 = [needle.decode().encode("utf-16-le") for needle in plain]
    return [*plain, *spelled, *utf16]


def _inside_base64(needle: bytes, offset: int) -> bytes:
    """Return the letters that `needle` has inside base64, starting `offset` bytes into a group of three."""
    encoded = base64.b64encode(b"\0" * offset + needle)
    start = -(-offset * 8 // 6)
    return encoded[start : (offset + len(needle)) * 8 // 6]


def _readings(content: bytes) -> Iterator[bytes]:
    """Yield `content` as it stands, and whatever is packed inside it."""
    yield content
    yield content.lower()
    for magic, unpack in ((b"\x1f\x8b\x08", _gunzip), (b"\x78\x9c", _inflate), (b"\x78\x01", _inflate)):
        start = content.find(magic)
        while start >= 0:
            yield unpack(content[start:])
            start = content.find(magic, start + 1)
    with contextlib.suppress(brotli.error):
        yield brotli.decompress(content)


def _gunzip(content: bytes) -> bytes:
    with contextlib.suppress(zlib.error):
        return zlib.decompressobj(wbits=31).decompress(content, 1 << 20)
    return b""


def _inflate(content: bytes) -> bytes:
    with contextlib.suppress(zlib.error):
        return zlib.decompressobj().decompress(content, 1 << 20)
    return b""
