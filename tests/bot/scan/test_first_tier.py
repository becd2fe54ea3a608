"""The first tier of a scan: less certain than one check, and never different."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from situations import LONG_AGO, NOON, OURS_NODE, a_function, a_stack, evidence

from bot.aws.accounts import Accounts
from bot.diagnosis.gather import function_check
from bot.playground.account.demo_functions import DEMO_FUNCTIONS, demo, healthy, plant
from bot.playground.account.faults import Fault
from bot.scan import judgment, survey
from bot.scan.clusters import as_json, clusters, exit_status
from bot.scan.local import Scanner
from bot.scan.model import UNVERIFIED, ProblemClass, Scan, Seen, Unreadable
from bot.settings import read_aws_settings
from bot.target import Target
from checks.evidence import Invocations, Missing, Withheld
from checks.model import Symptom

CASES = [
    pytest.param(wanted, language, id=f"{name} {language.kind}")
    for name, wanted in DEMO_FUNCTIONS.items()
    for language in wanted.languages
]
UNSURE = {UNVERIFIED, "undetermined"}
OF_THE_ACCOUNT = {
    "ten_minutes_passed",
    "integration_stack_exists",
    "integration_stack_in_us_east_1",
    "no_account_integration_errors",
}
"""Causes that no part of a function's own can change."""


def first_tier(*regions, prefix="", accounts=None):
    accounts = accounts or Accounts(read_aws_settings())
    places = [accounts.location(*each) for each in accounts.account_regions(regions, ())]
    scanner = Scanner(places, accounts.expected, prefix)
    scanner.first()
    return scanner


def scanned(*regions, exactly=True, prefix=""):
    scanner = first_tier(*regions, prefix=prefix)
    if exactly:
        scanner.verify()
    return scanner.result()


@pytest.mark.parametrize(("wanted", "language"), CASES)
def test_a_scan_never_says_otherwise_than_a_check(aws, wanted, language):
    bed = plant(aws.account(), wanted, language)
    accounts = Accounts(read_aws_settings())
    where = Target("checkout", region=wanted.region)
    report = function_check(where, accounts=accounts).report(Symptom.BOTH)
    scanner = first_tier(wanted.region, accounts=accounts)
    quick = {each.name: each for each in scanner.result().seen}["checkout"]
    scanner.verify()
    exact = {each.name: each for each in scanner.result().seen}["checkout"]

    assert quick.verdict in {report.verdict.value, *UNSURE}
    assert not quick.exact or report.cause in OF_THE_ACCOUNT
    assert quick.verdict not in {"healthy", "notice"}
    assert exact.exact
    assert (exact.verdict, exact.cause) == (report.verdict.value, report.cause)
    assert exact.impact == (report.impact and report.impact.value)
    assert (exact.kind is ProblemClass.DOWN) == (exact.impact == "down")
    assert bed.config["FunctionName"] == "checkout"
    assert aws.mutations() == []


@pytest.mark.slow
def test_a_function_that_nobody_can_tell_well_is_seen_exactly(aws):
    """Instrumented and invoked, but our filter forwarded nothing: it may be blind."""
    bed = healthy(aws.account(), "shop")
    demo(aws.account())
    bed.group.filters.clear()
    quick = {each.name: each for each in scanned(exactly=False).seen}["shop"]
    exact = {each.name: each for each in scanned().seen}["shop"]

    assert (quick.verdict, quick.suspicious) == ("undetermined", True)
    assert (exact.verdict, exact.cause, exact.kind, exact.exact) == (
        "problem",
        "traces_reach_the_log_pipe",
        ProblemClass.BLIND,
        True,
    )


def test_calls_grow_with_pages_not_with_functions(aws):
    demo(aws.account())
    for number in range(120):
        healthy(aws.account(), f"shop-{number}")
    aws.calls.clear()
    result = scanned(exactly=False)

    assert len(result.seen) > 120
    assert len(aws.calls) < 20


def test_prefix_narrows(aws):
    demo(aws.account())
    assert {each.name for each in scanned(prefix="ch").seen} == {"checkout"}


@pytest.mark.slow
def test_region_that_cannot_be_read_is_a_line_not_a_silence(aws):
    demo(aws.account())
    aws.faults.append(Fault("lambda", "ListFunctions", "AccessDenied", region="us-east-1"))
    result = scanned("eu-west-1", "us-east-1")

    assert {each.name for each in result.seen} >= {"checkout", "orders"}
    assert [(each.region, each.account) for each in result.unreadable] == [
        ("us-east-1", "123456789012")
    ]
    assert "lambda:ListFunctions" in result.unreadable[0].why


