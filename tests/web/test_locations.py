"""A redirect's `Location` is the registered URL, byte for byte."""

import pytest

from helpers.acme import ACME, with_settings
from helpers.tenant_client import TenantClient, hint
from mockidp.resources.client import Client
from mockidp.tenant.config.fault import parse_fault
from mockidp.tenant.content.document import TenantDocument

CALLBACKS = (
    "myapp:///callback",
    "com.auth0.Sample://localhost/ios/com.auth0.Sample/callback",
    "http://EXAMPLE.com/CB",
    "https://app.example/cb|^[]?x=[1]|2",
)


@pytest.fixture
def idp():
    client = Client(
        client_id="native",
        token_endpoint_auth_method="none",
        callbacks=CALLBACKS,
        allowed_logout_urls=CALLBACKS,
    )
    return TenantClient(TenantDocument(clients=(client,), users=ACME.users))


def sent(answer):
    assert answer.status_code == 302, answer.text
    location = answer.headers["Location"]
    assert answer.text == f"Found. Redirecting to {location}"
    return location


@pytest.mark.parametrize("callback", CALLBACKS)
def test_authorize_sends_what_was_registered(idp, callback):
    answer = idp.authorize(client_id="native", redirect_uri=callback, prompt="none", state="s")
    assert sent(answer).startswith(callback + ("&" if "?" in callback else "?") + "error=")


@pytest.mark.parametrize("callback", CALLBACKS)
def test_v2_logout_sends_what_was_registered(idp, callback):
    assert sent(idp.get("/v2/logout", client_id="native", returnTo=callback)) == callback


@pytest.mark.parametrize("callback", CALLBACKS)
def test_oidc_logout_sends_what_was_registered(idp, callback):
    answer = idp.get("/oidc/logout", client_id="native", post_logout_redirect_uri=callback)
    assert sent(answer) == callback


def test_a_fault_sends_the_location_that_it_names(idp):
    headers = {"Location": "myapp:///x|y"}
    idp.tenant.faults.add(parse_fault({"endpoint": "logout", "status": 302, "headers": headers}))
    assert idp.get("/v2/logout").headers["Location"] == "myapp:///x|y"


@pytest.mark.parametrize(
    "url",
    ["http://localhost:99999/", "http://localhost:65536/", f"http://{'a' * 64}.localhost/"],
)
def test_a_lenient_tenant_refuses_urls_that_no_browser_can_open(url):
    lenient = TenantClient(with_settings(accept_any_client=True))
    assert lenient.get("/v2/logout", returnTo=url).status_code == 400
    assert lenient.authorize(client_id="any", redirect_uri=url).status_code == 403


def test_a_lenient_tenant_accepts_the_last_port():
    lenient = TenantClient(with_settings(accept_any_client=True))
    assert lenient.get("/v2/logout", returnTo="http://localhost:65535/").status_code == 302


@pytest.mark.parametrize("url", ["javascript:/x/;alert(1)", "data:/text/html,x"])
def test_a_url_that_a_browser_executes_is_never_a_redirect_target(url):
    client = Client(client_id="web", callbacks=(url,), allowed_logout_urls=(url,))
    idp = TenantClient(TenantDocument(clients=(client,), users=ACME.users))
    answer = idp.authorize(redirect_uri=url, response_mode="form_post", prompt="none")
    assert answer.status_code == 403
    assert "is never accepted" in hint(answer)
    assert idp.authorize(redirect_uri=None, response_mode="form_post").status_code == 400
    assert idp.get("/v2/logout", client_id="web", returnTo=url).status_code == 400
    assert idp.get("/v2/logout", client_id="web").text == "OK"
