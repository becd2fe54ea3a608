"""Why a file is not read."""

from __future__ import annotations


class Unparsed(Exception):
    """A file that is no valid YAML or JSON, or too much to read."""

    def __init__(self, file: str, line: int, why: str) -> None:
        """`why` is a clause: it is larger than 2 MB."""
        super().__init__(why)
        self.file, self.line, self.why = file, line, why
