"""A bundle: made again byte for byte, without secrets, and without harm whoever wrote it."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import zipfile
from datetime import timedelta
from io import BytesIO

import pytest
from hypothesis import given, settings
from situations import OURS_NODE, a_log, evidence
from worlds import any_world

from benchmarks import planting, secrecy
from bot.agents.bundle import EVIDENCE, MANIFEST, REPORT, Asked, pack, report_json
from bot.agents.bundle_file import LARGEST, LONGEST, unpack
from bot.agents.replay import differences, replayed
from bot.cli import main
from bot.diagnosis.gather import function_check
from bot.diagnosis.terminal import show
from bot.errors import Unreadable
from bot.playground.account.demo_functions import demo, healthy, healthy_account
from bot.store.coding import SCHEMA
from bot.target import Target, parse
from checks.model import Symptom
from checks.report import exit_status
from checks.runbook import walk
from tests.bot.agents.bundles import replays

MADE = evidence()


def packed(seen=MADE, symptom=Symptom.BOTH):
    return pack(seen, Asked(symptom), walk(seen, symptom))


CONTENT = packed()


def members(content=CONTENT):
    with zipfile.ZipFile(BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(contents, **how):
    written = BytesIO()
    with zipfile.ZipFile(written, "w", **how) as archive:
        for name, content in contents.items():
            archive.writestr(name, content)
    return written.getvalue()


def changed(name, **changes):
    """A bundle with one member's document changed."""
    held = members()
    held[name] = json.dumps(json.loads(held[name]) | changes).encode()
    return zipped(held)


@settings(max_examples=60)
@given(any_world())
def test_any_evidence_gives_its_report_again(seen):
    content = packed(seen)
    held = unpack(content)

    assert held.evidence == seen
    assert differences(held, replayed(held)) == []
    assert content == packed(seen)


def test_bundle_has_what_check_prints_and_the_same_status(aws, capsys, tmp_path, monkeypatch):
    demo(aws.account())
    file = tmp_path / "of orders.zip"
    status = main(["bundle", "orders", "--symptom", "traces", "-o", str(file)])
    said = capsys.readouterr().out
    monkeypatch.delenv("AWS_ENDPOINT_URL")
    again = main(["replay", str(file), "--json"])
    shown = capsys.readouterr()

    assert status == again == 1
    assert f"To read it: slsdiag replay '{file}'\nTaken out:\n  values of environment" in said
    held = members(file.read_bytes())
    assert shown.out.encode() == held[REPORT]
    assert shown.err == ""
    manifest = json.loads(held[MANIFEST])
    assert manifest["asked"] == {"symptom": "traces", "note": None}
    assert {"what": "values of environment variables", "part": "environment", "count": 3} in (
        manifest["removed"]
    )
    assert main(["replay", str(file)]) == 1
    assert capsys.readouterr().out.startswith("🟠 orders is not reporting · Datadog owns")


def test_file_has_a_name_of_its_own_and_takes_any_answer(aws, monkeypatch, tmp_path, capsys):
    """A shell passes bytes on that are no text."""
    demo(aws.account())
    monkeypatch.chdir(tmp_path)
    error = "no_function_instrumentation_errors=Layer limit \udcff reached \x1b[2J \u26a1 here"

    assert main(["bundle", "orders", "--answer", error]) == 1
    (file,) = tmp_path.glob("slsdiag-orders-*Z.zip")
    assert file.stat().st_mode & 0o777 == 0o600
    capsys.readouterr()
    assert main(["replay", file.name]) == 1
    assert capsys.readouterr().err == ""


def test_function_that_was_found_elsewhere_is_so_in_its_bundle(aws, monkeypatch):
    account = aws.account()
    demo(account)
    healthy(account, "far-away", at="us-west-2")
    monkeypatch.setenv("SLSDIAG_REGIONS", "eu-west-1,us-west-2")
    checkable = function_check(parse("far-away"))
    seen = checkable.evidence()
    report = checkable.judged(seen, Symptom.BOTH)

    assert "found in us-west-2" in report.summary
    assert replays(checkable, seen, report)


