"""A disposable tenant in a browser: pages, cookies and other origins."""

from dataclasses import replace

import pytest

from helpers.acme import ACME
from mockidp.codec.write import to_file

URL = "http://localhost:9400"
SHOP = to_file(replace(ACME, roles=(), users=ACME.users[1:2]))


@pytest.mark.parametrize("place", ["url", "host_url"])
def test_a_browser_logs_in_and_out_below_it(first, place):
    made = first.make(name="one", tenant=SHOP)
    face = first.at(made[place])
    prefix = "/t/one" if place == "url" else ""
    asked = face.authorize()
    assert asked.location.startswith(f"{prefix}/u/login?")
    page = face.get(asked.location)
    assert f'action="{prefix}/u/login?' in page.text
    in_ = face.submit(asked.location, username="auth0|bob", action="pick")
    assert in_.location.startswith(f"{prefix}/authorize/resume?")
    assert f"Path={prefix or '/'};" in in_.headers["Set-Cookie"] + ";"
    assert face.get(in_.location).location.startswith("http://localhost:3000/callback?code=")
    assert "code=" in face.authorize(prompt="none").location
    assert "login_required" in first.authorize(prompt="none").location
    out = face.get("/v2/logout", returnTo="http://localhost:3000/tenant-bye")
    assert f"Path={prefix or '/'}" in out.headers["Set-Cookie"]
    assert "login_required" in face.authorize(prompt="none").location


@pytest.mark.parametrize("place", ["url", "host_url"])
def test_consent_is_asked_for_below_it(first, place):
    face = first.at(first.make(name="one", tenant=SHOP)[place])
    prefix = "/t/one" if place == "url" else ""
    asked = face.authorize(client_id="third-party")
    resumed = face.submit(asked.location, username="auth0|bob", action="pick")
    consent = face.get(resumed.location).location
    assert consent.startswith(f"{prefix}/u/consent?")
    assert f'action="{prefix}/u/consent' in face.get(consent).text
    accepted = face.submit(consent, action="accept")
    assert "code=" in face.get(accepted.location).location


def test_cors_depends_on_the_tenants_own_clients(first):
    face = first.at(first.make(name="one", tenant=SHOP)["url"])
    headers = {"Origin": "https://app.example"}
    answer = face.post("/oauth/token", headers=headers, client_id="web")
    assert answer.headers["Access-Control-Allow-Origin"] == "https://app.example"


def test_a_page_of_one_host_controls_only_its_own_tenant(first):
    one = first.make(name="one")
    other = first.make(name="other")
    page = {"Origin": one["host_url"]}
    for place, status in ((one["host_url"], 204), (other["host_url"], 403), (URL, 403)):
        face = first.at(place)
        answer = face.post("/_mockidp/v1/reset", headers=page, json_body={})
        assert answer.status_code == status
