"""One id from Slack's request to the last AWS call; what /metrics tells; traces."""

from __future__ import annotations

import json
import os
import signal
import threading
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.request import urlopen

import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.playground.account.demo_functions import CANARIES
from bot.playground.workspace import Person

pytestmark = pytest.mark.slow


@pytest.fixture
def served(start_process, slack, redis_url):
    """`slsdiag serve` at DEBUG; ends it and gives its log's documents."""
    process, log = start_process("serve", SLSDIAG_LOG_LEVEL="DEBUG", REDIS_URL=redis_url)
    slack.sockets.wait()

    def ended():
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=60)
        lines = log.read_text().splitlines()
        return [json.loads(line) for line in lines if line.startswith("{")]

    return ended


@pytest.fixture
def scraped(start_process, slack, redis_url):
    """A running bot, and its metrics as {(name, labels…): value}."""
    _, log = start_process("serve", REDIS_URL=redis_url)
    slack.sockets.wait()

    def scrape():
        port = log.read_text().split("health on port ")[1].split()[0]
        with urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5) as answer:
            text = answer.read().decode()
        return {
            (sample.name, *sample.labels.values()): sample.value
            for family in text_string_to_metric_families(text)
            for sample in family.samples
        }

    return scrape


def test_one_id_leads_from_the_command_to_the_last_aws_call(served, slack, aws):
    ada = Person(slack)
    ada.types("/slsdiag orders")
    card = slack.waits_for(
        lambda m: "orders is not reporting" in m.text and m.buttons(), timeout=60
    )[0]
    slack.waits_for(lambda m: m.thread_ts == card.ts, timeout=60)
    lines = served()

    acks = [line for line in lines if line["event"] == "ack"]
    assert len(acks) == 1
    id_ = acks[0]["trace_id"]
    of_it = Counter(line["event"] for line in lines if line.get("trace_id") == id_)
    calls = [line for line in lines if line["event"] == "aws_call"]
    assert of_it["aws_call"] == len(calls) == len(aws.calls)
    assert of_it["look"] == 2  # at the function, then for who changed it
    posted = [line["name"] for line in lines if line["event"] == "slack_call"]
    assert {"chat.postMessage", "chat.update"} <= set(posted)
    assert all(line["trace_id"] == id_ for line in lines if line.get("name", "")[:5] == "chat.")
    known = {"trace_id", "region", "account", "seconds", "code", "name"}
    assert all(known <= set(line) for line in calls)


def test_no_line_holds_arguments_answers_or_secrets(served, slack):
    Person(slack).types("/slsdiag orders")
    slack.waits_for(lambda m: "orders is not reporting" in m.text and m.buttons(), timeout=60)
    lines = json.dumps(served())
    for planted in (*CANARIES, slack.bot_token, slack.app_token, "orders", "datadog"):
        assert planted not in lines


def test_a_click_has_an_id_of_its_own_that_the_triage_goes_on_under(served, slack):
    ada = Person(slack)
    ada.types("/slsdiag triage orders")
    asked = slack.waits_for(lambda m: "orders · Datadog" in m.text, timeout=60)[0]
    ada.clicks(asked, "Stop")
    slack.waits_for(lambda m: "orders: triage" in m.text, timeout=60)
    lines = served()

    ids = [line["trace_id"] for line in lines if line["event"] == "ack"]
    assert len(set(ids)) == 2
    names = {line["name"] for line in lines if line.get("trace_id") == ids[1]}
    assert {"block_actions", "chat.update", "chat.postMessage"} <= names


def test_metrics_count_what_was_done(scraped, slack, aws, until):
    ada = Person(slack)
    ada.types("/slsdiag orders")
    card = slack.waits_for(
        lambda m: "orders is not reporting" in m.text and m.buttons(), timeout=60
    )[0]
    slack.waits_for(lambda m: m.thread_ts == card.ts, timeout=60)
    metrics = scraped()

    by_aws = Counter((call.service, call.operation) for call in aws.calls)
    ours = {key[1:]: n for key, n in metrics.items() if key[0] == "slsdiag_aws_calls_total"}
    assert ours == {(o, s): n for (s, o), n in by_aws.items()}

    def slack_calls():
        return {k[1]: n for k, n in scraped().items() if k[0] == "slsdiag_slack_calls_total"}

    until(lambda: slack_calls() == dict(slack.calls), limit=30)  # a call counts when it is over
    assert metrics["slsdiag_ack_seconds_count",] == 1
    assert metrics["slsdiag_verdict_seconds_count",] == 1
    assert metrics["slsdiag_store_up",] == 1
    assert metrics["slsdiag_parked",] == 0
    assert {key[1] for key in metrics if key[0] == "slsdiag_queue_waiting"} == {
        "look",
        "post",
        "scan",
    }


