"""Where secrets are planted in a fake account, and how each may be spelled in what comes out."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Sequence
from datetime import timedelta
from urllib.parse import quote

from bot.playground.account.demo_functions import NODE, FakeFunction
from bot.playground.account.model import AwsAccount


def forms(secret: str) -> Iterator[str]:
    """As it may be spelled. In base64 what stands before it shifts it: all three ways."""
    raw = secret.encode()
    yield secret
    yield raw.hex()
    yield quote(secret, safe="")
    yield json.dumps(secret)[1:-1]
    for pad in range(3):
        encoded = base64.b64encode(b"\0" * pad + raw + b"\0" * 3).decode()
        yield encoded[4 if pad else 0 : -8]


def plant(account: AwsAccount, functions: Sequence[str], planted: Sequence[str]) -> None:
    """Spread over the functions: variables, log lines, debug output, and error texts."""
    for n, name in enumerate(functions):
        mine = planted[n :: len(functions)]
        fake = FakeFunction(account, name, NODE)
        half = len(mine) // 2
        fake.variables.update({f"PASSWORD_{n}": secret for n, secret in enumerate(mine[:half])})
        fake.variables["NODE_OPTIONS"] = f"--require ./x.js --title={mine[0]}"
        for secret in mine[half:]:
            fake.log(f"2026-01-01T00:00:00Z\tx\tERROR\ttoken={secret}", ago=timedelta(seconds=5))
        fake.config["StateReason"] = f"failed with {mine[-1]}"
        fake.config["LastUpdateStatusReason"] = f"failed with {mine[0]}"
        fake.log(fake.payload(org_id=mine[0], sdk_version=mine[-1]), ago=timedelta(minutes=9))
        if n:  # the first stays whole: it is triaged to the end
            fake.variables["AWS_LAMBDA_EXEC_WRAPPER"] = f"/opt/{mine[0]}"
            fake.variables["SLS_DISABLE_X"] = mine[-1]
            fake.config["Handler"] = f"/opt/{mine[-1]}.handler"
            destination = f"arn:aws:lambda:eu-west-1:{account.id}:function:x"
            fake.group.filters[f"of {mine[0]}"] = destination
            fake.config["LastUpdateStatus"] = "Failed"
    for stack in account.region("us-east-1").stacks:
        stack.reason = f"failed with {planted[0]}"
