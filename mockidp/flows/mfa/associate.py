"""`/mfa/associate`: enroll an authenticator app, a phone, an e-mail address or push notifications.

The enrollment is confirmed by the MFA grant with its first code.
Auth0: with an `mfa_token` only the first factor can be enrolled; more need an access token for the
MFA API, for which a user passes the second factor. The first enrollment comes with a recovery code.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from mockidp.flows.mfa.api_token import MfaCaller, read_bearer
from mockidp.flows.mfa.authenticators import (
    give_recovery_code,
    is_enabled,
    is_enrolled,
    new_authenticator,
)
from mockidp.flows.mfa.challenge import describe_challenge, send_challenge
from mockidp.flows.requests.parameters import check_parameters
from mockidp.frozen import frozen
from mockidp.protocol.errors.extension_error import InvalidPhoneNumber, UnsupportedChallengeType
from mockidp.protocol.errors.oauth_error import AccessDenied, InvalidRequest
from mockidp.protocol.mfa.guardian import EMAIL, OTP, PUSH, SMS
from mockidp.protocol.mfa.records import CHANNELS, ENROLL, Factor
from mockidp.protocol.mfa.totp import totp_uri
from mockidp.protocol.oauth.parameters import Parameters
from mockidp.protocol.request_parameters.mfa import MFA_ASSOCIATE
from mockidp.resources.checks import check_email
from mockidp.resources.mfa_factor import check_phone_number
from mockidp.tenant.tenant import Tenant

_TYPES = "authenticator_types"
_CHANNELS = "oob_channels"


@frozen(kw_only=False)
class _Enrollment:
    factor: Factor
    address: str = ""


def associate(
    tenant: Tenant, base_url: str, parameters: Parameters, authorization: str | None
) -> dict[str, Any]:
    """Return the body of the response to an enrollment request.

    Raises:
        OAuthError: The token or a parameter is refused, or the user is enrolled already.
    """
    caller = read_bearer(tenant, base_url, authorization, scope=ENROLL)
    check_parameters(tenant, MFA_ASSOCIATE, parameters)
    enrollment = _read_enrollment(tenant, parameters)
    _check_not_enrolled(tenant, caller)
    codes = give_recovery_code(tenant, caller.user)
    recovery = {} if codes is None else {"recovery_codes": [codes]}
    if enrollment.factor == OTP:
        return _enroll_app(tenant, caller, recovery)
    return _enroll_oob(tenant, base_url, caller, enrollment, recovery)


def _read_enrollment(tenant: Tenant, parameters: Parameters) -> _Enrollment:
    types, channels = parameters.raw().get(_TYPES), parameters.raw().get(_CHANNELS)
    with tenant.trace.check("authenticator_types", sent=types, oob_channels=channels):
        kind = _single(parameters, _TYPES, ("otp", "oob"))
        factor: Factor = OTP
        if kind == "oob":
            factor = CHANNELS[_single(parameters, _CHANNELS, tuple(CHANNELS))]
        if not is_enabled(tenant, factor):
            raise UnsupportedChallengeType(
                f"The factor {factor} is not enabled.",
                status=403,
                hint=f"Enable {factor} in `guardianFactors`, or enroll another factor.",
            )
    return _Enrollment(factor, _read_address(tenant, parameters, factor))


def _single(parameters: Parameters, name: str, known: tuple[str, ...]) -> str:
    """Return the only item of a list parameter."""
    sent = parameters.raw().get(name)
    if sent is None or sent == "":
        parameters.require(name)
    expected = f"Send a JSON list with one of {', '.join(known)}."
    if not isinstance(sent, list) or len(sent) != 1 or not isinstance(sent[0], str):
        raise InvalidRequest(
            f"Parameter '{name}' must be an array with one string",
            hint=f"Parameter `{name}` is {sent!r:.100}. {expected}",
        )
    if sent[0] not in known:
        also = " Auth0 also calls users, which mockidp does not." if sent[0] == "voice" else ""
        raise InvalidRequest(
            f"Unsupported value in {name}: {sent[0][:40]}",
            hint=f"Parameter `{name}` is {sent!r:.100}. {expected}{also}",
        )
    return sent[0]


def _read_address(tenant: Tenant, parameters: Parameters, factor: Factor) -> str:
    if factor not in (SMS, EMAIL):
        return ""
    name = "phone_number" if factor == SMS else "email"
    with tenant.trace.check(name, sent=parameters.get(name)):
        address = parameters.require(name)
        wrong = (check_phone_number if factor == SMS else check_email)(address)
        if wrong and factor == SMS:
            raise InvalidPhoneNumber(
                "Invalid phone number format",
                hint=f"Parameter `phone_number` is {address!r}. Send it as +15551234567 (E.164).",
            )
        if wrong:
            raise InvalidRequest(
                "Invalid email format", hint=f"Parameter `email` is {address!r}, not an address."
            )
    return address


def _check_not_enrolled(tenant: Tenant, caller: MfaCaller) -> None:
    enrolled = is_enrolled(tenant, caller.user)
    with tenant.trace.check(
        "not_enrolled", enrolled=enrolled, has_access_token=caller.has_access_token
    ):
        if enrolled and not caller.has_access_token:
            raise AccessDenied(
                "User is already enrolled.",
                hint=f"User {caller.user.user_id} has a factor already, so an `mfa_token` cannot "
                "enroll another one. Pass the second factor, request the audience that ends in "
                "/mfa/ with scope enroll, and send that access token.",
            )


def _enroll_app(tenant: Tenant, caller: MfaCaller, recovery: Mapping[str, Any]) -> dict[str, Any]:
    user = caller.user
    secret = tenant.ids.totp_secret()
    new_authenticator(tenant, user.user_id, OTP, secret=secret)
    return {
        "authenticator_type": "otp",
        "secret": secret,
        "barcode_uri": totp_uri(secret, tenant=tenant.name, user=user.email or user.user_id),
        **recovery,
    }


def _enroll_oob(
    tenant: Tenant,
    base_url: str,
    caller: MfaCaller,
    enrollment: _Enrollment,
    recovery: Mapping[str, Any],
) -> dict[str, Any]:
    user_id = caller.user.user_id
    made = new_authenticator(tenant, user_id, enrollment.factor, address=enrollment.address)
    oob_code = send_challenge(
        tenant, made, login=caller.token, client_id=caller.transaction.client_id
    )
    body = describe_challenge(made, oob_code)
    binding = {name: body[name] for name in ("binding_method",) if name in body}
    barcode = (
        {"barcode_uri": push_uri(tenant, base_url, user_id, made.id)}
        if enrollment.factor == PUSH
        else {}
    )
    return {
        "authenticator_type": "oob",
        **binding,
        **barcode,
        **recovery,
        "oob_channel": made.channel,
        "oob_code": oob_code,
    }


def push_uri(tenant: Tenant, base_url: str, user_id: str, authenticator_id: str) -> str:
    """Return the URI that Auth0's Guardian app scans. No app can enroll with a mock."""
    name, user = quote(tenant.name, safe=""), quote(user_id, safe="")
    transaction = quote(authenticator_id.partition("_")[2])
    return (
        f"otpauth://totp/{name}:{user}?enrollment_tx_id={transaction}"
        f"&base_url={quote(base_url, safe='')}"
    )
