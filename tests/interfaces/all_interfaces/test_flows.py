"""Every flow, live, intercepted and over httpx's transport: the answers are the same."""

import jwt
import pytest

from helpers.app_under_test import API, CALLBACK, App, bearer, sent_to_callback


@pytest.fixture
def app(face, session):
    return App(face.url, session)


def hint(answer):
    return answer.headers.get("Mockidp-Hint", "")


def claims_of(token):
    return jwt.decode(token, options={"verify_signature": False})


def test_somebody_logs_in_with_a_code_and_pkce(app, face):
    tokens = app.tokens()
    assert claims_of(tokens["id_token"])["sub"] == "auth0|alice"
    assert claims_of(tokens["id_token"])["iss"] == face.idp.issuer == f"{face.url}/"
    assert claims_of(tokens["access_token"])["aud"] == [API, f"{face.url}/userinfo"]
    entry = face.idp.journal.last("token")
    assert (entry.client, entry.user, entry.notes["pkce"]) == ("app", "auth0|alice", "S256")
    assert entry.url == f"{face.url}/oauth/token"


def test_the_wrong_verifier_is_refused_with_a_hint(app):
    answer = app.redeem(app.code(), code_verifier="another-verifier-that-is-long-enough-as-well")
    assert (answer.status_code, answer.json()["error"]) == (403, "invalid_grant")
    assert "code_verifier" in hint(answer)


def test_the_signature_verifies_with_the_published_keys(app, session, face):
    token = app.tokens()["access_token"]
    keys = jwt.PyJWKSet(session.get(f"{face.url}/.well-known/jwks.json").json()["keys"])
    key = keys[jwt.get_unverified_header(token)["kid"]]
    claims = jwt.decode(token, key, ["RS256"], audience=API, issuer=f"{face.url}/")
    assert claims["sub"] == "auth0|alice"


def test_discovery_is_about_the_url_that_was_asked(session, face):
    document = session.get(f"{face.url}/.well-known/openid-configuration").json()
    assert document["issuer"] == f"{face.url}/"
    assert document["token_endpoint"] == f"{face.url}/oauth/token"


def test_a_session_is_asked_once_and_ends_with_logout(app, session, face):
    app.tokens()
    again = app.authorize(prompt="none")
    assert "code" in sent_to_callback(again)
    home = "http://localhost:3000"
    answer = session.get(
        f"{face.url}/v2/logout",
        params={"client_id": "app", "returnTo": home},
        allow_redirects=False,
    )
    assert (answer.status_code, answer.headers["Location"]) == (302, home)
    assert sent_to_callback(app.authorize(prompt="none"))["error"] == "login_required"


def test_another_session_has_no_cookies_of_the_first(app, face):
    app.tokens()
    with face.open_session() as other:
        refused = App(face.url, other).authorize(prompt="none")
    assert sent_to_callback(refused)["error"] == "login_required"


def test_the_client_follows_relative_redirects_by_itself(session, face):
    query = {"client_id": "app", "response_type": "code", "redirect_uri": CALLBACK}
    page = session.get(f"{face.url}/authorize", params=query)
    assert page.status_code == 200
    assert str(page.url).startswith(f"{face.url}/u/login?state=")
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


def test_userinfo_answers_to_the_token_only(app, session, face):
    token = app.tokens()["access_token"]
    url = f"{face.url}/userinfo"
    assert session.get(url, headers=bearer(token)).json()["sub"] == "auth0|alice"
    refused = session.get(url, headers=bearer("another"))
    assert refused.status_code == 401
    assert "WWW-Authenticate" in refused.headers


@pytest.mark.parametrize("encoding", ["data", "json"])
def test_a_machine_gets_a_token(session, face, encoding):
    asked = {
        "grant_type": "client_credentials",
        "client_id": "machine",
        "client_secret": "secret",
        "audience": API,
    }
    answer = session.post(f"{face.url}/oauth/token", **{encoding: asked})
    assert answer.status_code == 200
    assert claims_of(answer.json()["access_token"])["sub"] == "machine@clients"
    assert face.idp.journal.last("token").parameters["client_secret"] == "***"


def test_a_body_that_is_sent_in_parts_arrives_whole(session, face):
    form = [b"grant_type=client_credentials&client_id=machine&client_secret=s", b"&audience=", b"x"]
    answer = session.post(
        f"{face.url}/oauth/token",
        data=iter(form),
        headers={"Content-Type": "application/x-www-form-urlencoded"},
    )
    assert answer.status_code == 200, answer.text