def test_replay_needs_no_network_and_does_not_wait_for_boto3(tmp_path):
    file = tmp_path / "a.zip"
    file.write_bytes(CONTENT)
    program = (
        "import socket, sys\n"
        "def refuse(*_, **__): raise AssertionError('connects')\n"
        "socket.socket.connect = socket.getaddrinfo = refuse\n"
        "from bot.cli import main\n"
        f"status = main(['replay', {str(file)!r}])\n"
        "print(sorted({'boto3', 'botocore', 'redis'} & set(sys.modules)), status)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert done.stdout.endswith(f"[] {exit_status(walk(MADE))}\n")


def test_planted_secrets_are_in_no_bundle(aws):
    chance, shapes = random.Random(7), list(secrecy.SHAPES.items())  # noqa: S311 - planted
    planted = [secrecy.made(*shapes[n % len(shapes)], chance).text for n in range(200)]
    account, names = aws.account(), [f"f{n}" for n in range(6)]
    for name in names:
        fake = healthy(account, name)
    healthy_account(account, fake.now)
    planting.plant(account, names, planted)
    held = []
    for name in names:
        checkable = function_check(Target(name))
        seen = checkable.evidence()
        report = checkable.judged(seen, Symptom.BOTH)
        assert replays(checkable, seen, report)
        held += members(pack(seen, Asked(), report)).values()
    text = b"".join(held).decode()

    assert text.count("[removed]") > len(names)
    assert [each for each in planted if any(form in text for form in planting.forms(each))] == []


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "is no zip file"),
        (b"PK\x05\x06" + bytes(18), "does not hold just"),
        (CONTENT[:-40], "is no zip file"),
        (CONTENT[:200] + bytes(40) + CONTENT[240:], "is no zip file"),
        (zipped(members() | {"../../etc/passwd": b"x"}), "does not hold just"),
        (zipped(dict.fromkeys((REPORT, EVIDENCE), b"{}")), "does not hold just"),
        (zipped(members() | {EVIDENCE: bytes(LARGEST + 1)}, compression=8), "is larger than 8 MB"),
        (bytes(LARGEST + 1), "larger than 8 MB"),
        (zipped(members(), compression=zipfile.ZIP_LZMA).replace(b"\x0e\x00", b"\x63\x00"), "zip"),
        (changed(MANIFEST, schema=7), "it has schema 7, and this release reads 1"),
        (changed(MANIFEST, schema="1"), "it has schema of no number"),
        (changed(MANIFEST, asked={"symptom": "smell"}), "does not say what was asked"),
        (changed(MANIFEST, versions=[]), "does not say which release"),
        (changed(MANIFEST, changed=[1]), "does not say who made the change"),
        (changed(EVIDENCE, schema=99), "has schema 99, which this release does not read"),
        (changed(EVIDENCE, value={"now": "noon"}), "does not hold what slsdiag reads"),
        (changed(EVIDENCE, more="x" * (LONGEST + 1)), "holds a text of more than"),
        (zipped(members() | {EVIDENCE: b"[" * 100_000}), "is no JSON"),
        (zipped(members() | {EVIDENCE: b"9" * 100_000}), "is no JSON"),
        (zipped(members() | {MANIFEST: b"\xff\xfe"}), "is not UTF-8"),
        (zipped(members() | {REPORT: b"[]"}), "report.json is no report"),
    ],
)
def test_what_is_no_bundle_is_refused_in_one_line(tmp_path, capsys, content, why):
    file = tmp_path / "a.zip"
    file.write_bytes(content)

    assert main(["replay", str(file)]) == 4
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert why in err
    assert main(["replay", str(file), "--json"]) == 4
    assert json.loads(capsys.readouterr().out)["error"]["code"] == "unreadable"


@pytest.mark.parametrize("name", ["", "gone.zip"])
def test_file_that_cannot_be_read_is_named(tmp_path, capsys, name):
    assert main(["replay", str(tmp_path / name)]) == 4
    assert "a.zip" not in (err := capsys.readouterr().err)
    assert "it cannot be read: " in err


def test_file_that_cannot_be_written_leaves_nothing(aws, capsys, tmp_path):
    demo(aws.account())

    assert main(["bundle", "orders", "-o", str(tmp_path / "no" / "a.zip")]) == 4
    assert "cannot be written: No such file" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def leaves(value, path=()):
    """Where something stands in a document."""
    if isinstance(value, dict):
        for key in value:
            yield from leaves(value[key], (*path, key))
    elif isinstance(value, list):
        for place, each in enumerate(value):
            yield from leaves(each, (*path, place))
    yield path


