"""Reading the configuration: the file, then the environment, then what cannot go together."""

import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from email.utils import parseaddr
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec

from habeas.config.postgresql import read_address
from habeas.config.schema import Config
from habeas.lib import languages
from habeas.lib.errors import HabeasError

FILE_VARIABLE = "HABEAS_CONFIG"
DEFAULT_FILE = Path("habeas.toml")
_PREFIX = "HABEAS_"
_EVERYWHERE = {"0.0.0.0", "::"}  # noqa: S104  named to be refused
_PLACE = re.compile(r" - at `\$\.?(?P<key>[^`]*)`$")
_UNKNOWN = re.compile(r"Object contains unknown field `(?P<key>[^`]*)`")


class BadConfig(HabeasError):
    """A setting is unknown, of the wrong type, or impossible together with another; the key is named."""


def load(environ: Mapping[str, str] | None = None) -> Config:
    """Return the configuration.

    environ  the environment; HABEAS_CONFIG names the file (default ./habeas.toml if it exists)
    raises   BadConfig, naming the key or variable
    """
    environ = os.environ if environ is None else environ
    raw = _read_file(environ)
    _convert(raw)
    for section, key, value in _variables(environ):
        target = raw.setdefault(section, {}) if section else raw
        target[key] = value
    config = _convert(raw)
    _check_combinations(config)
    return config


def _read_file(environ: Mapping[str, str]) -> dict[str, Any]:
    named = environ.get(FILE_VARIABLE)
    path = Path(named) if named else DEFAULT_FILE
    if not path.exists():
        if named:
            raise BadConfig(f"{FILE_VARIABLE} names {path}, and there is no such file")
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadConfig(f"{path} is not valid TOML: {error}") from error
    except OSError as error:
        raise BadConfig(f"{path} ({FILE_VARIABLE}) cannot be read: {error.strerror}") from error


def _convert(raw: dict[str, Any]) -> Config:
    try:
        return msgspec.convert(raw, Config)
    except msgspec.ValidationError as error:
        raise BadConfig(_in_words(str(error))) from error


def _in_words(message: str) -> str:
    place = _PLACE.search(message)
    key = place["key"] if place else ""
    text = _PLACE.sub("", message)
    unknown = _UNKNOWN.match(text)
    if unknown:
        return f"{'.'.join(filter(None, (key, unknown['key'])))}: there is no such setting"
    return f"{key or 'configuration'}: {text[0].lower()}{text[1:]}"


def _fields() -> Iterator[tuple[str, str, Any]]:
    """Yield (section, key, type) of every setting; the section of a top-level one is empty."""
    for outer in msgspec.structs.fields(Config):
        if isinstance(outer.type, type) and issubclass(outer.type, msgspec.Struct):
            for inner in msgspec.structs.fields(outer.type):
                yield outer.name, inner.name, inner.type
        else:
            yield "", outer.name, outer.type


def variable(section: str, key: str) -> str:
    """Return the environment variable of a setting: ("door", "port") is HABEAS_DOOR_PORT."""
    return _PREFIX + "_".join(filter(None, (section, key))).upper()


def _variables(environ: Mapping[str, str]) -> Iterator[tuple[str, str, Any]]:
    known = {variable(section, key): (section, key, kind) for section, key, kind in _fields()}
    for name in sorted(environ):
        if not name.startswith(_PREFIX) or name == FILE_VARIABLE:
            continue
        text, setting = environ[name], known.get(name)
        if setting is None and name.endswith("_FILE"):
            text, setting = _read_secret(name, text), known.get(name.removesuffix("_FILE"))
        if setting is None:
            raise BadConfig(f"{name}: there is no such setting")
        section, key, kind = setting
        yield section, key, _from_text(name, text, kind)


def _read_secret(name: str, path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise BadConfig(f"{name}: cannot read {path}") from error


def _from_text(name: str, text: str, kind: Any) -> Any:
    if kind is not str and "tuple" in str(kind):
        return [part.strip() for part in text.split(",") if part.strip()]
    try:
        return msgspec.to_builtins(msgspec.convert(text, kind, strict=False))
    except msgspec.ValidationError as error:
        message = _PLACE.sub("", str(error))
        raise BadConfig(f"{name}: {message[0].lower()}{message[1:]}") from error


def _check_combinations(config: Config) -> None:
    if config.door.port == config.office.port and _overlap(config.door.host, config.office.host):
        raise BadConfig(
            f"office.port: {config.office.port} is the door's port too; staff and public are kept apart"
        )
    if config.mail.transport == "smtp" and not config.mail.host:
        raise BadConfig("mail.host: needed when mail.transport is smtp")
    if config.mail.password and config.mail.security == "none":
        raise BadConfig("mail.security: none would send mail.password in the clear")
    if bool(config.mail.user) != bool(config.mail.password):
        raise BadConfig("mail.user: mail.user and mail.password go together")
    _check_sender(config.mail.sender)
    for key, url in (("site.url", config.site.url), ("office.url", config.office.url)):
        if url and not _is_origin(url):
            raise BadConfig(f"{key}: expected scheme and host, like https://act.example.org")
    if config.door_url.lower() == config.office_url.lower():
        raise BadConfig("office.url: the office cannot have the public side's address")
    _check_database(config.office.database)
    _check_languages(config.site.languages)


def _check_database(url: str) -> None:
    try:
        if url:
            read_address(url)
    except ValueError as error:
        raise BadConfig(f"office.database: {error}") from None  # a password may stand in what it refuses


def _check_languages(codes: tuple[str, ...]) -> None:
    for code in codes:
        if code not in languages.AVAILABLE:
            raise BadConfig(f"site.languages: {code} is not one of {', '.join(languages.AVAILABLE)}")
        if codes.count(code) > 1:
            raise BadConfig(f"site.languages: {code} stands there twice")


def _overlap(host: str, other: str) -> bool:
    """Say whether one port of both hosts is the same port: a wildcard takes it on every address."""
    return host == other or not _EVERYWHERE.isdisjoint({host, other})


def _check_sender(sender: str) -> None:
    local, _, domain = parseaddr(sender)[1].rpartition("@")
    if not local or not domain or not sender.isprintable():
        raise BadConfig("mail.sender: expected a name and an address, like Habeas <actions@example.org>")


def _is_origin(url: str) -> bool:
    try:
        parts = urlsplit(url)
        has_host = bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        return False
    rest = (parts.path.strip("/"), parts.query, parts.fragment, parts.username)
    return parts.scheme in {"http", "https"} and has_host and not any(rest)
