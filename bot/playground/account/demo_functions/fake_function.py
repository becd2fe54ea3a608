"""A healthy function in a fake account, and what can be done to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.playground.account.model import AwsAccount, EventRule, Region
from bot.playground.account.payloads import telemetry_line

REGION = "eu-west-1"
ORG = "org-1a2b3c4d"
CANARIES = ("canary-Tr0ub4dor-DB", "canary-sk-live-51H8xyz")
SECRETS = {"DB_PASSWORD": CANARIES[0], "STRIPE_KEY": CANARIES[1], "STAGE": "prod"}
PUBLISHER = "177335420605"
FIREHOSE = "serverless_logs-firehose"
FILTER = "serverless_logs-filter"
TRAIL, DEPLOY_RULE = "serverless_trail", "serverless_lambda_deploy_events"
REQUEST = "5eed0000-0000-4000-8000-{:012d}"
PROBLEM = "problem"
STREAM = "2026/11/23/[$LATEST]0123456789abcdef0123456789abcdef"


@dataclass(frozen=True, slots=True)
class Language:
    """What the integration writes on a function of one runtime."""

    runtime: str
    kind: str
    layer: str
    wrapper: str
    sdk_version: str


NODE = Language(
    "nodejs22.x",
    "nodejs",
    "sls-sdk-node-v0-15-15",
    "/opt/sls-sdk-node/exec-wrapper.sh",
    "0.15.15",
)
PYTHON = Language(
    "python3.12",
    "python",
    "sls-sdk-python-v0-3-3",
    "/opt/sls-sdk-python/exec_wrapper.py",
    "0.3.3",
)


@dataclass
class FakeFunction:
    """A healthy function to break, in its account."""

    account: AwsAccount
    name: str
    language: Language
    now: datetime = field(default_factory=lambda: datetime.now(UTC).replace(microsecond=0))
    at: str = REGION

    @property
    def region(self) -> Region:
        """The function's region."""
        return self.account.region(self.at)

    @property
    def config(self) -> dict[str, Any]:
        """Lambda's answer for $LATEST."""
        return self.region.functions[self.name]["$LATEST"]

    @property
    def variables(self) -> dict[str, str]:
        """Its environment variables."""
        variables: dict[str, str] = self.config["Environment"]["Variables"]
        return variables

    @property
    def group(self) -> Any:
        """Its log group."""
        return self.region.group(f"/aws/lambda/{self.name}")

    def layer(self, name: str, owner: str = PUBLISHER) -> str:
        """A layer version's ARN."""
        return f"arn:aws:lambda:{self.at}:{owner}:layer:{name}:1"

    @property
    def request(self) -> str:
        """The id of the invocation that is logged next."""
        return REQUEST.format(len(self.group.events) + 1)

    def log(self, *messages: str, ago: timedelta = timedelta(minutes=5)) -> None:
        """One invocation around these lines."""
        at = self.now - ago
        request = self.request
        lines = (
            f"START RequestId: {request} Version: $LATEST\n",
            *messages,
            f"END RequestId: {request}\n",
            f"REPORT RequestId: {request}\tDuration: 5.00 ms\tBilled Duration: 5 ms\t\n",
        )
        for place, line in enumerate(lines):
            self.group.events.append((at + timedelta(milliseconds=place), line, STREAM))

    def payload(self, **changes: Any) -> str:
        """A telemetry line of this function's next invocation."""
        facts = {
            "request_id": self.request,
            "service": self.name,
            "org_id": ORG,
            "runtime": self.language.kind,
            "sdk_version": self.language.sdk_version,
        }
        return telemetry_line(**(facts | changes)) + "\n"

    def reports(self, *minutes_ago: int) -> None:
        """Invocations, oldest first, each with its payload."""
        for ago in minutes_ago:
            self.log(self.payload(), ago=timedelta(minutes=ago))

    def ends_bare(self, *minutes_ago: int) -> None:
        """Invocations, oldest first, that ran to their end without a payload."""
        for ago in minutes_ago:
            self.log(ago=timedelta(minutes=ago))

    def times_out(self, *minutes_ago: int) -> None:
        """Invocations, oldest first, that ran into the timeout."""
        for ago in minutes_ago:
            at = self.now - timedelta(minutes=ago)
            line = f"{at:%Y-%m-%dT%H:%M:%S}.000Z {self.request} Task timed out after 3.00 seconds"
            self.log(f"{line}\n\n", ago=timedelta(minutes=ago))

    def cannot_start(self, *minutes_ago: int) -> None:
        """Invocations, oldest first, whose wrapper does not exist."""
        for ago in minutes_ago:
            error = "Runtime exited with error: exit status 127 Runtime.ExitError"
            self.log(
                f"{self.variables['AWS_LAMBDA_EXEC_WRAPPER']}: does not exist\n",
                f"RequestId: {self.request} Error: {error}\n",
                ago=timedelta(minutes=ago),
            )

    def changed(self, ago: timedelta) -> None:
        """When its configuration was last changed."""
        self.config["LastModified"] = f"{self.now - ago:%Y-%m-%dT%H:%M:%S}.000+0000"

    def silent(self) -> None:
        """Invoked, but without a payload in the log."""
        self.group.events.clear()
        self.log()

    def bare(self) -> None:
        """Nothing of the SDK on it."""
        self.config["Layers"] = []
        for name in ("AWS_LAMBDA_EXEC_WRAPPER", "SLS_ORG_ID"):
            self.variables.pop(name, None)
        self.group.filters.pop(FILTER, None)
        self.silent()


def healthy_account(account: AwsAccount, now: datetime, at: str = REGION) -> None:
    """The integration, long complete."""
    account.stack(now - timedelta(days=30))
    account.roles.add("ServerlessRole")
    region = account.region(at)
    region.firehoses |= {FIREHOSE: "ACTIVE", "serverless_metrics-firehose": "ACTIVE"}
    region.metric_streams["serverless_metrics-stream"] = "running"
    region.delivered = 1.0
    account.trail.trails[TRAIL] = True
    region.rules[DEPLOY_RULE] = EventRule()


def healthy(
    account: AwsAccount, name: str, language: Language = NODE, at: str = REGION
) -> FakeFunction:
    """A function that reports, changed yesterday, invoked five minutes ago."""
    function = FakeFunction(account, name, language, at=at)
    function.region.function(
        name,
        modified_at=function.now - timedelta(days=1),
        runtime=language.runtime,
        layers=[function.layer(language.layer)],
        environment=SECRETS | {"AWS_LAMBDA_EXEC_WRAPPER": language.wrapper, "SLS_ORG_ID": ORG},
    )
    arn = f"arn:aws:firehose:{at}:{account.id}:deliverystream/{FIREHOSE}"
    function.group.filters[FILTER] = arn
    function.log(function.payload())
    function.region.invoked(name, function.now - timedelta(minutes=5), 12)
    return function


@dataclass(frozen=True, slots=True)
class DemoFunction:
    """How to break a healthy function, and what must be found."""

    break_it: Callable[[FakeFunction], None]
    verdict: str
    cause: str | None
    impact: str | None = "blind"
    languages: tuple[Language, ...] = (NODE, PYTHON)
    in_demo: str | None = None
    """The function's name in the demo account."""
    region: str = REGION


def update_failed(text: str) -> Callable[[FakeFunction], None]:
    """Its last update, the one that should have instrumented it, failed so."""

    def break_it(function: FakeFunction) -> None:
        function.bare()
        function.config.update({"LastUpdateStatus": "Failed", "LastUpdateStatusReason": text})

    return break_it
