"""Every flow has the same answers on every interface."""

import jwt
import pytest

from helpers.app_under_test import API, CALLBACK, App, bearer, sent_to_callback


@pytest.fixture
def app(interface, session):
    return App(interface.url, session)


def hint(answer):
    return answer.headers.get("Mockidp-Hint", "")


def claims_of(token):
    return jwt.decode(token, options={"verify_signature": False})


def test_a_login_with_code_and_pkce(app, interface):
    tokens = app.tokens()
    assert claims_of(tokens["id_token"])["sub"] == "auth0|alice"
    assert claims_of(tokens["id_token"])["iss"] == interface.idp.issuer == f"{interface.url}/"
    assert claims_of(tokens["access_token"])["aud"] == [API, f"{interface.url}/userinfo"]
    entry = interface.idp.journal.last("token")
    assert (entry.client, entry.user, entry.notes["pkce"]) == ("app", "auth0|alice", "S256")
    assert entry.url == f"{interface.url}/oauth/token"


def test_the_wrong_verifier_is_refused_with_a_hint(app):
    answer = app.redeem(app.code(), code_verifier="another-verifier-that-is-long-enough-as-well")
    assert (answer.status_code, answer.json()["error"]) == (403, "invalid_grant")
    assert "code_verifier" in hint(answer)


def test_the_signature_verifies_with_the_published_keys(app, session, interface):
    token = app.tokens()["access_token"]
    keys = jwt.PyJWKSet(session.get(f"{interface.url}/.well-known/jwks.json").json()["keys"])
    key = keys[jwt.get_unverified_header(token)["kid"]]
    claims = jwt.decode(token, key, ["RS256"], audience=API, issuer=f"{interface.url}/")
    assert claims["sub"] == "auth0|alice"


def test_discovery_contains_the_requested_url(session, interface):
    document = session.get(f"{interface.url}/.well-known/openid-configuration").json()
    assert document["issuer"] == f"{interface.url}/"
    assert document["token_endpoint"] == f"{interface.url}/oauth/token"


def test_a_session_lasts_until_the_logout(app, session, interface):
    app.tokens()
    again = app.authorize(prompt="none")
    assert "code" in sent_to_callback(again)
    home = "http://localhost:3000"
    answer = session.get(
        f"{interface.url}/v2/logout",
        params={"client_id": "app", "returnTo": home},
        allow_redirects=False,
    )
    assert (answer.status_code, answer.headers["Location"]) == (302, home)
    assert sent_to_callback(app.authorize(prompt="none"))["error"] == "login_required"


def test_sessions_do_not_share_cookies(app, interface):
    app.tokens()
    with interface.open_session() as other:
        refused = App(interface.url, other).authorize(prompt="none")
    assert sent_to_callback(refused)["error"] == "login_required"


def test_the_client_follows_relative_redirects(session, interface):
    query = {"client_id": "app", "response_type": "code", "redirect_uri": CALLBACK}
    page = session.get(f"{interface.url}/authorize", params=query)
    assert page.status_code == 200
    assert str(page.url).startswith(f"{interface.url}/u/login?state=")
    assert [each.status_code for each in page.history] == [302]


def test_a_wrong_password_shows_the_page_again(app):
    answer = app.log_in(app.authorize(), password="wrong")
    assert answer.status_code == 400
    assert "<form" in answer.text
    assert hint(answer)


def test_a_refresh_token_gets_new_tokens(app):
    first = app.tokens()
    answer = app.token(grant_type="refresh_token", refresh_token=first["refresh_token"])
    assert answer.status_code == 200
    assert claims_of(answer.json()["access_token"])["sub"] == "auth0|alice"


def test_userinfo_requires_a_valid_token(app, session, interface):
    token = app.tokens()["access_token"]
    url = f"{interface.url}/userinfo"
    assert session.get(url, headers=bearer(token)).json()["sub"] == "auth0|alice"
    refused = session.get(url, headers=bearer("another"))
    assert refused.status_code == 401
    assert "WWW-Authenticate" in refused.headers


@pytest.mark.parametrize("encoding", ["data", "json"])
def test_a_machine_gets_a_token(session, interface, encoding):
    body = {
        "grant_type": "client_credentials",
        "client_id": "machine",
        "client_secret": "secret",
        "audience": API,
    }
    answer = session.post(f"{interface.url}/oauth/token", **{encoding: body})
    assert answer.status_code == 200
    assert claims_of(answer.json()["access_token"])["sub"] == "machine@clients"
    assert interface.idp.journal.last("token").parameters["client_secret"] == "***"


def test_a_body_sent_in_parts_arrives_complete(session, interface):
    form = [b"grant_type=client_credentials&client_id=machine&client_secret=s", b"&audience=", b"x"]
    answer = session.post(
        f"{interface.url}/oauth/token",
        data=iter(form),
        headers={"Content-Type": "application/x-www-form-urlencoded"},
    )
    assert answer.status_code == 200, answer.text


