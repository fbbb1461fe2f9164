"""`habeas demo`: a filled installation, ready to be looked at."""

import sys

import click

from habeas.config import load
from habeas.ops import up
from habeas.ops.prepare import prepare, step

STAFF = "demo"


@click.command()
def demo() -> None:
    """Prepare the demonstration and run it until Ctrl-C.

    A real case and an invented one, published in every language. A second run keeps what is there.
    """
    config = load()
    up.check_ports(config)
    click.echo("Preparing the demonstration:")
    prepare(config)
    made = fill()
    step("starting door, office and clerk")
    up.supervise(
        config,
        [
            f"Read and sign   {config.door_url}/en/c/free-mkhaitir/  (also /fr/ and /ar/)",
            f"Staff           {config.office_url}/   user {STAFF}, password {made}",
            f"Mail            {config.mailbox}   read it with: {sys.argv[0]} mailbox",
        ],
    )


def fill() -> str:
    """Load cases and campaigns as the staff member `demo`; return a new password for them."""
    from django.contrib.auth.models import User

    from habeas.campaigns.demo import load as demonstration
    from habeas.ops.staff import new_password

    by = User.objects.filter(username=STAFF).first() or User.objects.create_superuser(STAFF, password=None)
    step("the case of Mohamed Mkhaïtir, and an invented one")
    demonstration.import_cases(by=by)
    step("their campaigns in English, French and Arabic")
    demonstration.create_campaigns(by=by)
    return new_password(STAFF)
