"""Native to Web SSO: from a refresh token to the session of a browser."""

from dataclasses import replace

import pytest

from helpers.acme import ACME, API, with_client
from helpers.tenant_client import TenantClient, hint, race, sent_to_callback
from helpers.tenants import IN_NO_FILE
from mockidp.protocol.tokens.artifacts import ImpersonatedBy
from mockidp.resources.client_tokens import RefreshTokenPolicy, SessionTransfer
from mockidp.tenant.content.zero_config import ZERO_CONFIG

AUDIENCE = "urn:localhost:session_transfer"
TOKEN_TYPE = "urn:auth0:params:oauth:token-type:session_transfer_token"
BOTH = SessionTransfer(
    can_create_session_transfer_token=True, allowed_authentication_methods=("cookie", "query")
)


def document(policy=None, **changed):
    settings = replace(BOTH, **changed)
    fields = {"refresh_token": policy} if policy else {}
    return with_client(ACME, "web", session_transfer=settings, **fields)


@pytest.fixture
def idp():
    return TenantClient(document())


def refresh_token(idp, user="alice"):
    """Log in with the native app, in a browser of its own."""
    native = idp.another_browser()
    return native.tokens(user, scope="openid offline_access", audience=API)["refresh_token"]


def exchange(idp, audience=AUDIENCE, **more):
    return idp.refresh(refresh_token(idp, **more), audience=audience)


def transfer_token(idp, **more):
    answer = exchange(idp, **more)
    assert answer.status_code == 200, answer.text
    return answer.json["access_token"]


def is_logged_in(answer):
    return "code" in sent_to_callback(answer)


def why_not(answer):
    """Return the hint of an answer that shows the login page."""
    assert answer.location.startswith("/u/login?state="), answer.location
    return hint(answer)


def test_auth0_transfer__the_response_is_no_bearer_token(idp):
    answer = exchange(idp)
    body = answer.json
    assert body | {"access_token": "x"} == {
        "access_token": "x",
        "issued_token_type": TOKEN_TYPE,
        "token_type": "N_A",
        "expires_in": 60,
    }
    assert hint(answer) == ""
    userinfo = idp.get("/userinfo", headers={"Authorization": f"Bearer {body['access_token']}"})
    assert userinfo.status_code == 401


def test_auth0_transfer__a_refresh_token_that_rotates_is_replaced(idp):
    idp.edit(document(RefreshTokenPolicy(rotation_type="rotating")))
    sent = refresh_token(idp)
    body = idp.refresh(sent, audience=AUDIENCE).json
    assert body["issued_token_type"] == TOKEN_TYPE
    assert body["refresh_token"] != sent
    assert idp.refresh(body["refresh_token"]).status_code == 200


def test_auth0_transfer__the_browser_gets_a_session(idp):
    answer = idp.authorize(session_transfer_token=transfer_token(idp))
    assert is_logged_in(answer)
    assert is_logged_in(idp.authorize(prompt="none"))


def test_auth0_transfer__the_cookie_works_as_well(idp):
    token = transfer_token(idp)
    idp.browser.set_cookie("auth0_session_transfer_token", token)
    assert is_logged_in(idp.authorize())
    assert is_logged_in(idp.authorize(prompt="none"))


def test_auth0_transfer__a_token_works_once(idp):
    token = transfer_token(idp)
    assert is_logged_in(idp.authorize(session_transfer_token=token))
    again = idp.another_browser().authorize(session_transfer_token=token)
    assert "works only once" in why_not(again)


def test_auth0_transfer__one_of_many_browsers_wins(idp):
    token = transfer_token(idp)
    answers = race(lambda: idp.another_browser().authorize(session_transfer_token=token))
    assert sum("code=" in one.location for one in answers) == 1


def test_auth0_transfer__a_token_expires_after_a_minute(idp):
    token = transfer_token(idp)
    idp.tenant.clock.advance(61)
    assert "60 seconds after it was issued" in why_not(idp.authorize(session_transfer_token=token))


def test_auth0_transfer__an_unknown_token_shows_the_login_page_despite_a_session(idp):
    idp.callback()
    answer = idp.authorize(session_transfer_token="unknown")
    assert "never issued such a token" in why_not(answer)
    assert is_logged_in(idp.authorize())


def test_auth0_transfer__a_session_of_the_same_user_stays(idp):
    idp.callback("alice")
    token = transfer_token(idp)
    before = {key for key, _ in idp.tenant.sessions.scan()}
    answer = idp.authorize(session_transfer_token=token)
    assert is_logged_in(answer)
    assert "Set-Cookie" not in answer.headers
    assert {key for key, _ in idp.tenant.sessions.scan()} == before


