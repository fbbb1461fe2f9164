"""A folder or a ZIP that is written once, file after file, with a manifest of what is in it."""

import hashlib
import io
import os
import shutil
import zipfile
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import msgspec

from habeas.lib.errors import HabeasError

MANIFEST = "manifest.json"
_OWNER_ONLY = 0o600


class AlreadyThere(HabeasError):
    """An export does not overwrite anything: name a place where nothing is yet."""


class FileEntry(msgspec.Struct):
    """One file, in the manifest."""

    sha256: str
    size: int  # bytes


class Bundle(ABC):
    """Where the files go."""

    def __init__(self) -> None:
        self.files: dict[str, FileEntry] = {}

    @contextmanager
    def file(self, name: str) -> Iterator["HashedFile"]:
        """Open a new file of the bundle for writing; closed, it stands in the manifest."""
        with self._open(name) as out:
            hashed = HashedFile(out)
            yield hashed
        self.files[name] = FileEntry(hashed.digest.hexdigest(), hashed.size)

    @abstractmethod
    def _open(self, name: str) -> IO[bytes]: ...

    @abstractmethod
    def finish(self) -> None:
        """Put the bundle under its name."""

    @abstractmethod
    def discard(self) -> None:
        """Leave nothing behind."""


class HashedFile(io.RawIOBase):
    """Writes bytes, and knows their SHA-256."""

    def __init__(self, out: IO[bytes]) -> None:
        self.out = out
        self.digest = hashlib.sha256()
        self.size = 0

    def writable(self) -> bool:
        """Return that it is."""
        return True

    def write(self, content: bytes) -> int:  # type: ignore[override]
        """Write all of it."""
        self.out.write(content)
        self.digest.update(content)
        self.size += len(content)
        return len(content)


class Folder(Bundle):
    """A bundle as a folder."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path, self.unfinished = path, path.with_name(f".{path.name}.unfinished")
        self.unfinished.mkdir(mode=0o700)

    def _open(self, name: str) -> IO[bytes]:
        path = self.unfinished / name
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return open(path, "xb", opener=_for_the_owner)

    def finish(self) -> None:
        """Put the folder under its name."""
        self.unfinished.rename(self.path)

    def discard(self) -> None:
        """Remove what was written."""
        shutil.rmtree(self.unfinished)


class Zip(Bundle):
    """A bundle as a ZIP."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path, self.unfinished = path, path.with_name(f".{path.name}.unfinished")
        self._out = open(self.unfinished, "xb", opener=_for_the_owner)  # noqa: SIM115  as above
        self._zip = zipfile.ZipFile(self._out, "w", zipfile.ZIP_DEFLATED)

    def _open(self, name: str) -> IO[bytes]:
        return self._zip.open(name, "w", force_zip64=True)

    def finish(self) -> None:
        """Put the ZIP under its name."""
        self._zip.close()
        self._out.close()
        self.unfinished.rename(self.path)

    def discard(self) -> None:
        """Remove what was written."""
        self._out.close()
        self.unfinished.unlink(missing_ok=True)


def _for_the_owner(path: str, flags: int) -> int:
    return os.open(path, flags, _OWNER_ONLY)


@contextmanager
def bundle(path: Path) -> Iterator[Bundle]:
    """Open a bundle at a place where nothing is: a ZIP if its name ends so, a folder otherwise.

    raises  AlreadyThere, OSError; whatever is raised inside, nothing is left behind
    """
    if path.exists():
        raise AlreadyThere(f"{path} is there already; an export overwrites nothing")
    try:
        made = Zip(path) if path.suffix.lower() == ".zip" else Folder(path)
    except FileExistsError as error:
        raise AlreadyThere(
            f"another export to {path} is going on, or was interrupted: remove {error.filename}"
        ) from error
    try:
        yield made
        made.finish()
    except BaseException:
        made.discard()
        raise
