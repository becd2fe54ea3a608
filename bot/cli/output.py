"""
Standard output that may be closed, full, or short of letters: none of it changes what was found.

A reader who has gone away (`| head -1`) is no error, and the exit status stays the verb's own.
"""

from __future__ import annotations

import codecs
import errno
import io
import os
import sys

from bot.errors import Unwritable

_ESCAPED = "slsdiag-escaped"


class Output(io.TextIOWrapper):
    """Standard output; what can no longer be written is dropped, and the reason remembered."""

    lost: OSError | None = None

    def write(self, text: str, /) -> int:
        """As a file's."""
        try:
            return super().write(text)
        except OSError as error:
            self._lose(error)
            return len(text)

    def flush(self) -> None:
        """As a file's."""
        try:
            super().flush()
        except OSError as error:
            self._lose(error)

    def _lose(self, error: OSError) -> None:
        self.lost = error
        os.dup2(os.open(os.devnull, os.O_WRONLY), self.fileno())


def prepare() -> None:
    """Make the process's streams usable, whatever the shell left of them."""
    if sys.stdout is None:
        sys.stdout = open(os.devnull, "w")  # noqa: PTH123, SIM115 - for as long as the process
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w")  # noqa: PTH123, SIM115 - likewise
    if type(sys.stdout) is io.TextIOWrapper:  # a real one, and not prepared yet
        codecs.register_error(_ESCAPED, _escaped)
        stream = sys.stdout
        encoding, lines = stream.encoding, stream.line_buffering
        sys.stdout = Output(stream.detach(), encoding, _ESCAPED, line_buffering=lines)


def finish() -> None:
    """Write what is left; Unwritable when it could not be, unless nobody reads any more."""
    sys.stdout.flush()
    lost = sys.stdout.lost if isinstance(sys.stdout, Output) else None
    if lost is not None and lost.errno != errno.EPIPE:
        raise Unwritable(f"Standard output could not be written: {lost.strerror}.")


def _escaped(error: UnicodeError) -> tuple[str, int]:
    """A letter that the encoding does not have, as JSON spells it, too: a dash by its four digits."""
    assert isinstance(error, UnicodeEncodeError)  # noqa: S101 - narrows: output is only encoded
    raw = error.object[error.start : error.end].encode("utf-16-be", "surrogatepass")
    pairs = (raw[at : at + 2].hex() for at in range(0, len(raw), 2))
    return "".join(f"\\u{pair}" for pair in pairs), error.end
