"""The bytes that people's browsers send: pages asked for, forms filled in, links in mails pressed.

Every person is a number. Their address is unique, so is the network they come from; what depends on a
person has a fixed width, so that a request is a template filled in, at a microsecond each.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlencode

from habeas.lib import clock
from habeas.ops.bench.ground import PAGE
from habeas.vault import keys, links
from habeas.vault.pseudonym import Pseudonyms

_NUMBER = "0123456789"  # stands in a template where the person's number goes
BROWSER = (  # what one sends with every request
    "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0\r\n"
    "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8\r\n"
    "Accept-Language: fr,fr-FR;q=0.8,en-US;q=0.5,en;q=0.3\r\n"
    "Accept-Encoding: gzip, deflate, br, zstd\r\n"
    "Connection: keep-alive\r\n"
    "Sec-Fetch-Dest: document\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Site: same-origin\r\n"
)
_FORM = "Content-Type: application/x-www-form-urlencoded\r\n"
PEOPLE = (
    {"name": "María Ibáñez", "country": "ES", "updates": "on"},
    {"name": "John Smith", "country": "US"},
    {"name": "محمد ولد الشيخ", "country": "MR", "updates": "on"},
    {"name": "Aïssata Diallo", "country": "SN"},
    {"name": "Zoë van der Berg", "country": "NL", "updates": "on"},
    {"name": "佐藤 花子", "country": "JP"},
    {"name": "Олена Коваленко", "country": "UA", "updates": "on"},
    {"name": "Luiz Inácio Pereira de Souza", "country": "BR"},
)
_NETWORKS = 200 * 65_536  # of 256 addresses, from 1.0.0.0 on: nobody shares one with thirty others
_STRIDE = 7_919  # prime: neighbours in time come from far apart

DUPLICATE_EVERY = 20  # one sign in twenty is somebody signing again
LEFT_OPEN_EVERY = 5  # one person in five does not confirm
_CONFIRM_AFTER = 5_000  # requests later


def replay(host: str, first: int, number: int, key_folder: Path, campaign: bytes) -> Iterator[bytes]:
    """Yield a day of `number` signatures with their confirmations, each some time after its signature.

    A person numbered `first` or later signs; one sign in twenty is a repetition; four in five confirm.
    """
    sign, confirm = signer(host), confirmer(host, key_folder, campaign)
    for place in range(number):
        yield sign(first + _person(place))
        if _confirms(place - _CONFIRM_AFTER):
            yield confirm(first + place - _CONFIRM_AFTER)
    for place in range(max(0, number - _CONFIRM_AFTER), number):
        if _confirms(place):
            yield confirm(first + place)


def confirmations(number: int) -> int:
    """Return how many of the people in a day of `number` signatures confirm, and so count."""
    people = number - number // DUPLICATE_EVERY
    return people - -(-people // LEFT_OPEN_EVERY)


def _person(place: int) -> int:
    """Return who signs at a place of the day: usually somebody new."""
    return place - DUPLICATE_EVERY // 2 if _is_duplicate(place) else place


def _is_duplicate(place: int) -> bool:
    return place % DUPLICATE_EVERY == DUPLICATE_EVERY - 1


def _confirms(place: int) -> bool:
    if place < 0 or _is_duplicate(place):
        return False
    people_before = place - place // DUPLICATE_EVERY
    return people_before % LEFT_OPEN_EVERY != 0


def signer(host: str) -> Callable[[int], bytes]:
    """Return what makes the signature of a person from their number."""
    templates = [_sign_template(host, person) for person in PEOPLE]
    several = len(templates)

    def sign(person: int) -> bytes:
        a, b, c = _network(person)
        return templates[person % several] % (a, b, c, person)

    return sign


def confirmer(host: str, key_folder: Path, campaign: bytes) -> Callable[[int], bytes]:
    """Return what makes the confirmation of a person from their number: the press of a mailed button."""
    link_key = keys.link_key(key_folder)
    pseudonyms = Pseudonyms(keys.index_key(key_folder, campaign))
    expires = clock.this_hour() + 48
    head = f" HTTP/1.1\r\nHost: {host}\r\n{BROWSER}{_FORM}Content-Length: 0\r\n\r\n"

    def confirm(person: int) -> bytes:
        token = links.make(
            link_key,
            links.Purpose.CONFIRM,
            campaign=campaign,
            signer=pseudonyms.of(address(person)),
            round_=0,
            expires_hour=expires,
        )
        return f"POST /en/confirm/{token}{head}".encode()

    return confirm


def address(person: int) -> str:
    """Return the mail address of a person, as it is typed and as it is compared."""
    return f"someone.{person:010}@example.org"


def _sign_template(host: str, person: dict[str, str]) -> bytes:
    """Return a request to be filled in with three numbers of a network and the number of the person."""
    body = urlencode({**person, "email": f"someone.{_NUMBER}@example.org", "website": ""})
    head = (
        f"POST {PAGE}sign HTTP/1.1\r\nHost: {host}\r\n{BROWSER}Origin: http://{host}\r\n"
        f"{_FORM}Content-Length: {len(body)}\r\nX-Forwarded-For: "
    )
    before, after = (part.replace("%", "%%") for part in body.split(_NUMBER))
    filled_in = f"%d.%d.%d.1\r\n\r\n{before}%010d{after}"
    return (head.replace("%", "%%") + filled_in).encode()


def _network(person: int) -> tuple[int, int, int]:
    block = person * _STRIDE % _NETWORKS
    return 1 + (block >> 16), block >> 8 & 255, block & 255
