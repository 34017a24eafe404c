"""/authorize: the login page, the session, and the code at the callback."""

import re

import pytest

from helpers.acme import ACME, API, CALLBACK, with_client, with_tenant
from helpers.html_page import Page
from helpers.tenant_client import Fields, TenantClient, claims_of, hint, sent_to_callback


def test_auth0_authorize__the_login_page_is_a_302_of_its_own_path(idp):
    answer = idp.authorize()
    assert answer.status_code == 302
    assert re.fullmatch(r"/u/login\?state=[\w-]{32}", answer.location)
    assert answer.text == f"Found. Redirecting to {answer.location}"
    assert answer.content_type == "text/plain; charset=utf-8"


def test_auth0_authorize__a_login_leads_through_resume_to_the_callback(idp):
    login = idp.authorize().location
    posted = idp.submit(login, username="alice@acme.example", password="Passw0rd!")
    assert posted.status_code == 302
    assert posted.location == login.replace("/u/login", "/authorize/resume")
    answer = idp.request("GET", posted.location)
    assert re.fullmatch(re.escape(CALLBACK) + r"\?code=[\w-]{45}&state=s1", answer.location)
    assert answer.text == f"Found. Redirecting to {answer.location}"


def test_rfc6749_4_1_1__a_request_may_be_posted(idp):
    answer = idp.post(
        "/authorize", client_id="web", response_type="code", redirect_uri=CALLBACK, state="s1"
    )
    assert answer.location.startswith("/u/login?state=")


def test_rfc6749_4_1_1__a_post_without_a_body_is_read_from_its_query(idp):
    path = "/authorize?client_id=web&response_type=code"
    assert idp.request("POST", path).location.startswith("/u/login?state=")


def test_rfc6749_3_1_2_3__without_redirect_uri_the_first_callback_is_used(idp):
    assert idp.callback(redirect_uri=None)["state"] == "s1"


def test_rfc6749_3_1__an_empty_state_counts_as_absent(idp):
    assert list(idp.callback(state="")) == ["code"]


@pytest.mark.parametrize("state", ["a b&c=d", "ü/山", "%0D%0ASet-Cookie:a=b", "\r\nX: y", "a+b"])
def test_rfc6749_4_1_2__state_is_returned_unchanged(idp, state):
    assert idp.callback(state=state)["state"] == state


def test_rfc6749_3_1_2__the_query_of_the_callback_is_kept():
    uri = CALLBACK + "?tenant=a"
    idp = TenantClient(with_client(ACME, "web", callbacks=(uri,)))
    assert list(idp.callback(redirect_uri=uri)) == ["tenant", "code", "state"]


def test_oauth_multiple_response_types_2_1__fragment_is_answered_in_the_fragment(idp):
    login = idp.authorize(response_mode="fragment").location
    assert re.fullmatch(
        re.escape(CALLBACK) + r"#code=[\w-]{45}&state=s1", idp.log_in(login).location
    )


def test_oauth_form_post_2__the_page_posts_code_and_state_to_the_callback(idp):
    login = idp.authorize(response_mode="form_post", state='"><script>').location
    answer = idp.log_in(login)
    assert answer.status_code == 200
    assert answer.content_type == "text/html; charset=utf-8"
    form = Fields(answer.text)
    assert form.action == CALLBACK
    assert list(form.values) == ["code", "state"]
    assert form.values["state"] == '"><script>'
    assert idp.redeem(form.values["code"]).status_code == 200


def test_oauth_form_post_2__an_error_is_posted_too(idp):
    answer = idp.authorize(response_mode="form_post", prompt="none")
    assert answer.status_code == 200
    assert Fields(answer.text).values == {
        "error": "login_required",
        "error_description": "Login required",
        "state": "s1",
    }
    assert "no session cookie" in hint(answer)


def test_oidc_core_3_1_2_1__a_session_is_used_again_without_a_login(idp):
    first = idp.callback()
    answer = idp.authorize(state="s2")
    assert sent_to_callback(answer)["state"] == "s2"
    assert sent_to_callback(answer)["code"] != first["code"]


def test_oidc_core_3_1_2_1__prompt_none_with_a_session_gives_a_code(idp):
    idp.callback()
    assert list(sent_to_callback(idp.authorize(prompt="none"))) == ["code", "state"]


@pytest.mark.parametrize("prompt", ["login", "select_account", "login consent"])
def test_oidc_core_3_1_2_1__prompt_shows_the_page_despite_a_session(idp, prompt):
    idp.callback()
    login = idp.authorize(prompt=prompt).location
    assert login.startswith("/u/login")
    assert idp.get("/u/login", state=login.partition("state=")[2]).status_code == 200
    assert sent_to_callback(idp.log_in(login))["code"]


def test_oidc_core_3_1_2_1__select_account_offers_the_user_of_the_session_first(idp):
    idp.callback("bob")
    page = Page(idp.get(idp.authorize(prompt="select_account").location).text)
    offered = [page.elements[one][1]["value"] for one in page.find(**{"data-testid": "pick-user"})]
    assert offered[:2] == ["auth0|bob", "auth0|alice"]
    assert sorted(offered) == sorted(one.user_id for one in ACME.users)


def test_oidc_core_3_1_2_1__select_account_shows_the_page_once(idp):
    idp.callback("bob")
    login = idp.authorize(prompt="select_account", max_age="60")
    assert hint(login) == ""
    picked = idp.submit(login.location, action="pick", user_id="auth0|alice")
    assert "code" in sent_to_callback(idp.follow(picked))
    assert "code" in sent_to_callback(idp.authorize(prompt="none"))


