"""Countries by name, in the languages lists are kept in: CLDR's names, and what people call them besides."""

from difflib import get_close_matches
from functools import cache, lru_cache

from babel import Locale
from babel.core import get_global

from habeas.cases.tables.cells import fold, plain
from habeas.lib import languages
from habeas.lib.errors import HabeasError

_LANGUAGES = (
    *("en", "fr", "es", "ar", "pt", "de", "it", "ru", "zh", "zh_Hant", "fa", "tr", "nl", "pl", "uk", "ja"),
    *("ko", "vi", "id", "hi", "bn", "ur", "sw", "am", "my", "th", "he", "el", "sv", "da", "nb", "fi", "cs"),
    *("ro", "hu", "ca", "be", "ka", "hy", "az", "uz", "kk", "ps", "ku"),
)  # fmt: skip
# Other names in English, French, Spanish and Arabic, former ones that have one successor, and short forms.
_ALIASES: dict[str, tuple[str, ...]] = {
    "AE": ("UAE", "Emirates", "Émirats", "EAU", "الإمارات"),
    "BA": ("Bosnia", "Bosnie"),
    "BN": ("Brunei Darussalam",),
    "BO": ("Plurinational State of Bolivia",),
    "BY": ("Byelorussia", "Biélorussie", "Bielorrusia"),
    "CD": (
        *("DR Congo", "DRC", "D.R. Congo", "Democratic Republic of the Congo"),
        *("Democratic Republic of Congo",),
        *("Congo-Kinshasa", "Congo (Kinshasa)", "Congo, Democratic Republic of the", "Congo DR", "Zaire"),
        *("RDC",),
        *("Congo, The Democratic Republic of the", "République démocratique du Congo", "RD Congo", "Zaïre"),
        *("República Democrática del Congo", "RD del Congo", "جمهورية الكونغو الديمقراطية"),
    ),
    "CF": ("CAR", "Centrafrique", "RCA"),
    "CG": (
        *("Republic of the Congo", "Republic of Congo", "Congo-Brazzaville", "Congo (Brazzaville)"),
        *("Congo, Republic of the", "République du Congo", "República del Congo"),
    ),
    "CI": ("Ivory Coast", "Cote d'Ivoire", "Costa de Marfil", "ساحل العاج"),
    "CN": ("People's Republic of China", "PRC", "China (Tibet)", "China (Xinjiang)", "Mainland China"),
    "CV": ("Cape Verde", "Cap-Vert"),
    "CZ": ("Czech Republic", "République tchèque", "República Checa"),
    "FM": ("Federated States of Micronesia",),
    "GB": ("UK", "U.K.", "Great Britain", "Britain", "England", "Scotland", "Wales", "Northern Ireland",
           "United Kingdom of Great Britain and Northern Ireland", "Grande-Bretagne", "Royaume Uni",
           "Gran Bretaña", "بريطانيا"),
    "GM": ("The Gambia", "Gambia, The"),
    "GW": ("Guinea Bissau", "Guinée Bissau"),
    "HK": ("Hong Kong", "Hong-Kong", "Hongkong", "Hong Kong SAR"),
    "IE": ("Republic of Ireland", "Eire"),
    "IR": ("Islamic Republic of Iran", "Iran, Islamic Republic of"),
    "KG": ("Kyrgyz Republic", "Kirghizistan", "Kirghizstan"),
    "KP": ("North Korea", "DPRK", "Democratic People's Republic of Korea", "Korea, North", "Corée du Nord"),
    "KR": ("South Korea", "Republic of Korea", "Korea, South", "Korea, Republic of", "Corée du Sud"),
    "LA": ("Lao PDR", "Lao People's Democratic Republic"),
    "LY": ("Libyan Arab Jamahiriya",),
    "MD": ("Republic of Moldova", "Moldova, Republic of", "Moldavia", "Moldavie"),
    "MK": ("Macedonia", "FYROM", "Republic of North Macedonia", "Republic of Macedonia", "Macédoine"),
    "MM": ("Burma", "Birmanie", "Birmania", "Myanmar", "Myanmar/Burma", "Burma/Myanmar", "بورما"),
    "MO": ("Macau", "Macao"),
    "PS": (
        *("Palestine", "State of Palestine", "Palestinian Territory", "Occupied Palestinian Territory"),
        *("OPT",),
        *("Occupied Palestinian Territories", "Palestinian Authority", "Gaza", "Gaza Strip", "West Bank"),
        *("Palestinian Territory, Occupied", "West Bank and Gaza", "Bande de Gaza", "Cisjordanie", "غزة"),
        *("Territoires palestiniens occupés", "Territoire palestinien occupé", "قطاع غزة", "الضفة الغربية"),
    ),
    "RU": ("Russian Federation", "Fédération de Russie", "Federación de Rusia"),
    "SA": ("KSA",),
    "SK": ("Slovak Republic",),
    "ST": ("Sao Tome and Principe", "São Tomé e Príncipe"),
    "SY": ("Syrian Arab Republic", "République arabe syrienne"),
    "SZ": ("Swaziland",),
    "TL": ("East Timor", "Timor Oriental", "Timor-Est"),
    "TR": ("Turkey", "Turkiye", "Republic of Turkey", "Türkiye (Turkey)", "Turkey/Türkiye",
           "Turkey (Türkiye)"),
    "TW": ("Republic of China", "Taiwan, Province of China", "Chinese Taipei"),
    "TZ": ("United Republic of Tanzania", "Tanzania, United Republic of"),
    "US": ("USA", "U.S.A.", "U.S.", "US", "United States of America", "America", "États-Unis d'Amérique",
           "EE.UU.", "EEUU", "EUA"),
    "VA": ("Holy See", "Vatican", "Saint-Siège"),
    "VE": ("Bolivarian Republic of Venezuela", "Venezuela, Bolivarian Republic of"),
    "VN": ("Viet Nam", "Vietnam"),
    "XK": ("Kosovo",),
    "YE": ("Republic of Yemen",),
}  # fmt: skip
# Names that stand for more than one country: nobody but the list's reader can say which.
_OF_SEVERAL: dict[str, tuple[str, ...]] = {
    "Congo": ("CD", "CG"),
    "Korea": ("KP", "KR"),
    "Israel and the Occupied Palestinian Territory": ("IL", "PS"),
    "Israel and the Occupied Palestinian Territories": ("IL", "PS"),
    "Israel and Palestine": ("IL", "PS"),
    "Israel/Palestine": ("IL", "PS"),
    "Israël et territoires palestiniens": ("IL", "PS"),
    "Yugoslavia": ("RS", "ME", "BA", "HR", "MK", "SI", "XK"),
    "Former Yugoslavia": ("RS", "ME", "BA", "HR", "MK", "SI", "XK"),
    "Serbia and Montenegro": ("RS", "ME"),
    "Czechoslovakia": ("CZ", "SK"),
    "Soviet Union": ("RU", "UA", "BY", "GE"),
    "USSR": ("RU", "UA", "BY", "GE"),
}
_FEW = 3  # countries that share a name; of more we may not know all
_TYPED_LONG = 3  # letters of an alpha-3 code


