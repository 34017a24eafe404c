"""The callback of the test client, and tenants without the client or its callback."""

from dataclasses import replace

import pytest
import yaml

from helpers.acme import ACME
from helpers.tenant_client import TenantClient, hint
from helpers.try_page import PATH, part
from mockidp.tenant.config.plain import structure_tenant
from mockidp.tenant.content.try_client import AS_YAML, TEST_CLIENT

# --- the callback's URL ---


@pytest.mark.parametrize(
    "url",
    [
        "http://localhost:9401/_mockidp/try",
        "https://localhost:9400/_mockidp/try",
        "http://localhost:9400/_mockidp/try/",
        "http://localhost:9400/_mockidp/try?x=1",
        "/_mockidp/try",
    ],
)
def test_the_callback_is_at_the_url_of_the_request_and_nowhere_else(idp, url):
    answer = idp.authorize(client_id="mockidp-try", redirect_uri=url)
    assert answer.status_code == 403
    assert "http://localhost:9400/_mockidp/try" in hint(answer)


def test_the_callback_is_the_default_of_the_client(idp):
    answer = idp.authorize(client_id="mockidp-try", redirect_uri=None, prompt="none")
    assert answer.location.startswith("http://localhost:9400/_mockidp/try?error=login_required")


def test_a_link_for_the_client_opens_the_page(idp):
    link = idp.post(
        "/_mockidp/v1/impersonation-links",
        json_body={"user": "alice", "client": "mockidp-try", "state": "s"},
    )
    assert link.json["callback_url"] == "http://localhost:9400/_mockidp/try"
    first = idp.post("/_mockidp/v1/impersonation-links", json_body={"user": "alice", "state": "s"})
    assert first.json["callback_url"] == "http://localhost:3000/callback"


def test_oidc_logout_returns_to_the_page(idp):
    answer = idp.get(
        "/oidc/logout",
        client_id="mockidp-try",
        post_logout_redirect_uri="http://localhost:9400/_mockidp/try",
    )
    assert answer.location == "http://localhost:9400/_mockidp/try"


# --- a tenant without the client ---


def test_without_the_client_the_page_says_how_to_add_it(parse):
    idp = TenantClient(ACME)
    page = parse(idp.get(PATH).text)
    assert "This tenant has no client mockidp-try." in part(page, "mockidp-hint")
    assert "mockidp push FILE" in part(page, "mockidp-hint")
    (number,) = page.find("pre", **{"data-testid": "yaml"})
    assert page.texts[number] == AS_YAML
    assert page.forms == []
    answer = idp.get(f"{PATH}/login")
    assert (answer.status_code, answer.location) == (302, PATH)


def test_without_the_callback_the_page_says_how_to_add_it(parse):
    client = replace(TEST_CLIENT, callbacks=("http://localhost:3000",))
    page = parse(TenantClient(replace(ACME, clients=(client,))).get(PATH).text)
    assert "does not have the callback /_mockidp/try" in part(page, "mockidp-hint")


def test_the_yaml_of_the_page_is_the_client():
    assert structure_tenant(yaml.safe_load(AS_YAML)).clients == (TEST_CLIENT,)
