"""The console of an additional tenant: it works, and its links stay within the tenant."""

import pytest

from helpers.acme import ACME
from helpers.console_browser import ROOT, ConsoleBrowser
from helpers.html_page import Page
from mockidp.tenant.tenant import Tenant
from mockidp.web.console.navigation import AREAS

PREFIX = "/t/one"
PLACES = {"path": ("http://localhost:9400", PREFIX), "host": ("http://one.localhost:9400", "")}


@pytest.fixture(params=PLACES)
def place(request):
    """The tenant, the console in a browser at its URL, and the prefix of its paths."""
    first = ConsoleBrowser()
    tenant = Tenant(ACME)
    first.app.additional.add("one", tenant, max_age=60)
    url, prefix = PLACES[request.param]
    return tenant, first.another_browser(url), prefix


@pytest.mark.parametrize("area", [one.name for one in AREAS])
def test_links_stay_within_the_tenant(place, area):
    _, browser, prefix = place
    answer = browser.get(f"{prefix}{ROOT}/{area}")
    assert answer.status_code == 200
    page = Page(answer.text)
    urls = [
        value
        for _, attributes in page.elements
        for name, value in attributes.items()
        if name in ("href", "action", "src") and value.startswith("/")
    ]
    assert [one for one in urls if not one.startswith(f"{prefix}{ROOT}/")] == []
    assert len(urls) > len(AREAS)


def test_a_form_changes_only_the_tenant(place):
    tenant, browser, prefix = place
    others = browser.app.tenant.keys
    before = tenant.keys.current.kid
    form = Page(browser.get(f"{prefix}{ROOT}/keys").text).values(0)
    answer = browser.post(f"{prefix}{ROOT}/keys/rotate", **form)
    assert (answer.status_code, answer.location) == (303, f"{prefix}{ROOT}/keys")
    assert tenant.keys.current.kid != before
    assert browser.app.tenant.keys is others


def test_the_form_token_of_another_tenant_is_refused():
    first = ConsoleBrowser()
    first.app.additional.add("one", Tenant(ACME), max_age=60)
    form = first.open("/keys").values(0)
    assert first.post(f"{PREFIX}{ROOT}/keys/rotate", **form).status_code == 403
