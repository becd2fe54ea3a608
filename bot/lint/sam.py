"""SAM templates: what Globals and a function's own properties come to together. Pure."""

from __future__ import annotations

from bot.lint.tree import Node

TRANSFORM = "AWS::Serverless-2016-10-31"
FUNCTION = "AWS::Serverless::Function"


_DEPTH = 3
"""Properties, Environment, Variables: nothing that is merged lies deeper."""


def merged(shared: Node | None, own: Node | None, depth: int = 0) -> Node | None:
    """As the transform merges: lists are joined, Globals first; mappings united; else the own value."""
    if shared is None or own is None or depth > _DEPTH:
        return shared if own is None else own
    if isinstance(shared.value, tuple) and isinstance(own.value, tuple):
        return Node((*shared.value, *own.value), own.place)
    both = isinstance(shared.value, dict) and isinstance(own.value, dict)
    if not both or _is_call(shared) or _is_call(own):
        return own
    keys = dict.fromkeys((*shared.entries, *own.entries))
    united = {key: merged(shared.entries.get(key), own.entries.get(key), depth + 1) for key in keys}
    return Node({key: node for key, node in united.items() if node}, own.place)


def _is_call(node: Node) -> bool:
    return len(node.entries) == 1 and next(iter(node.entries)).startswith(("Fn::", "Ref"))