def test_credentials_in_the_header_are_taken(session, face):
    answer = session.post(
        f"{face.url}/oauth/token",
        data={"grant_type": "client_credentials", "audience": API},
        auth=("machine", "secret"),
    )
    assert answer.status_code == 200


def test_an_unknown_grant_is_an_error(app):
    answer = app.token(grant_type="unheard-of")
    assert answer.status_code >= 400
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.json()["error"]


def test_an_impersonation_link_opens_once(session, face):
    link = face.idp.impersonation_link("alice", client="app", callback_url=CALLBACK, state="s t/ü")
    assert link.startswith(f"{face.url}/users/auth0%7Calice/impersonate?&bewit=")
    answer = session.get(link, allow_redirects=False)
    sent = sent_to_callback(answer)
    assert sent["state"] == "s t/ü"
    redeemed = App(face.url, session).redeem(sent["code"], code_verifier="")
    assert redeemed.status_code == 200, redeemed.text
    again = session.get(link, allow_redirects=False)
    assert (again.status_code, "used" in hint(again)) == (401, True)


def test_a_link_with_a_parameter_more_is_a_bad_mac(session, face):
    link = face.idp.impersonation_link("alice", client="app", callback_url=CALLBACK, state="s")
    answer = session.get(f"{link}&next=/admin", allow_redirects=False)
    assert answer.status_code == 401
    assert answer.json()["error_description"] == "Impersonation - Bad mac"
    assert "`next`" in hint(answer)
    assert face.idp.journal.last("impersonation_link").hint == hint(answer)


def test_a_link_is_asked_for_as_the_old_sdks_do(session, face):
    asked = {
        "client_id": "acme-global",
        "client_secret": "acme-global-secret",
        "grant_type": "client_credentials",
    }
    token = session.post(f"{face.url}/oauth/token", json=asked).json()["access_token"]
    answer = session.post(
        f"{face.url}/users/auth0%7Calice/impersonate",
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


def test_head_has_the_headers_and_no_body(session, face):
    url = f"{face.url}/.well-known/jwks.json"
    head, get = session.head(url), session.get(url)
    assert head.content == b""
    assert head.headers["Content-Length"] == str(len(get.content))


def test_a_browser_asks_before_it_sends(session, face):
    answer = session.options(
        f"{face.url}/oauth/token",
        headers={
            "Origin": "http://localhost:3000",
            "Access-Control-Request-Method": "POST",
        },
    )
    assert answer.status_code in (200, 204)
    assert answer.headers["Access-Control-Allow-Origin"] == "http://localhost:3000"


def test_a_path_that_there_is_not_is_a_404(session, face):
    answer = session.get(f"{face.url}/nowhere/%C3%BC%e2%82%ac?a=%20+%7c")
    assert answer.status_code == 404
    assert hint(answer)


def test_another_host_header_is_refused(session, face):
    answer = session.get(f"{face.url}/userinfo", headers={"Host": "evil.example.com"})
    assert (answer.status_code, "evil.example.com" in hint(answer)) == (400, True)


def test_the_clock_is_obeyed(app, face):
    face.idp.clock.freeze("2030-01-31T12:00:00Z")
    code = app.code()
    face.idp.clock.advance(61)
    answer = app.redeem(code)
    assert answer.status_code == 403
    assert answer.headers["Date"] == "Thu, 31 Jan 2030 12:01:01 GMT"


def test_whoever_signs_in_meets_no_page(app, face):
    face.idp.sign_in_as("bob")
    tokens = app.redeem(sent_to_callback(app.authorize())["code"]).json()
    assert claims_of(tokens["id_token"])["sub"] == "auth0|bob"


def test_a_token_of_the_kit_is_good_at_userinfo(session, face):
    token = face.idp.access_token(user="alice")
    answer = session.get(f"{face.url}/userinfo", headers=bearer(token))
    assert answer.json()["email"] == "alice@acme.example"


def test_after_a_reset_the_domain_is_still_answered(session, face):
    face.idp.reset()
    assert session.get(f"{face.url}/.well-known/jwks.json").status_code == 200


def test_many_ask_at_once(face):
    from concurrent.futures import ThreadPoolExecutor

    def ask(_number):
        with face.open_session() as session:
            return App(face.url, session).tokens()["expires_in"]

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(ask, range(8)))) == 1
    assert len(face.idp.journal.of("token")) == 8
