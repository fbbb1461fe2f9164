"""The `habeas` command: what there is; each part in a module of its own."""

import sys
from importlib import import_module
from typing import NoReturn

import click

from habeas import __version__
from habeas.lib.errors import HabeasError

# Loaded when called: `habeas door` must not load Django, and `habeas --help` should be quick.
_COMMANDS = {
    "demo": ("habeas.ops.demo", "Prepare the demonstration and run it."),
    "up": ("habeas.ops.up", "Run door, office and clerk on this machine."),
    "door": ("habeas.ops.door", "Run the public side only; door status, door level: under attack."),
    "office": ("habeas.ops.run", "Run the staff side only."),
    "clerk": ("habeas.ops.run", "Run the clerk only: counts signatures and sends mail."),
    "case": ("habeas.ops.case", "Cases: import, export, show, take-down, put-back."),
    "figure": ("habeas.ops.figure", "Figures: list, show, define, approve."),
    "campaign": ("habeas.ops.campaign", "Campaigns: list, publish, pause, close."),
    "staff": ("habeas.ops.staff", "Staff accounts: add, password."),
    "mailbox": ("habeas.ops.mailbox", "Read the mail of the demonstration."),
    "bench": ("habeas.ops.bench", "Measure pages, signatures and the fold on this machine."),
    "verify": ("habeas.ops.verify", "Check that no entry is damaged and the store agrees with them all."),
    "doctor": ("habeas.ops.doctor", "Say what is configured, reachable and unsafe."),
}


class Commands(click.Group):
    """Subcommands that are imported when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  click's signature
        """Return the names in the order a newcomer needs them."""
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002  click's signature
        """Return the command of that name."""
        if cmd_name not in _COMMANDS:
            return None
        command: click.Command = getattr(import_module(_COMMANDS[cmd_name][0]), cmd_name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002  click's signature
        """List the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in _COMMANDS.items()])


_UNPREPARED = ("unable to open database file", "no such table", "no such column", "does not exist")


@click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="habeas")
def habeas() -> None:
    """Turn a documented case into worldwide pressure, and prove what came of it.

    Try it out with `habeas demo`. Settings come from habeas.toml and HABEAS_* variables; see
    habeas.example.toml.
    """


def main() -> None:
    """Run the command; errors meant for people are one line, never a traceback."""
    try:
        habeas()
    except HabeasError as error:
        _say(str(error))
    except Exception as error:
        if _is_unreached(error):
            _say(f"the office's database cannot be reached: {' '.join(str(error).split())}")
        if not _is_unprepared(error):
            raise
        _say("there is no database yet, or one of an earlier version; begin with: habeas up")


def _say(text: str) -> NoReturn:
    click.secho(f"habeas: {text}", fg="red", err=True)
    sys.exit(1)


def _is_unreached(error: Exception) -> bool:
    """Tell whether a PostgreSQL does not answer, or does not let us in."""
    django = sys.modules.get("django.db")
    if django is None or not isinstance(error, django.OperationalError):
        return False
    return django.connection.vendor == "postgresql" and django.connection.connection is None


def _is_unprepared(error: Exception) -> bool:
    """Tell whether the database lacks what this version asks of it; says it without loading Django."""
    django = sys.modules.get("django.db.utils")
    if django is None or not isinstance(error, (django.OperationalError, django.ProgrammingError)):
        return False
    return any(words in str(error) for words in _UNPREPARED)
