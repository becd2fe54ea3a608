from __future__ import annotations

import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.observability.health import application
from bot.observability.metrics import Backlog, registry

BACKLOG = Backlog(outbox_oldest=2.5, due_oldest=0, queues={"look": 3, "post": 0}, parked=1)


def asked(path, *, alive=True, parts=None, read=lambda: BACKLOG, parked=0):
    serve = application(lambda: alive, parts or {}, registry(read), parked=lambda: parked)
    response = {}

    def start_response(status, headers, *_):
        response["status"] = status

    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": ""}
    body = b"".join(serve(environ, start_response)).decode()
    return int(response["status"][:3]), body


@pytest.mark.parametrize("path", ["/livez", "/healthz"])
def test_alive_is_about_this_process_alone(path):
    parts = {"store": lambda: 1 / 0}
    assert asked(path, parts=parts)[0] == 200
    assert asked(path, alive=False, parts=parts)[0] == 503
    assert asked("/readyz", parts=parts) == (503, '{"store": "failing"}')


def test_what_was_put_aside_is_counted_and_makes_nobody_unready():
    parts = {"store": lambda: True}
    assert asked("/readyz", parts=parts, parked=3) == (200, '{"store": "ok", "parked": 3}')
    assert asked("/readyz", parts=parts) == (200, '{"store": "ok"}')
    assert asked("/livez", parked=3) == (200, '{"clock": "ok"}')


def test_what_waits_in_the_store_is_told_at_the_scrape():
    _, text = asked("/metrics")
    samples = {
        (s.name, *s.labels.values()): s.value
        for family in text_string_to_metric_families(text)
        for s in family.samples
    }
    assert samples["slsdiag_outbox_oldest_seconds",] == 2.5
    assert samples["slsdiag_queue_waiting", "look"] == 3
    assert samples["slsdiag_parked",] == samples["slsdiag_store_up",] == 1
    assert ("slsdiag_ack_seconds_count",) in samples


def test_of_a_store_that_is_away_nothing_else_is_told():
    _, text = asked("/metrics", read=lambda: None)
    assert "slsdiag_store_up 0.0" in text
    for absent in ("outbox_oldest", "due_oldest", "queue_waiting", "parked"):
        assert f"slsdiag_{absent}" not in text


def test_two_bots_in_one_process_tell_each_of_their_own_store():
    assert "slsdiag_parked 1.0" in asked("/metrics")[1]
    assert "slsdiag_store_up 0.0" in asked("/metrics", read=lambda: None)[1]
