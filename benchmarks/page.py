"""
How soon the demo's page answers a typed command and a click; and a newcomer.

    python benchmarks/page.py [TIMES]      p50 and p95, in the browser's own milliseconds
    python benchmarks/page.py install      seconds from `pip install` to the first verdict

Everything is real: the demo in a process of its own, its page in Debian's Chromium. Beside each
figure stands the floor: a request to the page's server that does nothing else.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage

from playwright.sync_api import Locator, Page, sync_playwright

ROOT = Path(__file__).parents[1]
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")
NEXT_SECOND = 1.1
"""Seconds; two looks in one second that find the same leave the message as it is."""
TYPED = """([log, box, text]) => new Promise(done => {
    const before = log.children.length, began = performance.now()
    new MutationObserver((_, seen) => {
        if (log.children.length === before) return
        seen.disconnect()
        done(performance.now() - began)
    }).observe(log, {childList: true})
    Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, 'value').set.call(box, text)
    box.dispatchEvent(new InputEvent('input', {bubbles: true}))
    requestAnimationFrame(() => box.form.requestSubmit())
})"""
CLICKED = """button => new Promise(done => {
    const article = button.closest('article'), began = performance.now()
    new MutationObserver((_, seen) => {
        seen.disconnect()
        done(performance.now() - began)
    }).observe(article, {childList: true, characterData: true, subtree: true})
    button.click()
})"""
OPENED = """button => new Promise(done => {
    const began = performance.now()
    new MutationObserver((_, seen) => {
        if (!document.querySelector('dialog[open]')) return
        seen.disconnect()
        done(performance.now() - began)
    }).observe(document.body, {childList: true, subtree: true, attributes: true})
    button.click()
})"""
FLOOR = """async () => {
    const began = performance.now()
    await (await fetch('/acts/close', {
        method: 'POST', headers: {'Content-Type': 'application/json'},
        body: JSON.stringify({as: 'U0YOU'}),
    })).json()
    return performance.now() - began
}"""


def main() -> None:
    """What was asked for."""
    if sys.argv[1:] == ["install"]:
        installed()
        return
    times = int(sys.argv[1]) if len(sys.argv) > 1 else 50
    with visited(Path(sys.executable).with_name("slsdiag")) as page:
        floor = [page.evaluate(FLOOR) for _ in range(times)]
        typed = [typing(page) for _ in range(times)]
        opened = list(opening(page, times))
        clicked = list(clicking(page, times))
    print(percentiles("floor", floor))
    print(percentiles("typed command", typed))
    print(percentiles("click that opens a window", opened))
    print(percentiles("click that looks at AWS anew", clicked))


def installed() -> None:
    """Into a new environment, as a newcomer does; the package cache is as it is."""
    with tempfile.TemporaryDirectory() as folder:
        venv = Path(folder) / "venv"
        subprocess.run([sys.executable, "-m", "venv", venv], check=True)
        began = time.perf_counter()
        pip: list[str | Path] = [
            venv / "bin/pip",
            "install",
            "-q",
            "-c",
            ROOT / "constraints.txt",
            ROOT,
        ]
        subprocess.run(pip, check=True, stderr=subprocess.DEVNULL)
        had = time.perf_counter() - began
        with visited(venv / "bin/slsdiag") as page:
            typing(page, "orders", "orders is not reporting")
            done = time.perf_counter() - began
    used = getrusage(RUSAGE_CHILDREN)
    print(
        f"pip install {had:.1f} s; first verdict on the page after {done:.1f} s "
        f"({used.ru_utime + used.ru_stime:.1f} s of a processor, the new environment included)"
    )


@contextmanager
def visited(program: Path) -> Iterator[Page]:
    """The demo's page, open in a browser."""
    demo = subprocess.Popen([program, "demo", "--port", "0"], stdout=subprocess.PIPE, text=True)
    try:
        url = (demo.stdout.readline() if demo.stdout else "").strip()
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path="/usr/bin/chromium", args=list(FLAGS)
            )
            page = browser.new_page()
            page.goto(url)
            messages(page).wait_for()
            yield page
            browser.close()
    finally:
        demo.terminate()
        demo.wait()


def typing(page: Page, name: str = "checkout", verdict: str = "checkout is healthy") -> float:
    """Until the page shows the answer; then the verdict is waited for."""
    log, box = messages(page), page.get_by_role("textbox", name="Message")
    took: float = page.evaluate(
        TYPED, [log.element_handle(), box.element_handle(), f"/slsdiag {name}"]
    )
    until(lambda: log.get_by_text(verdict).count() > 0)
    return took


def opening(page: Page, times: int) -> Iterator[float]:
    """*Something else…* in a triage, until its window is open."""
    typing(page, "triage checkout", "checkout is healthy")
    card = messages(page).get_by_role("article").filter(has_text="checkout is healthy").last
    card.get_by_role("button", name="Thread").click()
    answers(page, "Both", "Only this one, always")
    other = thread(page).get_by_role("button", name="Something else…", exact=True)
    for _ in range(times):
        other.wait_for()
        took: float = other.evaluate(OPENED)
        yield took
        page.keyboard.press("Escape")
        page.get_by_role("dialog").wait_for(state="detached")


def clicking(page: Page, times: int) -> Iterator[float]:
    """*Check again* on its card, until the page shows that it is checked."""
    card = messages(page).get_by_role("article").filter(has_text="checkout is healthy").last
    again = card.get_by_role("button", name="Check again", exact=True)
    for _ in range(times):
        again.wait_for()
        time.sleep(NEXT_SECOND)
        took: float = again.evaluate(CLICKED)
        yield took


def answers(page: Page, *labels: str) -> None:
    """Click these, one after the other."""
    for label in labels:
        thread(page).get_by_role("button", name=label, exact=True).click()


def thread(page: Page) -> Locator:
    """The open one."""
    return page.get_by_role("complementary", name="Thread")


def messages(page: Page) -> Locator:
    """The conversation."""
    return page.get_by_role("log", name="Messages")


def until(true: Callable[[], bool]) -> None:
    """Wait for it, half a minute at most."""
    ends_at = time.monotonic() + 30
    while not true():
        if time.monotonic() > ends_at:
            raise TimeoutError("the verdict did not come")
        time.sleep(0.02)


def percentiles(name: str, took: list[float]) -> str:
    """p50 and p95."""
    times = sorted(took)
    p50, p95 = times[len(times) // 2], times[int(len(times) * 0.95)]
    return f"{name}: p50 {p50:.0f} ms, p95 {p95:.0f} ms (of {len(times)})"


if __name__ == "__main__":
    main()
