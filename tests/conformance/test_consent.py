"""Consent: third-party clients, APIs that ask for it, and callbacks on localhost by setting."""

from dataclasses import replace

import pytest

from helpers.acme import ACME, API, CALLBACK, api, with_client, with_settings, with_tenant
from helpers.interleaved import run_after_next_find
from helpers.tenant_client import Fields, TenantClient, hint, sent_to_callback

THIRD = {"client_id": "third-party"}


def consent_page(idp, **parameters):
    """Log in as far as the consent page, and return its URL."""
    answer = idp.follow(idp.authorize(**THIRD | parameters))
    if answer.location.startswith("/u/login"):
        answer = idp.log_in(answer.location)
    assert answer.location.startswith("/u/consent?state="), answer.location
    return answer.location


def test_auth0_consent__the_page_names_the_client_and_its_scopes(idp):
    url = consent_page(idp, scope="openid email", audience=API)
    page = idp.request("GET", url)
    assert page.status_code == 200
    for shown in ("Third Party", "openid", "email", API, "alice@acme.example"):
        assert shown in page.text
    assert Fields(page.text).action == url


def test_auth0_consent__accepting_continues_the_login_and_is_stored(idp):
    url = consent_page(idp)
    assert sent_to_callback(idp.follow(idp.submit(url, action="accept")))["code"]
    assert sent_to_callback(idp.authorize(**THIRD))["code"]


def test_mockidp_consent__two_concurrent_consents_keep_the_scopes_of_both(idp, monkeypatch):
    url = consent_page(idp, scope="openid email")
    other = idp.another_browser()
    other_url = consent_page(other, scope="openid profile")
    consents = idp.tenant.consents
    run_after_next_find(monkeypatch, consents, lambda: other.submit(other_url, action="accept"))
    idp.submit(url, action="accept")
    ((_, entry),) = consents.scan()
    assert set(entry.value.scope) == {"openid", "email", "profile"}
    assert sent_to_callback(idp.authorize(**THIRD, scope="openid email profile"))["code"]


def test_auth0_consent__the_error_for_declining_goes_to_the_callback(idp):
    url = consent_page(idp)
    answer = idp.submit(url, action="deny")
    assert sent_to_callback(answer) == {
        "error": "access_denied",
        "error_description": "User did not authorize the request",
        "state": "s1",
    }
    assert "declined" in hint(answer)
    assert idp.request("GET", url).status_code == 400


def test_oidc_core_3_1_2_6__prompt_none_without_consent_is_consent_required(idp):
    idp.callback()
    answer = idp.authorize(**THIRD, prompt="none")
    assert sent_to_callback(answer) == {
        "error": "consent_required",
        "error_description": "Consent required",
        "state": "s1",
    }
    assert "Third-party clients need consent once" in hint(answer)


@pytest.mark.parametrize("more", [{"scope": "openid email"}, {"audience": API}])
def test_auth0_consent__requesting_more_shows_the_page_again(idp, more):
    idp.callback(**THIRD)
    assert idp.follow(idp.authorize(**THIRD | more)).location.startswith("/u/consent")


def test_auth0_consent__earlier_consent_stays_valid(idp):
    idp.callback(**THIRD, scope="openid email")
    idp.callback(**THIRD, scope="openid profile")
    assert sent_to_callback(idp.authorize(**THIRD, scope="email profile"))["code"]


def test_auth0_consent__the_default_audience_is_the_audience():
    idp = TenantClient(with_tenant(default_audience=API))
    idp.callback(**THIRD)
    assert sent_to_callback(idp.authorize(**THIRD, audience=API))["code"]


def test_oidc_core_3_1_2_1__prompt_consent_shows_the_page_again_once(idp):
    idp.callback(**THIRD)
    url = consent_page(idp, prompt="consent")
    assert sent_to_callback(idp.follow(idp.submit(url, action="accept")))["code"]


