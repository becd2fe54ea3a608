"""Each format of lint by its name, and none besides."""

from __future__ import annotations

import json
from xml.etree.ElementTree import fromstring

import pytest

from bot.cli.formats import FORMATS, Format, error_document
from bot.errors import UsageError
from bot.formats.findings import Finding, Findings
from bot.formats.lint import document

FOUND = Finding("a.yml", 1, 1, "orders", "wrapper_set", "problem", "Datadog owns it", ())


def documents():
    yield lambda form: document(Findings(1, 1, (FOUND,)), form)
    yield lambda form: error_document(UsageError("Datadog owns it"), form, "lint")


@pytest.mark.parametrize("written", [*documents()])
@pytest.mark.parametrize("form", sorted(FORMATS["lint"] - {Format.TEXT, Format.JSON}))
def test_a_format_is_what_its_name_says(form, written):
    text = written(form)

    assert "Datadog owns it" in text
    if form == "junit":
        assert fromstring(text.encode()).tag == "testsuites"  # noqa: S314 - our own
    elif form == "github":
        assert text.startswith("::error ")
    elif form == "gitlab":
        assert json.loads(text)[0]["severity"] in {"major", "blocker"}
    else:
        assert json.loads(text)["version"] == "2.1.0"
