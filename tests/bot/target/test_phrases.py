"""A name with words around it."""

from __future__ import annotations

import pytest

from bot.target.phrases import joined, phrase
from checks.function_ref import FunctionRef

A = FunctionRef("orders")


@pytest.mark.parametrize(
    ("text", "function"),
    [
        ("check orders", A),
        ("/slsdiag diagnose orders please", A),
        ("orders.", A),
        ("*orders*", A),
        ("_orders_", A),
        ("~orders~", A),
        (":fire: orders", A),
        ("orders:live,", FunctionRef("orders", "live")),
        ("orders@live", FunctionRef("orders", "live")),
        ("orders alias live", FunctionRef("orders", "live")),
        ("orders version 7", FunctionRef("orders", "7")),
        ("orders $LATEST", FunctionRef("orders", "$LATEST")),
        ("orders:live version 7", FunctionRef("orders", "live")),
        ("orders in EU-WEST-1", FunctionRef("orders", None, "eu-west-1")),
        ("eu-west-1: orders", FunctionRef("orders", None, "eu-west-1")),
        ("eu-west-1c orders", FunctionRef("orders", None, "eu-west-1")),
        ("orders eu-west-1c", FunctionRef("orders", None, "eu-west-1")),
        ("orders eu-west-1 eu-west-1", FunctionRef("orders", None, "eu-west-1")),
        ("orders in 123456789012", FunctionRef("orders", None, None, "123456789012")),
        ("orders/eu-west-1", FunctionRef("orders", None, "eu-west-1")),
        ("@orders", A),
        ("orders in Oregon", FunctionRef("orders", None, "us-west-2")),
        ("orders (virginia)", FunctionRef("orders", None, "us-east-1")),
        ("orders us-east1", FunctionRef("orders", None, "us-east-1")),
        ("us-east1 orders", None),
        ("orders useast1", None),
        ("orders checkout-api", None),
        ("a/b", None),
        ("<!orders>", None),
        ("check, please", None),
        ("check.", FunctionRef("check")),
        ("orders carts", None),
        ("orders eu-west-1 us-east-1", None),
        ("orders alias a.b", None),
        ("orders é", None),
        ("why?", FunctionRef("why")),
        ("why does orders not show up in the dashboard?", A),
        ("no traces for the function orders since yesterday", A),
        ("orders is down", A),
        ("orders and carts are down", None),
    ],
)
def test_only_name_of_a_phrase(text, function):
    assert phrase(text) == function


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("billing sync", ("billing-sync", "billing_sync")),
        ("a1 b2 c3 d4", ("a1-b2-c3-d4", "a1_b2_c3_d4")),
        ("orders is broken", ()),
        ("billing", ()),
        ("a1 b2 c3 d4 e5", ()),
        ("billing sync!", ()),
        ("b sync", ()),
    ],
)
def test_words_that_a_name_may_be_made_of(text, names):
    assert joined(text) == tuple(map(FunctionRef, names))
