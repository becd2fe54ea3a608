"""
What Jenkins's xunit plugin accepts, as a table.

From its junit-10.xsd (github.com/jenkinsci/xunit-plugin, read 2026-11-30): the elements that we
write, what each may hold, and its attributes.
"""

from __future__ import annotations

from xml.etree.ElementTree import Element

_SUITE = {
    "group",
    "time",
    "skipped",
    "timestamp",
    "hostname",
    "id",
    "package",
    "file",
    "log",
    "url",
}
_END = (set(), {"type", "message"}, set(), True)
RULES = {
    # name: required attributes, other attributes, children, whether it may hold text
    "testsuites": (set(), {"name", "time", "tests", "failures", "errors"}, {"testsuite"}, False),
    "testsuite": ({"name", "tests", "failures", "errors"}, _SUITE, {"testcase"}, False),
    "testcase": (
        {"name"},
        {"time", "classname", "group"},
        {"skipped", "error", "failure", "system-out"},
        False,
    ),
    "failure": _END,
    "error": _END,
    "skipped": _END,
    "system-out": (set(), set(), set(), True),
}


def complaints(element: Element) -> list[str]:
    """What the schema would object to, in the whole tree."""
    required, others, children, text = RULES[element.tag]
    names = set(element.keys())
    found = [f"{element.tag} without {name}" for name in required - names]
    found += [f"{element.tag} with {name}" for name in names - required - others]
    found += [f"{child.tag} in {element.tag}" for child in element if child.tag not in children]
    loose = [element.text, *(child.tail for child in element)]
    if not text and any(each and each.strip() for each in loose):
        found.append(f"text in {element.tag}")
    return found + [each for child in element for each in complaints(child)]
