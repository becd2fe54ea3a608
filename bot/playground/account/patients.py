"""
One sick function for each cause, planted in a fresh account, and the demo account.

Each patient begins healthy and is then spoiled in one way.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.playground.account.model import AwsAccount, Region
from bot.playground.account.payloads import telemetry_line

REGION = "eu-west-1"
ORG = "org-1a2b3c4d"
CANARIES = ("canary-Tr0ub4dor-DB", "canary-sk-live-51H8xyz")
SECRETS = {"DB_PASSWORD": CANARIES[0], "STRIPE_KEY": CANARIES[1], "STAGE": "prod"}
PUBLISHER = "177335420605"
FIREHOSE = "serverless_logs-firehose"
FILTER = "serverless_logs-filter"
REQUEST = "5eed0000-0000-4000-8000-00000000000{}"
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
    "nodejs20.x",
    "nodejs",
    "sls-sdk-node-v0-15-15",
    "/opt/sls-sdk-node/exec-wrapper.sh",
    "0.15.15",
)
PYTHON = Language(
    "python3.11",
    "python",
    "sls-sdk-python-v0-3-3",
    "/opt/sls-sdk-python/exec_wrapper.py",
    "0.3.3",
)


@dataclass
class Bed:
    """A healthy function to spoil, in its account."""

    account: AwsAccount
    name: str
    language: Language
    now: datetime = field(default_factory=lambda: datetime.now(UTC).replace(microsecond=0))

    @property
    def region(self) -> Region:
        """The function's region."""
        return self.account.region(REGION)

    @property
    def config(self) -> dict[str, Any]:
        """Lambda's answer for $LATEST."""
        return self.region.functions[self.name]["$LATEST"]

    @property
    def variables(self) -> dict[str, str]:
        """Its environment variables."""
        found: dict[str, str] = self.config["Environment"]["Variables"]
        return found

    @property
    def group(self) -> Any:
        """Its log group."""
        return self.region.group(f"/aws/lambda/{self.name}")

    def layer(self, name: str, owner: str = PUBLISHER) -> str:
        """A layer version's ARN."""
        return f"arn:aws:lambda:{REGION}:{owner}:layer:{name}:1"

    def log(self, *messages: str, ago: timedelta = timedelta(minutes=5)) -> None:
        """One invocation around these lines."""
        at = self.now - ago
        request = REQUEST.format(len(self.group.events) % 9 + 1)
        lines = (
            f"START RequestId: {request} Version: $LATEST\n",
            *messages,
            f"END RequestId: {request}\n",
            f"REPORT RequestId: {request}\tDuration: 5.00 ms\tBilled Duration: 5 ms\t\n",
        )
        for place, line in enumerate(lines):
            self.group.events.append((at + timedelta(milliseconds=place), line, STREAM))

    def payload(self, **changes: Any) -> str:
        """A telemetry line of this function."""
        facts = {
            "service": self.name,
            "org_id": ORG,
            "runtime": self.language.kind,
            "sdk_version": self.language.sdk_version,
        }
        return telemetry_line(**(facts | changes)) + "\n"

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


def healthy_account(account: AwsAccount, now: datetime) -> None:
    """The integration, long complete."""
    account.stack(now - timedelta(days=30))
    account.roles.add("ServerlessRole")
    region = account.region(REGION)
    region.firehoses |= {FIREHOSE: "ACTIVE", "serverless_metrics-firehose": "ACTIVE"}
    region.metric_streams["serverless_metrics-stream"] = "running"
    region.delivered = 1.0


def healthy(account: AwsAccount, name: str, language: Language = NODE) -> Bed:
    """A function that reports, changed yesterday, invoked five minutes ago."""
    bed = Bed(account, name, language)
    bed.region.function(
        name,
        modified_at=bed.now - timedelta(days=1),
        runtime=language.runtime,
        layers=[bed.layer(language.layer)],
        environment=SECRETS | {"AWS_LAMBDA_EXEC_WRAPPER": language.wrapper, "SLS_ORG_ID": ORG},
    )
    arn = f"arn:aws:firehose:{REGION}:{account.id}:deliverystream/{FIREHOSE}"
    bed.group.filters[FILTER] = arn
    bed.log(bed.payload())
    bed.region.invoked(name, bed.now - timedelta(minutes=5), 12)
    return bed


