"""An additional tenant in a browser: pages, cookies and other origins."""

from dataclasses import replace

import pytest

from helpers.acme import ACME
from mockidp.codec.write import to_file

URL = "http://localhost:9400"
SHOP = to_file(replace(ACME, roles=(), users=ACME.users[1:2]))


@pytest.mark.parametrize("place", ["url", "host_url"])
def test_a_browser_logs_in_and_out_below_it(first, place):
    made = first.make(name="one", tenant=SHOP)
    tenant_client = first.at(made[place])
    prefix = "/t/one" if place == "url" else ""
    login_page = tenant_client.authorize()
    assert login_page.location.startswith(f"{prefix}/u/login?")
    page = tenant_client.get(login_page.location)
    assert f'action="{prefix}/u/login?' in page.text
    logged_in = tenant_client.submit(login_page.location, username="auth0|bob", action="pick")
    assert logged_in.location.startswith(f"{prefix}/authorize/resume?")
    assert f"Path={prefix or '/'};" in logged_in.headers["Set-Cookie"] + ";"
    assert tenant_client.get(logged_in.location).location.startswith(
        "http://localhost:3000/callback?code="
    )
    assert "code=" in tenant_client.authorize(prompt="none").location
    assert "login_required" in first.authorize(prompt="none").location
    out = tenant_client.get("/v2/logout", returnTo="http://localhost:3000/tenant-bye")
    assert f"Path={prefix or '/'}" in out.headers["Set-Cookie"]
    assert "login_required" in tenant_client.authorize(prompt="none").location


@pytest.mark.parametrize("place", ["url", "host_url"])
def test_consent_is_asked_for_below_it(first, place):
    tenant_client = first.at(first.make(name="one", tenant=SHOP)[place])
    prefix = "/t/one" if place == "url" else ""
    login_page = tenant_client.authorize(client_id="third-party")
    resumed = tenant_client.submit(login_page.location, username="auth0|bob", action="pick")
    consent = tenant_client.get(resumed.location).location
    assert consent.startswith(f"{prefix}/u/consent?")
    assert f'action="{prefix}/u/consent' in tenant_client.get(consent).text
    accepted = tenant_client.submit(consent, action="accept")
    assert "code=" in tenant_client.get(accepted.location).location


def test_cors_depends_on_the_tenants_own_clients(first):
    tenant_client = first.at(first.make(name="one", tenant=SHOP)["url"])
    headers = {"Origin": "https://app.example"}
    answer = tenant_client.post("/oauth/token", headers=headers, client_id="web")
    assert answer.headers["Access-Control-Allow-Origin"] == "https://app.example"


def test_a_page_of_one_host_controls_only_its_own_tenant(first):
    one = first.make(name="one")
    other = first.make(name="other")
    page = {"Origin": one["host_url"]}
    for place, status in ((one["host_url"], 204), (other["host_url"], 403), (URL, 403)):
        tenant_client = first.at(place)
        answer = tenant_client.post("/_mockidp/v1/reset", headers=page, json_body={})
        assert answer.status_code == status
