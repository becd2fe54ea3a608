"""
Is a layer slot free for the SDK?

A function can have five layers. When other layers hold all of them, instrumenting it fails.

Runbook: Manually Check For Instrumentation Issues
"""

from __future__ import annotations

from checks.evidence import LambdaFunction
from checks.model import Finding, ok, problem
from checks.sdk import LAYER_LIMIT, layer_name, sdk_layer


def check(function: LambdaFunction) -> Finding:
    """Five is a quota of AWS Lambda that cannot be raised."""
    layers = function.layers
    if any(map(sdk_layer, layers)):
        others = len(layers) - 1
        return ok(f"The SDK's layer is attached, with {others or 'no'} other{'s' * (others != 1)}.")
    if len(layers) >= LAYER_LIMIT:
        names = ", ".join(map(layer_name, layers))
        return problem(
            f"All {LAYER_LIMIT} layer slots are taken by others: {names}.",
            "Remove one of these layers; then in Dashboard switch Instrument off, press Save, "
            "switch it on and press Save again.",
        )
    return ok(f"{len(layers)} of {LAYER_LIMIT} layer slots are taken.")
