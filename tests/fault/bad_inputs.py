"""Inputs that no browser of a person sends, made up by chance, and what each of them is worth.

Each knows whether it is a signature after all: most of what looks odd is refused, but a name may hold marks
that cannot be seen, and a form may come in odd pieces.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import quote_plus

from running import SLUG

PATH = f"/en/c/{SLUG}/sign"
FORM = "application/x-www-form-urlencoded"
SIGNED = frozenset({303})
BAD = frozenset({400})
REFUSED = frozenset({422})
TOO_LARGE = frozenset({413})
OF_THE_SERVER = frozenset({400, 431})  # what Granian refuses by itself

NOT_UTF8 = (
    b"\xff",
    b"\xc3(",
    b"\xc0\xaf",
    b"\xed\xa0\x80",
    b"\xed\xbf\xbf",
    b"\xf0\x9f\x98",
    b"\xf8\x88\x80\x80\x80",
    b"\xe2\x82",
)
UNSEEN = (
    "\u200b",
    "\u200c",
    "\u200d",
    "\u200e",
    "\u200f",
    "\u202a",
    "\u202e",
    "\u2066",
    "\u2069",
    "\ufeff",
    "\u00ad",
    "\u2060",
)
CONTROL = ("\x00", "\x01", "\x07", "\x08", "\x1b", "\x7f", "\x9b")
CUT_OFF = ("%", "%4", "%zz", "%u0041", "%-1", "% 41")


@dataclass(frozen=True, slots=True)
class Input:
    """One thing to send."""

    kind: str
    data: bytes
    expected: frozenset[int]  # one of these is answered
    counts: bool = False  # one signature is stored
    may_be_silent: bool = False  # the server may hang up without a word
    is_last: bool = False  # nothing is sent after it: the client stops in the middle


class Maker:
    """Makes inputs from one seed, no two with the same address."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._number = 0

    def inputs(self, number: int) -> Iterator[Input]:
        """Yield so many, of every kind in turn."""
        for place in range(number):
            yield _KINDS[place % len(_KINDS)](self)

    # Pieces.

    def fields(self, **changed: str) -> dict[str, str]:
        """Return a form that holds, with its values as they are sent, and some of them changed."""
        self._number += 1
        held = {"name": "Mar%C3%ADa+Ib%C3%A1%C3%B1ez", "email": f"maria.{self._number}%40example.org"}
        return {**held, "country": "ES", "website": "", **changed}

    def body(self, **changed: str) -> bytes:
        """Return a form that holds, some of its values changed, as it is sent."""
        return _joined(self.fields(**changed))

    def within(self, text: str, piece: str) -> str:
        """Return `text` with `piece` somewhere in its middle."""
        at = self._random.randrange(1, len(text))
        return text[:at] + piece + text[at:]

    def one(self, choices: tuple[str, ...]) -> str:
        """Return one of several texts."""
        return self._random.choice(choices)

    def length(self, least: int, most: int) -> int:
        """Return a number between the two."""
        return self._random.randint(least, most)

    # Fields.

    def not_utf8(self) -> Input:
        broken = "".join(f"%{byte:02X}" for byte in self._random.choice(NOT_UTF8))
        name = self.one(("name", "email", "comment", "website", "surplus"))
        return Input("not UTF-8", _post(self.body(**{name: "Ma" + broken})), BAD)

    def raw_bytes(self) -> Input:
        body = self.body().replace(
            b"name=", b"name=" + self._random.choice((*NOT_UTF8, "é".encode(), b"\x80"))
        )
        return Input("letters not escaped", _post(body), BAD)

    def control_in_name(self) -> Input:
        name = quote_plus(self.within("Maria", self.one(CONTROL)))
        return Input("control character in a name", _post(self.body(name=name)), SIGNED, counts=True)

    def control_in_address(self) -> Input:
        address = quote_plus(self.within("maria@example.org", self.one(CONTROL)))
        return Input("control character in an address", _post(self.body(email=address)), REFUSED)

    def control_in_comment(self) -> Input:
        comment = quote_plus(self.within("Let him go", self.one(CONTROL)))  # the campaign asks for none
        data = _post(self.body(comment=comment))
        return Input("control character in a comment", data, SIGNED, counts=True)

    def unseen_name(self) -> Input:
        name = "".join(self.one(UNSEEN) for _ in range(self.length(1, 9)))
        return Input("name of nothing one sees", _post(self.body(name=quote_plus(name))), REFUSED)

    def unseen_in_name(self) -> Input:
        name = quote_plus(self.within("مريم", self.one(UNSEEN)))
        return Input("name with marks one does not see", _post(self.body(name=name)), SIGNED, counts=True)

    def unseen_in_address(self) -> Input:
        address = quote_plus(self.within("maria@example.org", self.one(UNSEEN)))
        return Input("address with marks one does not see", _post(self.body(email=address)), REFUSED)

    def surrogate_as_text(self) -> Input:
        name = quote_plus(self.one(("\\ud800", "&#xD800;", "%ED%A0%80")))
        return Input("a surrogate spelled out", _post(self.body(name=name)), SIGNED, counts=True)

    def long_name(self) -> Input:
        return Input("name too long", _post(self.body(name="M" * self.length(101, 7_900))), REFUSED)

    def long_comment(self) -> Input:
        data = _post(self.body(comment="x" * self.length(1_001, 7_900)))
        return Input("comment too long", data, SIGNED, counts=True)

    def megabyte(self) -> Input:
        field = self.one(("name", "email", "country", "comment", "surplus"))
        body = self.body(**{field: "M" * self.length(9_000, 1_000_000)})
        return Input("a megabyte", _post(body), TOO_LARGE, may_be_silent=True)

    def bad_address(self) -> Input:
        address = self.one(
            (
                "maria",
                "maria@",
                "@example.org",
                "maria@example",
                "a@b@example.org",
                "maria@[127.0.0.1]",
                "maria@.org",
            )
        )
        return Input("no address", _post(self.body(email=quote_plus(address))), REFUSED)

    def line_in_address(self) -> Input:
        address = quote_plus("maria@example.org\r\nBcc: omar@example.org")
        return Input("a mail header in an address", _post(self.body(email=address)), REFUSED)

    def bad_country(self) -> Input:
        country = self.one(("", "es", "XX", "ESP", "%00", "E%53S", "1"))
        return Input("no country", _post(self.body(country=country)), REFUSED)

    def left_out(self) -> Input:
        fields = self.fields()
        del fields[self.one(("name", "email", "country"))]
        return Input("a field left out", _post(_joined(fields)), REFUSED)

    def cut_off_escape(self) -> Input:
        name = "Mar" + self.one(CUT_OFF)
        return Input("escape cut off in a name", _post(self.body(name=name)), SIGNED, counts=True)

    def cut_off_escape_in_country(self) -> Input:
        return Input("escape cut off", _post(self.body(country="ES" + self.one(CUT_OFF))), REFUSED)

    # Forms.

    def doubled(self) -> Input:
        again = self.one(("name=Maria", "email=omar%40example.org", "country=FR", "website=", "n%61me=Omar"))
        return Input("a field twice", _post(self.body() + b"&" + again.encode()), BAD)

    def many_fields(self) -> Input:
        surplus = {f"surplus{number}": "x" for number in range(self.length(27, 300))}
        return Input("too many fields", _post(self.body(**surplus)), BAD)

    def odd_separators(self) -> Input:
        body = self.body().replace(b"&", self._random.choice((b"&&", b"&&&", b"&amp=&")))
        counts = b"&amp=" not in body  # which then stands there three times
        return Input("odd separators", _post(body), SIGNED if counts else BAD, counts=counts)

    def wrong_separators(self) -> Input:
        body = self.body().replace(b"&", self._random.choice((b";", b"\r\n", b"|", b"%26")))
        return Input("wrong separators", _post(body), REFUSED)

    def no_form(self) -> Input:
        body = self._random.choice(
            (b"", b"&", b"=", b"\x00" * 40, b"{}", b"a" * 4_000, b"%" * 3_000, b"+" * 100)
        )
        return Input("no form at all", _post(body), REFUSED)

    def noise(self) -> Input:
        body = b"\x80" + self._random.randbytes(self.length(1, 2_000))
        return Input("noise", _post(body), BAD)

    def wrong_type(self) -> Input:
        kind = self.one(
            (
                "application/json",
                "multipart/form-data; boundary=x",
                "text/plain",
                "text/plain;" + FORM,
                "x",
                "/",
                ";;;",
            )
        )
        return Input("wrong content type", _post(self.body(), kind=kind), BAD)

    def odd_type(self) -> Input:
        kind = self.one((FORM.upper(), FORM + ";charset=latin-1", FORM + " ; x", FORM + ";;;"))
        return Input("odd content type", _post(self.body(), kind=kind), SIGNED, counts=True)

    def robot(self) -> Input:
        return Input("the hidden field filled in", _post(self.body(website="x%00")), SIGNED)

    def from_elsewhere(self) -> Input:
        more = self.one(("Sec-Fetch-Site: cross-site", "Origin: https://evil.example", "Origin: x"))
        return Input("from another site", _post(self.body(), more.encode() + b"\r\n"), SIGNED)

    def unreadable_headers(self) -> Input:
        name = self._random.choice((b"Origin", b"Sec-Fetch-Site", b"X-Forwarded-For", b"Cookie", b"Accept"))
        data = _post(self.body(), name + b": " + self._random.choice(NOT_UTF8) + b"\r\n")
        return Input("a header nobody can read", data, SIGNED, counts=True)

    def made_up_token(self) -> Input:
        token = quote_plus(self.one(("", "x", "\x00", "A" * 86, "=" * 2_000, "مريم")))
        return Input("a token made up", _post(self.body(step=token)), SIGNED, counts=True)

    # Pieces of a form.

    def odd_chunks(self) -> Input:
        body, pieces = self.body(), []
        while body:
            size = self.length(1, 40)
            pieces.append(_chunk(body[:size], self._random.choice((b"", b";x", b";x=y", b' ; x="y"'))))
            body = body[size:]
        data = _chunked(b"".join(pieces) + b"0\r\n\r\n")
        return Input("odd chunks", data, SIGNED, counts=True)

    def broken_chunks(self) -> Input:
        whole = _chunk(self.body())
        broken = self._random.choice(
            (
                b"zz\r\nabc\r\n",
                b"-1\r\n",
                b"ffffffffffffffffff\r\nabc\r\n",
                whole[:-2] + b"XX",
                whole + b"0\r\nX",
                b"\r\n",
            )
        )
        return Input("broken chunks", _chunked(broken + b"0\r\n\r\n"), BAD, may_be_silent=True, is_last=True)

    def half_in_chunks(self) -> Input:
        data = _chunked(_chunk(self.body()))
        return Input("chunks without an end", data, BAD, may_be_silent=True, is_last=True)

    def half_a_form(self) -> Input:
        data = _post(self.body(updates="on"))
        cut = data[: -self.length(1, 60)]
        return Input("half a form", cut, BAD, may_be_silent=True, is_last=True)

    def length_and_chunks(self) -> Input:
        data = _chunked(_chunk(self.body()) + b"0\r\n\r\n", b"Content-Length: 4\r\n")
        return Input("a length and chunks", data, SIGNED | BAD, counts=True, may_be_silent=True)

    def expects_to_go_on(self) -> Input:
        data = _post(self.body(), b"Expect: 100-continue\r\n")
        return Input("asks before it sends", data, SIGNED, counts=True)

    # Heads.

    def broken_head(self) -> Input:
        head = self._random.choice(
            (
                b"POST\r\n\r\n",
                b"POST  HTTP/1.1\r\n\r\n",
                b"POST / HTTP/9.9\r\n\r\n",
                b"\x00\x01\x02\r\n\r\n",
                b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
                b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
                b"POST / HTTP/1.1\r\nno colon here\r\n\r\n",
                b"POST / HTTP/1.1\r\nHost : x\r\n\r\n",
                b"POST / HTTP/1.1\r\nX: a\x00b\r\n\r\n",
                b"POST / HTTP/1.1\r\n folded: x\r\n\r\n",
                b"POST / HTTP/1.1\r\n: x\r\n\r\n",
                b"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
                b"POST / HTTP/1.1\r\nContent-Length: 99999999999999999999999\r\n\r\n",
                b"POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
                b"POST / HTTP/1.1\r\nContent-Length: 0x10\r\n\r\n",
                b"POST / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n",
                b"POST /\xff\xfe HTTP/1.1\r\n\r\n",
                b"G\xc3\x89T / HTTP/1.1\r\n\r\n",
            )
        )
        return Input("broken head", head, OF_THE_SERVER | {404, 405}, may_be_silent=True, is_last=True)

    def large_head(self) -> Input:
        number = self.length(120, 400)
        more = b"".join(b"X-%d: %b\r\n" % (place, b"x" * self.length(1, 60)) for place in range(number))
        return Input(
            "too many headers", _post(self.body(), more), OF_THE_SERVER, may_be_silent=True, is_last=True
        )

    def long_header(self) -> Input:
        more = b"X: " + b"x" * self.length(9_000, 60_000) + b"\r\n"
        return Input(
            "a header too long", _post(self.body(), more), OF_THE_SERVER, may_be_silent=True, is_last=True
        )

    def odd_method(self) -> Input:
        method = self.one(("PUT", "DELETE", "PATCH", "TRACE", "OPTIONS", "CONNECT", "FOO", "post"))
        data = f"{method} {PATH} HTTP/1.1\r\nHost: door\r\nContent-Length: 0\r\n\r\n".encode()
        return Input("odd method", data, frozenset({400, 405}), may_be_silent=True)

    def odd_path(self) -> Input:
        path = self.one(
            (
                "/en/c/%00/sign",
                "/en/c/%ff%fe/sign",
                "/xx/c/nobody/sign",
                "/en/c//sign",
                "//evil.example/sign",
                "/en/c/../../etc/passwd",
                "/en/confirm/%F0%9F",
                "/en/confirm/" + "A" * 3_000,
                "/en/withdraw/%2e%2e%2f",
                "/" + "a/" * 2_000,
                "/%",
                "/?%00",
            )
        )
        answers = frozenset({200, 303, 400, 404, 405, 414, 431})
        return Input("odd path", _post(self.body(), path=path), answers, may_be_silent=True)


