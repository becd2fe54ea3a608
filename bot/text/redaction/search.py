"""The whole search: every kind of secret, in each form of a text."""

from __future__ import annotations

from bot.text.redaction.blocks import blocks
from bot.text.redaction.kinds import Span
from bot.text.redaction.named import named_values
from bot.text.redaction.places import addresses, places
from bot.text.redaction.views import unbroken, views
from bot.text.redaction.words import credentials, merged


def secret_spans(text: str) -> tuple[Span, ...]:
    """Where secrets stand in `text`, in order, none within another."""
    spans: list[Span] = []
    for view in views(text):
        here = [*credentials(view.text), *places(view.text)]
        here += [*named_values(view.text), *blocks(view.text)]
        spans += map(view.original, here)
        for whole in unbroken(view):
            there = [*credentials(whole.text), *addresses(whole.text)]
            spans += map(whole.original, there)
    return tuple(merged(spans))
