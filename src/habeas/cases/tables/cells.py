"""One cell of somebody else's table, made plain: entities, blanks, names in two scripts, several links."""

import html
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlsplit

# Invisible signs that programs leave behind. The joiners U+200C and U+200D stay: Persian names need them.
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\ufeff"))
_BLANKS = re.compile(r"\s+")
_NOTHING = frozenset({"", "-", "–", "—", "?", "n/a", "n.a.", "na", "none", "null", "nil", "nan", "#n/a", "."})
_NOT_KNOWN = frozenset(
    word.strip()
    for words in (
        "unknown; not known; name unknown; unknown name; unidentified; unnamed; anonymous; undisclosed",
        "name withheld; withheld; not disclosed; not available; not specified; date unknown; unknown date",
        "inconnu; inconnue; nom inconnu; anonyme; non identifié; non identifiée; non communiqué",
        "desconocido; desconocida; anónimo; anónima; sin identificar; no identificado; se desconoce",
        "مجهول; مجهولة; مجهول الهوية; غير معروف; غير معروفة; غير معلوم",
    )
    for word in words.split(";")
)
# The first word of the Unicode name of a letter, and the script as ISO 15924 writes it.
_SCRIPTS = {
    word: code
    for code, names in {
        "Latn": "LATIN", "Arab": "ARABIC", "Cyrl": "CYRILLIC", "Grek": "GREEK", "Hebr": "HEBREW",
        "Hani": "CJK BOPOMOFO", "Jpan": "HIRAGANA KATAKANA", "Hang": "HANGUL", "Deva": "DEVANAGARI",
        "Beng": "BENGALI", "Thai": "THAI", "Ethi": "ETHIOPIC", "Armn": "ARMENIAN", "Geor": "GEORGIAN",
        "Mymr": "MYANMAR", "Khmr": "KHMER", "Laoo": "LAO", "Taml": "TAMIL", "Telu": "TELUGU",
        "Sinh": "SINHALA", "Tibt": "TIBETAN", "Gujr": "GUJARATI", "Guru": "GURMUKHI", "Knda": "KANNADA",
        "Mlym": "MALAYALAM", "Mong": "MONGOLIAN", "Syrc": "SYRIAC", "Thaa": "THAANA", "Orya": "ORIYA",
        "Tfng": "TIFINAGH",
    }.items()
    for word in names.split()
}  # fmt: skip
_UNDETERMINED = "Zyyy"
_IN_BRACKETS = re.compile(r"\s*[(\[（]([^()\[\]（）]+)[)\]）]\s*")
_BETWEEN_NAMES = re.compile(r"\s*[/|;\n]\s*")
_OF_SEVERAL = re.compile(r"[()\[\]（）/|;]")  # what may stand between spellings, or around one
_LINK = re.compile(r"https?://[^\s<>\"|]+", re.IGNORECASE)
_BARE_LINK = re.compile(r"(?:www\.)[^\s<>\"|]+\.[^\s<>\"|]+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Name:
    """One spelling of a name."""

    text: str
    script: str  # ISO 15924


@lru_cache(maxsize=16_384)
def plain(text: str) -> str:
    """Return a cell with entities read, invisible signs dropped, and one blank where there were several."""
    return _BLANKS.sub(" ", _readable(text)).strip()


def lines(text: str) -> str:
    """Return a cell as `plain` does, its line breaks kept."""
    return "\n".join(filter(None, (plain(line) for line in _readable(text).splitlines())))


def _readable(text: str) -> str:
    if text.isascii() and "&" not in text:
        return _without_controls(text)
    text = html.unescape(html.unescape(text)) if "&" in text else text  # exported twice: &amp;eacute;
    return _without_controls(unicodedata.normalize("NFC", text.translate(_INVISIBLE)))


def _without_controls(text: str) -> str:
    if text.isprintable():
        return text
    return "".join(c if c in "\n\r\t" or unicodedata.category(c) not in {"Cc", "Cs"} else " " for c in text)


@lru_cache(maxsize=16_384)
def fold(text: str) -> str:
    """Return what stays the same however a word is typed: no accents, capitals or signs."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    kept = (c if c.isalnum() else " " for c in apart if not unicodedata.combining(c))
    return " ".join("".join(kept).split())


def is_empty(text: str) -> bool:
    """Tell whether a cell says nothing: blank, a dash, n/a."""
    return text.casefold() in _NOTHING


@lru_cache(maxsize=16_384)
def is_unknown(text: str) -> bool:
    """Tell whether a cell says that it is not known, in the words lists use."""
    word = text.casefold().strip(" .()[]")
    return is_empty(word) or word in _NOT_KNOWN


def names(text: str) -> list[Name]:
    """Return the spellings of a name in a cell: "Sara Haddad (سارة حداد)" has two.

    A part in brackets is another spelling only where it is in another script; otherwise it belongs to
    the name, as a nickname or an office.
    """
    whole = plain(text)
    if whole and not _OF_SEVERAL.search(whole):
        return [Name(whole, script(whole))]
    parts = [part for part in _BETWEEN_NAMES.split(whole) if part]
    scripts = [script(part) for part in parts]
    if len(set(scripts)) < len(parts):  # "Ali/Aly": we do not know what the sign stands for
        parts = [whole]
    found = [one for part in parts for one in _out_of_brackets(part)]
    return [Name(one, script(one)) for one in dict.fromkeys(found)]


def _out_of_brackets(part: str) -> list[str]:
    inside = [one for one in _IN_BRACKETS.findall(part) if script(one) != _UNDETERMINED]
    outside = plain(_IN_BRACKETS.sub(" ", part))
    if len(inside) == 1 and script(outside) not in {_UNDETERMINED, script(inside[0])}:
        return [outside, plain(inside[0])]
    return [part]


@lru_cache(maxsize=4096)
def script(text: str) -> str:
    """Return the script most letters of a text are in (ISO 15924); Zyyy if it has none we know."""
    if text.isascii():
        return "Latn" if any(map(str.isalpha, text)) else _UNDETERMINED
    count: dict[str, int] = {}
    for letter in filter(str.isalpha, text):
        known = "Latn" if letter.isascii() else _script_of_letter(letter)
        count[known] = count.get(known, 0) + 1
    count.pop(_UNDETERMINED, None)
    return max(count, key=lambda known: count[known], default=_UNDETERMINED)


@lru_cache(maxsize=4096)
def _script_of_letter(letter: str) -> str:
    return _SCRIPTS.get(unicodedata.name(letter, "").partition(" ")[0], _UNDETERMINED)


def links(text: str) -> list[str]:
    """Return the web addresses in a cell, each once, in order; one without "https://" gets it."""
    text = _without_controls(html.unescape(text)).translate(_INVISIBLE)
    found = _LINK.findall(text) or ["https://" + one for one in _BARE_LINK.findall(text)]
    apart = (one.rstrip(".,;)]") for whole in found for one in _at_the_next(whole))
    return [one for one in dict.fromkeys(apart) if _is_link(one)]


def _at_the_next(whole: str) -> list[str]:
    """Return the addresses of "https://a.example,https://b.example"; one inside another's path stays."""
    return re.split(r"[,;](?=https?://)", whole)


def _is_link(address: str) -> bool:
    try:
        return bool(urlsplit(address).hostname)
    except ValueError:  # "http://[broken"
        return False
