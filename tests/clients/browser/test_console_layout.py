"""The pages of the console fit their window, and their controls can be hit, whatever names are."""

import pytest
import requests

from mockidp import MockIdP
from mockidp.web.console.navigation import AREAS

LONG, RIGHT_TO_LEFT = "W" * 200, "مستخدم ذو اسم طويل"
WIDTHS = (320, 360, 768, 1280)
SMALL = """() => [...document.querySelectorAll(
  "main :is(button, .button, input:not([type=hidden]), select, textarea, summary)")].filter((one) => {
    const box = one.getBoundingClientRect();
    return box.width && (box.width < 24 || box.height < 24);
  }).map((one) => one.outerHTML)"""
TENANT = {
    "clients": [{"client_id": LONG, "name": LONG, "callbacks": [f"http://localhost/{LONG}"]}],
    "users": [
        {"user_id": f"auth0|{n}", "email": f"{n}@acme.example", "name": name}
        for n, name in enumerate((LONG, RIGHT_TO_LEFT))
    ],
    "resourceServers": [{"identifier": f"https://{LONG}.example/", "name": LONG}],
}
PAGES = [
    *(f"/_mockidp/{one.name}" for one in AREAS),
    "/_mockidp/users/auth0%7C0",
    "/_mockidp/edit/users/auth0%7C1",
    f"/_mockidp/applications/{LONG}",
    "/_mockidp/journal/flows/1",
    "/_mockidp/journal?q=" + LONG,
    "/_mockidp/users?q=" + RIGHT_TO_LEFT,
]


@pytest.fixture(scope="module")
def idp(playwright):
    with MockIdP(TENANT) as idp:
        for name in (LONG, RIGHT_TO_LEFT):
            query = {"client_id": name, "scope": name}
            requests.get(f"{idp.url}/authorize", params=query, timeout=10, allow_redirects=False)
        yield idp


def test_every_page_fits_its_window_and_its_controls_can_be_hit(idp, chromium):
    with chromium.new_context() as context:
        page = context.new_page()
        for path in PAGES:
            assert page.goto(f"{idp.url}{path}").ok, path
            page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": 800})
                found = page.evaluate("document.documentElement.scrollWidth"), page.evaluate(SMALL)
                assert (path, width, *found) == (path, width, width, [])
