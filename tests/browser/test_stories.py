"""What people live through on the page: in a real browser, with the real bot behind it."""

from __future__ import annotations

import re

import pytest
from conftest import be_aws, click, message, messages, thread, types
from playwright.sync_api import expect

pytestmark = pytest.mark.slow

REMEMBERED = """() => {
    const log = document.querySelector("[role=log]")
    window.remembered = []
    new MutationObserver(() => remembered.push(log.innerText))
        .observe(log, {childList: true, characterData: true, subtree: true})
}"""
"""All that was shown, however shortly: a busy machine may miss what is there for a second."""


def card(page, words):
    return message(messages(page), words)


def opens_thread(page, words):
    card(page, words).get_by_role("button", name=re.compile("replies|Thread")).click()
    return thread(page)


def test_the_first_message_says_what_is_broken_and_how_to_ask(visit, sound):
    page = visit()
    first = messages(page).get_by_role("article").first

    expect(first).to_contain_text("orders")
    expect(first).to_contain_text("Healthy: checkout")
    expect(first).to_contain_text("/slsdiag")
    expect(page.get_by_role("navigation").get_by_role("button")).to_have_text(
        [re.compile("general"), re.compile("elsewhere"), re.compile("slsdiag"), re.compile("Home")]
    )
    sound(page)


def test_a_command_becomes_a_card_with_every_step_in_its_thread(visit, sound, picture):
    page = visit()
    types(page, "/slsdiag orders")
    expect(card(page, "Checking orders")).to_contain_text("Only you can see this")
    expect(card(page, "orders is not reporting")).to_contain_text("belongs to Datadog")
    sound(page)
    opened = opens_thread(page, "orders is not reporting")
    expect(message(opened.get_by_role("log"), "Datadog owns the exec wrapper")).to_be_visible()
    expect(card(page, "orders is not reporting")).to_contain_text("❌ wrapper")
    picture(page, "card")
    sound(page)
    click(opened, "Close the thread")

    expect(thread(page)).to_have_count(0)


def test_a_slip_is_asked_in_private_and_leaves_nothing_behind(visit, sound):
    page = visit()
    be_aws(page, "Make AWS slow, or quick again")
    types(page, "/slsdiag chekout")
    expect(card(page, "Checking chekout")).to_contain_text("Only you can see this")
    asked = card(page, "Did you mean checkout?")
    expect(asked).to_contain_text("Only you can see this")
    expect(messages(page).get_by_text("Checking chekout…")).to_have_count(0)
    sound(page)
    click(asked, "checkout")

    expect(card(page, "checkout is healthy")).to_be_visible()


def test_the_card_changes_while_aws_is_slow(visit):
    page = visit()
    be_aws(page, "Make AWS slow, or quick again")
    page.evaluate(REMEMBERED)
    types(page, "/slsdiag orders")

    expect(card(page, "orders is not reporting")).to_be_visible()
    shown = page.evaluate("() => remembered.join()")
    assert "Checking orders…" in shown
    assert "Still reading" in shown
    expect(messages(page).get_by_text("Checking orders…")).to_have_count(0)


def test_from_a_wait_through_a_fix_to_the_summary(visit, sound, picture):
    """Type, wait through the timer, answer, fix the account, end."""
    page = visit()
    be_aws(page, "Make the stack six minutes old")
    types(page, "/slsdiag orders")
    expect(card(page, "orders is waiting")).to_be_visible()
    opened = opens_thread(page, "orders is waiting")
    expect(message(opened, "Checks again by itself")).to_be_visible()
    picture(page, "wait")
    be_aws(page, "Let the ten minutes end in ten seconds")
    click(message(opened, "Checks again by itself"), "Check again")
    sound(page)
    expect(message(opened, "orders · Datadog")).to_contain_text("belongs to Datadog")
    sound(page)
    be_aws(page, "Fix it", "Invoke it", function="orders")
    click(message(opened, "orders · Datadog"), "I fixed it")

    expect(message(opened, "orders: triage done")).to_contain_text("Fixed")
    expect(message(opened, "orders: triage done")).to_contain_text("@you")
    expect(card(page, "orders is healthy")).to_be_visible()
    message(opened, "orders: triage done").scroll_into_view_if_needed()
    picture(page, "summary")
    sound(page)


def test_a_scan_is_a_table_that_fits_a_phone(visit, sound, picture):
    page = visit()
    types(page, "/slsdiag scan")
    table = messages(page).get_by_role("table")
    expect(table.get_by_role("rowheader", name="SDK layer missing").first).to_be_visible()
    card(page, "SDK layer missing").evaluate("card => card.scrollIntoView()")
    picture(page, "scan")
    page.set_viewport_size({"width": 390, "height": 780})

    fits(page)
    sound(page)