def test_forwarding_that_cannot_be_read_leaves_doubts(aws):
    demo(aws.account())
    aws.fail("cloudwatch", "ListMetrics")
    result = scanned(exactly=False)
    seen = {each.name: each.verdict for each in result.seen}

    assert seen["checkout"] == "undetermined"
    assert "cloudwatch:ListMetrics" in result.unreadable[0].why


def test_nothing_readable_is_status_four_and_doubts_are_three():
    seen = Seen("f", "eu-west-1", "1", "undetermined")
    hidden = Unreadable("1", "eu-west-1", "Denied.")
    blind = replace(seen, verdict="problem", cause="wrapper_set", kind=ProblemClass.BLIND)
    quiet = replace(seen, verdict="problem", cause="invoked", kind=ProblemClass.QUIET)
    fine = replace(seen, verdict=UNVERIFIED)

    assert exit_status(Scan(NOON, (), (hidden,))) == 4
    assert exit_status(Scan(NOON, (), (hidden,), places=2)) == 3  # the other one is empty
    assert exit_status(Scan(NOON, (fine,), (hidden,))) == 3
    assert exit_status(Scan(NOON, (seen,), ())) == 3
    assert exit_status(Scan(NOON, (fine, quiet), ())) == 0
    assert exit_status(Scan(NOON, (fine, quiet, blind), (hidden,))) == 1


def test_news_comes_first_and_only_it_is_named():
    functions = [
        Seen(f"f{n}", "eu-west-1", "1", "problem", cause, kind)
        for n, (cause, kind) in enumerate(
            [("invoked", ProblemClass.QUIET)] * 3
            + [("wrapper_set", ProblemClass.BLIND)]
            + [("layer_attached", ProblemClass.BLIND)] * 2
        )
    ]
    found = clusters(functions)
    document = as_json(Scan(NOON, tuple(functions), ()))

    assert [(c.cause, len(c.functions)) for c in found] == [
        ("layer_attached", 2),
        ("wrapper_set", 1),
        ("invoked", 3),
    ]
    assert [len(each["functions"]) for each in document["causes"]] == [2, 1, 0]
    assert [each["count"] for each in document["causes"]] == [2, 1, 3]
    everything = as_json(Scan(NOON, tuple(functions), ()), all_functions=True)
    assert [len(each["functions"]) for each in everything["causes"]] == [2, 1, 3]


HANDLERS = ("index.handler", "src/a.b", "/opt/x.y", "newrelic-lambda-wrapper.handler")
VARIABLES = st.dictionaries(
    st.sampled_from(["AWS_LAMBDA_EXEC_WRAPPER", "SLS_ORG_ID", "NODE_OPTIONS", "STAGE", "DD_SITE"]),
    st.sampled_from(["", "/opt/sls-sdk-node/exec-wrapper.sh", "/opt/datadog_wrapper", "x"]),
)


@st.composite
def first_looks(draw):
    variables = draw(VARIABLES)
    kept = {
        n: v if n.isupper() and n != "STAGE" else Withheld(empty=not v)
        for n, v in variables.items()
    }
    function = replace(
        a_function(layers=draw(st.sampled_from([(), a_function().layers, ("arn:x:y",) * 5]))),
        runtime=draw(st.sampled_from(["nodejs22.x", "python3.12", "python3.13", "java21", None])),
        handler=draw(st.sampled_from(HANDLERS)),
        code_size=draw(st.sampled_from([None, 10, 19_000_000, 60_000_000, 90_000_000])),
        error=draw(st.sampled_from([None, "Code storage limit exceeded."])),
    )
    days = draw(st.lists(st.integers(0, 20), max_size=3))
    sums = tuple((NOON - timedelta(days=d), 86_400, 5) for d in sorted(days))
    hidden = Missing("Denied.", "kms:Decrypt")
    return replace(
        evidence(),
        function=function,
        environment=draw(st.sampled_from([kept, kept, hidden])),
        environment_size=draw(st.sampled_from([100, 2_900, 3_900, 4_090])),
        stack=a_stack(created_at=draw(st.sampled_from([LONG_AGO, NOON - timedelta(days=4)]))),
        invocations=draw(
            st.sampled_from([Invocations(sums, NOON - timedelta(days=15)), survey.NOT_READ])
        ),
        log_group=survey.NOT_READ,
        filters=survey.NOT_READ,
        log=survey.NOT_READ,
        traffic=survey.NOT_READ,
    )


