"""Block Kit on the page: every block that the bot may use, in each place, as Slack shows it."""

from __future__ import annotations

import asyncio
import threading

import pytest
from conftest import message, messages
from playwright.sync_api import expect

from bot.playground.account import FakeAws
from bot.playground.demo import Demo
from bot.playground.page.serving import bound, served
from bot.playground.workspace import Person, Workspace
from bot.playground.workspace.messages import GENERAL
from bot.playground.workspace.model import BOT_USER

pytestmark = pytest.mark.slow

DOT = "data:image/gif;base64,R0lGODlhAQABAAAAACw="
HOSTILE = "<!channel> *b* `c` <@U0YOU> <http://evil.example|x> <script>alert(1)</script> &amp;"


def plain(text):
    return {"type": "plain_text", "text": text}


def mrkdwn(text):
    return {"type": "mrkdwn", "text": text}


def button(text, action, **more):
    return {"type": "button", "text": plain(text), "action_id": action} | more


def options(*labels):
    return [{"text": plain(each), "value": f"v-{each}"} for each in labels]


def rich(kind, *elements, **more):
    return {"type": f"rich_text_{kind}", "elements": list(elements)} | more


def text(said, **style):
    return {"type": "text", "text": said} | ({"style": style} if style else {})


def raw(said):
    return {"type": "raw_text", "text": said}


def number(value):
    return {"type": "raw_number", "value": value, "text": f"{value:,}"}


SHOWN = [
    {"type": "header", "text": plain("A header")},
    {"type": "section", "text": mrkdwn("*bold* _italic_ ~struck~ `code` ```pre```")},
    {"type": "section", "fields": [plain("field one"), mrkdwn("*field two*")]},
    {"type": "section", "text": plain("beside"), "accessory": button("Side", "side")},
    {
        "type": "context",
        "elements": [
            mrkdwn("by <@U0SAM> <!date^1700000000^{date_num} {time}|then>"),
            {"type": "image", "image_url": DOT, "alt_text": "a dot"},
        ],
    },
    {"type": "divider"},
    {"type": "image", "image_url": DOT, "alt_text": "another dot", "title": plain("A picture")},
    {
        "type": "rich_text",
        "elements": [
            rich("section", text("strong", bold=True), {"type": "user", "user_id": "U0SAM"}),
            rich("list", rich("section", text("item one")), style="bullet"),
            rich("list", rich("section", text("item two")), style="ordered"),
            rich("quote", text("quoted")),
            rich("preformatted", text("{'a': 1}")),
        ],
    },
    {
        "type": "data_table",
        "caption": "Functions by cause",
        "page_size": 2,
        "rows": [
            [raw("Cause"), raw("Functions")],
            [raw("wrapper_set"), number(1200)],
            [raw("org_id_set"), number(7)],
            [raw("layer_attached"), number(1)],
        ],
    },
    *(
        {
            "type": "data_visualization",
            "title": f"A {kind} chart",
            "chart": {
                "type": kind,
                "series": [
                    {"name": "blind", "data": [{"label": "Mon", "value": 3}]},
                    {"name": "healthy", "data": [{"label": "Mon", "value": 9}]},
                ],
                "axis_config": {"categories": ["Mon", "Tue"], "x_label": "Day"},
            },
        }
        for kind in ("bar", "line", "area")
    ),
    {
        "type": "data_visualization",
        "title": "A pie chart",
        "chart": {"type": "pie", "segments": [{"label": "blind", "value": 1}]},
    },
    {
        "type": "actions",
        "elements": [
            button("Plain", "a"),
            button("Main", "b", style="primary"),
            button("Grave", "c", style="danger"),
            button("?", "d", accessibility_label="Help"),
            {
                "type": "static_select",
                "action_id": "e",
                "placeholder": plain("Pick"),
                "options": options("one"),
            },
            {"type": "overflow", "action_id": "f", "options": options("two")},
        ],
    },
]
FIELDS = [
    {"type": "plain_text_input", "action_id": "one"},
    {"type": "plain_text_input", "action_id": "many", "multiline": True, "max_length": 300},
    {"type": "static_select", "action_id": "static", "options": options("x", "y")},
    {"type": "external_select", "action_id": "external", "placeholder": plain("Search")},
    {"type": "conversations_select", "action_id": "where"},
]


@pytest.fixture
def slack():
    with Workspace() as workspace:
        yield workspace


@pytest.fixture
def url(slack):
    """The page without the bot, so that anything may stand in it."""
    started, over = threading.Event(), threading.Event()
    address = []

    async def serve(listening):
        async with served(
            Demo(slack, aws, {}, Person(slack, "U0YOU", name="you")), listening
        ) as at:
            address.append(at)
            started.set()
            await asyncio.to_thread(over.wait)

    with FakeAws() as aws, bound(0) as listening:
        aws.account().region("eu-west-1")
        thread = threading.Thread(target=lambda: asyncio.run(serve(listening)))
        thread.start()
        assert started.wait(10)
        yield address[0]
        over.set()
        thread.join()


@pytest.fixture
def page(browser, url):
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.goto(url)
    messages(page).wait_for()
    yield page
    page.close()


def shows(slack, *blocks, text=""):
    with slack.lock:
        slack.store.keep(GENERAL, BOT_USER, text=text, blocks=slack.store.named(list(blocks)))
        slack.lock.notify_all()


