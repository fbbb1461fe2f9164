"""Every setting there is. `habeas.example.toml` explains each to the person who runs the machine."""

import ipaddress
from pathlib import Path
from typing import Annotated, Literal

from msgspec import Meta, Struct

Port = Annotated[int, Meta(ge=1, le=65535)]
Languages = Annotated[tuple[str, ...], Meta(min_length=1)]


class Site(Struct, frozen=True, forbid_unknown_fields=True):
    """Who speaks, and under which address."""

    name: str = "Habeas"
    about: str = ""  # one sentence on who speaks; empty: ours, in every language
    contact: str = ""  # an address or URL that people can write to
    legal: str = ""  # who is responsible for the site, with a postal address, for the legal notice
    source: str = ""  # where the source code of this installation is to be had (AGPL, section 13)
    onion: str = ""  # scheme and host of the same site as a Tor onion service
    url: str = ""  # scheme and host of the public side; empty: http://door.host:door.port
    languages: Languages = ("en", "fr", "ar")


class Door(Struct, frozen=True, forbid_unknown_fields=True):
    """The public process."""

    host: str = "127.0.0.1"
    port: Port = 8000
    workers: Annotated[int, Meta(ge=1, le=64)] = 2


class Office(Struct, frozen=True, forbid_unknown_fields=True):
    """The staff process."""

    host: str = "127.0.0.1"
    port: Port = 8001
    url: str = ""  # scheme and host of the staff side; empty: http://office.host:office.port
    database: str = ""  # of cases, campaigns and staff, on PostgreSQL; empty: SQLite in the data folder


class Mail(Struct, frozen=True, forbid_unknown_fields=True):
    """How mail leaves."""

    transport: Literal["folder", "smtp"] = "folder"
    sender: str = "Habeas <actions@habeas.invalid>"
    host: str = ""
    port: Port = 587
    security: Literal["starttls", "tls", "none"] = "starttls"
    user: str = ""
    password: str = ""
    per_hour: Annotated[int, Meta(ge=1)] = 5_000  # confirmation mails in any hour, all together
    per_hour_domain: Annotated[int, Meta(ge=1)] = 200  # of them to one domain
    per_hour_large: Annotated[int, Meta(ge=1)] = 2_000  # of them to one large provider


class Retention(Struct, frozen=True, forbid_unknown_fields=True):
    """How long what people gave us is kept."""

    confirm_hours: Annotated[int, Meta(ge=1, le=720)] = 48  # a confirm link works this long
    unconfirmed_days: Annotated[int, Meta(ge=1, le=90)] = 3  # then the store forgets who never confirmed


class Limits(Struct, frozen=True, forbid_unknown_fields=True):
    """Which networks the door does not count, and which may speak for others; in CIDR form."""

    exempt: tuple[str, ...] = ("127.0.0.0/8", "::1/128")  # no budget: load tests, an onion service
    trusted_proxies: tuple[str, ...] = ()  # their X-Forwarded-For is believed; nobody else's

    def __post_init__(self) -> None:
        """Refuse what is not a network."""
        for key, networks in (("exempt", self.exempt), ("trusted_proxies", self.trusted_proxies)):
            for network in networks:
                try:
                    ipaddress.ip_network(network, strict=False)
                except ValueError as error:
                    raise ValueError(
                        f"{key}: {network} is not a network like 192.0.2.0/24 or 2001:db8::/48"
                    ) from error


class Config(Struct, frozen=True, forbid_unknown_fields=True):
    """The whole configuration, checked."""

    data: str = "data"
    site: Site = Site()
    door: Door = Door()
    office: Office = Office()
    mail: Mail = Mail()
    retention: Retention = Retention()
    limits: Limits = Limits()

    def __repr__(self) -> str:
        """Say which installation this is, and none of its secrets."""
        return f"Config({self.data!r})"

    @property
    def folder(self) -> Path:
        """The data folder, absolute."""
        return Path(self.data).absolute()

    @property
    def keys(self) -> Path:
        """Private keys and secrets; the only folder that holds any."""
        return self.folder / "keys"

    @property
    def journal(self) -> Path:
        """The journals of all door workers."""
        return self.folder / "journal"

    @property
    def editions(self) -> Path:
        """Numbered editions and the pointer to the current one."""
        return self.folder / "editions"

    @property
    def counts(self) -> Path:
        """What the public is told of the counts, clerk to door."""
        return self.folder / "counts" / "counts.json"

    @property
    def pictures(self) -> Path:
        """Pictures of links, posters and letters, as long as their pages are public; for the office."""
        return self.folder / "pictures"

    @property
    def confirmed(self) -> Path:
        """How many people confirmed, clerk to office: true numbers, which no door may read."""
        return self.folder / "confirmed.json"

    @property
    def status(self) -> Path:
        """What each door worker says of itself: the edition it serves, the one it refused."""
        return self.folder / "status"

    @property
    def store(self) -> Path:
        """The clerk's store of sealed signatures and counts."""
        return self.folder / "store.sqlite3"

    @property
    def office_database(self) -> Path:
        """Cases, campaigns and staff, unless `office.database` names a PostgreSQL."""
        return self.folder / "office.sqlite3"

    @property
    def originals(self) -> Path:
        """Documents of cases as they came in, each under its SHA-256."""
        return self.folder / "originals"

    @property
    def uploads(self) -> Path:
        """Tables that staff uploaded and have not imported yet, each in a folder of a random name."""
        return self.folder / "uploads"

    @property
    def mappings(self) -> Path:
        """How lists were read that staff imported, for their next time."""
        return self.folder / "mappings"

    @property
    def mailbox(self) -> Path:
        """Where `mail.transport = "folder"` puts messages."""
        return self.folder / "mail"

    @property
    def door_url(self) -> str:
        """Scheme and host under which people reach the door; no trailing slash."""
        return self.site.url.rstrip("/") or _origin(self.door.host, self.door.port)

    @property
    def office_url(self) -> str:
        """Scheme and host under which staff reach the office; no trailing slash."""
        return self.office.url.rstrip("/") or _origin(self.office.host, self.office.port)


def _origin(host: str, port: int) -> str:
    """Return the address of `host` and `port`; IPv6 stands in brackets (RFC 3986, section 3.2.2)."""
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