@dataclass(frozen=True, slots=True)
class Patient:
    """How to spoil a healthy function, and what must be found."""

    spoil: Callable[[Bed], None]
    verdict: str
    cause: str | None
    impact: str | None = "blind"
    languages: tuple[Language, ...] = (NODE, PYTHON)
    in_demo: str | None = None
    """The function's name in the demo account."""


def _never_invoked(bed: Bed) -> None:
    for key in [key for key in bed.region.sums if key[0] == bed.name]:
        del bed.region.sums[key]
    bed.region.groups.pop(f"/aws/lambda/{bed.name}")
    bed.group.filters[FILTER] = f"arn:aws:firehose:{REGION}:1:deliverystream/{FIREHOSE}"


def _java(bed: Bed) -> None:
    bed.bare()
    bed.config["Runtime"] = "java21"


def _image(bed: Bed) -> None:
    bed.bare()
    bed.config["PackageType"] = "Image"
    for key in ("Runtime", "Handler", "Layers"):
        bed.config.pop(key)


def _python_313(bed: Bed) -> None:
    bed.config["Runtime"] = "python3.13"
    bed.silent()


def _young(bed: Bed) -> None:
    bed.account.region("us-east-1").stacks.clear()
    bed.account.stack(bed.now - timedelta(minutes=6))
    bed.config["LastModified"] = f"{bed.now - timedelta(minutes=5):%Y-%m-%dT%H:%M:%S}.000+0000"


def _no_stack(bed: Bed) -> None:
    bed.account.region("us-east-1").stacks.clear()


def _deleted(bed: Bed) -> None:
    _no_stack(bed)
    bed.account.stack(bed.now - timedelta(days=9), deleted_at=bed.now - timedelta(days=2))
    bed.account.roles.clear()


def _failed(bed: Bed) -> None:
    _no_stack(bed)
    bed.account.stack(bed.now - timedelta(hours=2), "ROLLBACK_COMPLETE", reason="No permission")


def _elsewhere(bed: Bed) -> None:
    _no_stack(bed)
    bed.account.stack(bed.now - timedelta(hours=2), region="us-west-2")


def _role_gone(bed: Bed) -> None:
    bed.account.roles.clear()


def _update_failed(text: str) -> Callable[[Bed], None]:
    def spoil(bed: Bed) -> None:
        bed.bare()
        bed.config.update({"LastUpdateStatus": "Failed", "LastUpdateStatusReason": text})

    return spoil


def _filters_full(bed: Bed) -> None:
    bed.group.filters.clear()
    bed.group.filters.update(shipper="arn:aws:lambda:::a", archive="arn:aws:lambda:::b")


def _sampled(bed: Bed) -> None:
    bed.log(bed.payload(sampled_out=True), ago=timedelta(minutes=4))


def _timeouts(bed: Bed) -> None:
    bed.group.events.clear()
    at, request = bed.now - timedelta(minutes=5), REQUEST.format(1)
    for place, line in enumerate(
        (
            f"START RequestId: {request} Version: $LATEST\n",
            f"{at:%Y-%m-%dT%H:%M:%S}.000Z {request} Task timed out after 3.00 seconds\n\n",
        )
    ):
        bed.group.events.append((at + timedelta(seconds=place), line, STREAM))


def _wrong_org(bed: Bed) -> None:
    bed.group.events.clear()
    bed.log(bed.payload(org_id="org-of-others"))


def _five_layers(bed: Bed) -> None:
    bed.bare()
    bed.config["Layers"] = [{"Arn": bed.layer(f"tools-{n}", "111122223333")} for n in range(5)]


