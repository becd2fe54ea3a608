"""
Facts about the vendor's SDK, each with its version bounds and its source.

Read in npm @serverless/aws-lambda-sdk 0.15.15 and PyPI serverless-aws-lambda-sdk 0.3.3,
the last releases (2023), and tried with the real layers unless a line says otherwise.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from checks.facts.fact import Certainty, Fact

ORG_VARIABLE = "SLS_ORG_ID"
DEBUG_VARIABLE = "SLS_SDK_DEBUG"
SAMPLING_VARIABLE = "SLS_DISABLE_TRACE_SAMPLING"
WRAPPER_VARIABLE = "AWS_LAMBDA_EXEC_WRAPPER"

RELEASED: Fact[date] = Fact(
    "Last release of the SDK and its layers (Node.js 0.15.15, Python 0.3.3)",
    date(2023, 10, 1),
    "npm @serverless/aws-lambda-sdk, PyPI serverless-aws-lambda-sdk; the day is not known",
    Certainty.READ,
)
LAST_RELEASED = (
    f"Serverless last released the SDK and its layers in {RELEASED.value:%B %Y} "
    f"(read {RELEASED.read_on.day} {RELEASED.read_on:%b %Y})."
)
"""For doctor and a digest's weekly sign of life; it is no finding, because the SDK works all the same."""
TYPICAL_ORG_ID_LENGTH: Fact[int] = Fact(
    "Characters of an org id, to estimate room by", 36, "an org id is a UUID", Certainty.FROM_MEMORY
)

_LAYER = re.compile(
    r"^arn:aws[\w-]*:lambda:[\w-]+:(?P<owner>\d{12}):layer:(?P<name>[\w-]+)(?::\d+)?$"
)
_SDK_LAYER = re.compile(r"^sls-sdk-(?P<language>node|python)(?:-v(?P<version>\d+-\d+-\d+))?$")

REGIONS: Fact[frozenset[str]] = Fact(
    "Regions that the SDK's layers were published to",
    frozenset(
        [
            "us-east-1",
            "us-east-2",
            "us-west-1",
            "us-west-2",
            "af-south-1",
            "ap-east-1",
            "ap-south-1",
            "ap-northeast-1",
            "ap-northeast-2",
            "ap-northeast-3",
            "ap-southeast-1",
            "ap-southeast-2",
            "ap-southeast-3",
            "ca-central-1",
            "eu-central-1",
            "eu-west-1",
            "eu-west-2",
            "eu-west-3",
            "eu-north-1",
            "eu-south-1",
            "me-south-1",
            "sa-east-1",
        ]
    ),
    "the release scripts of Node 0.15.15 and Python 0.3.3",
    Certainty.READ,
)


@dataclass(frozen=True, slots=True)
class Language:
    """One of the SDK's two languages."""

    key: str
    """As in the layer's name: node, python."""
    shown: str
    wrapper: str
    """The value of AWS_LAMBDA_EXEC_WRAPPER that starts the SDK."""
    layer: str
    """The newest layer's name."""
    unzipped: int
    """Bytes the layer adds, unzipped (rebuilt by the release recipe)."""
    sampling_switch_since: tuple[int, int, int]
    """The first SDK version that reads SLS_DISABLE_TRACE_SAMPLING."""


NODE = Language(
    "node",
    "Node.js",
    "/opt/sls-sdk-node/exec-wrapper.sh",
    "sls-sdk-node-v0-15-15",
    693_139,
    (0, 15, 14),
)
PYTHON = Language(
    "python",
    "Python",
    "/opt/sls-sdk-python/exec_wrapper.py",
    "sls-sdk-python-v0-3-3",
    1_500_000,
    (0, 3, 1),
)

LANGUAGES: Fact[tuple[Language, ...]] = Fact(
    "What Dashboard puts on a function, by language",
    (NODE, PYTHON),
    "the SDK's layers, rebuilt by their release recipe",
    Certainty.TRIED,
)

