"""If a browser blocks a page of another origin, the hint names the origin and the list."""

import logging

import pytest

from helpers.acme import ACME, with_client, with_settings
from helpers.tenant_client import TenantClient, hint

BLOCKED = (
    "The browser blocks this answer (CORS) because origin http://localhost:5173 is in no client's "
    "`web_origins` or `allowed_origins`. "
)
DIFFERENCE = (
    "It differs from http://localhost:3000 in its host or port: 'localhost:5173' instead of "
    "'localhost:3000'."
)
UNKNOWN_CLIENT = (
    " To allow it, add it to `web_origins` of the client that the page logs in with, in the tenant "
    "file, and run `mockidp push FILE`."
)


def how_to_add(client):
    return (
        f" To allow it, add it to `web_origins` (Allowed Web Origins) of client {client} in the "
        "tenant file and run `mockidp push FILE`, or call "
        f"`idp.patch_client('{client}', web_origins=[...])`."
    )


@pytest.fixture
def idp():
    document = with_client(ACME, "web", web_origins=("http://localhost:3000",))
    return TenantClient(document)


@pytest.mark.parametrize("path", ["/oauth/token", "/oauth/revoke"])
def test_the_hint_of_a_call_names_the_client(idp, path, caplog):
    caplog.set_level(logging.INFO, logger="mockidp")
    form = {"client_id": "web", "client_secret": "web-secret", "token": "t", "grant_type": "none"}
    answer = idp.post(path, headers={"Origin": "http://localhost:5173"}, **form)
    assert hint(answer).endswith(f"{BLOCKED}{DIFFERENCE}{how_to_add('web')}")
    assert idp.tenant.journal.last().hint == hint(answer)
    assert BLOCKED in caplog.messages[-1]
    assert "Access-Control-Allow-Origin" not in answer.headers


def test_the_hint_of_a_successful_call_is_the_same(idp):
    form = {"grant_type": "client_credentials", "audience": "https://api.example/"}
    m2m = {"client_id": "m2m", "client_secret": "m2m-secret"}
    answer = idp.post("/oauth/token", headers={"Origin": "http://localhost:5173"}, **form, **m2m)
    assert answer.status_code == 200
    assert hint(answer) == f"{BLOCKED}No URL is registered.{how_to_add('m2m')}"


def test_a_preflight_has_no_client(idp, caplog):
    caplog.set_level(logging.INFO, logger="mockidp")
    headers = {"Origin": "http://localhost:5173", "Access-Control-Request-Method": "POST"}
    answer = idp.request("OPTIONS", "/oauth/token", headers=headers)
    assert hint(answer) == f"{BLOCKED}{DIFFERENCE}{UNKNOWN_CLIENT}"
    assert caplog.messages[-1].startswith(f'token 204 hint="{BLOCKED}')
    assert idp.tenant.journal.last().hint == hint(answer)


def test_an_unknown_client_is_not_named(idp):
    form = {"client_id": "nobody", "grant_type": "x"}
    answer = idp.post("/oauth/token", headers={"Origin": "http://localhost:5173"}, **form)
    assert hint(answer).endswith(UNKNOWN_CLIENT)


def test_no_list_can_allow_origin_null(idp):
    answer = idp.request("OPTIONS", "/oauth/token", headers={"Origin": "null"})
    assert hint(answer) == (
        "The browser blocks this answer (CORS) because the origin is null, as for a file:// page or "
        "a sandboxed frame. No list can allow that. Serve the page over http or https."
    )


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": ""},
        {"Origin": "http://localhost:3000"},
        {"Origin": "http://LOCALHOST:3000"},
        {"Origin": "http://localhost:9400"},
    ],
)
def test_requests_that_browsers_allow_have_no_cors_hint(idp, headers):
    assert hint(idp.request("OPTIONS", "/oauth/token", headers=headers)) == ""
    assert "CORS" not in hint(idp.post("/oauth/token", headers=headers, client_id="web"))


def test_open_endpoints_and_lenient_tenants_have_no_hint():
    headers = {"Origin": "http://localhost:5173"}
    idp = TenantClient(with_settings(ACME, accept_any_client=True))
    assert hint(idp.request("OPTIONS", "/oauth/token", headers=headers)) == ""
    for path in ("/userinfo", "/.well-known/jwks.json"):
        assert "CORS" not in hint(idp.get(path, headers=headers))


@pytest.mark.parametrize("path", ["/oauth/token", "/userinfo", "/.well-known/jwks.json"])
def test_a_header_that_pages_may_not_send_is_named(idp, path):
    headers = {
        "Origin": "http://localhost:3000",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "Authorization,, x-trace-id, X-Request-Id",
    }
    assert hint(idp.request("OPTIONS", path, headers=headers)) == (
        "The browser blocks this call (CORS) because it has the header x-trace-id, x-request-id. "
        "Pages of other origins may send auth0-client, authorization, content-type, dpop, x-request-language."
    )
    assert "CORS" not in hint(idp.get(path, headers=headers))


def test_a_script_that_fetches_a_page_is_told_to_navigate(idp):
    headers = {"Origin": "http://localhost:3000", "Sec-Fetch-Mode": "cors"}
    answer = idp.get("/authorize", headers=headers, client_id="web")
    assert hint(answer).endswith(
        "A script of origin http://localhost:3000 requested /authorize, and browsers keep the "
        "answer from it (CORS), as with Auth0. Navigate to the URL instead of fetching it."
    )
    for mode in ("navigate", None):
        headers = {"Origin": "http://localhost:3000"} | ({"Sec-Fetch-Mode": mode} if mode else {})
        assert "CORS" not in hint(idp.get("/authorize", headers=headers, client_id="web"))


def test_the_control_api_has_no_cors_hints(idp):
    headers = {"Origin": "http://localhost:3000", "Sec-Fetch-Mode": "cors"}
    assert "CORS" not in hint(idp.get("/_mockidp/health", headers=headers))


def test_an_origin_that_is_no_url_is_quoted(idp):
    answer = idp.post("/oauth/token", headers={"Origin": "localhost; x"})
    assert "because origin 'localhost; x' is in no client's" in hint(answer)