def _layer_gone(bed: Bed) -> None:
    bed.config["Layers"] = []
    bed.silent()


def _datadog(bed: Bed) -> None:
    bed.variables["AWS_LAMBDA_EXEC_WRAPPER"] = "/opt/datadog_wrapper"
    bed.silent()


def _other_path(bed: Bed) -> None:
    other = PYTHON if bed.language is NODE else NODE
    bed.variables["AWS_LAMBDA_EXEC_WRAPPER"] = other.wrapper
    bed.silent()


def _org_empty(bed: Bed) -> None:
    bed.variables["SLS_ORG_ID"] = ""
    bed.silent()


def _no_room(bed: Bed) -> None:
    bed.bare()
    bed.variables["TABLES"] = "x" * 3_990


def _sentry(bed: Bed) -> None:
    bed.variables["NODE_OPTIONS"] = "-r @sentry/aws-serverless/awslambda-auto"
    bed.silent()


def _datadog_handler(bed: Bed) -> None:
    bed.config["Handler"] = "datadog_lambda.handler.handler"
    bed.silent()


def _old_version(bed: Bed) -> None:
    bed.region.function(bed.name, modified_at=bed.now - timedelta(days=90), version="7")
    bed.region.functions[bed.name]["7"]["Runtime"] = bed.language.runtime
    bed.region.aliases[bed.name] = {"live": "7"}
    bed.region.invoked(bed.name, bed.now - timedelta(minutes=30), 40, f"{bed.name}:live")


def _ladder_stops(bed: Bed) -> None:
    bed.variables["SLS_SDK_DEBUG"] = "true"
    bed.group.events.clear()
    bed.log(
        "⚡ SDK: Wrapper initialization\n",
        "⚡ SDK: Overhead duration: Internal initialization: 14ms\n",
    )


def _filter_gone(bed: Bed) -> None:
    bed.group.filters.clear()


def _filter_astray(bed: Bed) -> None:
    bed.group.filters[FILTER] = "arn:aws:lambda:eu-west-1:123456789012:function:elsewhere"


def _infrequent(bed: Bed) -> None:
    bed.group.filters.clear()
    bed.group.log_class = "INFREQUENT_ACCESS"


def _firehose(status: str | None) -> Callable[[Bed], None]:
    def spoil(bed: Bed) -> None:
        bed.region.firehoses.pop(FIREHOSE)
        if status:
            bed.region.firehoses[FIREHOSE] = status

    return spoil


def _delivers_nothing(bed: Bed) -> None:
    bed.region.delivered = 0.0


def _stream_stopped(bed: Bed) -> None:
    bed.region.metric_streams["serverless_metrics-stream"] = "stopped"


def _stream_gone(bed: Bed) -> None:
    bed.region.metric_streams.clear()


def _neither_stream(bed: Bed) -> None:
    bed.region.metric_streams.clear()
    bed.region.firehoses.pop("serverless_metrics-firehose")


_P = "problem"
_NO_FIREHOSE = (
    "[Instrument By Mode] Could not deliver test message to specified Firehose stream. "
    "Firehose serverless_logs-firehose not found under account 123456789012."
)
_ONLY_NODE, _ONLY_PYTHON = (NODE,), (PYTHON,)