def test_auth0_consent__another_user_has_to_consent(idp):
    idp.callback(**THIRD)
    other = idp.another_browser()
    answer = other.log_in(other.authorize(**THIRD).location, "bob")
    assert answer.location.startswith("/u/consent")


def test_auth0_consent__first_party_clients_need_no_consent(idp):
    assert sent_to_callback(idp.log_in(idp.authorize().location))["code"]


def test_auth0_consent__a_setting_requires_consent_for_callbacks_on_localhost():
    idp = TenantClient(with_settings(consent_on_localhost=True))
    assert idp.log_in(idp.authorize().location).location.startswith("/u/consent")
    away = "https://app.example/cb"
    idp = TenantClient(
        with_client(with_settings(consent_on_localhost=True), "web", callbacks=(away,))
    )
    assert idp.log_in(idp.authorize(redirect_uri=away).location).location.startswith(away)


@pytest.fixture
def asking():
    """Return a tenant with an API that asks users of first-party clients for consent, too."""
    asks = api(
        "urn:ask",
        "read:x",
        "write:x",
        skip_consent_for_verifiable_first_party_clients=False,
    )
    return TenantClient(replace(ACME, resource_servers=(*ACME.resource_servers, asks)))


def test_auth0_consent__an_api_may_require_consent_for_first_party_clients(asking):
    parameters = {"audience": "urn:ask", "scope": "openid read:x"}
    url = asking.log_in(asking.authorize(**parameters).location).location
    assert url.startswith("/u/consent?state=")
    assert "read:x" in asking.request("GET", url).text
    assert sent_to_callback(asking.follow(asking.submit(url, action="accept")))["code"]
    assert sent_to_callback(asking.authorize(**parameters, prompt="none"))["code"]
    more = asking.follow(asking.authorize(audience="urn:ask", scope="write:x"))
    assert more.location.startswith("/u/consent")
    assert sent_to_callback(asking.authorize(audience=API))["code"]


def test_auth0_consent__with_prompt_none_the_hint_names_the_api_that_requires_consent(asking):
    asking.callback()
    answer = asking.authorize(audience="urn:ask", prompt="none")
    assert sent_to_callback(answer)["error"] == "consent_required"
    assert hint(answer) == (
        "Parameter prompt=none was sent, but the user has not consented. API urn:ask has "
        "`skip_consent_for_verifiable_first_party_clients: false`, so first-party clients need "
        "consent once."
    )


def test_auth0_consent__a_default_audience_may_be_an_api_that_requires_consent(asking):
    asking.edit(with_tenant(asking.tenant.document, default_audience="urn:ask"))
    assert asking.log_in(asking.authorize().location).location.startswith("/u/consent")


def test_oidc_core_3_1_2_6__with_prompt_none_the_hint_names_consent_on_localhost():
    idp = TenantClient(with_settings(consent_on_localhost=True))
    idp.log_in(idp.authorize().location)
    assert "(setting `consent_on_localhost`)" in hint(idp.authorize(prompt="none"))


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_auth0_consent__it_belongs_to_the_browser_that_logged_in(idp, method):
    url = consent_page(idp)
    stranger = idp.another_browser()
    if method == "GET":
        answer = stranger.request("GET", url)
    else:
        answer = stranger.submit(url, action="accept")
    assert answer.status_code == 400
    assert "session cookie is missing" in hint(answer)
    assert idp.request("GET", url).status_code == 200


def test_auth0_consent__the_page_is_refused_before_the_login(idp):
    url = idp.authorize(**THIRD).location.replace("/u/login", "/u/consent")
    assert "No user has logged in" in hint(idp.request("GET", url))


def test_auth0_consent__a_user_removed_during_the_login_is_named_by_id(idp):
    url = consent_page(idp)
    idp.edit(type(ACME)(clients=ACME.clients))
    assert "auth0|alice" in idp.request("GET", url).text


def test_auth0_consent__the_state_may_be_only_in_the_query(idp):
    url = consent_page(idp)
    answer = idp.follow(idp.post(url, action="accept"))
    assert answer.location.startswith(CALLBACK)
