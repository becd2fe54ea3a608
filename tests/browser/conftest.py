"""
The demo as its visitor has it: `slsdiag demo` in a process, seen through Debian's Chromium.

Where there is no Chromium, or `npm ci` was not run in bot/playground/page/web, the tests are
skipped, unless SLSDIAG_BROWSER=required.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from bot.playground.workspace.blocks import complaints

WEB = Path(__file__).parents[2] / "bot/playground/page/web"
FLAGS = [
    "--no-sandbox",  # tests may run as root
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE = 30_000
"""Milliseconds for what is about to happen: a busy machine is no failure."""
ENDS_WITHIN = 10


def lacking(what: str) -> None:
    if os.environ.get("SLSDIAG_BROWSER") == "required":
        pytest.fail(what)
    pytest.skip(what)  # a developer may have no browser; CI says "required", and then it fails


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = shutil.which("chromium")
    if path is None:
        lacking("there is no chromium: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def axe() -> str:
    source = WEB / "node_modules/axe-core/axe.min.js"
    if not source.is_file():
        lacking("run `npm ci` in bot/playground/page/web first")
    return source.read_text("utf-8")


@pytest.fixture
def demo() -> Iterator[subprocess.Popen[str]]:
    """Running; `url` of it is the line that it printed."""
    program = Path(sys.executable).with_name("slsdiag")
    process = subprocess.Popen(
        [program, "demo", "--port", "0"], stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    yield process
    process.send_signal(signal.SIGTERM)
    assert process.wait(ENDS_WITHIN) == 0
    process.stdout.close()


@pytest.fixture
def url(demo: subprocess.Popen[str]) -> str:
    return demo.stdout.readline().strip()


@pytest.fixture
def visit(browser: Browser, url: str) -> Iterator[Callable[..., Page]]:
    """Open the page; what every page must be is checked when the test ends."""
    expect.set_options(timeout=PATIENCE)
    opened: list[Page] = []
    wrong: list[str] = []

    def note(page: Page) -> None:
        page.on("console", lambda logged: logged.type == "error" and wrong.append(logged.text))
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on(
            "request",
            lambda sent: sent.url.startswith((f"{url}/", "data:")) or wrong.append(sent.url),
        )

    def visit(user: str = "U0YOU", **how: Any) -> Page:
        page = browser.new_page(viewport={"width": 1280, "height": 800}, **how)
        page.set_default_timeout(PATIENCE)
        note(page)
        page.goto(f"{url}/?as={user}")
        messages(page).wait_for()
        opened.append(page)
        return page

    yield visit
    for page in opened:
        everything_is_drawn(page, url)
        page.close()
    assert wrong == []


def everything_is_drawn(page: Page, url: str) -> None:
    """Every message of the channel that is open; and all of them are such as Slack takes."""
    expect(page.locator(".unsupported")).to_have_count(0)
    ends_at = time.monotonic() + PATIENCE / 1000
    while (left := not_drawn(page, url)) and time.monotonic() < ends_at:
        time.sleep(0.05)  # a card may have been edited since
    assert left == []


def not_drawn(page: Page, url: str) -> list[str]:
    """The texts of messages that the page does not show yet."""
    user = page.get_by_label("View as").input_value()
    with urlopen(f"{url}/events?as={user}", timeout=ENDS_WITHIN) as events:  # noqa: S310 - ours
        sent = json.loads(events.readline().removeprefix(b"data: "))
    here = page.get_by_role("navigation").locator("[aria-current]").inner_text()
    channel = next((c["id"] for c in sent["channels"] if c["name"] in here), None)
    for folded in page.get_by_role("button", name=re.compile(r"^Show all \d+ rows$")).all():
        folded.click()
    shown = squeezed(page.locator("main").inner_text())
    messages = sent["messages"]["set"]
    assert [wrong for m in messages for wrong in complaints(m["blocks"])] == []
    here_alone = [m for m in messages if (m["channel"], m["thread"]) == (channel, None)]
    drawn = [text for m in here_alone for text in texts(m["blocks"])]
    return [text for text in drawn if squeezed(text) not in shown]


def texts(value: Any) -> Iterator[str]:
    """Everything in blocks that stands there as it is, whatever the kind of block."""
    if isinstance(value, list):
        for each in value:
            yield from texts(each)
    elif isinstance(value, dict):
        if value.get("type") in {"plain_text", "raw_text", "text"}:
            yield value["text"]
        yield from texts([v for k, v in value.items() if k != "text" or isinstance(v, dict)])


def squeezed(text: str) -> str:
    return " ".join(text.split())


@pytest.fixture
def sound(axe: str) -> Callable[[Page], None]:
    """Accessible as it stands, light and dark."""

    def sound(page: Page) -> None:
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            page.evaluate(axe)
            found = page.evaluate("axe.run()")["violations"]
            violations = [(each["id"], [n["html"] for n in each["nodes"]]) for each in found]
            assert violations == [], scheme
        page.emulate_media(color_scheme="light")

    return sound


@pytest.fixture
def picture() -> Callable[[Page, str], None]:
    """The documents' pictures are what the tests see: SLSDIAG_PICTURES=docs/pictures makes them."""
    folder = os.environ.get("SLSDIAG_PICTURES")

    def take(page: Page, name: str) -> None:
        if folder:
            page.screenshot(path=Path(folder) / f"{name}.png")

    return take


def messages(page: Page) -> Locator:
    return page.get_by_role("log", name="Messages")


def thread(page: Page) -> Locator:
    return page.get_by_role("complementary", name="Thread")


def types(page: Page, text: str, box: str = "Message") -> None:
    page.get_by_role("textbox", name=box).fill(text)
    page.get_by_role("textbox", name=box).press("Enter")


def message(within: Locator, words: str) -> Locator:
    """The newest message with these words."""
    return within.get_by_role("article").filter(has_text=words).last


def click(within: Locator, label: str) -> None:
    within.get_by_role("button", name=label, exact=True).click()


def be_aws(page: Page, *labels: str, function: str | None = None) -> None:
    """Change the account by its panel, and wait until it says so."""
    if page.get_by_role("region", name="AWS account").count() == 0:
        click(page.locator("header.top"), "Be AWS")
    panel = page.get_by_role("region", name="AWS account")
    if function:
        panel.get_by_label("Function").select_option(function)
    for label in labels:
        before = panel.get_by_role("status").inner_text()
        click(panel, label)
        expect(panel.get_by_role("status")).not_to_have_text(before)
    click(panel, "Close the account")
