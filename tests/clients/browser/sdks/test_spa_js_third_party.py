"""auth0-spa-js in a browser that blocks third-party cookies: Chromium, but not its headless shell."""

import pytest

from helpers.chromium import require_full_chromium


@pytest.fixture(scope="module")
def site(installed):
    modules = installed("@auth0/auth0-spa-js")
    return [modules.parent / "apps" / "spa-js", modules]


@pytest.fixture(scope="module")
def chromium(launch):
    return launch("localhost", program=require_full_chromium())


def test_a_reload_logs_out_if_app_and_tenant_differ_in_scheme(visitor, server):
    visitor.open(domain=server.tls_url.removeprefix("https://"), clientId="acme-spa")
    visitor.log_in()
    visitor.page.reload()
    visitor.wait_for_heading("Nobody")
    [request] = [
        one
        for one in visitor.journal(endpoint="authorize")
        if one["parameters"].get("response_mode") == "web_message"
    ]
    assert request["error"] == "login_required"