class NotACountry(HabeasError):
    """A name is no country's, or that of several; the message says what to do."""


@lru_cache(maxsize=4096)
def country_of(text: str) -> str:
    """Return the two letters (ISO 3166-1) of the country that a cell names, in any of many languages.

    raises  NotACountry
    """
    name = plain(text)
    if name in languages.country_codes():
        return name
    codes = _by_name().get(_key(name), ()) or _by_long_code(name)
    if len(codes) == 1:
        return codes[0]
    raise NotACountry(_several(codes) if codes else _not_one(name))


def _several(codes: tuple[str, ...]) -> str:
    named = [f"{_english(code)} ({code})" for code in codes]
    which = " or ".join(named) if len(named) <= _FEW else f"{', '.join(named)}, perhaps another"
    return f"this name stands for several countries: {which}; say which under [country] in the mapping"


@lru_cache(maxsize=4096)
def _not_one(name: str) -> str:
    close = get_close_matches(_key(name), _by_name(), n=1, cutoff=0.8)
    codes = _by_name()[close[0]] if close else ()
    meant = "".join(f"; did you mean {_english(code)} ({code})?" for code in codes[:1])
    return f"no country we know has this name{meant or '.'} Say which under [country] in the mapping"


def _english(code: str) -> str:
    return dict(languages.countries(languages.DEFAULT))[code]


def _by_long_code(name: str) -> tuple[str, ...]:
    if len(name) != _TYPED_LONG or not name.isupper():
        return ()
    found = get_global("territory_aliases").get(name, ())
    return tuple(code for code in found if code in languages.country_codes())


def _key(name: str) -> str:
    words = ["saint" if word == "st" else word for word in fold(name).split()]
    if words and all(len(word) == 1 for word in words):
        return "".join(words)  # U.A.E.
    return " ".join(word for word in words if word not in {"the", "and"})


@cache
def _by_name() -> dict[str, tuple[str, ...]]:
    """Return which countries a folded name may mean; English and the lists above go first."""
    found: dict[str, set[str]] = {}
    for language in reversed(_LANGUAGES):
        for code in languages.country_codes():
            name = Locale.parse(language).territories.get(code)
            if name:
                _add(found, name, code, alone=language == "en")
    for code, aliases in _ALIASES.items():
        for alias in aliases:
            _add(found, alias, code, alone=True)
    for name, codes in _OF_SEVERAL.items():
        found[_key(name)] = set(codes)
    return {name: tuple(sorted(codes)) for name, codes in found.items() if name}


def _add(found: dict[str, set[str]], name: str, code: str, *, alone: bool) -> None:
    key = _key(name)
    found[key] = {code} if alone else found.get(key, set()) | {code}
