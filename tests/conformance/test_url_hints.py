"""The hint for a URL that is not in a list says where to add it."""

import pytest

from helpers.acme import ACME, with_settings
from helpers.tenant_client import TenantClient, hint
from mockidp.tenant.config.plain import structure_tenant

URL = "http://localhost:3000/new"


def add_to(field, title, client="web"):
    return (
        f" To allow it, add it to `{field}` ({title}) of client {client} in the tenant file and "
        f"run `mockidp push FILE`, or call `idp.patch_client({client!r}, {field}=[...])`."
    )


def test_mockidp_hint__a_callback_is_added_to_callbacks(idp):
    answer = idp.authorize(redirect_uri=URL)
    assert hint(answer) == (
        f"Parameter `redirect_uri` {URL} is not among the callbacks of client web. It differs from "
        "http://localhost:3000/callback in its path: '/new' instead of '/callback'."
        + add_to("callbacks", "Allowed Callback URLs")
    )


@pytest.mark.parametrize(
    ("path", "parameter"),
    [("/v2/logout", "returnTo"), ("/oidc/logout", "post_logout_redirect_uri")],
)
def test_mockidp_hint__a_logout_url_is_added_to_allowed_logout_urls(idp, path, parameter):
    answer = idp.get(path, client_id="web", **{parameter: URL})
    assert answer.status_code == 400
    assert hint(answer).endswith(add_to("allowed_logout_urls", "Allowed Logout URLs"))


def test_mockidp_hint__without_a_client_id_it_is_added_to_the_tenants_list(idp):
    answer = idp.get("/v2/logout", returnTo=URL)
    assert hint(answer).endswith(
        " Send `client_id`, so that the `allowed_logout_urls` of the client apply, or add the URL to "
        "`tenant.allowed_logout_urls` in the tenant file and run `mockidp push FILE`."
    )


def test_mockidp_hint__following_the_hint_fixes_the_request():
    idp = TenantClient(structure_tenant({"clients": [{"client_id": "shop"}]}))
    assert idp.authorize(client_id="shop", redirect_uri=URL).status_code == 403
    patch = {"callbacks": [URL]}
    changed = idp.request("PATCH", "/_mockidp/v1/clients/shop", json=patch)
    assert changed.status_code == 200, changed.text
    assert idp.authorize(client_id="shop", redirect_uri=URL).status_code == 302


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "http://localhost:3000/callback ",
        "http://localhost:99999/callback",
        "http%3A%2F%2Flocalhost%3A3000%2Fcallback",
    ],
)
def test_mockidp_hint__a_damaged_url_is_not_suggested(idp, url):
    answer = idp.authorize(redirect_uri=url)
    assert answer.status_code == 403
    assert "To allow it" not in hint(answer)


def test_mockidp_hint__an_unlisted_client_is_suggested_for_the_tenant_file():
    idp = TenantClient(with_settings(ACME, accept_any_client=True))
    answer = idp.authorize(client_id="any", redirect_uri="https://app.example/cb")
    assert hint(answer).endswith(
        " Client any is not in a tenant file, so it may only use http(s) URLs of this machine. Add "
        "the client with its `callbacks` to a tenant file."
    )