PATIENTS: Mapping[str, Patient] = {
    "healthy": Patient(lambda _: None, "healthy", None, None, in_demo="checkout"),
    "never invoked": Patient(_never_invoked, _P, "invoked"),
    "java": Patient(_java, _P, "runtime_supported", languages=_ONLY_NODE, in_demo="invoices"),
    "image": Patient(_image, _P, "runtime_supported", languages=_ONLY_NODE),
    "python 3.13": Patient(
        _python_313, _P, "runtime_supported", "down", _ONLY_PYTHON, in_demo="refunds"
    ),
    "six minutes old": Patient(_young, "waiting", "ten_minutes_passed", None),
    "toggle off": Patient(Bed.bare, _P, "function_instrumented", in_demo="thumbnails"),
    "no stack": Patient(_no_stack, _P, "integration_stack_exists"),
    "stack deleted": Patient(_deleted, _P, "integration_stack_exists"),
    "stack failed": Patient(_failed, _P, "integration_stack_exists"),
    "stack elsewhere": Patient(_elsewhere, _P, "integration_stack_in_us_east_1"),
    "role gone": Patient(_role_gone, _P, "no_account_integration_errors"),
    "no Firehose when instrumented": Patient(
        _update_failed(_NO_FIREHOSE), _P, "no_function_instrumentation_errors"
    ),
    "throttled when instrumented": Patient(
        _update_failed("Rate exceeded"), _P, "no_function_instrumentation_errors"
    ),
    "filters full": Patient(_filters_full, _P, "subscription_filter_to_spare", in_demo="search"),
    "code too large": Patient(
        _update_failed("Unzipped size must be smaller than 262144000 bytes"),
        _P,
        "code_size_within_limit",
    ),
    "sampled": Patient(_sampled, "notice", "traces_not_sampled", None, in_demo="clicks"),
    "timeouts": Patient(_timeouts, _P, "telemetry_payload_logged", in_demo="reports"),
    "another org": Patient(_wrong_org, _P, "payload_names_our_org"),
    "five layers": Patient(_five_layers, _P, "layer_slot_to_spare", in_demo="recommend"),
    "layer gone": Patient(_layer_gone, _P, "layer_attached", "down", in_demo="billing"),
    "Datadog's wrapper": Patient(_datadog, _P, "wrapper_set", in_demo="orders"),
    "the other runtime's path": Patient(_other_path, _P, "wrapper_set", "down"),
    "org id empty": Patient(_org_empty, _P, "org_id_set", in_demo="emails"),
    "no room": Patient(_no_room, _P, "environment_has_room"),
    "Sentry's preload": Patient(
        _sentry, _P, "no_conflicting_tool", languages=_ONLY_NODE, in_demo="sessions"
    ),
    "Datadog's handler": Patient(
        _datadog_handler, _P, "no_conflicting_tool", languages=_ONLY_PYTHON
    ),
    "old version": Patient(_old_version, _P, "traffic_on_instrumented_version", in_demo="payments"),
    "ladder stops": Patient(_ladder_stops, _P, "wrapper_initialized"),
    "no filter": Patient(_filter_gone, _P, "traces_reach_the_log_pipe", in_demo="inventory"),
    "filter astray": Patient(_filter_astray, _P, "traces_reach_the_log_pipe"),
    "class without filters": Patient(_infrequent, _P, "traces_reach_the_log_pipe"),
    "Firehose gone": Patient(_firehose(None), _P, "traces_reach_the_log_pipe"),
    "Firehose going": Patient(_firehose("DELETING"), _P, "traces_reach_the_log_pipe"),
    "delivers nothing": Patient(_delivers_nothing, _P, "traces_reach_the_log_pipe"),
    "stream stopped": Patient(_stream_stopped, _P, "metrics_reach_the_metric_stream"),
    "stream gone": Patient(_stream_gone, _P, "metrics_reach_the_metric_stream"),
    "newer integration": Patient(
        _neither_stream, "notice", "metrics_reach_the_metric_stream", None
    ),
}


def plant(account: AwsAccount, patient: Patient, language: Language, name: str = "checkout") -> Bed:
    """`patient` as the function `name`, in a fresh account."""
    bed = healthy(account, name, language)
    healthy_account(account, bed.now)
    patient.spoil(bed)
    return bed


def demo(account: AwsAccount) -> Mapping[str, str]:
    """The demo account; what is wrong with each function, by its name."""
    healthy_account(account, datetime.now(UTC))
    told = {}
    for what, patient in PATIENTS.items():
        if patient.in_demo:
            patient.spoil(healthy(account, patient.in_demo, patient.languages[0]))
            told[patient.in_demo] = what
    return told