def test_throttles_and_limits_are_counted_even_where_another_try_goes_well(scraped, slack, aws):
    aws.fail("lambda", "GetFunctionConfiguration", "TooManyRequestsException", probability=0.5)
    slack.limits.on = True
    ada = Person(slack)
    for name in ("orders", "billing", "checkout"):
        ada.types(f"/slsdiag {name}")
    for name in ("orders", "billing", "checkout"):
        slack.waits_for(
            lambda m, name=name: f"{name} is " in m.text and m.thread_ts is None and m.buttons(),
            timeout=90,
        )
    metrics = scraped()
    assert metrics.get(("slsdiag_slack_limited_total", "chat.postMessage"), 0) > 0
    assert metrics.get(("slsdiag_slack_refused_total", "limited", "chat.postMessage"), 0) > 0
    tried = metrics["slsdiag_aws_calls_total", "GetFunctionConfiguration", "lambda"]
    throttled = metrics.get(
        ("slsdiag_aws_throttles_total", "GetFunctionConfiguration", "lambda"), 0
    )
    assert 0 < throttled < tried


def test_a_scrape_tells_soon_that_the_store_is_away(start_process, slack, tmp_path, until):
    from bot.store.connection import connect
    from bot.store.embedded import Embedded

    with Embedded(tmp_path / "other") as url:
        _, log = start_process("serve", REDIS_URL=url)
        slack.sockets.wait()
        with connect(url) as redis:
            pid = redis.info("server")["process_id"]
        os.kill(pid, signal.SIGSTOP)
        try:
            port = log.read_text().split("health on port ")[1].split()[0]
            with urlopen(f"http://127.0.0.1:{port}/metrics", timeout=3) as answer:
                text = answer.read().decode()
        finally:
            os.kill(pid, signal.SIGCONT)
    assert "slsdiag_store_up 0.0" in text
    assert "slsdiag_due_oldest_seconds" not in text


class Collector(ThreadingHTTPServer):
    """Takes what OTLP over HTTP brings."""

    def __init__(self):
        self.bodies = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                length = int(self.headers["Content-Length"])
                body = self.rfile.read(length)
                if self.headers.get("Content-Encoding") == "gzip":
                    import gzip

                    body = gzip.decompress(body)
                outer.bodies.append(body)
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        super().__init__(("127.0.0.1", 0), Handler)

    def spans(self):
        from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
            ExportTraceServiceRequest,
        )

        requests = [ExportTraceServiceRequest.FromString(body) for body in self.bodies]
        return [
            span
            for request in requests
            for resource in request.resource_spans
            for scope in resource.scope_spans
            for span in scope.spans
        ]


def test_one_trace_holds_the_acknowledgement_the_look_and_the_calls(start_process, slack):
    with Collector() as collector:
        threading.Thread(target=collector.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{collector.server_port}"
        process, _ = start_process("serve", OTEL_EXPORTER_OTLP_ENDPOINT=url)
        slack.sockets.wait()
        Person(slack).types("/slsdiag orders")
        slack.waits_for(lambda m: "orders is not reporting" in m.text and m.buttons(), timeout=60)
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=60)
        collector.shutdown()

    spans = collector.spans()
    acks = [span for span in spans if span.name == "ack command"]
    assert len(acks) == 1
    names = {span.name for span in spans if span.trace_id == acks[0].trace_id}
    assert {"look function", "aws_call lambda:get_function_configuration"} <= names
    assert "slack_call chat.postMessage" in names
    looks = {span.span_id for span in spans if span.name in {"look function", "look change"}}
    calls = [span for span in spans if span.name.startswith("aws_call")]
    assert {span.parent_span_id for span in calls} <= looks
    raw = b"".join(collector.bodies)
    for planted in (*CANARIES, slack.bot_token, slack.app_token, "orders"):
        assert planted.encode() not in raw


def test_traces_wanted_without_the_extra_are_one_sentence(monkeypatch):
    import sys

    from bot.observability import spans as otel

    assert otel.watcher({}) is None
    monkeypatch.setitem(sys.modules, "opentelemetry", None)
    otel._spans.cache_clear()  # noqa: SLF001 - as a new process
    from structlog.testing import capture_logs

    with capture_logs() as lines:
        assert otel.watcher({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://user:secret@x"}) is None
    assert len(lines) == 1
    assert "extra otel" in lines[0]["why"]
    assert "secret" not in str(lines)
