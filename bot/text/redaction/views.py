"""
One text in the forms that it may be disguised in, each with the way back to the original.

A secret may be spelled with look-alike letters, with invisible characters in between, percent-
encoded, escaped, or broken over lines. What is searched is the plain form; what is removed is the
original.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from html import unescape
from urllib.parse import unquote

from bot.text.redaction.kinds import Span

_ENCODED = re.compile(
    r"(?:%[0-9A-Fa-f]{2})+|&(?:amp|lt|gt|quot|apos|#\d{1,6}|#x[0-9A-Fa-f]{1,5});"
    r"|\\u[0-9A-Fa-f]{4}|\\[nrt]"
)
_ESCAPES = {"\\n": "\n", "\\r": "\r", "\\t": "\t"}
_BREAK = re.compile(r"(?<![ \t])[ \t]{0,20}\r?\n[ \t>|]{0,80}(?=\S{0,80}[0-9A-Z+/=_%-])")
"""Before what is no plain word: a sentence that goes on is not joined to a secret."""
_CONTINUED = re.compile(r"\\[ \t]{0,4}\r?\n[ \t]{0,80}")
_QUOTES = dict.fromkeys("“”„‟«»″", '"') | dict.fromkeys("‘’‚‛‹›′", "'")
_IGNORED = frozenset({"Cf", "Mn", "Me"})
_DECODED_TIMES = 2


@dataclass(frozen=True, slots=True)
class View:
    """A form of a text. `edges[n]` are where its n-th character stands in the original."""

    text: str
    edges: Sequence[Span] | None = None
    """None: the text is the original, character by character."""

    def original(self, span: Span) -> Span:
        """Where `span` of this form stands in the original."""
        if self.edges is None or span[0] == span[1]:
            return span
        return self.edges[span[0]][0], self.edges[span[1] - 1][1]

    def _edge(self, at: int) -> Span:
        return (at, at + 1) if self.edges is None else self.edges[at]

    def replaced(self, pieces: Iterator[tuple[int, int, str]]) -> View:
        """With (begin, end, text) in place of what stood there; the same view without any."""
        text: list[str] = []
        edges: list[Span] = []
        done = 0
        for begin, end, new in pieces:
            text.append(self.text[done:begin] + new)
            edges += map(self._edge, range(done, begin))
            edges += [(self._edge(begin)[0], self._edge(end - 1)[1])] * len(new)
            done = end
        if not done:
            return self
        text.append(self.text[done:])
        edges += map(self._edge, range(done, len(self.text)))
        return View("".join(text), edges)


def views(text: str) -> list[View]:
    """The forms in which secrets are looked for by their surroundings, the original's first."""
    whole = _continued(View(text))
    forms = [whole]
    if not text.isascii():
        compatible = whole.replaced(_compatible(whole.text))
        latin = compatible.replaced(_latin(compatible.text))
        forms += [view for view in (compatible, latin) if view is not whole]
    forms += [decoded for view in tuple(forms) for decoded in _all_decoded(view)]
    return forms


def latin(text: str) -> str:
    """With plain Latin letters for those that look like them; nothing invisible."""
    compatible = View(text).replaced(_compatible(text))
    return compatible.replaced(_latin(compatible.text)).text


def _all_decoded(view: View) -> Iterator[View]:
    """Decoded once, and what that gives once more."""
    for _ in range(_DECODED_TIMES):
        decoded = view.replaced(_decoded(view.text))
        if decoded is view:
            return
        yield decoded
        view = decoded


def unbroken(view: View) -> Iterator[View]:
    """
    Without line breaks and the indentation after them: for what was broken over lines.

    All of them, and every second one: a token that ends with its line must not run into the next.
    """
    breaks = [(m.start(), m.end(), "") for m in _BREAK.finditer(view.text)]
    for some in (breaks, breaks[::2], breaks[1::2]):
        if some and (some is breaks or len(breaks) > 1):
            yield view.replaced(iter(some))


def _continued(view: View) -> View:
    """A backslash at the end of a line says that the next one goes on."""
    return view.replaced((m.start(), m.end(), "") for m in _CONTINUED.finditer(view.text))


def _compatible(text: str) -> Iterator[tuple[int, int, str]]:
    """Full-width and styled letters as plain ones; without accents and invisible characters."""
    for at, character in enumerate(text):
        if not character.isascii():
            plain = _QUOTES.get(character) or _bare(character)
            if plain != character:
                yield at, at + 1, plain


def _bare(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(
        character for character in decomposed if unicodedata.category(character) not in _IGNORED
    )


def _latin(text: str) -> Iterator[tuple[int, int, str]]:
    """Letters of other scripts as the Latin ones that they look like."""
    alike = _lookalikes()
    for at, character in enumerate(text):
        if character in alike:
            yield at, at + 1, alike[character]


@cache
def _lookalikes() -> dict[str, str]:
    """By Unicode's confusables; read on the first text that is not ASCII, because it takes 50 ms."""
    from confusable_homoglyphs.confusables import confusables_data  # noqa: PLC0415 - as said

    alike: dict[str, str] = {}
    for character, others in confusables_data.items():
        if len(character) == 1 and not character.isascii():
            bare = (_bare(other["c"]) for other in others)
            latin = next(
                (letter for letter in bare if len(letter) == 1 and _is_latin(letter)), None
            )
            if latin:  # the table knows one sign for l and I
                alike[character] = "I" if latin == "l" and character.isupper() else latin
    return alike


def _is_latin(character: str) -> bool:
    return character.isascii() and character.isalnum()


def _decoded(text: str) -> Iterator[tuple[int, int, str]]:
    for match in _ENCODED.finditer(text):
        encoded = match[0]
        if encoded.startswith("%"):
            yield from _percent(match)
        elif encoded.startswith("\\u"):
            yield match.start(), match.end(), chr(int(encoded.removeprefix("\\u"), base=16))
        else:
            yield match.start(), match.end(), _ESCAPES.get(encoded) or unescape(encoded)


def _percent(match: re.Match[str]) -> Iterator[tuple[int, int, str]]:
    """Character by character, so that each has its own place."""
    plain = unquote(match[0])
    sizes = [3 * len(character.encode()) for character in plain]
    if sum(sizes) != len(match[0]):  # no UTF-8
        yield match.start(), match.end(), unquote(match[0], "latin-1")
        return
    at = match.start()
    for character, size in zip(plain, sizes, strict=True):
        yield at, at + size, character
        at += size
