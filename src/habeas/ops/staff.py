"""Staff accounts from the shell."""

import secrets

import click

from habeas.config import load
from habeas.lib.errors import HabeasError
from habeas.ops.django_setup import staff_named, start_django


class NameTaken(HabeasError):
    """There is a staff member of that name already."""


@click.group()
def staff() -> None:
    """Staff accounts."""
    start_django()


@staff.command()
@click.argument("name")
def add(name: str) -> None:
    """Add a staff member who may do everything, and print a password made for them."""
    from django.contrib.auth.models import User

    from habeas.ops.prepare import prepare_if_new

    prepare_if_new(load())
    if User.objects.filter(username=name).exists():
        raise NameTaken(
            f"there is a staff member called {name} already; for a new password: habeas staff password {name}"
        )
    User.objects.create_superuser(name, email=None, password=None)
    _print_new_password(name)


@staff.command()
@click.argument("name")
def password(name: str) -> None:
    """Make a new password for a staff member and print it."""
    _print_new_password(name)


def _print_new_password(name: str) -> None:
    click.echo(f"user      {name}\npassword  {new_password(name)}")


def new_password(name: str) -> str:
    """Give the staff member `name` a new random password and return it; it is stored as a hash only.

    raises  NoSuchPerson
    """
    made = secrets.token_urlsafe(12)
    member = staff_named(name)
    member.set_password(made)
    member.save()
    return made
