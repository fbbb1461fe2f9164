"""What the public templates are given: plain frozen values, nothing that can reach a database.

`render.py` fills these from campaigns and cases; `public/*.html` read nothing else.
"""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Site:
    """The organisation and the frame every page shares."""

    name: str  # "Habeas", or the organisation's name
    about: str  # one sentence on who speaks here
    contact: str  # where people write to, may be empty


@dataclass(frozen=True, slots=True)
class LanguageLink:
    """The same page in one language."""

    code: str
    name: str  # in the language itself
    direction: str  # "ltr" or "rtl"
    url: str  # path on the door
    is_current: bool


@dataclass(frozen=True, slots=True)
class Found:
    """How a page looks elsewhere: in search results, in a chat, in a reader of feeds."""

    picture: str = ""  # absolute address of the picture that a link carries; empty: none
    feed: str = ""  # path of the Atom feed; empty: none
    kind: str = "website"  # as Open Graph has it: "website" or "article"


@dataclass(frozen=True, slots=True)
class Frame:
    """Everything around a page's own content."""

    site: Site
    language: LanguageLink
    languages: tuple[LanguageLink, ...]  # every language this page exists in, the current one included
    stylesheet: str  # path of the hashed stylesheet
    icon: str  # path of the hashed icon
    script: str  # path of the hashed module; pages work without it
    home_url: str
    privacy_url: str
    counting_url: str  # of "How we count"
    legal_url: str
    accessibility_url: str
    canonical_url: str  # absolute; empty where the page is not to be found by search
    origin: str  # scheme and host of the door, for absolute links; no trailing slash
    path: str = ""  # of the page, for the address over Tor; empty where it has none of its own
    onion: str = ""  # scheme and host of the same site as a Tor onion service; empty if there is none
    found: Found = Found()
    is_framed: bool = False  # for other sites to show in a frame: no masthead, links leave the frame
    source: str = ""  # where the source code of this installation is; empty: not said


@dataclass(frozen=True, slots=True)
class SourceLine:
    """Who says so."""

    title: str
    publisher: str
    url: str  # may be empty


@dataclass(frozen=True, slots=True)
class OtherDate:
    """A source that gives another date for the same event."""

    when: str  # in words: "on 2 January 2014"
    source: SourceLine


@dataclass(frozen=True, slots=True)
class Moment:
    """One line of the timeline."""

    when: str  # as people say it: "5 January 2014", "January 2015", "between December 2014 and 2016"
    machine_date: str  # "2014-01-05", "2014-01" or "2014" for <time datetime>; empty for a range
    kind: str  # the registry's event type: "arrest", "release"
    label: str  # the event type in words: "Arrest"
    text: str  # what happened, in the page's language; may be empty
    sources: tuple[SourceLine, ...]
    others: tuple[OtherDate, ...]  # disagreement, shown calmly; usually empty


@dataclass(frozen=True, slots=True)
class CitedFigure:
    """A number with who counted it."""

    text: str
    source: SourceLine  # without a title: it is our own count
    as_of: str = ""  # of our own count, in words: "12 March 2026"
    machine_date: str = ""  # the same as "2026-03-12"
    how_url: str = ""  # of our own count: where "How we count" tells of it


@dataclass(frozen=True, slots=True)
class Correction:
    """A number that was wrong, and what stands for it: "Corrected on …: we had written …"."""

    text: str
    machine_date: str  # "2026-03-12"


@dataclass(frozen=True, slots=True)
class CountedFigure:
    """A number of our own as "How we count" explains it."""

    anchor: str  # unique on the page
    words: str  # "More than 168 arrests in Mauritania since 2014"
    question: str
    what: str  # what is counted, in words
    when: str  # the window, in words
    where: str  # may be empty: everywhere
    sure: tuple[str, ...]  # what is sure enough, a sentence each
    as_of: str
    machine_date: str
    bounds: str  # the least and the most, in words
    meaning: str  # what "more than" promises
    corrections: tuple[Correction, ...]


@dataclass(frozen=True, slots=True)
class News:
    """One update, newest first on the page."""

    when: str
    machine_date: str
    title: str
    text: str
    url: str = ""  # path of its own page
    key: str = ""  # the same for the same update in every language
    corrected: str = ""  # "Corrected on 12 March 2026."; empty: it says what it always said
    changed: str = ""  # the day on which it last changed: "2026-03-12"
    taken_back: str = ""  # what its page says once it was taken back; it says nothing else then


@dataclass(frozen=True, slots=True)
class Way:
    """A program to send a link with."""

    name: str
    url: str


@dataclass(frozen=True, slots=True)
class Share:
    """What people send to others, and how."""

    text: str
    link: str  # absolute
    mail: str  # a mailto: address
    ways: tuple[Way, ...]
    qr: str = ""  # path of the code that phones read; empty: none
    poster: str = ""  # path of the PDF; empty: none
    letter: str = ""  # as above
    embed: str = ""  # lines of HTML that show the form on another site; empty: none


@dataclass(frozen=True, slots=True)
class Words:
    """The person's own words."""

    quote: str
    said_by: str
    occasion: str  # may be empty


@dataclass(frozen=True, slots=True)
class NextAction:
    """Who still waits."""

    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Portrait:
    """A picture of the person, for every screen."""

    sources: tuple[tuple[str, str], ...]  # (content type, srcset), the lightest first
    src: str  # for browsers that know none of these
    width: int
    height: int
    credit: str  # who took it; may be empty


@dataclass(frozen=True, slots=True)
class CampaignView:
    """A campaign as one page shows it."""

    slug: str
    state: str  # "open", "paused", "won" or "closed"
    url: str  # path of the campaign page
    title: str  # "Tell TARGET to DEMAND"
    person: str  # the name as it may be published
    person_elsewhere: str  # the name in another script, may be empty
    lede: str  # one line: why it is urgent
    story: tuple[str, ...]  # paragraphs
    target_office: str
    target_holder: str
    demands: tuple[str, ...]
    timeline: tuple[Moment, ...]  # in the editor's order
    figures: tuple[CitedFigure, ...]
    corrections: tuple[Correction, ...] = ()  # of numbers the page has shown, newest first
    counted: tuple[CountedFigure, ...] = ()  # its numbers of our own, for "How we count"
    news: tuple[News, ...] = ()
    taken_back: tuple[News, ...] = ()  # updates that nothing leads to any more
    outcome: str = ""  # headline once won or closed: "Mohamed Mkhaïtir is free"
    outcome_text: str = ""
    closed_on: str = ""  # in words, of the closing; may be empty
    thanks: str = ""
    words: Words | None = None
    next_action: NextAction | None = None
    chain: tuple[NextAction, ...] = ()  # who waits, in the order in which they are offered to a signer
    share: Share | None = None
    deadline: str = ""  # "Hearing on 14 December 2026"; empty if there is none, or it is over
    deadline_on: date | None = None
    opened_on: date | None = None
    reached: int = 0  # the milestone that pictures of its links name: more people stand behind it; 0: none
    was_held: str = ""  # of somebody who is free: "2,034 days (5 years, …)"; empty if it may not be said
    feed: str = ""  # path of the Atom feed of its news
    portrait: Portrait | None = None  # where nobody agreed to be shown, the name stands alone
    is_demonstration: bool = False  # an invented case, said so on the page


@dataclass(frozen=True, slots=True)
class HomeView:
    """The home page: who needs people now, and what came of earlier actions."""

    waiting: tuple[CampaignView, ...]  # the most urgent first, paused ones last
    ended: tuple[CampaignView, ...] = ()  # won first, then closed