def _joined(fields: dict[str, str]) -> bytes:
    return "&".join(f"{name}={value}" for name, value in fields.items()).encode()


def _post(body: bytes, more: bytes = b"", *, kind: str = FORM, path: str = PATH) -> bytes:
    head = f"POST {path} HTTP/1.1\r\nHost: door\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n"
    return head.encode() + more + b"\r\n" + body


def _chunked(chunks: bytes, more: bytes = b"") -> bytes:
    head = f"POST {PATH} HTTP/1.1\r\nHost: door\r\nContent-Type: {FORM}\r\nTransfer-Encoding: chunked\r\n"
    return head.encode() + more + b"\r\n" + chunks


def _chunk(piece: bytes, extension: bytes = b"") -> bytes:
    return b"%x%b\r\n%b\r\n" % (len(piece), extension, piece)


_KINDS: tuple[Callable[[Maker], Input], ...] = (
    Maker.not_utf8,
    Maker.raw_bytes,
    Maker.control_in_name,
    Maker.control_in_address,
    Maker.control_in_comment,
    Maker.unseen_name,
    Maker.unseen_in_name,
    Maker.unseen_in_address,
    Maker.surrogate_as_text,
    Maker.long_name,
    Maker.long_comment,
    Maker.megabyte,
    Maker.bad_address,
    Maker.line_in_address,
    Maker.bad_country,
    Maker.left_out,
    Maker.cut_off_escape,
    Maker.cut_off_escape_in_country,
    Maker.doubled,
    Maker.many_fields,
    Maker.odd_separators,
    Maker.wrong_separators,
    Maker.no_form,
    Maker.noise,
    Maker.wrong_type,
    Maker.odd_type,
    Maker.robot,
    Maker.from_elsewhere,
    Maker.unreadable_headers,
    Maker.made_up_token,
    Maker.odd_chunks,
    Maker.broken_chunks,
    Maker.half_in_chunks,
    Maker.half_a_form,
    Maker.length_and_chunks,
    Maker.expects_to_go_on,
    Maker.broken_head,
    Maker.large_head,
    Maker.long_header,
    Maker.odd_method,
    Maker.odd_path,
)
