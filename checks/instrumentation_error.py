"""
What an error text of the instrumentation means.

Texts as AWS and the platform write them (issue threads, botocore's models); matched
tolerantly, because Dashboard cuts and rewrites them. "Rate exceeded" is AWS's throttling,
while the runbook takes it for a full filter limit: whoever asks must count the filters.
"""

from __future__ import annotations

import re
from enum import StrEnum


class ErrorKind(StrEnum):
    """The kinds that have a remedy of their own."""

    FILTER_LIMIT = "filter limit"
    THROTTLED = "throttling"
    CODE_SIZE = "code size"
    LAYERS = "layer limit"
    ENVIRONMENT = "environment size"
    FIREHOSE = "missing Firehose"
    OTHER = "other"


QUOTED = 300
"""Characters of a text that are shown."""

_PATTERNS = (
    (ErrorKind.LAYERS, r"more than 5 layers"),
    (ErrorKind.ENVIRONMENT, r"exceeded the 4 ?KB limit"),
    (
        ErrorKind.CODE_SIZE,
        r"uncompressed size is greater than( the)? max|maximum allowed size of \d+"
        r"|available size of \d+|Unzipped size must be smaller",
    ),
    (ErrorKind.FIREHOSE, r"could not deliver test message .{0,80}firehose"),
    (ErrorKind.FILTER_LIMIT, r"resource limit exceeded|LimitExceededException"),
    (ErrorKind.THROTTLED, r"rate (limit )?exceeded|TooManyRequests|Throttl"),
)


def classify(text: str) -> ErrorKind:
    """The kind of `text`; OTHER where none is known."""
    for kind, pattern in _PATTERNS:
        if re.search(pattern, text, re.IGNORECASE | re.DOTALL):
            return kind
    return ErrorKind.OTHER


def quoted(text: str) -> str:
    """`text` on one line, short, without the variables that AWS repeats after "String measured"."""
    told = " ".join(text.split("String measured", 1)[0].split())
    return f"{told[:QUOTED]}…" if len(told) > QUOTED else told
