"""Codes, refresh tokens, PKCE and client authentication."""

import secrets

from helpers.assertions import KEY, OTHER_KEY, make_assertion, public_pem, with_assertion
from helpers.oidf.oracle import check_entropy, s256
from helpers.oidf.relying_party import CALLBACK


def use_again(rp, login):
    """Redeem the code of a login for the second time, which is refused."""
    rp.expect_token_error(rp.redeem(login.arrival.parameters["code"]), "invalid_grant")


def test_oidcc_codereuse(rp):
    use_again(rp, rp.log_in())


def test_oidcc_codereuse_30seconds(rp, provider):
    login = rp.log_in()
    provider.idp.clock.advance(30)
    assert rp.call_userinfo(login.access_token).status_code == 200
    use_again(rp, login)
    refused = rp.call_userinfo(login.access_token)
    assert refused.status_code == 401
    assert refused.headers["WWW-Authenticate"].startswith("Bearer ")


def test_oidcc_server_client_secret_post(rp):
    other = rp.another("post")
    other.authenticate = other.with_post
    other.log_in()


def test_oidcc_ensure_request_with_valid_pkce_succeeds(rp):
    verifier = secrets.token_urlsafe(48)
    request = rp.request(code_challenge=s256(verifier), code_challenge_method="S256")
    rp.finish(request, rp.authorize(request), verifier=verifier)


def refresh(rp, login, **changes):
    """Exchange the refresh token of a login, and return the answer."""
    form = {"grant_type": "refresh_token", "refresh_token": login.tokens["refresh_token"]}
    return rp.token(form | changes)


def check_refresh(rp, provider, login, **changes):
    """Refresh the tokens of a login, and compare the ID tokens (Core 12.2)."""
    check_entropy(login.tokens["refresh_token"])
    before, first_token = login.back, login.access_token
    provider.idp.clock.advance(1)
    answer = refresh(rp, login, **changes)
    login.request = {**login.request, "nonce": answer.json() and None}
    rp.read_token_response(login, answer)
    assert login.access_token != first_token
    for name in ("iss", "sub", "aud", "auth_time", "azp"):
        assert login.back.get(name) == before.get(name)
    assert login.back["iat"] > before["iat"]
    assert rp.userinfo(login)["sub"] == before["sub"]


def test_oidcc_refresh_token(rp, provider):
    assert "offline_access" in provider.metadata["scopes_supported"]
    assert "refresh_token" in provider.metadata["grant_types_supported"]
    wanted = {"scope": "openid offline_access", "prompt": "consent"}
    login = rp.log_in(**wanted)
    check_refresh(rp, provider, login, scope="openid offline_access")
    second = rp.another("second")
    other = second.log_in(**wanted)
    kept = dict(other.tokens)
    check_refresh(second, provider, other)
    other.tokens = kept | {k: v for k, v in other.tokens.items() if k == "refresh_token"}
    rp.expect_token_error(refresh(rp, other), "invalid_grant")


class Signer:
    """A client that authenticates with private_key_jwt."""

    def __init__(self, provider, rp):
        self.provider = provider
        self.publish(KEY)
        self.rp = rp.another("signer", authenticate=self.authenticate)

    def publish(self, key):
        """Register a key in place of the client's."""
        self.key = key
        self.provider.idp.add_client(
            "signer",
            client_authentication_methods={
                "private_key_jwt": {"credentials": [{"name": "key", "pem": public_pem(key)}]}
            },
            grant_types=["authorization_code", "refresh_token"],
            callbacks=[CALLBACK],
        )

    def authenticate(self, form, _headers):
        """Add an assertion whose audience is the issuer."""
        aud = self.provider.issuer
        form |= with_assertion(make_assertion(self.provider.now, key=self.key, aud=aud))


def test_oidcc_ensure_client_assertion_with_iss_aud_succeeds(rp, provider):
    Signer(provider, rp).rp.log_in()


def test_oidcc_refresh_token_rp_key_rotation(rp, provider):
    signer = Signer(provider, rp)
    login = signer.rp.log_in(scope="openid offline_access", prompt="consent")
    signer.publish(OTHER_KEY)
    check_refresh(signer.rp, provider, login)
