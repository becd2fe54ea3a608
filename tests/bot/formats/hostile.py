"""Two hundred strings as a name or a message should not be, and the findings that carry them."""

from __future__ import annotations

from itertools import islice, product

from bot.formats.findings import Finding, Findings, Unknown
from checks.model import Action
from checks.runbook import RUNBOOK

_PARTS = (
    "\n::error file=a::planted",
    "\r\n::stop-commands::token",
    "##[error]planted",
    "%0A::warning::planted",
    "%250A",
    ",line=1,title=planted",
    "::",
    "]]></failure><testcase name='planted'/>",
    "<!--",
    "&lt;&#0;&",
    '" type="planted',
    "\x00\x08\x0b\x1b[31m\x7f",
    "\ufffe\uffff",
    "\ud800",
    "\udfff\udc80",
    "\u202egpj.exe\u2066",
    "\u2028\u2029\x85",
    "\U0001f534 ünïcode 日本",
    '\\"\\u0000',
    "{{ secrets.TOKEN }} ${{ github.event }}",
    "file:///etc/passwd",
    "../../up",
    "c:d",
    " ",
    "",
)
HOSTILE = tuple(islice((f"{a}{b}" for a, b in product(_PARTS, _PARTS)), 1, 601, 3))
"""Each part with a third of the others."""


def findings(texts=HOSTILE) -> Findings:
    """Each text as a file's name, a function's, a headline, an action and a reason."""
    found = [_finding(number, text) for number, text in enumerate(texts)]
    unknown = [Unknown(f"f{text}", 3, text, None, f"w{text}") for text in texts]
    return Findings(len(texts), len(texts), tuple(found), tuple(unknown))


def _finding(number: int, text: str) -> Finding:
    outcome = "problem" if number % 2 else "notice"
    step = RUNBOOK[number % len(RUNBOOK)].slug
    action = Action(f"Do {text}", command=f"aws {text}\nthen {text}", caution=text or None)
    return Finding(f"f{text}", number + 1, 2, text or None, step, outcome, f"h{text}", (action,))