def test_oidc_core_3_1_2_1__select_account_and_consent_show_both_pages(idp):
    idp.callback("bob", client_id="third-party")
    login = idp.authorize(client_id="third-party", prompt="select_account consent")
    consent = idp.log_in(login.location, "bob")
    assert consent.location.startswith("/u/consent")
    assert "code" in sent_to_callback(idp.follow(idp.submit(consent.location, action="accept")))


@pytest.mark.parametrize("prompt", ["none select_account", "none consent", "none login"])
def test_oidc_core_3_1_2_1__none_cannot_be_combined(idp, prompt):
    idp.callback()
    answer = sent_to_callback(idp.authorize(prompt=prompt))
    assert answer["error"] == "invalid_request"


def test_oidc_core_3_1_2_1__prompt_consent_of_a_first_party_client_shows_no_page(idp):
    idp.callback()
    assert sent_to_callback(idp.authorize(prompt="consent"))["code"]


def test_oidc_core_3_1_2_1__max_age_shows_the_page_if_the_login_is_older(idp):
    idp.callback()
    idp.later(60)
    assert sent_to_callback(idp.authorize(max_age="60"))["code"]
    idp.later(1)
    assert idp.authorize(max_age="60").location.startswith("/u/login")
    assert "the session is too old" in hint(idp.authorize(max_age="60", prompt="none"))


def test_oidc_core_2__auth_time_is_included_only_with_max_age_or_prompt_login(idp):
    now = int(idp.tenant.now())
    assert claims_of(idp.tokens(max_age="100")["id_token"])["auth_time"] == now
    idp.later(50)
    assert claims_of(idp.tokens(max_age="100")["id_token"])["auth_time"] == now
    assert claims_of(idp.tokens(prompt="login")["id_token"])["auth_time"] == now + 50
    assert "auth_time" not in claims_of(idp.tokens()["id_token"])


def test_oidc_core_3_1_2_1__max_age_0_requires_a_new_login(idp):
    idp.callback()
    idp.later(1)
    assert idp.callback(max_age="0")["code"]


def test_oidc_core_3_1_2_1__login_hint_fills_the_username(idp):
    login = idp.authorize(login_hint='bob"<b>@acme.example').location
    page = idp.request("GET", login)
    assert Fields(page.text).values["username"] == 'bob"<b>@acme.example'
    assert "<b>@acme" not in page.text


def test_auth0_authorize__connection_limits_who_may_log_in(idp):
    login = idp.authorize(connection="staff").location
    page = idp.request("GET", login).text
    assert "auth0|staffer" in page
    assert "auth0|alice" not in page
    refused = idp.submit(login, username="alice@acme.example", password="Passw0rd!")
    assert refused.status_code == 400
    assert sent_to_callback(idp.log_in(login, "staffer"))["code"]


def test_auth0_authorize__a_session_of_another_connection_is_not_used(idp):
    idp.callback(connection="Username-Password-Authentication")
    assert idp.authorize(connection="staff").location.startswith("/u/login")
    assert "another connection than" in hint(idp.authorize(connection="staff", prompt="none"))


def test_auth0_authorize__a_session_of_a_deleted_user_is_not_used(idp):
    idp.callback()
    idp.edit(type(ACME)(clients=ACME.clients, databases=ACME.databases))
    assert idp.authorize().location.startswith("/u/login")


def test_auth0_authorize__unknown_parameters_are_ignored(idp):
    sent = idp.callback(auth0Client="eyJuYW1lIjoiYXV0aDAuanMifQ==", **{"ext-a": "b"})
    assert list(sent) == ["code", "state"]


def test_auth0_authorize__the_error_for_a_blocked_user_goes_to_the_callback(idp):
    answer = idp.log_in(idp.authorize().location, "blocked")
    assert sent_to_callback(answer) == {
        "error": "unauthorized",
        "error_description": "user is blocked",
        "state": "s1",
    }
    assert "error_description=user%20is%20blocked" in answer.location
    assert "blocked: true" in hint(answer)
    assert sent_to_callback(idp.authorize())["error"] == "unauthorized"


def test_auth0_authorize__the_default_audience_is_used_if_none_is_sent():
    idp = TenantClient(with_tenant(ACME, default_audience=API))
    token = idp.tokens(scope="openid read:items write:nothing")
    assert claims_of(token["access_token"])["aud"] == [API, "http://localhost:9400/userinfo"]
    assert token["scope"] == "openid read:items"


def test_auth0_authorize__userinfo_as_audience_is_not_an_api_at_any_host_of_the_tenant():
    idp = TenantClient(with_tenant(ACME, default_audience=API))
    for url in ("http://localhost:9400/userinfo", "https://127.0.0.1:9443/userinfo"):
        assert "." not in idp.tokens(audience=url)["access_token"]


def test_auth0_authorize__the_management_api_is_an_audience_without_an_entry(idp):
    token = idp.tokens(audience="http://localhost:9400/api/v2/")["access_token"]
    assert claims_of(token)["aud"] == [
        "http://localhost:9400/api/v2/",
        "http://localhost:9400/userinfo",
    ]


def test_auth0_authorize__a_wildcard_in_a_callback_matches_a_subdomain():
    idp = TenantClient(with_client(ACME, "web", callbacks=("https://*.app.example/cb",)))
    assert idp.authorize(redirect_uri="https://a.app.example/cb").status_code == 302
    for other in ("https://a.b.app.example/cb", "https://evil.example/x.app.example/cb"):
        assert idp.authorize(redirect_uri=other).status_code == 403