def opens(slack, *blocks):
    with slack.lock:
        view = {"type": "modal", "title": plain("A window"), "submit": plain("Go")}
        slack.store.views["U0YOU"] = view | {"id": "V1", "blocks": slack.store.named(list(blocks))}
        slack.lock.notify_all()


def test_every_block_is_drawn(slack, page, sound):
    shows(slack, *SHOWN)
    drawn = message(messages(page), "A header")
    for said in ("field two", "beside", "@sam", "item two", "quoted", "{'a': 1}", "1,200", "pie"):
        expect(drawn).to_contain_text(said)
    expect(drawn.locator(".said strong").first).to_have_text("bold")
    expect(drawn.locator("pre").first).to_have_text("pre")
    expect(drawn.get_by_role("img")).to_have_count(2)
    expect(drawn.get_by_role("figure")).to_have_count(5)
    for name in ("Side", "Plain", "Main", "Grave", "Help"):
        expect(drawn.get_by_role("button", name=name, exact=True)).to_be_visible()
    expect(drawn.get_by_role("combobox")).to_have_count(2)
    table = drawn.get_by_role("table", name="Functions by cause")
    expect(table.get_by_role("row")).to_have_count(3)
    drawn.get_by_role("button", name="Show all 3 rows").click()
    expect(table.get_by_role("row")).to_have_count(4)
    drawn.get_by_text("The figures").first.click()
    expect(drawn.get_by_role("rowheader", name="Mon").first).to_be_visible()

    expect(page.locator(".unsupported")).to_have_count(0)
    sound(page)


def test_every_field_is_drawn(slack, page, sound):
    opens(
        slack,
        *(
            {
                "type": "input",
                "label": plain(f"Field {element['action_id']}"),
                "hint": plain("A hint"),
                "element": element,
            }
            for element in FIELDS
        ),
    )
    window = page.get_by_role("dialog", name="A window")
    for element in FIELDS:
        expect(window.get_by_label(f"Field {element['action_id']}")).to_be_visible()
    expect(window.get_by_label("Field where").get_by_role("option")).to_have_count(4)

    expect(page.locator(".unsupported")).to_have_count(0)
    sound(page)


def test_app_home_is_drawn(slack, page, sound):
    homes = vars(slack.store).setdefault("homes", {})
    homes["U0YOU"] = {"type": "home", "blocks": slack.store.named(SHOWN)}
    page.get_by_role("button", name="App Home").click()
    expect(page.get_by_role("region", name="App Home")).to_contain_text("A header")

    expect(page.locator(".unsupported")).to_have_count(0)
    sound(page)


def test_plain_text_is_shown_as_it_stands(slack, page):
    shows(
        slack,
        {"type": "header", "text": plain(f"H {HOSTILE}")},
        {"type": "section", "text": plain(f"S {HOSTILE}")},
    )
    drawn = message(messages(page), "evil.example")
    expect(drawn.get_by_role("heading")).to_have_text(f"H {HOSTILE}")
    expect(drawn.locator(".said")).to_have_text(f"S {HOSTILE}")

    expect(drawn.locator("a, code, script, .body strong:not(.by strong)")).to_have_count(0)


def test_no_link_leads_out_of_the_page(slack, page):
    """Only addresses of the web are links; each says where Slack would go."""
    shows(
        slack,
        {
            "type": "section",
            "text": mrkdwn(
                "<javascript:alert(1)|bad> <https://a.example/?a=1&amp;b=2|good> &lt;i&gt;"
            ),
        },
    )
    drawn = message(messages(page), "good")
    expect(drawn).to_contain_text("bad good <i>")
    expect(drawn.get_by_role("link")).to_have_count(0)
    expect(drawn.locator(".outside")).to_have_text(["good"])
    drawn.get_by_role("button", name="good").click()

    expect(drawn.get_by_role("status")).to_have_text(
        "In Slack this opens https://a.example/?a=1&b=2"
    )
    assert page.context.pages == [page]


def test_no_button_leads_out_of_the_page(slack, page):
    opened = button("Open it", "open", url="https://a.example/")
    shows(slack, {"type": "actions", "elements": [opened]}, text="buttons")
    messages(page).get_by_role("button", name="Open it").click()

    expect(messages(page).get_by_role("status")).to_contain_text("https://a.example/")
    assert page.context.pages == [page]


def test_a_link_to_a_message_leads_to_it_within_the_page(slack, page):
    shows(slack, text="there")
    there = slack.messages[-1]
    link = f"https://demo.slack.com/archives/{GENERAL}/p{there.ts.replace('.', '')}"
    with slack.lock:
        slack.store.keep(slack.store.direct("U0YOU").id, BOT_USER, text=f"<{link}|it>", blocks=[])
        slack.lock.notify_all()
    page.get_by_role("navigation").get_by_role("button", name="slsdiag").click()
    messages(page).get_by_role("link", name="it").click()

    expect(message(messages(page), "there")).to_be_focused()
    assert page.context.pages == [page]


def test_a_block_that_cannot_be_drawn_says_so(slack, page):
    shows(slack, {"type": "video"})

    expect(messages(page)).to_contain_text("unsupported: video")
