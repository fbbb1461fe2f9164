"""The places in a page that the door fills: the form (which may carry a person's mistakes) and the count."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from habeas.edition.manifest import Card
from habeas.edition.templating import environment
from habeas.lib import languages

FORM = b"<!--slot:form-->"
COUNT = b"<!--slot:count-->"


@dataclass(frozen=True, slots=True)
class FormLook:
    """What a form shows besides its own words."""

    values: Mapping[str, str] = field(default_factory=dict)  # field: what the person typed
    errors: Mapping[str, str] = field(
        default_factory=dict
    )  # field: what is wrong with it, in the page's language
    step: str = ""  # token of the second step; empty: the form itself is shown
    notice: str = ""  # what the second step says besides, in the page's language


def render_form(card: Card, language: str, privacy_url: str, look: FormLook | None = None) -> bytes:
    """Return the sign form of `card` in `language` as HTML; blank unless `look` says otherwise.

    With a step, one button stands in its place and what was typed is carried along, unseen.
    """
    look = look or FormLook()
    name = "second_step.html" if look.step else "form.html"
    template = environment("habeas.edition", "parts", language).get_template(name)
    text = template.render(
        step=look.step,
        notice=look.notice,
        action=sign_path(card.slug, language),
        button=card.buttons[language],
        values=look.values,
        errors=look.errors,
        likely=languages.likely_countries(language),
        countries=languages.countries(language),
        asks_comment=card.asks_comment,
        privacy_url=privacy_url,
    )
    return text.encode()


def render_count(card: Card, language: str, total: int | None, *, is_exact: bool = True) -> bytes:
    """Return what the public is told of the number of people who confirmed, as HTML in `language`.

    total     what is told; None: no number, and where people can sign, an invitation in its place
    is_exact  False: more people than `total` confirmed
    """
    template = environment("habeas.edition", "parts", language).get_template("count.html")
    text = template.render(
        total=total,
        number=languages.number(total or 0, language),
        is_exact=is_exact,
        is_open=card.state == "open",
        every=card.count_rule.count_every,
    )
    return text.encode()


def fill(body: bytes, *, form: bytes, count: bytes) -> bytes:
    """Return the page `body` with its slots filled."""
    return body.replace(FORM, form).replace(COUNT, count)


def campaign_path(slug: str, language: str) -> str:
    """Return the address of a campaign's page on the door."""
    return f"/{language}/c/{slug}/"


def sign_path(slug: str, language: str) -> str:
    """Return the address that takes signatures."""
    return f"/{language}/c/{slug}/sign"


def thanks_path(slug: str, language: str) -> str:
    """Return the address a signer is sent to."""
    return f"/{language}/c/{slug}/thanks/"


def confirmed_path(slug: str, language: str) -> str:
    """Return the address a person who confirmed is sent to."""
    return f"/{language}/c/{slug}/confirmed/"
