"""Hosted pages forbid frames; pages that carry an authorization response do not."""

import pytest

from helpers.acme import with_tenant
from helpers.tenant_client import TenantClient
from mockidp.tenant.content.tenant_settings import TenantFlags

OFF = TenantFlags(disable_clickjack_protection_headers=True)


def frame_headers(answer):
    return (
        answer.headers.get("X-Frame-Options"),
        answer.headers.get_all("Content-Security-Policy"),
    )


FORBIDDEN = ("deny", ["frame-ancestors 'none'"])
ALLOWED = (None, [])


def login_page(idp):
    return idp.get(idp.authorize().location)


def refused_login(idp):
    return idp.submit(idp.authorize().location, username="alice@acme.example", password="wrong")


def consent_page(idp):
    login = idp.follow(idp.authorize(client_id="third-party")).location
    return idp.get(idp.log_in(login).location)


def error_page(idp):
    return idp.get("/authorize", client_id="nobody")


def signed_out_page(idp):
    return idp.get("/oidc/logout")


PAGES = [login_page, refused_login, consent_page, error_page, signed_out_page]


@pytest.mark.parametrize("show", PAGES)
def test_auth0_pages__a_hosted_page_may_not_be_framed(show):
    answer = show(TenantClient())
    assert answer.content_type.startswith("text/html")
    assert frame_headers(answer) == FORBIDDEN


@pytest.mark.parametrize("show", PAGES)
def test_auth0_flags__a_tenant_may_allow_frames(show):
    answer = show(TenantClient(with_tenant(flags=OFF)))
    assert answer.content_type.startswith("text/html")
    assert frame_headers(answer) == ALLOWED


@pytest.mark.parametrize("mode", ["web_message", "form_post"])
@pytest.mark.parametrize("prompt", ["none", None])
def test_oauth_wmrm_4__a_page_with_an_authorization_response_may_be_framed(mode, prompt):
    idp = TenantClient()
    refused = idp.authorize(response_mode=mode, prompt="none")
    assert (refused.status_code, frame_headers(refused)) == (200, ALLOWED)
    idp.callback()
    answer = idp.authorize(response_mode=mode, prompt=prompt)
    assert (answer.status_code, frame_headers(answer)) == (200, ALLOWED)


@pytest.mark.parametrize(
    "path", ["/.well-known/jwks.json", "/v2/logout?client_id=web", "/userinfo"]
)
def test_other_answers_than_pages_have_no_such_headers(idp, path):
    assert frame_headers(idp.get(path)) == ALLOWED


@pytest.mark.parametrize("flags", [TenantFlags(), OFF])
def test_mockidps_own_pages_may_never_be_framed(flags):
    answer = TenantClient(with_tenant(flags=flags)).get("/_mockidp/")
    assert answer.content_type.startswith("text/html")
    option, (policy,) = frame_headers(answer)
    assert option == "deny"
    assert policy.endswith("; frame-ancestors 'none'"), "the page's own policy is kept"