WITHHELD = st.builds(Withheld, st.booleans())
WITHHELD_NAMES = st.sampled_from(
    ("DD_API_KEY", "SENTRY_DSN", "NEW_RELIC_LICENSE_KEY", "OTEL_TRACES_EXPORTER", "TABLE", "SLS_X")
)


@given(look_=first_looks(), data=st.data())
@settings(max_examples=400, deadline=None)
def test_functions_of_one_shape_are_judged_alike(look_, data):
    """What the shape leaves out, no step decides by."""
    function, size, sums = look_.function, look_.environment_size, look_.invocations
    small = function.code_size is not None and function.code_size < 20_000_000
    other = replace(
        look_,
        function=replace(
            function,
            name="other",
            arn=function.arn + "x",
            modified_at=function.modified_at - timedelta(days=data.draw(st.integers(0, 40))),
            handler="lib/c.d" if function.handler in HANDLERS[:2] else function.handler,
            code_size=data.draw(st.integers(0, 20_000_000)) if small else function.code_size,
        ),
        environment=look_.environment
        if isinstance(look_.environment, Missing)
        else {**look_.environment, **data.draw(st.dictionaries(WITHHELD_NAMES, WITHHELD))},
        environment_size=data.draw(st.integers(0, 3_000)) if size < 3_000 else size,
        invocations=replace(sums, sums=tuple((at, p, n * 7) for at, p, n in sums.sums))
        if isinstance(sums, Invocations)
        else sums,
    )
    shapes = [judgment.deciding_parts(each, forwards=True) for each in (look_, other)]
    assert shapes[0] == shapes[1]
    assert judgment.judged(look_, forwards=True) == judgment.judged(other, forwards=True)


def test_a_shape_tells_what_matters_apart():
    base = replace(evidence(), log=survey.NOT_READ, environment=OURS_NODE)
    changed = [
        replace(base, environment={}),
        replace(base, function=a_function(layers=())),
        replace(base, invocations=Invocations((), LONG_AGO)),
    ]
    shapes = {judgment.deciding_parts(each, forwards=True) for each in (base, *changed)}

    assert len(shapes) == 4


def test_sums_that_lag_behind_the_log_do_not_make_a_function_quiet(aws):
    """What a check reads in the log, a scan must not call idle."""
    demo(aws.account())
    bed = healthy(aws.account(), "just-invoked")
    bed.region.sums.pop(("just-invoked", ""))
    report = function_check(Target.of("just-invoked")).report(Symptom.BOTH)
    quick = {each.name: each for each in scanned(exactly=False).seen}["just-invoked"]

    assert report.verdict.value == "healthy"
    assert quick.verdict == UNVERIFIED


def test_a_tool_that_a_payload_may_disprove_is_a_doubt_only(aws):
    demo(aws.account())
    bed = healthy(aws.account(), "works-beside-sentry")
    bed.variables["NODE_OPTIONS"] = "-r @sentry/aws-serverless/awslambda-auto"
    report = function_check(Target.of("works-beside-sentry")).report(Symptom.BOTH)
    quick = {each.name: each for each in scanned(exactly=False).seen}["works-beside-sentry"]

    assert report.verdict.value == "notice"
    assert (quick.verdict, quick.suspicious) == ("undetermined", True)


def test_functions_of_an_account_without_an_integration_are_verified_without_a_call_of_their_own(
    aws,
):
    """Whatever their logs and filters hold, the cause is the account's."""
    wanted = DEMO_FUNCTIONS["no stack"]
    for number in range(30):
        plant(aws.account(), wanted, wanted.languages[0], f"f{number}")
    scan = scanned()
    called = {operation for _, operation, _, _ in aws.calls}
    report = function_check(Target("f0")).report(Symptom.BOTH)

    assert len(scan.seen) == 30
    assert {(each.verdict, each.cause, each.impact, each.exact) for each in scan.seen} == {
        (report.verdict.value, report.cause, report.impact.value, True)
    }
    assert {each.saw for each in scan.seen} == {report.summary}
    assert not called & {"DescribeSubscriptionFilters", "FilterLogEvents", "ListAliases"}