def test_break_it_and_the_bot_notices(visit):
    page = visit()
    types(page, "/slsdiag checkout")
    expect(card(page, "checkout is healthy")).to_be_visible()
    be_aws(page, "Let Datadog take the wrapper", function="checkout")
    click(card(page, "checkout is healthy"), "Check again")
    expect(card(page, "checkout is not reporting")).to_contain_text("Datadog owns the exec wrapper")
    be_aws(page, "Fix it", "Invoke it", function="checkout")
    click(card(page, "checkout is not reporting"), "Check again")

    expect(card(page, "checkout is healthy")).to_be_visible()


def test_a_deploy_breaks_it_and_the_bot_speaks_by_itself(visit, sound, picture):
    """Nobody types anything; the message names who, and is edited once it is undone."""
    page = visit()
    be_aws(page, "Deploy", function="checkout")
    told = card(page, "not reporting after a deployment")
    expect(told).to_contain_text("by role deploy-prod (CloudFormation, stack shop-prod)")
    expect(told).to_contain_text("A deployment removed the SDK")
    click(page.locator("header.top"), "Be AWS")
    expect(page.get_by_role("region", name="AWS account")).to_contain_text(
        "checks after 10 seconds"
    )
    picture(page, "deployment")
    sound(page)
    click(page.get_by_role("region", name="AWS account"), "Close the account")
    be_aws(page, "Undo", function="checkout")

    expect(card(page, "1 reports again after a deployment")).to_contain_text("edited")
    expect(messages(page).get_by_text("not reporting after a deployment")).to_have_count(0)
    sound(page)


def test_a_stranger_moves_nothing(visit, sound):
    page, eve = visit(), visit("U0EVE")
    types(page, "/slsdiag orders")
    click(card(eve, "orders is not reporting"), "Guide me")
    expect(card(eve, "members of this workspace")).to_contain_text("Only you can see this")
    types(eve, "/slsdiag orders")
    expect(messages(eve).get_by_role("article").filter(has_text="members of this")).to_have_count(2)
    sound(eve)

    expect(eve.get_by_role("navigation").get_by_role("button")).to_have_count(1)
    expect(messages(page).get_by_text("members of this workspace")).to_have_count(0)
    expect(messages(eve).get_by_text("Checking orders")).to_have_count(0)


def test_a_second_person_sees_and_answers(visit):
    page = visit()
    types(page, "/slsdiag triage checkout")
    expect(card(page, "Checking checkout")).to_be_visible()
    page.get_by_label("View as").select_option(label="Sam, a colleague")
    expect(messages(page).get_by_text("Checking checkout")).to_have_count(0)
    opened = opens_thread(page, "checkout is healthy")
    click(message(opened, "What is missing"), "Traces")

    expect(message(opened, "What is missing")).to_contain_text("Traces — @sam")


def test_a_window_takes_what_dashboard_says(visit, sound):
    page = visit()
    types(page, "/slsdiag triage checkout")
    opened = opens_thread(page, "checkout is healthy")
    click(message(opened, "What is missing"), "Both")
    click(message(opened, "this function only"), "Only this one, always")
    click(message(opened, "an error beside this function"), "Something else…")
    window = page.get_by_role("dialog")
    expect(window).to_be_visible()
    sound(page)
    page.keyboard.press("Escape")
    expect(window).to_have_count(0)
    click(message(opened, "an error beside this function"), "Something else…")
    window.get_by_role("textbox").fill("Rate exceeded")
    click(window, "Send")

    expect(window).to_have_count(0)
    expect(message(opened, "Rate exceeded")).to_contain_text("Rate exceeded")


def test_app_home_is_a_place_of_its_own(visit, sound):
    page = visit()
    click(page.get_by_role("navigation"), "App Home")
    expect(page.get_by_role("region", name="App Home")).to_be_visible()
    sound(page)


def test_from_app_home_a_function_is_found_and_diagnosed(visit, sound, picture):
    page = visit()
    click(page.get_by_role("navigation"), "App Home")
    home = page.get_by_role("region", name="App Home")
    expect(home).to_contain_text("slsdiag itself: healthy")
    picture(page, "home")
    sound(page)
    click(home, "Diagnose")
    window = page.get_by_role("dialog", name="Diagnose")
    window.get_by_label("Which function?").press_sequentially("ord")
    expect(window.get_by_role("option", name="orders")).to_be_visible()
    sound(page)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(window.get_by_label("Which function?")).to_have_value("orders")
    click(window, "Start")
    expect(window).to_have_count(0)
    expect(home).to_contain_text("Checking orders")
    click(page.get_by_role("navigation"), "slsdiag")

    expect(card(page, "orders is not reporting")).to_be_visible()


