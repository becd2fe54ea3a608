"""Names that resemble what was typed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.fuzzy import closest

NAMES = ["orders", "checkout", "cart", "checkout-api", "payment-webhook", "PaymentWebhookDev"]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("chekout", "checkout"),
        ("CheckOut", "checkout"),
        ("chekcout", "checkout"),
        ("check", "checkout"),
        ("api", "checkout-api"),
        ("webhook payment", "payment-webhook"),
        ("paymnt webhok", "payment-webhook"),
        ("checkout_api", "checkout-api"),
        ("webhookdev", "PaymentWebhookDev"),
    ],
)
def test_likeliest_comes_first(typed, first):
    assert closest(typed, NAMES)[0] == first


@pytest.mark.parametrize("typed", ["", "   ", "zzz", "--", "x" * 3000])
def test_what_resembles_nothing_finds_nothing(typed):
    assert closest(typed, NAMES) == ()


def test_known_ones_come_first_among_equals():
    names = ["shop-a", "shop-b", "shop"]

    assert closest("shop", names) == ("shop", "shop-a", "shop-b")
    assert closest("shop", names, weights={"shop-b": 1.0}) == ("shop", "shop-b", "shop-a")


def test_most_is_held():
    assert len(closest("f", [f"f-{n}" for n in range(99)], 7)) == 7


@given(st.text(max_size=40), st.lists(st.text(max_size=70), max_size=8))
def test_any_text_is_ranked(typed, names):
    assert set(closest(typed, names)) <= set(names)