def test_auth0_transfer__a_session_of_another_user_ends(idp):
    idp.callback("bob")
    answer = idp.authorize(session_transfer_token=transfer_token(idp))
    assert "had a session of auth0|bob, which was ended" in why_not(answer)
    assert sent_to_callback(idp.authorize(prompt="none"))["error"] == "login_required"


def test_auth0_transfer__prompt_login_shows_the_login_page(idp):
    answer = idp.authorize(session_transfer_token=transfer_token(idp), prompt="login")
    assert answer.location.startswith("/u/login")


@pytest.mark.parametrize("method", ["cookie", "query"])
def test_auth0_transfer__the_client_must_allow_the_method(idp, method):
    idp.edit(document(allowed_authentication_methods=(method,)))
    answer = idp.authorize(session_transfer_token=transfer_token(idp))
    if method == "query":
        assert is_logged_in(answer)
    else:
        assert "does not contain query" in why_not(answer)


@pytest.mark.parametrize("binding", ["ip", "asn", "none", pytest.param(None, marks=IN_NO_FILE)])
def test_auth0_transfer__the_browser_must_have_the_address_of_the_app(idp, binding):
    idp.edit(document(enforce_device_binding=binding))
    token = transfer_token(idp)
    record = idp.tenant.session_transfer_tokens.get(token)
    elsewhere = replace(record, address="203.0.113.7")
    idp.tenant.session_transfer_tokens.put(token, elsewhere, expires_at=idp.tenant.now() + 60)
    answer = idp.authorize(session_transfer_token=token)
    if binding == "ip":
        assert "issued to address 203.0.113.7, but the browser's is 127.0.0.1" in why_not(answer)
    else:
        assert is_logged_in(answer)


def test_auth0_transfer__a_user_who_was_removed_cannot_log_in(idp):
    token = transfer_token(idp)
    users = tuple(one for one in ACME.users if one.user_id != "auth0|alice")
    record = idp.tenant.session_transfer_tokens.get(token)
    idp.edit(replace(document(), users=users))
    idp.tenant.session_transfer_tokens.put(token, record, expires_at=idp.tenant.now() + 60)
    assert "was removed" in why_not(idp.authorize(session_transfer_token=token))


def test_auth0_transfer__refresh_tokens_only_if_the_client_allows_them(idp):
    wanted = {"scope": "openid offline_access", "audience": API}
    answer = idp.authorize(session_transfer_token=transfer_token(idp), **wanted)
    assert "refresh_token" not in idp.redeem(sent_to_callback(answer)["code"]).json


def test_auth0_transfer__a_refresh_token_of_a_transferred_session_gives_no_other_token(idp):
    idp.edit(document(allow_refresh_token=True))
    wanted = {"scope": "openid offline_access", "audience": API}
    answer = idp.authorize(session_transfer_token=transfer_token(idp), **wanted)
    body = idp.redeem(sent_to_callback(answer)["code"]).json
    assert idp.refresh(body["refresh_token"]).status_code == 200
    refused = idp.refresh(body["refresh_token"], audience=AUDIENCE)
    assert (refused.status_code, refused.json["error"]) == (403, "unauthorized_client")
    assert "Send one of a login in the native app." in hint(refused)


def test_auth0_transfer__an_impersonated_user_gets_no_session(idp):
    token, families = refresh_token(idp), idp.tenant.refresh_families
    ((key, entry),) = families.scan()
    by = ImpersonatedBy(user_id="auth0|bob", email="bob@acme.example")
    families.put(key, replace(entry.value, impersonated_by=by))
    answer = idp.refresh(token, audience=AUDIENCE)
    assert (answer.status_code, answer.json["error"]) == (403, "unauthorized_client")
    assert "auth0|bob, who impersonates auth0|alice" in hint(answer)


def test_auth0_transfer__the_native_client_must_be_allowed(idp):
    idp.edit(document(can_create_session_transfer_token=False))
    answer = exchange(idp)
    assert (answer.status_code, answer.json["error"]) == (403, "unauthorized_client")
    assert "can_create_session_transfer_token" in hint(answer)


@pytest.mark.parametrize("host", ["localhost", "localhost:9400"])
def test_auth0_transfer__the_host_may_have_its_port(idp, host):
    assert exchange(idp, f"urn:{host}:session_transfer").status_code == 200


def test_auth0_transfer__another_host_is_refused(idp):
    answer = exchange(idp, "urn:acme.auth0.com:session_transfer")
    assert (answer.status_code, answer.json["error"]) == (400, "invalid_request")
    assert "Send urn:localhost:9400:session_transfer." in hint(answer)


def test_mockidp_transfer__without_a_tenant_file_every_client_may():
    idp = TenantClient(ZERO_CONFIG)
    token = transfer_token(idp)
    assert is_logged_in(idp.authorize(session_transfer_token=token))
