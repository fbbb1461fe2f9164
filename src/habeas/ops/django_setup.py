"""Starting Django inside a command."""

import os
from typing import TYPE_CHECKING

import django
from django.apps import apps

from habeas.lib.errors import HabeasError

if TYPE_CHECKING:
    from django.contrib.auth.models import User


class NoSuchPerson(HabeasError):
    """`--by` names nobody."""


def start_django() -> None:
    """Load settings and apps; safe to call again."""
    if not apps.ready:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "habeas.office.settings")
        django.setup()


def staff_named(name: str) -> "User":
    """Return the staff member called `name`.

    raises  NoSuchPerson
    """
    from django.contrib.auth.models import User

    found = User.objects.filter(username=name).first()
    if found is None:
        raise NoSuchPerson(f"there is no staff member called {name}; make one with: habeas staff add {name}")
    return found
