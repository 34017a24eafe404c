"""Settings of the server, and those in the document of an additional tenant."""

from dataclasses import replace

import pytest

from helpers.acme import ACME
from mockidp.codec.write import to_file

SHOP = to_file(replace(ACME, roles=(), users=ACME.users[1:2]))


@pytest.fixture
def configured(first):
    """The first tenant of a server with a browser URL and a lifetime in its settings."""

    def override(document):
        settings = replace(
            document.mockidp, browser_url="https://login.acme.example", login_lifetime=5
        )
        return replace(document, mockidp=settings)

    first.tenant.override = override
    return first


@pytest.mark.parametrize("how", ["made", "pushed", "made of a snapshot"])
def test_settings_of_the_server_override_its_own_document(configured, how):
    body = {"tenant": SHOP} if how == "made" else {}
    if how == "made of a snapshot":
        body = {"snapshot": configured.get("/_mockidp/v1/snapshot").json}
    tenant_client = configured.at(configured.make(name="one", **body)["url"])
    if how != "made":
        assert tenant_client.request("PUT", "/_mockidp/v1/tenant", json=SHOP).status_code == 200
    settings = tenant_client.get("/_mockidp/v1/tenant").json["mockidp"]
    assert settings["login_lifetime"] == 5
    assert settings["browser_url"] == "https://login.acme.example/t/one"


@pytest.mark.parametrize("setting", ["issuer", "browser_url"])
def test_its_own_url_is_kept(configured, setting):
    mine = {setting: "https://mine.acme.example/"}
    tenant_client = configured.at(
        configured.make(name="one", tenant={**SHOP, "mockidp": mine})["url"]
    )
    settings = tenant_client.get("/_mockidp/v1/tenant").json["mockidp"]
    urls = {name: settings.get(name) for name in ("issuer", "browser_url")}
    assert urls == dict.fromkeys(urls) | mine
    assert settings["login_lifetime"] == 5
