"""No hosted page scrolls sideways, and no control is too small, whatever its names are."""

import pytest

from helpers.every_page import WithHint, every_page
from mockidp import MockIdP

CALLBACK = "http://localhost:3000/callback"
WIDTHS = (320, 360, 768, 1280)
SMALL = """() => [...document.querySelectorAll(
  "button, input:not([type=hidden], .hide), textarea, summary")].filter((one) => {
    const box = (one.type === "radio" ? one.closest("label") : one).getBoundingClientRect();
    return one.checkVisibility() && (box.width < 24 || box.height < 24);
  }).map((one) => one.outerHTML)"""
LONG, RIGHT_TO_LEFT = "W" * 200, "مستخدم ذو اسم طويل"


class InHebrew(WithHint):
    def prompt(self, name, /, **values):
        return super().prompt(name, **{"locale": "he"} | values)


def assert_fits(page, name):
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        assert (name, page.evaluate("document.documentElement.scrollWidth")) == (name, width)
    assert (name, page.evaluate(SMALL)) == (name, [])


@pytest.mark.parametrize(("pages", "value"), [(WithHint(), LONG), (InHebrew(), RIGHT_TO_LEFT)])
def test_a_page_fits_its_window_and_its_controls_can_be_hit(page_with_script, pages, value):
    for name, html in every_page(pages, value).items():
        if name != "form_post":  # its script would leave it
            page_with_script.set_content(html)
            assert_fits(page_with_script, name)


@pytest.fixture(scope="module")
def idp():
    """Serve a tenant with 10,000 users."""
    names = {1: LONG, 2: RIGHT_TO_LEFT}
    users = [
        {"user_id": f"auth0|{n}", "email": f"{n}@acme.example", "name": names.get(n, f"User {n}")}
        for n in range(10_000)
    ]
    client = {"client_id": "app", "name": LONG, "callbacks": [CALLBACK]}
    with MockIdP({"clients": [client], "users": users}) as idp:
        yield idp


def test_a_picker_shows_fifty_users_and_finds_the_others(idp, page_without_script):
    page = page_without_script
    query = f"response_type=code&client_id=app&scope=openid+profile&redirect_uri={CALLBACK}"
    page.goto(f"{idp.url}/authorize?{query}")
    users = page.get_by_test_id("pick-user")
    assert users.count() == 50
    page.get_by_role("searchbox", name="Find a user").fill(RIGHT_TO_LEFT)
    page.get_by_test_id("find-user").click()
    users.first.wait_for()
    assert [one.get_attribute("value") for one in users.all()] == ["auth0|2"]
    users.click()
    page.wait_for_url(f"{CALLBACK}?*")
