"""How lists were read, kept for the next time: one TOML file a list, the same that the command reads."""

import hashlib
from pathlib import Path

from django.conf import settings

from habeas.cases.tables.mapping import BadMapping, ListMapping, decode
from habeas.lib import durable


def keep(mapping: ListMapping, toml: str) -> None:
    """Keep a mapping under its list's title; one kept before under the same title goes.

    raises  OSError
    """
    folder: Path = settings.CONFIG.mappings
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    name = hashlib.sha256(mapping.list.title.casefold().encode()).hexdigest()[:16]
    durable.write(folder / f"{name}.toml", toml.encode(), mode=0o600)


def kept() -> dict[str, ListMapping]:
    """Return the mappings by their files' names, in the order of their titles."""
    folder: Path = settings.CONFIG.mappings
    found: dict[str, ListMapping] = {}
    for path in folder.glob("*.toml") if folder.exists() else ():
        try:
            found[path.stem] = decode(path.read_text(encoding="utf-8"))
        except (BadMapping, OSError, UnicodeDecodeError):
            continue  # somebody edited it, or an older version of Habeas wrote it: it is not offered
    return dict(sorted(found.items(), key=lambda one: one[1].list.title.casefold()))
