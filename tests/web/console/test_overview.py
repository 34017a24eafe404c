"""The overview: what is not as usual, the areas with their counts, and the configuration."""

import json
from dataclasses import replace

import pytest

from helpers.acme import ACME
from helpers.console_browser import ConsoleBrowser
from mockidp.faults import Fault
from mockidp.resources.client import Client
from mockidp.tenant.config.plain import structure_tenant
from mockidp.tenant.content.try_client import TEST_CLIENT
from mockidp.tenant.content.zero_config import ZERO_CONFIG
from mockidp.web.console.navigation import AREAS
from mockidp.web.console.snippets import FRAMEWORKS, apps_of, choose_client, snippets_for

ISSUER = "http://localhost:9400/"


def links(console, testid):
    """Return the URLs of the links in a part of the page, by their texts."""
    [part] = console.page.find(**{"data-testid": testid})
    text = console.page.text_of(part)
    found = {}
    for number in console.page.find("a"):
        name = console.page.text_of(number)
        if name in text:
            found[name] = console.page.elements[number][1]["href"]
    return found


def test_counts_are_links_to_the_areas(console):
    console.open("/")
    [areas] = console.text("areas")
    assert f"Users {len(console.tenant.directory.users)}" in areas
    assert "Keys 2" in areas
    assert links(console, "areas")["Keys 2"] == "/_mockidp/keys"


def test_refusals_come_before_what_seldom_changes(console):
    order = [element[1].get("data-testid") for element in console.open("/").elements]
    cards = [one for one in order if one in {"where", "refusals", "areas", "configuration"}]
    assert cards == ["where", "refusals", "areas", "configuration"]


def test_every_area_has_an_icon_of_its_own():
    icons = [area.icon for area in AREAS]
    assert len(set(icons)) == len(icons)


def test_it_lists_what_is_not_as_usual():
    console = ConsoleBrowser()
    console.tenant.faults.add(Fault(endpoint="token", status=503))
    console.open("/")
    [unusual] = console.text("unusual")
    assert "1 active fault" in unusual
    assert "clock stopped" in unusual


def test_every_framework_has_its_configuration(console):
    console.open("/", client="web")
    for one in FRAMEWORKS:
        [snippet] = console.text(f"snippet-{one.name}")
        assert '"web"' in snippet
        assert "localhost:9400" in snippet
        assert "$" not in snippet.replace("${AUTH0_CLIENT_SECRET}", "")
    assert console.text("untested") == ["not executed by a test"] * 2


def test_the_client_is_chosen(console):
    console.open("/", client="spa")
    assert '"spa"' in console.text("snippet-spa-js")[0]
    console.open("/", client="unknown")
    first = next(one for one in ACME.clients if one.callbacks and not one.is_global)
    assert json.dumps(first.client_id) in console.text("snippet-spa-js")[0]


def test_a_tenant_without_clients_has_no_configuration():
    console = ConsoleBrowser(structure_tenant({}))
    console.open("/")
    assert console.text("configuration") == []


def test_a_lenient_tenant_accepts_any_client():
    console = ConsoleBrowser(ZERO_CONFIG)
    console.open("/")
    assert '"my-app"' in console.text("snippet-spa-js")[0]
    assert console.text("missing-callback") == []


def test_a_callback_that_the_client_does_not_have_is_named(console):
    console.open("/", client="web")
    missing = console.text("missing-callback")
    assert any("http://localhost:3000/auth/callback" in one for one in missing)
    assert not any("http://localhost:3000/callback" in one for one in missing)


@pytest.mark.parametrize(
    ("callbacks", "app"),
    [
        ((), "http://localhost:3000"),
        (("myapp://callback",), "http://localhost:3000"),
        (("https://app.test/x/callback",), "https://app.test"),
        (("com.app://x", "http://localhost:5173/cb"), "http://localhost:5173"),
    ],
)
def test_the_url_of_the_app_is_that_of_its_first_callback(callbacks, app):
    client = Client(client_id="one", callbacks=callbacks)
    by_name = {one.framework.name: one for one in snippets_for(client, ISSUER)}
    assert f"baseURL: {json.dumps(app)}" in by_name["express"].text
    assert by_name["spa-js"].missing_callback == ("" if app in callbacks else app)


def test_values_are_quoted():
    client = Client(client_id='it\'s "quoted"\n')
    for one in snippets_for(client, ISSUER):
        assert json.dumps(client.client_id) in one.text


def test_no_secret_is_shown(console):
    secrets = [one.client_secret for one in ACME.clients if one.client_secret]
    for client in ACME.clients:
        html = console.get("/_mockidp/", client=client.client_id).text
        assert [one for one in secrets if one in html] == []


@pytest.mark.parametrize(
    ("client_id", "chosen"), [("b", "b"), ("", "c"), ("global", "c"), ("unknown", "c")]
)
def test_the_first_client_with_a_callback_is_the_default(client_id, chosen):
    clients = [
        Client(client_id="global", is_global=True, callbacks=("http://localhost/",)),
        TEST_CLIENT,
        Client(client_id="b"),
        Client(client_id="c", callbacks=("http://localhost/",)),
    ]
    assert choose_client(apps_of(clients), client_id).client_id == chosen
    without_callbacks = [replace(one, callbacks=()) for one in clients]
    assert choose_client(apps_of(without_callbacks), "").client_id == "b"
