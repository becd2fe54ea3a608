"""The tools, as the official client sees them."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time

import anyio
import httpx2
import pytest
from jsonschema import Draft202012Validator
from mcp.client.client import Client
from mcp.shared.exceptions import MCPError

from bot.agents.answers import LONGEST
from bot.agents.calls import SESSIONS, Budget, Budgets, Call, OneAccounts
from bot.agents.server import Handlers, server
from bot.agents.tools import BY_NAME, TOOLS, called
from bot.cli import main
from bot.playground.account.demo_functions import demo
from checks.runbook import RUNBOOK
from tests.bot.agents.clients import TOKEN, asked, http, over_http, stdio

LOG = (
    "START RequestId: 5eed0000-0000-4000-8000-000000000001 Version: 1\n"
    "END RequestId: 5eed0000-0000-4000-8000-000000000001\n"
)
EVERY_TOOL = {
    "check_function": {"target": "orders", "symptom": "traces"},
    "scan": {"prefix": "or"},
    "read_log": {"text": LOG},
    "lint": {"path": "tests/bot/lint/compiled/Shop.template.json"},
    "explain_check": {"step": "wrapper_set"},
    "runbook": {},
}


def text_of(result):
    (only,) = result.content
    return only.text


def test_every_tool_has_a_call_here():
    assert list(EVERY_TOOL) == [tool.name for tool in TOOLS]


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_tools_say_that_they_only_read(mode):
    async def ask():
        async with Client(server(Handlers(Budgets())), mode=mode) as client:
            return (await client.list_tools()).tools

    tools = anyio.run(ask)

    for tool in tools:
        assert len(tool.name) <= 64
        assert tool.annotations.read_only_hint is True
        assert tool.annotations.destructive_hint is False
        Draft202012Validator.check_schema(tool.input_schema)
        Draft202012Validator.check_schema(tool.output_schema)
    assert len(tools) == len(TOOLS)


def test_answers_are_the_documents_of_the_command_line(aws, capsys):
    """The client holds them to the schemas by itself."""
    demo(aws.account())
    results = asked(*EVERY_TOOL.items())
    documents = [result.structured_content for result in results]
    printed = []
    for words in (
        ["check", "orders", "--symptom", "traces"],
        ["scan", "--prefix", "or"],
        ["lint", "tests/bot/lint/compiled/Shop.template.json"],
        ["runbook"],
    ):
        main([*words, "--json"])
        printed.append(json.loads(capsys.readouterr().out))

    check, scan, log, lint, step, runbook = documents
    for mine, theirs in zip([check, scan, lint, runbook], printed, strict=True):
        assert mine | {"checked_at": None} == theirs | {"checked_at": None}
    assert log["problems"] == ["telemetry_payload_logged"]
    assert step["why"].startswith("AWS_LAMBDA_EXEC_WRAPPER lets the SDK")
    assert [result.is_error for result in results] == [False] * len(results)
    assert all(len(text_of(result).encode()) <= LONGEST for result in results)
    assert aws.mutations() == []


@pytest.mark.parametrize("path", ["/etc", "../outside", "tests/../../outside"])
def test_files_outside_of_the_folder_are_not_read(path):
    (refused,) = asked(("lint", {"path": path}))

    assert refused.is_error
    assert "is outside of the folder" in refused.structured_content["error"]["message"]


@pytest.mark.slow
def test_every_demo_function_has_a_short_text_and_fits_the_schema(aws):
    names = demo(aws.account())
    results = asked(*(("check_function", {"target": name}) for name in names))

    assert len(results) == len(names) > 0
    for result in results:
        assert len(text_of(result).encode()) <= LONGEST
        assert f"verdict: {result.structured_content['verdict']}" in text_of(result)


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_every_tool_over_stdio(aws, mode):
    """In both eras of the protocol; boto3 is not imported before the first check."""
    demo(aws.account())

    async def ask():
        async with Client(stdio(), mode=mode) as client:
            return [await client.call_tool(*each) for each in EVERY_TOOL.items()]

    results = anyio.run(ask)

    assert [result.is_error for result in results] == [False] * len(EVERY_TOOL)
    assert results[0].structured_content["cause"] == "wrapper_set"


def test_every_tool_over_http_with_the_token_only(aws):
    demo(aws.account())

    async def ask(address, mode):
        bearer = {"Authorization": f"Bearer {TOKEN}"}
        async with (
            httpx2.AsyncClient(headers=bearer, timeout=60) as over,
            Client(over_http(address, over), mode=mode) as client,
        ):
            return [await client.call_tool(*each) for each in EVERY_TOOL.items()]

    with http() as address:
        for mode in ("auto", "legacy"):
            results = anyio.run(ask, address, mode)
            assert [result.is_error for result in results] == [False] * len(EVERY_TOOL)
        refused = [
            httpx2.post(address, json={}, headers=headers, timeout=60).status_code
            for headers in (
                {},
                {"Authorization": "Bearer wrong"},
                {"Authorization": f"Basic {TOKEN}"},
                {"Authorization": f"Bearer {TOKEN}", "Host": "evil.example"},
                {"Authorization": f"Bearer {TOKEN}", "Origin": "https://evil.example"},
            )
        ]
    assert refused == [401, 401, 401, 421, 403]


def test_nothing_heavy_is_imported_before_it_is_needed():
    program = (
        "import sys\n"
        "import bot.cli.mcp, bot.agents.transports\n"
        "from bot.agents.calls import Budgets\n"
        "from bot.agents.server import Handlers, server\n"
        "server(Handlers(Budgets()))\n"
        "late = {'boto3', 'botocore', 'checks.runbook', 'redis', 'rich.console'}\n"
        "print(sorted(late & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert done.stdout == "[]\n"


@pytest.mark.parametrize(
    ("tool", "given", "code", "says"),
    [
        ("check_function", {"target": "nope"}, "no_such_function", "no function nope"),
        ("check_function", {"target": "a/b"}, "usage", "cannot be a function's name"),
        ("check_function", {"target": "orders", "region": "mars"}, "usage", "mars"),
        ("check_function", {"target": "orders", "account": "blue"}, "usage", "not configured"),
        (
            "check_function",
            {"target": "orders", "symptom": "smell"},
            "usage",
            "symptom must be one",
        ),
        ("check_function", {"target": 1}, "usage", "target must be a text"),
        ("check_function", {}, "usage", "needs the argument target"),
        ("check_function", {"target": "x" * 999}, "usage", "longer than 512"),
        ("check_function", {"target": "ghp_" + "a1B2" * 9}, "usage", "looks like a secret"),
        ("check_function", {"target": "orders", "more": "1"}, "usage", "takes no argument 'more'"),
        ("scan", {"prefix": "a b"}, "usage", "cannot begin a function's name"),
        ("scan", {"region": "mars"}, "usage", "mars"),
        ("read_log", {"text": "<!DOCTYPE html><html></html>"}, "unreadable", "The text "),
        ("read_log", {"text": LOG, "org": "ghp_" + "a1B2" * 9}, "usage", "looks like a secret"),
        ("read_log", {"text": LOG, "org": "my org"}, "usage", "org is 'my org': give an org's id"),
        ("read_log", {"text": LOG, "org": ""}, "usage", "org is empty"),
        ("explain_check", {"step": "wrapper"}, "usage", "Did you mean wrapper_set?"),
    ],
)
def test_refusals_are_those_of_the_command_line(aws, tool, given, code, says):
    demo(aws.account())
    (result,) = asked((tool, given))

    assert result.is_error
    assert result.structured_content["error"]["code"] == code
    assert says in result.structured_content["error"]["message"]
    assert f"error: {code}\n" in text_of(result)
    assert "ghp_" not in str(result)


def test_question_which_function_is_meant_names_what_to_call_with(aws):
    link = "https://eu-west-1.console.aws.amazon.com/lambda/home?region=eu-west-1#/functions/orders"
    (result,) = asked(("check_function", {"target": link}))

    assert result.structured_content["error"]["candidates"] == [
        {"target": "orders", "region": "eu-west-1"}
    ]
    assert '- target "orders", region "eu-west-1"' in text_of(result)


def test_slip_names_what_to_call_with(aws):
    demo(aws.account())
    (result,) = asked(("check_function", {"target": "orderz"}))

    assert result.structured_content["error"]["candidates"] == [{"target": "orders"}]
    assert '- target "orders"' in text_of(result)


def test_missing_credentials_name_the_next_command(aws, monkeypatch):
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    (result,) = asked(("check_function", {"target": "orders"}))

    assert result.structured_content["error"]["code"] == "no_credentials"


def test_unknown_names_are_errors_of_the_protocol():
    async def ask(what, *given):
        async with Client(server(Handlers(Budgets()))) as client:
            with pytest.raises(MCPError):
                await getattr(client, what)(*given)

    for request in (
        ("call_tool", "delete_function", {}),
        ("read_resource", "slsdiag://checks/nope"),
        ("read_resource", "file:///etc/passwd"),
        ("get_prompt", "nope", {}),
        ("get_prompt", "diagnose", {}),
    ):
        anyio.run(ask, *request)


def test_each_check_has_a_page_and_the_prompts_name_the_tools():
    async def ask():
        async with Client(server(Handlers(Budgets()))) as client:
            listed = (await client.list_resources()).resources
            pages = [(await client.read_resource(each.uri)).contents[0].text for each in listed]
            templates = (await client.list_resource_templates()).resource_templates
            prompts = (await client.list_prompts()).prompts
            asks = [await client.get_prompt(each.name, {"function": "a"}) for each in prompts]
            named = [each.uri_template for each in templates]
            return pages, named, [each.messages[0].content.text for each in asks]

    pages, templates, prompts = anyio.run(ask)

    assert templates == ["slsdiag://checks/{step}"]
    assert len(pages) == len(RUNBOOK) + 1
    assert "](slsdiag://checks/runtime_supported)" in "".join(pages)
    assert all("check_function" in prompt and '"a"' in prompt for prompt in prompts)


def test_progress_says_what_is_still_read(aws):
    demo(aws.account())
    told = []

    async def progress(_, __, message):
        told.append(message)

    async def ask():
        async with Client(server(Handlers(Budgets()))) as client:
            await client.call_tool(*next(iter(EVERY_TOOL.items())), progress_callback=progress)

    anyio.run(ask)

    assert any(message.startswith("Still reading: ") for message in told)


def test_budget_ends_a_check_and_a_scan_and_neither_passes_for_a_result(aws):
    demo(aws.account())
    asked(("check_function", {"target": "orders"}))
    used = len(aws.calls)

    for calls in (1, used // 2, used - 1):
        (result,) = asked(("check_function", {"target": "orders"}), budgets=Budgets(calls))
        assert result.structured_content["error"]["code"] == "budget"
    scans = asked(*[("scan", {})] * 2, budgets=Budgets(3 * used))
    assert scans[0].structured_content["error"]["code"] == "budget"
    assert "try again in 60 min" in text_of(scans[1])


def test_budget_is_whole_again_after_an_hour():
    now = 0.0
    budget = Budget(1, clock=lambda: now)
    budget.take()
    now = 3599.0
    with pytest.raises(Exception, match="try again in 1 min"):
        budget.take()
    now = 3600.0
    budget.take()


def test_sessions_have_budgets_of_their_own_up_to_a_number():
    now = 0.0
    budgets = Budgets(1, clock=lambda: now)
    own = [budgets.of(str(number)) for number in range(SESSIONS)]
    for budget in own:
        budget.take()

    assert len(set(map(id, own))) == SESSIONS
    assert budgets.of("0") is own[0]
    assert budgets.of("one more") is budgets.of("another") is budgets.of(None)
    now = 3600.0
    assert budgets.of("one more") is not budgets.of(None)
    assert len(budgets._own) == 1  # noqa: SLF001 - what would grow


def test_session_that_used_up_its_budget_takes_nothing_from_another(aws, monkeypatch):
    demo(aws.account())
    asked(("check_function", {"target": "orders"}))
    monkeypatch.setenv("SLSDIAG_MCP_CALLS", str(len(aws.calls)))

    async def ask(address):
        """The code of an error, if it is one, of two checks in a session."""
        bearer = {"Authorization": f"Bearer {TOKEN}"}
        async with (
            httpx2.AsyncClient(headers=bearer, timeout=60) as over,
            Client(over_http(address, over), mode="legacy") as client,
        ):
            results = [
                await client.call_tool("check_function", {"target": "orders"}) for _ in range(2)
            ]
            return [result.structured_content.get("error", {}).get("code") for result in results]

    with http() as address:
        said = [anyio.run(ask, address) for _ in range(2)]

    assert said == [[None, "budget"], [None, "budget"]]


def test_cancelled_check_makes_no_further_call(aws):
    """A check takes two waves of calls: the second one is never begun."""
    demo(aws.account())
    tool, call = BY_NAME["check_function"], Call(OneAccounts(), Budget(), lambda _: None)
    call.cancelled = True
    found = called(tool, {"target": "orders"}, call)

    assert found.failed
    assert aws.calls == []


def test_client_that_cancels_is_answered_next_and_the_check_ends(aws, until):
    """A check takes two waves of calls; of the second one none is begun."""
    demo(aws.account())
    asked(("check_function", {"target": "orders"}))
    whole = len(aws.calls)
    aws.calls.clear()
    aws.latency = 5.0

    async def ask():
        async with Client(server(Handlers(Budgets())), mode="legacy") as client:
            with anyio.move_on_after(1.0):
                await client.call_tool("check_function", {"target": "orders"})
            began = time.monotonic()
            await client.call_tool("explain_check", {"step": "invoked"})
            return time.monotonic() - began

    assert anyio.run(ask) < aws.latency
    until(lambda: not [each for each in threading.enumerate() if each.name == "aws"], 60)
    assert 0 < len(aws.calls) < whole
