"""Second factors with the MFA client of auth0-auth-js, and with auth0-python's token grants."""

from urllib.parse import urlsplit

import jwt
import pyotp
import pytest
import requests
from auth0.authentication import GetToken
from auth0.authentication.exceptions import Auth0Error

from helpers.client_facts import shows
from mockidp import RemoteIdP

FACTORS = ("otp", "sms", "email", "push-notification", "recovery-code")
MFA = "http://auth0.com/oauth/grant-type/mfa"
PASSWORD_REALM = "http://auth0.com/oauth/grant-type/password-realm"
PASSWORD = "Passw0rd!"
REFUSED_FACTORS = ["wrong one-time code", "invalid phone number", "factor that is not enrolled"]


@pytest.fixture
def remote(acme):
    """The running tenant, which requires a second factor. It is reset at the end."""
    tenant = {
        "guardianFactors": [{"name": name, "enabled": True} for name in FACTORS],
        "guardianPolicies": {"policies": ["all-applications"]},
    }
    requests.patch(f"{acme.url}/_mockidp/v1/tenant", json=tenant, timeout=10).raise_for_status()
    with RemoteIdP(acme.url) as remote:
        grants = [
            "password",
            PASSWORD_REALM,
            *(f"{MFA}-{name}" for name in ("otp", "oob", "recovery-code")),
        ]
        remote.patch_client("acme-web", grant_types=grants)
        yield remote
        remote.reset()


@shows("auth0-auth-js", "second factors", refuses=REFUSED_FACTORS, over="https")
def test_auth0_auth_js_enrolls_challenges_lists_and_removes_factors(node, acme, remote):
    done = node(
        "mfa.mjs",
        {
            "domain": urlsplit(acme.tls_url).netloc,
            "clientId": "acme-web",
            "clientSecret": "acme-web-secret",
            "username": "alice@acme.example",
            "password": PASSWORD,
            "control": f"{acme.url}/_mockidp/v1",
        },
        ca_file=acme.ca_file,
    )
    assert done["required"]["status"] == 403
    assert {"type": "otp"} in done["required"]["mfa_requirements"]["enroll"]
    assert [one["type"] for one in done["before"]] == ["email"]
    app = pyotp.parse_uri(done["enrolled"]["barcodeUri"])
    assert app.secret == done["enrolled"]["secret"]
    assert done["wrongCode"]["error_description"] == "Invalid otp_code."
    claims = jwt.decode(done["first"]["id_token"], options={"verify_signature": False})
    assert claims["amr"] == ["mfa"]
    assert done["challenge"] == {"challengeType": "otp"}
    assert done["recovered"]["recovery_code"] != done["enrolled"]["recoveryCodes"][0]
    assert done["phone"]["bindingMethod"] == "prompt"
    assert done["confirmed"]["status"] == 200
    assert {one["type"] for one in done["both"]} == {"otp", "recovery-code", "phone", "email"}
    assert done["sms"]["oobCode"].startswith("Fe26.2*")
    assert [one["type"] for one in done["left"]] == ["email"]
    for step, error in (
        ("notEnrolled", "unsupported_challenge_type"),
        ("wrongPhone", "invalid_phone_number"),
        ("secondEnrollment", "access_denied"),
        ("used", "invalid_grant"),
        ("noScope", "insufficient_scope"),
        ("gone", "not_found"),
    ):
        assert done[step]["refused"]["error"] == error, step


class TestAuth0Python:
    """auth0-python has no class for MFA, but sends any grant."""

    @pytest.fixture
    def sdk(self, acme):
        domain = urlsplit(acme.url).netloc
        return GetToken(domain, "acme-web", client_secret="acme-web-secret", protocol="http")

    def grant(self, sdk, name, **form):
        data = {"client_id": "acme-web", "client_secret": "acme-web-secret", **form}
        url = f"{sdk.protocol}://{sdk.domain}/oauth/token"
        return sdk.authenticated_post(url, data={"grant_type": f"{MFA}-{name}", **data})

    def mfa_token(self, sdk):
        with pytest.raises(Auth0Error) as refused:
            sdk.login(
                "alice@acme.example",
                PASSWORD,
                scope="openid",
                realm="Username-Password-Authentication",
            )
        assert (refused.value.status_code, refused.value.error_code) == (403, "mfa_required")
        return refused.value.content["mfa_token"]

    def test_a_code_ends_the_login_and_others_are_refused(self, sdk, remote):
        remote.enroll_totp("alice")
        token = self.mfa_token(sdk)
        for sent, message in (
            ({"mfa_token": token, "otp": "000000"}, "Invalid otp_code."),
            ({"mfa_token": "x", "otp": "000000"}, "Malformed mfa_token"),
        ):
            with pytest.raises(Auth0Error) as refused:
                self.grant(sdk, "otp", **sent)
            assert refused.value.message == message
        body = self.grant(sdk, "otp", mfa_token=token, otp=remote.totp_code("alice"))
        claims = jwt.decode(body["id_token"], options={"verify_signature": False})
        assert claims["amr"] == ["mfa"]
        with pytest.raises(Auth0Error, match="Malformed mfa_token"):
            self.grant(sdk, "otp", mfa_token=token, otp=remote.totp_code("alice"))
