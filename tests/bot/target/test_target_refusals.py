"""What is wrong with words that are no name: the part, and what was meant."""

from __future__ import annotations

import pytest

from bot.target.model import Unsure
from bot.target.refusals import character_of, dashed_option, refusal


@pytest.mark.parametrize(
    ("text", "words", "meant"),
    [
        ("billing\u2011sync", "U+2011), which looks like -", "billing-sync"),
        ("billing\u2212sync:live", "U+2212), which looks like -", "billing-sync:live"),
        ("billing\u200bsync", "U+200B, which cannot be seen", "billingsync"),
        ("billing\x07-sync", "U+0007, which cannot be seen", "billing-sync"),
        ("\ufeffbilling-sync", "U+FEFF, which cannot be seen", "billing-sync"),
        ("b\u0456lling-sync", "U+0456), which looks like i", "billing-sync"),
        ("\uff42illing-sync", "U+FF42), which looks like b", "billing-sync"),
        ("billing-s\u00fdnc", "U+00FD), which looks like y", "billing-sync"),
    ],
)
def test_character_that_looks_like_another_is_named(text, words, meant):
    asked = refusal(text)

    assert isinstance(asked, Unsure)
    assert words in str(asked)
    assert [each.spelled for each in asked.candidates] == [meant]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("orders\u2764", "U+2764) is in none"),
        ("or/ders!", "'/' (U+002F) is in none"),
        ("orders!x", "'!' (U+0021) is in none"),
        ("<", "the less-than sign (U+003C) is in none"),
        ("orders&shop", "the ampersand (U+0026) is in none"),
        ("two words here now", "contain no spaces"),
        ("word " * 20, "contain no spaces"),
        ("a-${stage}", "holds ${, which is filled in"),
        ("a-{{stage}}", "holds {{, which is filled in"),
        ("a-<%=stage%>", "holds the less-than sign and %, which is filled in"),
        ("src/a.handler", "a path, as of a handler"),
        ("x" * 65, "65 characters, of 64"),
        (f"{'x' * 64}:l.", "'l.' cannot be an alias"),
        (f"{'x' * 70}:live", "70 characters, of 64"),
        (f"orders:{'x' * 129}", "cannot be an alias or a version"),
        ("orders:", "cannot be a function's name."),
        ("a:b:c", "'b:c' cannot be an alias"),
    ],
)
def test_refusal_names_the_part(text, words):
    asked = refusal(text)

    assert not isinstance(asked, Unsure)
    assert words in str(asked)
    assert not {"<", ">"} & set(str(asked))


def test_dash_that_was_two_hyphens():
    assert dashed_option("orders \u2014account live") == "orders --account live"
    assert dashed_option("orders \u2013\u2013account live") == "orders --account live"
    assert dashed_option("or\u2014ders") is None
    assert dashed_option("orders \u2014 live") is None


def test_character_that_cannot_be_printed_is_only_numbered():
    assert character_of("\u200b") == "U+200B"
    assert character_of("/") == "'/' (U+002F)"
