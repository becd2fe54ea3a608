"""The demo as a process, and its port as other programs and pages find it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest

pytestmark = pytest.mark.slow

PROGRAM = Path(sys.executable).with_name("slsdiag")
ENDS_WITHIN = 10
JSON = {"Content_Type": "application/json"}


def left_of(process, folder):
    """The processes of its session, and those that name its folder."""
    found = []
    for each in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = each.read_text().rpartition(")")[2].split()
            command = (each.parent / "cmdline").read_bytes()
        except OSError:
            continue  # it ended meanwhile
        if int(fields[3]) == process.pid or str(folder).encode() in command:
            found.append(command)
    return found


@pytest.fixture
def folder():
    """Where the demo puts what goes away; short, because sockets' paths are."""
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


@pytest.fixture
def watched(folder):
    """A demo whose end is watched."""
    process = subprocess.Popen(
        [PROGRAM, "demo", "--port", "0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        env=os.environ | {"TMPDIR": str(folder)},
    )
    with process:
        yield process
        process.kill()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_demo_and_its_store(number, watched, folder):
    """Also while the bot looks at an account that takes its time."""
    url = watched.stdout.readline().strip()
    assert url.startswith("http://127.0.0.1:")
    assert acts(url, "aws", change="slow") == 200
    for name in ("orders", "emails", "billing"):
        assert acts(url, "say", text=f"/slsdiag {name}", channel="C0GENERAL") == 200
    assert any(b"valkey" in command for command in left_of(watched, folder))
    watched.send_signal(number)
    watched.send_signal(number)  # an impatient second one leaves nothing behind either
    said, complained = watched.communicate(timeout=ENDS_WITHIN)

    assert (watched.returncode, said, complained) == (0, "", "")
    assert left_of(watched, folder) == []
    assert list(folder.iterdir()) == []


def test_a_taken_port_is_said_in_one_sentence(url):
    port = str(urlsplit(url).port)
    done = subprocess.run(
        [PROGRAM, "demo", "--port", port], capture_output=True, text=True, check=False
    )

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"slsdiag: Port {port} is taken; choose another one with --port.\n"


def asked(url, method="GET", path="/", body=None, **headers):
    place = urlsplit(url)
    connection = HTTPConnection(place.hostname, place.port, timeout=ENDS_WITHIN)
    connection.putrequest(method, path, skip_host=True)
    sent = {"Host": place.netloc} | {k.replace("_", "-"): v for k, v in headers.items()}
    for name, value in (sent | {"Content-Length": str(len(body or b""))}).items():
        connection.putheader(name, value)
    connection.endheaders(body)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer


def acts(url, act, user="U0YOU", **given):
    body = json.dumps({"as": user, **given}).encode()
    post = {"method": "POST", "path": f"/acts/{act}", "body": body}
    return asked(url, **post, **JSON, Origin=url).status


def test_only_the_page_itself_may_ask(url):
    netloc = urlsplit(url).netloc
    port = urlsplit(url).port
    say = json.dumps({"as": "U0YOU", "text": "hello", "channel": "C0GENERAL"}).encode()
    post = {"method": "POST", "path": "/acts/say", "body": say}

    assert asked(url).status == 200
    assert asked(url, Host=f"localhost:{port}").status == 200
    assert asked(url, **post, **JSON, Origin=f"http://{netloc}").status == 200
    for foreign in ("evil.example", f"evil.example:{port}", "127.0.0.1", f"127.0.0.1.evil:{port}"):
        assert asked(url, Host=foreign).status == 403, foreign
        assert asked(url, path="/events?as=U0YOU", Host=foreign).status == 403, foreign
    for origin in ("http://evil.example", f"http://localhost:{port}", f"https://{netloc}", "null"):
        assert asked(url, **post, **JSON, Origin=origin).status == 403, origin
        assert asked(url, path="/events?as=U0YOU", Origin=origin).status == 403, origin
    assert asked(url, **post, **JSON).status == 403
    assert asked(url, **post, Content_Type="text/plain", Origin=f"http://{netloc}").status == 403
    assert asked(url, Sec_Fetch_Site="cross-site").status == 403


def test_what_makes_no_sense_is_refused(url):
    assert acts(url, "say", user="U0NOBODY") == 400
    assert acts(url, "say") == 400
    assert acts(url, "fly") == 404
    assert acts(url, "aws", change="fly") == 400
    assert acts(url, "aws", change="fix", function="fly") == 400
    assert acts(url, "say", text="x", channel="C0NOWHERE") == 400
    for body in (b"[1", b"[]", b"\xff"):
        post = {"method": "POST", "path": "/acts/say", "body": body, "Origin": url}
        assert asked(url, **post, **JSON).status == 400
    assert asked(url, path="/events?as=U0NOBODY").status == 400


def test_nothing_is_fetched_from_elsewhere(url):
    policy = asked(url).getheader("Content-Security-Policy")

    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'")
    assert "unsafe" not in policy
    assert "http" not in policy


def test_it_listens_on_the_loopback_address_alone(url):
    port = f"{urlsplit(url).port:04X}"
    tables = [Path("/proc/net/tcp"), Path("/proc/net/tcp6")]
    rows = [line.split() for each in tables for line in each.read_text().splitlines()[1:]]
    listening = [row[1] for row in rows if row[3] == "0A" and row[1].endswith(f":{port}")]

    assert listening == [f"0100007F:{port}"]
