"""
Contact sheets of the cards: one for each demo function, drawn by the demo's page.

    python docs/contact_sheets.py FOLDER

Three pictures: light, dark and 390 pixels wide. Needs chromium.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import sync_playwright

from bot.diagnosis.card import card
from bot.diagnosis.gather import function_check
from bot.playground.account import FakeAws
from bot.playground.account.demo_functions import DEMO_FUNCTIONS, plant
from bot.playground.demo import Demo
from bot.playground.page.serving import bound, served
from bot.playground.workspace import Person, Workspace
from bot.playground.workspace.messages import GENERAL
from bot.playground.workspace.model import BOT_USER
from bot.target import Target
from checks.model import Symptom

SHEETS = {
    "cards-light": {"viewport": {"width": 900, "height": 800}, "color_scheme": "light"},
    "cards-dark": {"viewport": {"width": 900, "height": 800}, "color_scheme": "dark"},
    "cards-phone": {"viewport": {"width": 390, "height": 780}, "color_scheme": "light"},
}
WHOLE = "* { max-height: none !important; overflow: visible !important; height: auto !important; }"


def cards(aws: FakeAws) -> Iterator[dict[str, object]]:
    """A card for each demo function."""
    for planted in DEMO_FUNCTIONS.values():
        aws.accounts.clear()
        bed = plant(aws.account(), planted, planted.languages[0])
        report = function_check(Target(bed.name, region=planted.region)).report(Symptom.BOTH)
        yield card(report, "id:1")


@contextmanager
def page_of(slack: Workspace, aws: FakeAws) -> Iterator[str]:
    """The demo's page, without a bot."""
    ready, over, address = threading.Event(), threading.Event(), []

    async def serve() -> None:
        demo = Demo(slack, aws, {}, Person(slack, "U0YOU", name="you"))
        async with served(demo, listening) as at:
            address.append(at)
            ready.set()
            await asyncio.to_thread(over.wait)

    with bound(0) as listening:
        thread = threading.Thread(target=lambda: asyncio.run(serve()))
        thread.start()
        ready.wait(10)
        try:
            yield address[0]
        finally:
            over.set()
            thread.join()


def main(folder: Path) -> None:
    """Draw all of them."""
    folder.mkdir(parents=True, exist_ok=True)
    with FakeAws() as aws, Workspace() as slack:
        os.environ |= {"AWS_ENDPOINT_URL": aws.url, "AWS_REGION": "eu-west-1"}
        os.environ |= {"AWS_ACCESS_KEY_ID": "demo", "AWS_SECRET_ACCESS_KEY": "demo"}
        for message in cards(aws):
            blocks = slack.store.named(list(message["blocks"]))
            slack.store.keep(GENERAL, BOT_USER, text=str(message["text"]), blocks=blocks)
        with page_of(slack, aws) as url, sync_playwright() as playwright:
            path = shutil.which("chromium")
            browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
            for name, how in SHEETS.items():
                page = browser.new_page(**how, bypass_csp=True)
                page.goto(url)
                page.get_by_role("log").wait_for()
                page.add_style_tag(content=WHOLE)
                page.screenshot(path=folder / f"{name}.png", full_page=True)
            browser.close()


if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1].startswith("-"):  # noqa: PLR2004 - one argument
        sys.exit(__doc__)
    main(Path(sys.argv[1]))
