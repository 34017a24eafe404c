"""Challenge a user: send a code by text message or e-mail, or a question to their phone.

Auth0: the names of messages are those of its templates. A code has 6 digits and lives 5 minutes.
"""

from __future__ import annotations

from mockidp.protocol.mfa.guardian import EMAIL, SMS
from mockidp.protocol.mfa.records import OOB_LIFETIME, Authenticator, OobChallenge
from mockidp.tenant.tenant import Tenant

_DIGITS = 6


def send_challenge(
    tenant: Tenant, authenticator: Authenticator, *, login: str, client_id: str
) -> str:
    """Challenge a user with an out-of-band authenticator. Return the `oob_code`.

    Args:
        tenant: The tenant.
        authenticator: The phone, e-mail address or app. One that is not active is being enrolled.
        login: The `mfa_token`, or the state of the login.
        client_id: The client.
    """
    code = tenant.ids.digits(_DIGITS) if authenticator.factor in (SMS, EMAIL) else ""
    oob_code = tenant.ids.mfa_token()
    challenge = OobChallenge(
        authenticator_id=authenticator.id,
        user_id=authenticator.user_id,
        login=login,
        binding_code=code,
    )
    tenant.oob_challenges.put(oob_code, challenge, expires_at=tenant.now() + OOB_LIFETIME)
    if code:
        _send(tenant, authenticator, code, client_id)
    return oob_code


def _send(tenant: Tenant, authenticator: Authenticator, code: str, client_id: str) -> None:
    is_sms = authenticator.factor == SMS
    text = f"{code} is your verification code for {tenant.name}."
    if not authenticator.is_active:
        text += " Please enter this code to verify your enrollment."
    kind = "otp_verify" if authenticator.is_active else "otp_enroll"
    tenant.outbox.send(
        to=authenticator.address,
        kind=kind if is_sms else "mfa_oob_code",
        text=text,
        subject="" if is_sms else f"Your verification code for {tenant.name}",
        code=code,
        user_id=authenticator.user_id,
        client_id=client_id,
    )


def describe_challenge(authenticator: Authenticator, oob_code: str) -> dict[str, str]:
    """Return the fields of an out-of-band challenge that a client needs, in Auth0's key order."""
    described = {"challenge_type": "oob", "oob_code": oob_code}
    if authenticator.factor in (SMS, EMAIL):
        described["binding_method"] = "prompt"
    return described
