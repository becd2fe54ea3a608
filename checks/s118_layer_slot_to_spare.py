"""
Is a layer slot free for the SDK?

A function can have five layers. When other layers hold all of them, instrumenting it fails.

Runbook: Manually Check For Instrumentation Issues
"""

from __future__ import annotations

from checks.error_remedies import for_function
from checks.evidence import LambdaFunction
from checks.facts.error_texts import ErrorKind
from checks.facts.limits import LAYERS
from checks.facts.sdk import layer_name, sdk_layer
from checks.grammar import others
from checks.model import Finding, Hop, Page, ok, problem
from checks.proof import Proof

HOP = Hop.LAYER
PAGE = Page.CODE
SHORT_NAME = "layer slot free"
CODES = ("full",)


def check(function: LambdaFunction, proof: Proof) -> Finding:
    """Five is a quota of AWS Lambda that cannot be raised."""
    layers = function.layers
    if any(map(sdk_layer, layers)):
        return ok(f"The SDK's layer is attached, with {others(len(layers) - 1)}.")
    if proof.reports:
        return ok("Telemetry is logged without the SDK's layer, so no slot is needed.")
    if len(layers) >= LAYERS.value:
        names = ", ".join(map(layer_name, layers))
        return problem(
            "full",
            f"No room for the SDK layer: {LAYERS.value} of {LAYERS.value} taken",
            f"All {LAYERS.value} layer slots are taken by others: {names}.",
            *for_function(ErrorKind.LAYERS, function),
        )
    return ok(f"{len(layers)} of {LAYERS.value} layer slots are taken.")
