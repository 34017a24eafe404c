"""The hints of /oidc/logout: ID tokens and session ids."""

import pytest

from helpers.logout import end, is_logged_in, shown
from helpers.tenant_client import claims_of, hint
from mockidp.protocol.tokens.jwt import make_token

BYE = "http://localhost:3000/bye"


def signed(idp, claims):
    return make_token(claims, key=idp.tenant.keys.current).sign()


def test_auth0_logout__a_hint_of_an_earlier_session_has_to_be_confirmed(idp):
    id_token = idp.tokens()["id_token"]
    idp.get("/v2/logout")
    assert end(idp, id_token_hint=id_token, post_logout_redirect_uri=BYE).location == BYE
    idp.callback()
    answer = end(idp, id_token_hint=id_token, post_logout_redirect_uri=BYE)
    assert (answer.status_code, answer.location) == (200, None)
    assert is_logged_in(idp)


def test_auth0_logout__a_hint_without_a_session_names_its_user(idp):
    idp.callback()
    of_another = signed(idp, {"aud": "web", "sub": "auth0|bob"})
    assert "Are you sure" in end(idp, id_token_hint=of_another).text
    of_user = signed(idp, {"aud": "web", "sub": "auth0|alice"})
    assert "You are logged out" in end(idp, id_token_hint=of_user).text


def test_auth0_logout__logout_hint_is_the_sid_of_the_session(idp):
    sid = claims_of(idp.tokens()["id_token"])["sid"]
    answer = end(idp, logout_hint="another")
    assert shown(answer) == "invalid_request: Invalid logout_hint"
    assert sid not in hint(answer)
    assert is_logged_in(idp)
    assert end(idp, logout_hint=sid).status_code == 200
    assert not is_logged_in(idp)
    assert end(idp, logout_hint="another").status_code == 200, "there is nothing to compare with"


def test_auth0_logout__logout_hint_and_id_token_hint_are_of_the_same_session(idp):
    id_token = idp.tokens()["id_token"]
    answer = end(idp, id_token_hint=id_token, logout_hint="another")
    assert shown(answer) == "invalid_request: Invalid logout_hint"
    assert "is not the `sid` of the `id_token_hint`" in hint(answer)
    assert is_logged_in(idp)
    sid = claims_of(id_token)["sid"]
    assert end(idp, id_token_hint=id_token, logout_hint=sid).status_code == 200
    assert not is_logged_in(idp)


def test_auth0_logout__a_hint_of_another_client_is_refused(idp):
    answer = end(idp, id_token_hint=idp.tokens()["id_token"], client_id="other")
    assert shown(answer) == "invalid_request: Invalid id_token_hint"
    assert "Parameter `id_token_hint` was issued to client web, but `client_id` is other." in hint(
        answer
    )
    assert is_logged_in(idp)


def forged_hs256(client_id, secret):
    return make_token({"aud": client_id}, secret=secret, alg="HS256").sign()


@pytest.mark.parametrize(
    ("token", "cause"),
    [
        ("nonsense", "A JWT has three parts"),
        (forged_hs256("hs256", "guess"), "The secret of client hs256 did not sign it"),
        (forged_hs256("spa", ""), "The secret of client spa did not sign it"),
        (forged_hs256("nobody", ""), "The secret of client nobody did not sign it"),
        (forged_hs256("hs256", "x")[:-4] + "é.x", "three parts"),
        ("eyJhbGciOiJub25lIn0.eyJhdWQiOiJ3ZWIifQ.", "signed with none"),
    ],
)
def test_oidc_rpinitiated_2__a_hint_of_another_issuer_is_refused(idp, token, cause):
    idp.callback()
    answer = end(idp, id_token_hint=token)
    assert shown(answer) == "invalid_request: Invalid id_token_hint"
    assert cause in hint(answer)
    assert is_logged_in(idp)
