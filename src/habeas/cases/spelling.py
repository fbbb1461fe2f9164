"""How words are compared in a search: whatever script, diacritics or transliteration they are written in.

Every word is folded to plain Latin letters and digits: "Mkhaïtir" and "M'kheitir" become "mkhaitir" and
"mkheitir". Names are also kept by their sound, which is what transliterations agree on, their consonants:
"Mkhaïtir", "mkhaytir" and "امخيطير" all sound "mkhtr".
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from anyascii import anyascii

LONGEST = 40  # letters of a folded word that are compared
_FEWEST = 2  # consonants that make a sound: one alone would find half the world

_APOSTROPHES = "'’ʼʻ‘`´ʿʾ"
_PLAIN = re.compile(rf"[^\W_{_APOSTROPHES}][^\W_]*(?:[{_APOSTROPHES}][^\W_]+)*")
_JOINS = re.compile(rf"[{_APOSTROPHES}]")
_NOT_FOLDED = re.compile(r"[^a-z0-9]")
_HAN = re.compile(r"[㐀-䶿一-鿿豈-﫿]")
# Marks over and under letters that writers leave out: of Latin, Greek and Cyrillic, of Hebrew, of Arabic.
_MARKS = re.compile(r"[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u0640]")
_INVISIBLE = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_ARTICLE = "ال"  # "al-", written together with its word
_SHORTEST_WITH_ARTICLE = 5

# What one script writes with one letter and others with several, or with another.
_ALIKE = (
    ("sch", "sh"),
    ("tch", "sh"),
    ("ch", "sh"),
    ("dj", "j"),
    ("ph", "f"),
    ("ck", "k"),
    ("q", "k"),
    ("c", "k"),
    ("x", "ks"),
)
_UNHEARD = str.maketrans("", "", "aeiouyw0123456789")  # vowels, and the letters Arabic writes long ones with
_DOUBLED = re.compile(r"(.)\1+")


@lru_cache(maxsize=16_384)
def words_of(text: str) -> frozenset[str]:
    """Return the words of a text, folded; one with an apostrophe also by its parts."""
    return frozenset(folded for word in _words(text) for folded in _spellings(word) if folded)


@lru_cache(maxsize=16_384)
def sounds_of(name: str) -> frozenset[str]:
    """Return what the words of a name sound like, two in a row also as one: Abd Allah is Abdallah."""
    words = [word for word in _words(name) if word]
    alone = {sound(form) for word in words for form in (word, _without_article(word))}
    together = {sound(first + second) for first, second in pairwise(words)}
    return frozenset((alone | together) - {""})


@dataclass(frozen=True, slots=True)
class Asked:
    """One word that somebody searches for."""

    begins: str  # how a word that fits begins
    sounds: frozenset[str]  # what a name that fits may sound like


def asked(text: str) -> tuple[Asked, ...]:
    """Return the words that a search asks for, in their order, each once."""
    words = {fold(word): word for word in _words(text)}
    return tuple(
        Asked(begins, frozenset({sound(word), sound(_without_article(word))}) - {""})
        for begins, word in words.items()
        if begins
    )


@lru_cache(maxsize=65_536)
def fold(word: str) -> str:
    """Return a word in plain small Latin letters and digits; empty if nothing of it can be written so."""
    return _NOT_FOLDED.sub("", anyascii(word).lower())[:LONGEST]


@lru_cache(maxsize=65_536)
def sound(word: str) -> str:
    """Return the consonants of a word as transliterations agree on them; empty if there are too few."""
    heard = fold(word)
    for written, alike in _ALIKE:
        heard = heard.replace(written, alike)
    heard = _DOUBLED.sub(r"\1", heard.translate(_UNHEARD))
    heard = heard[:-1] if heard.endswith("h") and heard[-2:-1] not in {"k", "s", "g", "t"} else heard
    return heard[:LONGEST] if len(heard) >= _FEWEST else ""  # "x" grew to "ks"


def _words(text: str) -> list[str]:
    if text.isascii():
        return _PLAIN.findall(text)
    bare = _MARKS.sub("", unicodedata.normalize("NFKD", _INVISIBLE.sub("", text)))
    # Vowel signs of Indic scripts are marks too, and part of the word.
    kept = (sign if unicodedata.category(sign)[0] in "LMN" or sign in _APOSTROPHES else " " for sign in bare)
    return [word.strip(_APOSTROPHES) for word in "".join(kept).split()]


def _spellings(word: str) -> set[str]:
    """Return a word folded: whole, its parts between apostrophes, and from each Chinese character on."""
    spelt = {fold(word), fold(_without_article(word)), *map(fold, _JOINS.split(word))}
    return spelt | {fold(word[place.start() :]) for place in _HAN.finditer(word)}


def _without_article(word: str) -> str:
    has_article = word.startswith(_ARTICLE) and len(word) >= _SHORTEST_WITH_ARTICLE
    return word.removeprefix(_ARTICLE) if has_article else word