def test_where_the_bot_is_no_member_the_asker_alone_gets_the_report(visit):
    page = visit()
    click(page.get_by_role("navigation"), "elsewhere")
    types(page, "/slsdiag orders")

    expect(card(page, "/invite @slsdiag")).to_contain_text("Only you can see this")


def test_in_a_thread_the_bot_is_mentioned(visit):
    page = visit()
    types(page, "/slsdiag orders")
    opened = opens_thread(page, "orders is not reporting")
    types(page, "/slsdiag emails", "Reply")
    expect(message(opened, "not supported in threads")).to_be_visible()
    types(page, "@slsdiag emails", "Reply")

    expect(message(opened, "emails is not reporting")).to_contain_text("SLS_ORG_ID")


def test_the_shortcut_offers_what_a_message_names(visit):
    page = visit()
    types(page, "since noon `emails` is silent, <b>why?")
    said = card(page, "since noon")
    expect(said).to_contain_text("is silent, <b>why?")
    said.get_by_role("button", name="More actions").click()
    page.get_by_role("menuitem", name="Diagnose").click()
    click(card(page, "Which function"), "emails")

    expect(card(page, "emails is not reporting")).to_be_visible()


def test_a_reload_comes_back_to_the_thread(visit):
    """And to the message box, where a visitor begins."""
    page = visit()
    expect(page.get_by_role("textbox", name="Message")).to_be_focused()
    types(page, "/slsdiag checkout")
    expect(opens_thread(page, "checkout is healthy")).to_be_visible()
    page.reload()

    expect(thread(page)).to_be_visible()
    click(thread(page), "Close the thread")
    page.reload()
    expect(page.get_by_role("textbox", name="Message")).to_be_focused()
    expect(thread(page)).to_have_count(0)
    page.get_by_role("navigation").get_by_role("button", name="App Home").click()
    page.reload()
    expect(page.locator("[aria-current]")).to_contain_text("App Home")


def test_by_keyboard_alone(visit):
    page = visit()
    expect(page.get_by_role("textbox", name="Message")).to_be_focused()
    page.keyboard.type("/slsdiag checkout")
    page.keyboard.press("Enter")
    found = card(page, "checkout is healthy")
    until_focused(page, found.get_by_role("button", name="Guide me"), "Shift+Tab")
    page.keyboard.press("Enter")
    until_focused(page, found.get_by_role("button", name=re.compile("replies|Thread")))
    page.keyboard.press("Enter")
    question = message(thread(page), "What is missing")
    expect(question).to_be_visible()
    until_focused(page, question.get_by_role("button", name="Traces"))
    page.keyboard.press("Space")
    expect(question).to_contain_text("Traces — @you")
    expect(question).to_be_focused()
    page.keyboard.press("Escape")
    expect(thread(page)).to_have_count(0)
    expect(found.get_by_role("button", name=re.compile("replies|Thread"))).to_be_focused()
    until_focused(page, found.get_by_role("button", name="More actions"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("menuitem", name="Diagnose")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("menuitem", name="Reply in a thread")).to_be_focused()
    page.keyboard.press("Escape")

    expect(found.get_by_role("button", name="More actions")).to_be_focused()


def until_focused(page, wanted, key="Tab"):
    expect(wanted).to_be_visible()
    for _ in range(60):
        if wanted.evaluate("it => it === document.activeElement"):
            return
        page.keyboard.press(key)
    pytest.fail("it cannot be reached by keyboard")


def test_on_a_phone(visit, sound, picture):
    page = visit()
    page.set_viewport_size({"width": 390, "height": 780})
    types(page, "/slsdiag checkout")
    click(card(page, "checkout is healthy"), "Guide me")
    fits(page)
    sound(page)
    opened = opens_thread(page, "checkout is healthy")
    click(message(opened, "What is missing"), "Both")
    expect(message(opened, "Both — @you")).to_be_visible()
    picture(page, "phone")
    fits(page)
    sound(page)
    click(opened, "Close the thread")
    click(page.locator("header.top"), "Be AWS")
    fits(page)
    sound(page)
    click(page.get_by_role("region", name="AWS account"), "Close the account")
    click(page.get_by_role("navigation"), "App Home")

    fits(page)


def fits(page):
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