STRANGE = (
    *(None, True, -1, 0.5, 1e308, "", "x", "arn:aws", [], {}, [[]], "\x1b[2J\x9b2J", "x" * 9999),
    *("0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "2026-11-23T12:00:00", 10**30),
)


def test_strange_evidence_is_judged_or_refused(capsys):
    """Each leaf in turn is something else: a report, or Unreadable; never a defect."""
    whole = json.loads(members()[EVIDENCE])
    places, chance = list(leaves(whole["value"]))[:-1], random.Random(5)  # noqa: S311 - picks places
    judged = 0
    for _ in range(200):
        odd = json.loads(json.dumps(whole))
        *path, last = chance.choice(places)
        parent = odd["value"]
        for key in path:
            parent = parent[key]
        parent[last] = chance.choice(STRANGE)
        try:
            held = unpack(zipped(members() | {EVIDENCE: json.dumps(odd).encode()}))
            report = replayed(held)
        except Unreadable:
            continue
        judged += 1
        report_json(report)
        show(report, verbose=True)
    assert not {"\x1b", "\x9b"} & set(capsys.readouterr().out)
    assert 20 < judged < 180


def test_other_release_says_what_differs(tmp_path, capsys):
    """The report of the one that made it stands in the file."""
    then = json.loads(members()[REPORT])
    then["verdict"], then["steps"][0]["outcome"] = "notice", "problem"
    then["steps"][1]["saw"] = "Something else."
    versions = json.loads(members()[MANIFEST])["versions"] | {"slsdiag": "9.9"}
    manifest = json.loads(members()[MANIFEST]) | {"versions": versions}
    held = members() | {REPORT: json.dumps(then).encode(), MANIFEST: json.dumps(manifest).encode()}
    file = tmp_path / "a.zip"
    file.write_bytes(zipped(held))

    assert main(["replay", str(file), "--json"]) == exit_status(walk(MADE))
    out, err = capsys.readouterr()
    assert out.encode() == members()[REPORT]
    assert "The bundle was made by slsdiag '9.9', and this is " in err
    assert "verdict: notice then, healthy now\n" in err
    assert "Was the function invoked" in err
    assert "problem then, ok now" in err
    assert "The outcome is the same; it differs in: saw" in err


def test_report_that_was_changed_in_its_bundle_is_noticed():
    then = json.loads(members()[REPORT]) | {"summary": "All is well."}
    held = unpack(zipped(members() | {REPORT: json.dumps(then).encode()}))

    assert "One of the two was changed:" in differences(held, replayed(held))[0]


def test_who_changed_it_is_shown_as_the_check_showed_it(aws, capsys, tmp_path):
    demo(aws.account())
    file = str(tmp_path / "a.zip")
    shown = []
    for verb in (["check", "orders"], ["bundle", "orders", "-o", file], ["replay", file]):
        main(verb)
        shown.append([line for line in capsys.readouterr().out.splitlines() if " by role " in line])

    assert shown[0]
    assert shown == [shown[0], [], shown[0]]


def test_hostile_author_of_a_change_is_refused_or_shown_harmlessly(capsys):
    seen = evidence(
        environment=OURS_NODE | {"AWS_LAMBDA_EXEC_WRAPPER": "/opt/datadog_wrapper"}, log=a_log()
    )
    report = walk(seen)
    who = {"schema": SCHEMA, "value": {"at": "2026-11-23T11:00:00Z", "by": "x"}}
    content = pack(seen, Asked(), report)
    judged = 0
    for name in ("at", "by", "how", "what", "why", "stack", "provider", "since", "changes"):
        for odd in STRANGE:
            value = who | {"value": who["value"] | {name: odd}}
            manifest = json.loads(members(content)[MANIFEST]) | {"changed": value}
            held = members(content) | {MANIFEST: json.dumps(manifest).encode()}
            try:
                bundle = unpack(zipped(held))
                report = replayed(bundle)
            except Unreadable:
                continue
            judged += 1
            report_json(report)
            show(report, verbose=True)
    assert report.sought
    assert not {"\x1b", "\x9b"} & set(capsys.readouterr().out)
    assert judged > 20


def test_time_of_its_members_is_that_of_the_check():
    later = evidence(now=MADE.now + timedelta(days=1))

    assert packed(later) != CONTENT
    with zipfile.ZipFile(BytesIO(CONTENT)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {MADE.now.timetuple()[:6]}