_RUNTIME = re.compile(r"^(?P<language>nodejs|python)(?P<major>\d+)(?:\.(?P<minor>\d+|x))?$")
FIRST_PYTHON: Fact[tuple[int, int]] = Fact(
    "Oldest Python of the SDK", (3, 8), "the SDK's documents", Certainty.DOCUMENTED
)
FIRST_BROKEN_PYTHON: Fact[tuple[int, int]] = Fact(
    "First Python that the SDK breaks the function on",
    (3, 13),
    "run on 3.13: importing its dependency js-regex raises AttributeError; later ones inferred",
    Certainty.TRIED,
)
FIRST_NODE: Fact[int] = Fact(
    "Oldest Node.js of the SDK", 12, "the SDK's documents", Certainty.DOCUMENTED
)
NEWEST_NODE_TRIED: Fact[int] = Fact(
    "Newest Node.js that the SDK was tried on", 24, "run with the real layer", Certainty.TRIED
)


@dataclass(frozen=True, slots=True)
class Layer:
    """One of the SDK's layers, as its ARN names it."""

    language: Language
    version: tuple[int, int, int] | None


@lru_cache(maxsize=1024)
def sdk_layer(arn: str) -> Layer | None:
    """The SDK layer that `arn` is, or None; a fleet shares a few, and several steps ask."""
    match = _LAYER.match(arn)
    named = match and _SDK_LAYER.match(match["name"])
    if not named:
        return None
    version = named["version"]
    numbers = tuple(int(part) for part in version.split("-")) if version else None
    language = NODE if named["language"] == "node" else PYTHON
    return Layer(language, (numbers[0], numbers[1], numbers[2]) if numbers else None)


def layer_name(arn: str) -> str:
    """`sls-sdk-node-v0-15-15` of a layer version's ARN; the ARN itself if it is not one."""
    match = _LAYER.match(arn)
    return match["name"] if match else arn


def language_of(runtime: str | None) -> Language | None:
    """The SDK's language for `runtime`, None where there is none."""
    match = _RUNTIME.match(runtime or "")
    if not match:
        return None
    return NODE if match["language"] == "nodejs" else PYTHON


def numbered(runtime: str | None) -> tuple[int, int]:
    """(3, 13) of "python3.13"; (20, 0) of "nodejs20.x"; (0, 0) if it has no number."""
    match = _RUNTIME.match(runtime or "")
    if not match:
        return (0, 0)
    minor = match["minor"] or "0"
    return int(match["major"]), 0 if minor == "x" else int(minor)


def breaks_on_import(runtime: str | None) -> bool:
    """
    Python 3.13 and later: importing SDK 0.3.3 raises AttributeError in its dependency
    js-regex, unguarded, so the function itself fails at init. Run on 3.13; later ones inferred.
    """
    return language_of(runtime) is PYTHON and numbered(runtime) >= FIRST_BROKEN_PYTHON.value


def too_old(runtime: str | None) -> bool:
    """Older than the documents name: Node.js 12, Python 3.8."""
    language = language_of(runtime)
    if language is PYTHON:
        return numbered(runtime) < FIRST_PYTHON.value
    return language is NODE and numbered(runtime)[0] < FIRST_NODE.value


def is_our_wrapper(value: str) -> bool:
    """The SDK's own rule: whatever starts so is its wrapper."""
    return value.startswith("/opt/sls-sdk")


def layer_of(language: Language, layers: tuple[str, ...]) -> bool:
    """Whether the SDK's layer for `language` is among them."""
    return any((layer := sdk_layer(arn)) and layer.language is language for arn in layers)


def only_ours(layers: tuple[str, ...]) -> bool:
    """Whether no layer but the SDK's is attached."""
    return all(map(sdk_layer, layers))


_NO_ORG_ID = re.compile(r"^\s|\s$|^(?:undefined|null|none|nan)$|\$\{", re.IGNORECASE)


def no_org_id(value: str) -> bool:
    """
    What a deployment writes that did not know the org: the word for nothing, or a reference that
    nobody resolved; or blanks around it, which the platform takes as part of it (inferred).
    """
    return bool(_NO_ORG_ID.search(value))


def is_on(value: str | None) -> bool:
    """A switch is on when it is any non-empty string, "false" and "0" included (both SDKs)."""
    return bool(value)


def reads_as_off(value: str | None) -> bool:
    """A value that a person means as off and the SDK takes as on."""
    return (value or "").strip().lower() in {"false", "0", "no", "off"}


def spelled(version: tuple[int, int, int] | None) -> str:
    """0.15.15"""
    return ".".join(map(str, version)) if version else "of unknown version"
