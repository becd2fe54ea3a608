"""The alerts and the dashboard ask for metrics that there are, in words that Prometheus takes."""

from __future__ import annotations

import ast
import json
import re

import pytest
import yaml
from documents import CHART, ROOT, of_kind, one

PROMISED = {
    "slsdiag_ack_seconds",
    "slsdiag_aws_calls_total",
    "slsdiag_aws_throttles_total",
    "slsdiag_due_oldest_seconds",
    "slsdiag_functions",
    "slsdiag_outbox_oldest_seconds",
    "slsdiag_parked",
    "slsdiag_queue_waiting",
    "slsdiag_slack_calls_total",
    "slsdiag_slack_limited_total",
    "slsdiag_store_up",
    "slsdiag_timer_lateness_seconds",
    "slsdiag_verdict_seconds",
}
OF_A_HISTOGRAM = re.compile(r"_(bucket|count|sum)$")


def metrics_of_the_bot() -> set[str]:
    """Names in bot/observability/metrics.py, as written: a counter's lack their _total."""
    tree = ast.parse((ROOT / "bot" / "observability" / "metrics.py").read_text())
    words = {e.value for e in ast.walk(tree) if isinstance(e, ast.Constant)}
    return {e for e in words if isinstance(e, str) and re.fullmatch(r"slsdiag_[a-z_]+", e)}


def rules() -> list[dict]:
    return yaml.safe_load((CHART / "files" / "rules.yaml").read_text())["groups"][0]["rules"]


def dashboard() -> dict:
    return json.loads((CHART / "files" / "dashboard.json").read_text())


def queries() -> list[str]:
    panels = [target["expr"] for panel in dashboard()["panels"] for target in panel["targets"]]
    return panels + [rule["expr"] for rule in rules()]


def asked(texts: list[str]) -> set[str]:
    found = re.findall(r"\bslsdiag_[a-z_]+", " ".join(texts))
    return {OF_A_HISTOGRAM.sub("", each) for each in found}


def test_only_what_is_told_is_asked_for():
    bots = metrics_of_the_bot()

    assert asked(queries()) <= PROMISED | bots | {f"{each}_total" for each in bots}


def test_everything_that_is_told_is_shown():
    shown = asked(
        [target["expr"] for panel in dashboard()["panels"] for target in panel["targets"]]
    )

    assert shown >= PROMISED
    assert metrics_of_the_bot() <= shown | {each.removesuffix("_total") for each in shown}


def test_prometheus_understands_every_query(published):
    filled = [
        query.replace("$__rate_interval", "5m").replace("$namespace", "ns") for query in queries()
    ]

    assert published([], filled) == []


def test_a_query_that_is_none_is_noticed(published):
    assert published([], ["sum(rate(slsdiag_ack_seconds_bucket[5m))"])


@pytest.mark.parametrize("rule", rules(), ids=lambda each: each["alert"])
def test_alert_says_what_and_what_to_do(rule):
    assert rule["labels"]["severity"] in {"warning", "critical"}
    assert rule["for"]
    assert set(rule["annotations"]) == {"summary", "description"}


def test_rules_and_dashboard_arrive_as_they_are(render):
    objects = render("everything")
    shown = one(of_kind(objects, "ConfigMap"), "ConfigMap", "-dashboard")["data"]["slsdiag.json"]

    assert one(objects, "PrometheusRule")["spec"]["groups"][0]["rules"] == rules()
    assert json.loads(shown) == dashboard()


def test_dashboard_panels_do_not_overlap():
    taken = set()
    for panel in dashboard()["panels"]:
        place = panel["gridPos"]
        cells = {
            (place["x"] + x, place["y"] + y) for x in range(place["w"]) for y in range(place["h"])
        }
        assert not cells & taken
        taken |= cells
