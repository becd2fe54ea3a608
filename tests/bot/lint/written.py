"""Documents as YAML or JSON in several hands, and on which line a marked key or item then stands."""

import json


class Marked(str):
    """A key or a list's item whose line is wanted."""

    __slots__ = ()


def written(document, hand):
    """The text, and the line of what is marked (None: nothing is)."""
    lines = []
    marks = []
    HANDS[hand](document, lines, marks)
    assert len(marks) <= 1
    return "\n".join(lines) + "\n", marks[0] if marks else None


def _block(value, lines, marks, indent=0, step=2, quote=False):
    pad = " " * indent
    if isinstance(value, dict):
        for key, item in value.items():
            if isinstance(key, Marked):
                marks.append(len(lines) + 1)
            if isinstance(item, dict | list) and item:
                lines.append(f"{pad}{_key(key)}:")
                _block(item, lines, marks, indent + step, step, quote)
            else:
                lines.append(f"{pad}{_key(key)}: {_scalar(item, quote=quote)}")
    else:
        for item in value:
            if isinstance(item, Marked):
                marks.append(len(lines) + 1)
            if isinstance(item, dict | list) and item:
                first = len(lines)
                _block(item, lines, marks, indent + 2, step, quote)
                lines[first] = f"{pad}- {lines[first].lstrip()}"
            else:
                lines.append(f"{pad}- {_scalar(item, quote=quote)}")


def _key(key):
    return json.dumps(key) if ":" in key or key.startswith("!") else key


def _scalar(value, *, quote):
    if isinstance(value, str):
        plain = value.replace("/", "").replace("_", "").replace(".", "").replace("-", "")
        return value if plain.isalnum() and not plain.isdigit() and not quote else json.dumps(value)
    return json.dumps(value)


def _quoted(value, lines, marks):
    _block(value, lines, marks, step=4, quote=True)


def _commented(value, lines, marks):
    lines += ["# written by hand", "---"]
    _block(value, lines, marks)


def _json(value, lines, marks, indent=2):
    """Line by line as json.dumps writes it."""
    text = json.dumps(_with_signs(value), indent=indent)
    for number, line in enumerate(text.split("\n"), 1):
        if _SIGN in line:
            marks.append(number)
        lines.append(line.replace(_SIGN, ""))


_SIGN = "<<marked>>"


def _with_signs(value):
    if isinstance(value, dict):
        return {
            f"{_SIGN}{key}" if isinstance(key, Marked) else key: _with_signs(item)
            for key, item in value.items()
        }
    if isinstance(value, list):
        return [_with_signs(item) for item in value]
    return f"{_SIGN}{value}" if isinstance(value, Marked) else value


def _wide(value, lines, marks):
    _json(value, lines, marks, indent=4)


HANDS = {
    "yaml": _block,
    "quoted yaml": _quoted,
    "commented yaml": _commented,
    "json": _json,
    "wide json": _wide,
}