def test_credentials_in_the_header_are_accepted(session, interface):
    answer = session.post(
        f"{interface.url}/oauth/token",
        data={"grant_type": "client_credentials", "audience": API},
        auth=("machine", "secret"),
    )
    assert answer.status_code == 200


def test_an_unknown_grant_is_refused(app):
    answer = app.token(grant_type="unknown")
    assert answer.status_code >= 400
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.json()["error"]


def test_an_impersonation_link_opens_once(session, interface):
    link = interface.idp.impersonation_link(
        "alice", client="app", callback_url=CALLBACK, state="s t/ü"
    )
    assert link.startswith(f"{interface.url}/users/auth0%7Calice/impersonate?&bewit=")
    answer = session.get(link, allow_redirects=False)
    sent = sent_to_callback(answer)
    assert sent["state"] == "s t/ü"
    redeemed = App(interface.url, session).redeem(sent["code"], code_verifier="")
    assert redeemed.status_code == 200, redeemed.text
    again = session.get(link, allow_redirects=False)
    assert (again.status_code, "used" in hint(again)) == (401, True)


def test_a_link_with_an_added_parameter_is_a_bad_mac(session, interface):
    link = interface.idp.impersonation_link("alice", client="app", callback_url=CALLBACK, state="s")
    answer = session.get(f"{link}&next=/admin", allow_redirects=False)
    assert answer.status_code == 401
    assert answer.json()["error_description"] == "Impersonation - Bad mac"
    assert "`next`" in hint(answer)
    assert interface.idp.journal.last("impersonation_link").hint == hint(answer)


def test_a_link_can_be_requested_as_by_old_sdks(session, interface):
    credentials = {
        "client_id": "acme-global",
        "client_secret": "acme-global-secret",
        "grant_type": "client_credentials",
    }
    token = session.post(f"{interface.url}/oauth/token", json=credentials).json()["access_token"]
    answer = session.post(
        f"{interface.url}/users/auth0%7Calice/impersonate",
        json={
            "protocol": "oauth2",
            "impersonator_id": "auth0|admin",
            "client_id": "app",
            "additionalParameters": {"state": "s", "callback_url": CALLBACK},
        },
        headers=bearer(token),
    )
    assert answer.status_code == 200, answer.text
    head = session.head(answer.text, allow_redirects=False)
    assert (head.status_code, head.content) == (302, b"")
    assert "code" in sent_to_callback(session.get(answer.text, allow_redirects=False))


def test_head_has_the_headers_and_no_body(session, interface):
    url = f"{interface.url}/.well-known/jwks.json"
    head, get = session.head(url), session.get(url)
    assert head.content == b""
    assert head.headers["Content-Length"] == str(len(get.content))


def test_a_preflight_is_answered(session, interface):
    answer = session.options(
        f"{interface.url}/oauth/token",
        headers={
            "Origin": "http://localhost:3000",
            "Access-Control-Request-Method": "POST",
        },
    )
    assert answer.status_code in (200, 204)
    assert answer.headers["Access-Control-Allow-Origin"] == "http://localhost:3000"


def test_an_unknown_path_is_a_404(session, interface):
    answer = session.get(f"{interface.url}/unknown/%C3%BC%e2%82%ac?a=%20+%7c")
    assert answer.status_code == 404
    assert hint(answer)


def test_an_unknown_host_header_is_refused(session, interface):
    answer = session.get(f"{interface.url}/userinfo", headers={"Host": "evil.example.com"})
    assert (answer.status_code, "evil.example.com" in hint(answer)) == (400, True)


def test_the_clock_of_the_tenant_is_used(app, interface):
    interface.idp.clock.freeze("2030-01-31T12:00:00Z")
    code = app.code()
    interface.idp.clock.advance(61)
    answer = app.redeem(code)
    assert answer.status_code == 403
    assert answer.headers["Date"] == "Thu, 31 Jan 2030 12:01:01 GMT"


def test_sign_in_as_skips_the_login_page(app, interface):
    interface.idp.sign_in_as("bob")
    tokens = app.redeem(sent_to_callback(app.authorize())["code"]).json()
    assert claims_of(tokens["id_token"])["sub"] == "auth0|bob"


def test_a_minted_token_is_accepted_at_userinfo(session, interface):
    token = interface.idp.access_token(user="alice")
    answer = session.get(f"{interface.url}/userinfo", headers=bearer(token))
    assert answer.json()["email"] == "alice@acme.example"


def test_the_domain_is_still_answered_after_a_reset(session, interface):
    interface.idp.reset()
    assert session.get(f"{interface.url}/.well-known/jwks.json").status_code == 200


def test_concurrent_logins(interface):
    from concurrent.futures import ThreadPoolExecutor

    def log_in(_number):
        with interface.open_session() as session:
            return App(interface.url, session).tokens()["expires_in"]

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(log_in, range(8)))) == 1
    assert len(interface.idp.journal.of("token")) == 8
