"""`/mfa/authenticators`."""

from urllib.parse import quote

import pytest

from helpers.acme import API
from helpers.mfa import (
    MFA_API,
    SECRET,
    MfaClient,
    refused,
)
from helpers.tenant_client import bearer, claims_of, hint
from mockidp.protocol.tokens.jwt import make_token


class TestAuthenticators:
    """`/mfa/authenticators`."""

    def test_auth0_mfa__they_are_listed_without_secrets(self, idp):
        token = idp.mfa_token()
        answer = idp.get("/mfa/authenticators", headers=bearer(token))
        assert SECRET not in answer.text
        app, phone, email = answer.json
        assert {**app, "id": "x"} == {
            "id": "x", "authenticator_type": "otp", "active": True, "type": "otp",
        }  # fmt: skip
        assert list(phone) == ["id", "authenticator_type", "active", "oob_channel", "name", "type"]
        assert (phone["oob_channel"], phone["name"]) == ("sms", "XXXXXXX4567")
        assert (email["oob_channel"], email["name"]) == ("email", "alice@acme.example")
        assert phone["type"] == "phone"

    def test_auth0_mfa__an_access_token_needs_the_scope(self, idp):
        answer = idp.get("/mfa/authenticators", headers=bearer(idp.api_token("enroll")))
        assert refused(answer) == (
            403,
            "insufficient_scope",
            "Insufficient scope, expected any of: read:authenticators",
        )
        assert len(idp.authenticators(idp.api_token("read:authenticators"))) == 3

    def remove(self, idp, token, authenticator_id):
        path = f"/mfa/authenticators/{quote(authenticator_id, safe='')}"
        return idp.request("DELETE", path, headers=bearer(token))

    def test_auth0_mfa__a_factor_is_removed(self, idp):
        token = idp.api_token("remove:authenticators")
        app, phone, email = (one["id"] for one in idp.authenticators(idp.mfa_token()))
        for one in (phone, email):
            answer = self.remove(idp, token, one)
            assert (answer.status_code, answer.text) == (204, "")
        assert [one["id"] for one in idp.authenticators(idp.mfa_token())] == [app]
        assert self.remove(idp, token, app).status_code == 204
        assert "enroll" in idp.password_token().json["mfa_requirements"]

    def test_auth0_mfa__an_unknown_one_is_not_found(self, idp):
        answer = self.remove(idp, idp.api_token("remove:authenticators"), "totp|dev_x")
        assert answer.status_code == 404
        assert hint(answer).startswith("User auth0|alice has no authenticator 'totp|dev_x'.")

    def test_mockidp_mfa__an_mfa_token_removes_nothing(self, idp):
        token = idp.mfa_token()
        answer = self.remove(idp, token, idp.authenticators(token)[0]["id"])
        assert refused(answer)[:2] == (403, "insufficient_scope")
        assert "an `mfa_token` was sent" in hint(answer).lower()

    @pytest.mark.parametrize("headers", [{}, {"Authorization": "Basic x"}, bearer("")])
    def test_auth0_mfa__a_bearer_token_is_required(self, idp, headers):
        answer = idp.get("/mfa/authenticators", headers=headers)
        assert refused(answer) == (401, "invalid_token", "Missing bearer token")

    def test_auth0_mfa__a_token_for_another_api_is_refused(self):
        idp = MfaClient(policies=())
        token = idp.password_token(audience=API).json["access_token"]
        answer = idp.get("/mfa/authenticators", headers=bearer(token))
        assert refused(answer) == (401, "invalid_token", "Invalid token")
        assert hint(answer) == (
            f"The token's audience is {API!r}. Request a token with the audience {MFA_API}."
        )

    def test_auth0_mfa__an_expired_or_damaged_access_token_is_refused(self):
        idp = MfaClient(policies=())
        token = idp.password_token(audience=MFA_API, scope="read:authenticators").json
        token = token["access_token"]
        assert len(idp.authenticators(token)) == 1
        damaged = idp.get("/mfa/authenticators", headers=bearer(token[:-8]))
        assert refused(damaged) == (401, "invalid_token", "Invalid token")
        idp.later(600)
        answer = idp.get("/mfa/authenticators", headers=bearer(token))
        assert refused(answer) == (401, "invalid_token", "Invalid token")
        assert hint(answer).startswith("The access token expired at ")

    def test_mockidp_mfa__an_access_token_without_an_end_is_refused(self):
        idp = MfaClient(policies=())
        token = idp.password_token(audience=MFA_API, scope="read:authenticators").json
        claims = claims_of(token["access_token"])
        del claims["exp"]
        key = idp.tenant.keys.current
        endless = make_token(claims, key=key, secret="", alg="RS256").sign()
        answer = idp.get("/mfa/authenticators", headers=bearer(endless))
        assert hint(answer) == "The access token has no `exp`."
