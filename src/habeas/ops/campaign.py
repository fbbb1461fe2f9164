"""Campaigns from the shell."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

from habeas.config import load
from habeas.edition.slots import campaign_path, update_path
from habeas.ops.django_setup import staff_named, start_django

if TYPE_CHECKING:
    from habeas.campaigns.actions import Told
    from habeas.campaigns.models import Campaign
    from habeas.campaigns.updates import Words
    from habeas.cases.closing import WordsConsent

_A_DAY = click.DateTime(["%Y-%m-%d"])


@click.group()
def campaign() -> None:
    """Campaigns: list, publish, pause, close, tell news of them."""
    start_django()


_as_json = click.option("--json", "as_json", is_flag=True, help="Say it as JSON.")


def _moving(function: Callable[..., None]) -> Callable[..., None]:
    """Add what every move asks for."""
    for option in (
        _as_json,
        click.option("--yes", is_flag=True, help="Do it without asking."),
        click.option("--by", "name", required=True, help="The staff member who answers for it."),
        click.argument("slug"),
    ):
        function = option(function)
    return function


@campaign.command("list")
@_as_json
def list_(*, as_json: bool) -> None:
    """List campaigns with their state, how many people confirmed, and what the public sees of that."""
    from habeas.campaigns.queries import all_campaigns, standings

    standing_of = standings()
    rows = [(one.slug, one.state, standing_of(one)) for one in all_campaigns()]
    if as_json:
        listed = [
            {"slug": slug, "state": state, "confirmed": standing.confirmed, "shown": standing.shown.total}
            for slug, state, standing in rows
        ]
        click.echo(json.dumps({"campaigns": listed}))
        return
    for slug, state, standing in rows:
        click.echo(f"{slug:30}  {state:7}  {standing.confirmed:>12,}  shown: {standing.shown_in_words}")
    if not rows:
        click.echo("No campaigns yet. They are made in the office.")


@campaign.command()
@_moving
def publish(slug: str, *, name: str, yes: bool, as_json: bool) -> None:
    """Open a campaign, or put its pages out anew."""
    from habeas.campaigns.translations import behind

    for one in () if as_json else behind(page__campaign__slug=slug):
        click.echo(f"Behind since {one.since:%Y-%m-%d}: {one.language} says what {one.source_language} said.")
    _act(slug, name, "publish", {}, yes=yes, as_json=as_json)


@campaign.command()
@_moving
def pause(slug: str, *, name: str, yes: bool, as_json: bool) -> None:
    """Stop taking signatures for a while; the page stays."""
    _act(slug, name, "pause", {}, yes=yes, as_json=as_json)


@campaign.command()
@_moving
@click.option("--outcome", required=True, help="What came of it: released, acquitted, died, …")
@click.option(
    "--consent-on", type=_A_DAY, help="The day, since the release, on which they agreed to their words."
)
@click.option("--consent-how", default="", help="How they agreed: in writing, on the telephone, …")
def close(slug: str, *, name: str, outcome: str, yes: bool, as_json: bool, **told: Any) -> None:
    """End a campaign with its outcome: pages turn, and news goes out by mail."""
    from habeas.campaigns.actions import closing_concerns
    from habeas.campaigns.queries import campaign_named

    concerns = closing_concerns(campaign_named(slug), outcome)
    for concern in () if as_json else concerns:
        click.echo(f"Before you close: {concern}")
    consent = _consent(told["consent_on"], told["consent_how"])
    _act(slug, name, "close", {"outcome": outcome, "consent": consent}, yes=yes, as_json=as_json)


def _consent(on: datetime | None, how: str) -> WordsConsent | None:
    from habeas.cases.closing import WordsConsent
    from habeas.cases.protection import Giver, Identification

    return WordsConsent(on.date(), Giver.PERSON, how, Identification.NAME_ONLY) if on else None


@campaign.command()
@_moving
@click.option(
    "--file", "file", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="A TOML file."
)
@click.option("--language", help="The language of --subject and --text.")
@click.option("--subject", default="", help="What the mail and the heading say.")
@click.option("--text", default="", help="The text; an empty line begins a paragraph.")
@click.option("--mail/--no-mail", "mails", default=True, help="Mail it to those who asked for news.")
@click.option(
    "--correct", "name_of_update", help="Correct this update instead: 2026-03-12. Nobody is mailed."
)
def update(slug: str, *, name: str, yes: bool, as_json: bool, **told: Any) -> None:
    """Tell news of a campaign: on its pages, in its feeds, and by mail to those who asked for it."""
    from habeas.campaigns import actions, updates
    from habeas.campaigns.queries import campaign_named

    found, by, texts = campaign_named(slug), staff_named(name), _texts(told)
    mails, corrected = told["mails"], told["name_of_update"]
    known = updates.update_named(found, corrected) if corrected else None
    updates.check(found, texts)
    if not as_json:
        _say_what_changes(found, texts, mails=mails and known is None)
    if not yes:
        click.confirm(f"{'Correct' if known else 'Publish'} it?", abort=True, err=as_json)
    if known:
        done = actions.correct_update(known, texts, by=by)
    else:
        done = actions.write_update(found, texts, by=by, mails=mails)
    _say_told(done, as_json=as_json)


@campaign.command("take-back")
@_moving
@click.argument("update_name", metavar="UPDATE")
@click.option("--reason", required=True, help="Why; the log keeps it.")
def take_back(slug: str, *, name: str, update_name: str, reason: str, yes: bool, as_json: bool) -> None:
    """Take an update off every page and feed, and stop the mails that have not left."""
    from habeas.campaigns import actions, updates
    from habeas.campaigns.queries import campaign_named

    by, known = staff_named(name), updates.update_named(campaign_named(slug), update_name)
    if not yes:
        click.confirm(f"Take back the update {update_name} of {slug}?", abort=True, err=as_json)
    _say_told(actions.take_back_update(known, by=by, reason=reason), as_json=as_json)


def _texts(told: dict[str, Any]) -> dict[str, Words]:
    """Return what was written, by language, from the file or from the options."""
    from habeas.campaigns.updates import Words

    if told["file"] and (told["subject"] or told["text"]):
        raise click.UsageError("give --file, or --subject and --text with their --language, not both")
    if told["file"]:
        return _read_texts(told["file"])
    if not told["language"]:
        raise click.UsageError("say --language, or give a --file")
    return {told["language"]: Words(told["subject"], told["text"])}


def _read_texts(file: Path) -> dict[str, Words]:
    from habeas.campaigns.updates import Words

    try:
        raw = msgspec.toml.decode(file.read_bytes(), type=dict[str, dict[str, str]])
        return {language: Words(**words) for language, words in raw.items()}
    except (msgspec.DecodeError, UnicodeDecodeError, TypeError) as error:
        told = "it holds a table a language, each with a subject and a text"
        raise click.UsageError(f"{file} cannot be read as an update: {told}") from error


def _say_what_changes(campaign: Campaign, texts: dict[str, Words], *, mails: bool) -> None:
    from habeas.campaigns import updates
    from habeas.delivery.news_status import mails_by_language, news_status, news_status_path

    click.echo(f"On the pages and feeds of {campaign.slug} in {', '.join(texts)}.")
    for concern in updates.concerns(campaign, texts) if mails else ():
        click.echo(f"Before you publish: {concern}")
    status = news_status(news_status_path(load())) if mails else None
    for language, people in mails_by_language(
        status.wanted_of(campaign.ledger_id) if status else {}, texts
    ).items():
        click.echo(f"About {sum(people.values()):,} mails in {language}, to those who asked for news.")
    if mails and status is None:
        click.echo("It is mailed to those who asked for news; the clerk has not said how many they are.")


def _say_told(done: Told, *, as_json: bool) -> None:
    from habeas.campaigns import updates

    update = done.update
    name = next(name for name, one in updates.all_of(update.campaign) if one == update)
    language = next(iter(updates.words_of(update)))
    url = load().door_url + update_path(update.campaign.slug, language, name)
    if as_json:
        click.echo(json.dumps({"update": name, "edition": done.edition, "url": url}))
    elif update.taken_back_on:
        click.echo(f"Taken back; edition {done.edition} says so at {url}")
    else:
        click.echo(f"Update {name} stands in edition {done.edition} at {url}")


def _act(slug: str, name: str, verb: str, more: dict[str, Any], *, yes: bool, as_json: bool) -> None:
    from habeas.campaigns import actions
    from habeas.campaigns.queries import campaign_named

    found, by = campaign_named(slug), staff_named(name)
    config, codes = load(), set(found.pages.filter(live=True).values_list("locale__language_code", flat=True))
    languages = [code for code in config.site.languages if code in codes]
    if not yes:
        click.confirm(
            f"{verb.capitalize()} {slug}, now {found.state}, in {', '.join(languages) or 'no language'}?",
            abort=True,
        )
    moved = getattr(actions, verb)(found, by=by, **more)
    url = config.door_url + campaign_path(slug, next(iter(languages), config.site.languages[0]))
    if as_json:
        click.echo(
            json.dumps({"slug": slug, "state": moved.campaign.state, "edition": moved.edition, "url": url})
        )
    else:
        click.echo(f"{slug} is {moved.campaign.state}; edition {moved.edition} shows it at {url}")
