"""A tenant with second factors, and the app that uses Auth0's MFA API."""

from dataclasses import replace

import pyotp

from helpers.acme import ACME, URL
from helpers.tenant_client import TenantClient, bearer
from mockidp.protocol.mfa.guardian import GuardianFactor, GuardianPolicies
from mockidp.protocol.oauth import grant_types
from mockidp.resources.mfa_factor import EmailFactor, MfaFactor, PhoneFactor, TotpFactor

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
OTHER_SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
PHONE = "+15551234567"
MFA_API = f"{URL}/mfa/"
FACTORS = ("otp", "sms", "email", "push-notification", "recovery-code")
ALWAYS = ("all-applications",)
APP = MfaFactor(totp=TotpFactor(secret=SECRET))
PHONE_OF_ALICE = MfaFactor(phone=PhoneFactor(value=PHONE))
OTHER_EMAIL = MfaFactor(email=EmailFactor(value="other@acme.example"))
CREDENTIALS = {"client_id": "web", "client_secret": "web-secret"}
MALFORMED = (403, "invalid_grant", "Malformed mfa_token")
WRONG_OTP = (403, "invalid_grant", "Invalid otp_code.")


def with_mfa(*enrolled, document=ACME, factors=FACTORS, policies=ALWAYS, **settings):
    """Return the document with second factors, some of which alice has enrolled."""
    clients = (
        replace(one, grant_types=(*one.grant_types, *grant_types.MFA)) for one in document.clients
    )
    users = (
        replace(one, mfa_factors=enrolled) if one.user_id == "auth0|alice" else one
        for one in document.users
    )
    return replace(
        document,
        clients=tuple(clients),
        users=tuple(users),
        guardian_factors=tuple(GuardianFactor(name=one, enabled=True) for one in factors),
        guardian_policies=GuardianPolicies(policies=policies),
        mockidp=replace(document.mockidp, **settings),
    )


class MfaClient(TenantClient):
    """A client of a tenant with second factors."""

    def __init__(self, *enrolled, **options):
        super().__init__(with_mfa(*enrolled, **options))

    def mfa_token(self, **form):
        """Log alice in with her password. Return the `mfa_token`."""
        answer = self.password_token(**form)
        assert (answer.status_code, answer.json["error"]) == (403, "mfa_required"), answer.text
        return answer.json["mfa_token"]

    def code(self, secret=SECRET, *, later=0):
        """Return the code that an authenticator app shows."""
        return pyotp.TOTP(secret).at(int(self.tenant.now()) + later)

    def wrong_code(self, secret=SECRET):
        """Return a code that no app shows now."""
        shown = {self.code(secret, later=later) for later in (-30, 0, 30)}
        return next(f"{one:06}" for one in range(4) if f"{one:06}" not in shown)

    def challenge(self, token, **form):
        """Start a challenge of the client `web`."""
        return self.post("/mfa/challenge", mfa_token=token, **CREDENTIALS | form)

    def associate(self, token, **body):
        """Enroll a factor with a token."""
        return self.post("/mfa/associate", headers=bearer(token), json_body=body)

    def authenticators(self, token):
        """Return the list of authenticators."""
        return self.get("/mfa/authenticators", headers=bearer(token)).json

    def otp(self, token, otp, **form):
        """Send the grant for a code of an app."""
        return self.token(grant_type=grant_types.MFA_OTP, mfa_token=token, otp=otp, **form)

    def oob(self, token, oob_code, **form):
        """Send the grant for an out-of-band challenge."""
        return self.token(
            grant_type=grant_types.MFA_OOB, mfa_token=token, oob_code=oob_code, **form
        )

    def recover(self, token, code, **form):
        """Send the grant for a recovery code."""
        return self.token(
            grant_type=grant_types.MFA_RECOVERY_CODE, mfa_token=token, recovery_code=code, **form
        )

    def api_token(self, scope):
        """Log alice in with password and code. Return an access token for the MFA API."""
        token = self.mfa_token(audience=MFA_API, scope=scope)
        self.later(60)  # another code than before
        answer = self.otp(token, self.code())
        assert answer.status_code == 200, answer.text
        return answer.json["access_token"]


def refused(answer):
    """Return status, error and description of a refusal."""
    return answer.status_code, answer.json["error"], answer.json["error_description"]
