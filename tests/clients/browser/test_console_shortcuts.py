"""The keyboard shortcuts of the console."""

from urllib.parse import urljoin

import pytest

from helpers.accessibility import TAGS, assert_accessible

CLIPBOARD = """Object.defineProperty(navigator, 'clipboard',
    { configurable: true, value: { writeText: async (text) => { window.copied = text; } } })"""


@pytest.fixture
def page(new_user):
    user = new_user()
    user.page.add_init_script(CLIPBOARD)
    user.page.goto(f"{user.server.url}/_mockidp/keys")
    return user.page


def press(page, keys):
    for key in keys.split():
        page.keyboard.press(key)


def go(page, path):
    page.goto(urljoin(page.url, path))


def focused(page):
    return page.evaluate("document.activeElement.innerText")


def test_a_question_mark_lists_them(page, axe):
    press(page, "?")
    dialog = page.get_by_role("dialog", name="Keyboard shortcuts")
    dialog.get_by_text("Faults").wait_for()
    assert_accessible(page, axe, second=TAGS)
    press(page, "Escape")
    assert not dialog.is_visible()


def test_g_and_a_letter_open_a_page(page):
    for letter, path in (("u", "users"), ("a", "applications"), ("f", "faults"), ("o", "outbox")):
        press(page, f"g {letter}")
        page.wait_for_url(f"**/_mockidp/{path}")


def test_a_slash_goes_to_the_search_field_where_letters_are_text(page):
    go(page, "/_mockidp/users")
    press(page, "/")
    page.keyboard.type("g f ?")
    assert page.get_by_label("Search", exact=True).input_value() == "g f ?"
    assert page.url.endswith("/users")
    assert not page.get_by_role("dialog").is_visible()


def test_other_keys_do_nothing(page):
    press(page, "f g x g Control+f / j k y p Escape ArrowDown")
    page.get_by_role("heading", name="Keys", exact=True).wait_for()
    assert page.url.endswith("/keys")


def test_the_journal_is_read_with_the_keyboard(page):
    for _ in range(2):
        go(page, "/authorize?client_id=nobody&response_type=code")
    go(page, "/_mockidp/journal")
    page.get_by_test_id("flow-row").nth(1).wait_for()
    press(page, "j j")
    assert focused(page) == page.get_by_test_id("flow-row").nth(1).inner_text()
    press(page, "k k")
    assert focused(page) == page.get_by_test_id("flow-row").first.inner_text()
    press(page, "ArrowDown ArrowUp Enter")
    page.wait_for_url("**/journal/flows/*")
    press(page, "j Enter")
    assert page.get_by_test_id("step").first.get_attribute("open") is not None
    assert "asks for a login" in focused(page)
    press(page, "y")
    assert page.evaluate("copied").startswith("curl -i -X GET")
    assert page.get_by_role("status").inner_text() == "Copied"
    press(page, "Escape")
    page.wait_for_url("**/_mockidp/journal")
    press(page, "p")
    page.get_by_role("button", name="Pause", pressed=True).wait_for()


def test_without_the_clipboard_of_the_browser_text_is_copied_all_the_same(page):
    page.add_init_script("document.oncopy = (e) => { window.copied = e.target.value; }")
    go(page, "/authorize?client_id=nobody&response_type=code")
    go(page, "/_mockidp/journal")
    page.get_by_test_id("flow-row").first.click()
    page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    press(page, "y")
    assert page.evaluate("copied").startswith("curl -i -X GET")


def test_they_can_be_switched_off(page):
    press(page, "?")
    page.get_by_role("button", name="Switch off").click()
    page.get_by_role("button", name="Close").click()
    press(page, "g u")
    page.reload()
    assert page.url.endswith("/keys")
    press(page, "g u ?")
    assert page.get_by_role("button", name="Switch off", pressed=True).is_visible()
    assert page.url.endswith("/keys")
