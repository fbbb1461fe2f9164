"""The rows of a table that were understood, kept aside between looking and writing.

To read a table is a third of an import's work, and it is looked at whole before anything is written. So what
was understood waits in a file without a name, which only this process can open and which ends with it; a
short list waits in memory.
"""

from collections.abc import Iterator
from tempfile import SpooledTemporaryFile
from weakref import finalize

import msgspec
from django.conf import settings

from habeas.cases.tables.rows import Row

_IN_MEMORY = 4 << 20  # bytes
_JSON = msgspec.json.Encoder()
_ROW = msgspec.json.Decoder(Row)


class UnderstoodRows:
    """Rows in the order of their table: added once, read as often as wanted."""

    def __init__(self) -> None:
        """Begin with none; many go to a file in the data folder, which no other program can open."""
        folder = str(settings.CONFIG.folder)
        self._file = SpooledTemporaryFile(_IN_MEMORY, mode="w+b", dir=folder)  # noqa: SIM115  it closes with self
        finalize(self, self._file.close)

    def add(self, row: Row) -> None:
        """Keep one more row."""
        self._file.write(_JSON.encode(row) + b"\n")  # JSON has no line breaks inside

    def __iter__(self) -> Iterator[Row]:
        """Yield the rows from the first on."""
        self._file.seek(0)
        return map(_ROW.decode, self._file)
