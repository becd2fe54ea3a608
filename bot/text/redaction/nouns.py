"""AWS's own long words, which look random and reveal nothing: never taken for secrets."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.text.redaction.kinds import Span

_HEX = "[0-9a-fA-F]"
_UUID = rf"{_HEX}{{8}}-{_HEX}{{4}}-{_HEX}{{4}}-{_HEX}{{4}}-{_HEX}{{12}}"
_NOUNS = re.compile(
    r"(?:(?<![A-Za-z0-9])|(?=[$%](?:25){0,3}5B))(?:"
    r"arn:aws[a-z-]{0,12}:[^\s\"'<>,;]{1,400}"  # any ARN
    rf"|{_UUID}"  # request ids, event ids, stack ids
    r"|(?:sha(?:1|224|256|384|512)|md5|etag|digest|commit|revision)[\"']?\s{0,2}[:=-]\s{0,2}[\"']?"
    r"[A-Za-z0-9+/=_-]{16,128}"  # digests that say so
    rf"|(?:\d{{4}}/\d\d/\d\d/(?:[\w-]{{1,64}})?)?\[(?:\$LATEST|\d{{1,9}})\]{_HEX}{{32}}"  # log streams
    rf"|(?:Root=)?1-{_HEX}{{8}}-{_HEX}{{24}}(?:;Parent={_HEX}{{16}})?(?:;Sampled=[01?])?"  # X-Ray
    rf"|{_HEX}{{32,64}}\.(?:zip|json|jar|ya?ml|template)"  # assets of CDK and SAM
    r"|\d{12}\.dkr\.ecr\.[a-z0-9.-]{1,60}/[\w./-]{1,200}(?:[:@][\w:.-]{1,140})?"  # images
    r"|(?:(?:request|host|trace|span|correlation|message|event|invocation|execution|operation|version"
    r"|revision)[ _-]?id|sequence[ _-]?number|(?:request|next)[ _-]?token)"
    r"[\"']?\s{0,2}[:=]\s{0,2}[\"']?[A-Za-z0-9+/=_.-]{12,128}"  # what says that it is an id
    rf"|[$%](?:25){{0,3}}5B(?:[$%](?:25){{0,3}}24LATEST|\d{{1,9}})[$%](?:25){{0,3}}5D{_HEX}{{32}}"  # a log stream in a link
    rf"|[0-9a-f]{{2}}-{_HEX}{{32}}-{_HEX}{{16}}-[0-9a-f]{{2}}"  # W3C's traceparent
    rf"|(?<=/trace/){_HEX}{{16,32}}|(?<=/traces/){_HEX}{{16,32}}"  # in links
    r"|https?://[a-z0-9.-]{1,160}\.(?:amazonaws\.com(?:\.cn)?|on\.aws)"  # addresses of functions and APIs
    r")",
    re.IGNORECASE,
)


def nouns(text: str) -> Iterator[Span]:
    """Where they stand in `text`."""
    return (match.span() for match in _NOUNS.finditer(text))
