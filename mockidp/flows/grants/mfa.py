"""Finish a token request with a second factor: `mfa-otp`, `mfa-oob` and `mfa-recovery-code`.

The `mfa_token` gives tokens once. They are those of the request that was refused with
`mfa_required`, and the ID token has `amr`.
Auth0: a factor that the user has not answered yet is 400, where a device code is 403.
"""

from __future__ import annotations

from typing import Any

from mockidp.flows.audience import find_api
from mockidp.flows.grants.refresh_token import find_organization
from mockidp.flows.grants.request import GrantRequest
from mockidp.flows.grants.user_login import check_not_blocked, require
from mockidp.flows.hints.timestamps import clock_time
from mockidp.flows.mfa.api_token import MfaCaller, used_mfa_token
from mockidp.flows.mfa.authenticators import recovery_code_of
from mockidp.flows.mfa.challenge_request import find_caller
from mockidp.flows.mfa.guesses import CodeRefusals
from mockidp.flows.mfa.verify import (
    end_challenge,
    verify_binding_code,
    verify_otp,
    verify_recovery_code,
)
from mockidp.flows.tokens.granted import Granted
from mockidp.flows.tokens.issue import issue_refreshed_tokens, issue_tokens
from mockidp.flows.tokens.refresh_token import pass_second_factor
from mockidp.protocol.errors.extension_error import (
    AuthorizationPending,
    ExpiredToken,
    UnsupportedChallengeType,
)
from mockidp.protocol.errors.oauth_error import (
    AccessDenied,
    InvalidGrant,
    InvalidRequest,
    TooManyAttempts,
)
from mockidp.protocol.errors.refusal_texts import INVALID_REFRESH_TOKEN, TOO_MANY_CODES
from mockidp.protocol.mfa.records import MFA, OOB_LIFETIME, OobChallenge
from mockidp.protocol.tokens.artifacts import RefreshTokenFamily
from mockidp.protocol.tokens.custom_claim import readable_parameters
from mockidp.tenant.trace import cut


def exchange_otp(request: GrantRequest) -> dict[str, Any]:
    """Return tokens for the code of an authenticator app."""
    caller = _find_caller(request)
    code = require(request, "otp")
    verify_otp(
        request.tenant,
        caller.user,
        code,
        _refusals("Invalid otp_code."),
        adds_factor=caller.has_access_token,
    )
    return _finish(request, caller)


def exchange_oob(request: GrantRequest) -> dict[str, Any]:
    """Return tokens for the code that was sent to the user, or for their answer on the phone."""
    caller = _find_caller(request)
    oob_code = require(request, "oob_code")
    challenge = _find_challenge(request, caller, oob_code)
    if challenge.binding_code:
        verify_binding_code(
            request.tenant,
            caller.user,
            oob_code,
            challenge,
            code=require(request, "binding_code"),
            refusals=_refusals("Invalid binding_code."),
        )
    else:
        _check_answer(request, caller, oob_code, challenge)
    return _finish(request, caller)


def exchange_recovery_code(request: GrantRequest) -> dict[str, Any]:
    """Return tokens for the user's recovery code, and a new one."""
    caller = _find_caller(request)
    code = require(request, "recovery_code")
    with request.tenant.trace.check("has_recovery_code", user=caller.user.user_id):
        if recovery_code_of(request.tenant, caller.user) is None:
            raise UnsupportedChallengeType(
                "User does not have a recovery-code.",
                status=403,
                hint=f"User {caller.user.user_id} has no recovery code. The first enrollment gives "
                "one if recovery-code is enabled in `guardianFactors`.",
            )
    refusals = _refusals("Invalid recovery_code.")
    new = verify_recovery_code(request.tenant, caller.user, code, refusals)
    return _finish(request, caller) | {"recovery_code": new}


def _refusals(text: str) -> CodeRefusals:
    return CodeRefusals(
        wrong=lambda hint: InvalidGrant(text, hint=hint),
        too_many=lambda hint: TooManyAttempts(TOO_MANY_CODES, hint=hint),
    )


def _find_caller(request: GrantRequest) -> MfaCaller:
    caller = find_caller(request.tenant, request.base_url, request.client, request.parameters)
    request.tenant.trace.note(audience=caller.transaction.audience)
    check_not_blocked(request, caller.user)
    return caller


def _find_challenge(request: GrantRequest, caller: MfaCaller, oob_code: str) -> OobChallenge:
    with request.tenant.trace.check("oob_code", sent=cut(oob_code)):
        entry = request.tenant.oob_challenges.history(oob_code)
        if entry is None or entry.taken_at is not None:
            why = (
                "This tenant never issued such an `oob_code`. Send that of the latest answer of "
                "/mfa/challenge or /mfa/associate."
                if entry is None
                else "The `oob_code` was used before. Start another challenge."
            )
            raise InvalidGrant("Malformed oob_code", hint=why)
        if request.tenant.now() >= entry.expires_at:
            raise ExpiredToken(
                "oob_code is expired",
                hint=f"The `oob_code` expired at {clock_time(entry.expires_at)}, {OOB_LIFETIME} "
                "seconds after it was issued. Start another challenge.",
            )
        challenge: OobChallenge = entry.value
        if challenge.login != caller.token:
            raise InvalidRequest(
                "The oob_code doesn't match the mfa_token",
                hint="The `oob_code` comes from a challenge of another `mfa_token`. Send both from "
                "the same login.",
            )
    return challenge


def _check_answer(
    request: GrantRequest, caller: MfaCaller, oob_code: str, challenge: OobChallenge
) -> None:
    """Check that the user has approved the login on the phone, and use the challenge up."""
    with request.tenant.trace.check("push_notification", answer=challenge.answer):
        if challenge.answer == "pending":
            raise AuthorizationPending(
                "Authorization pending: please repeat the request in a few seconds.",
                status=400,
                hint=f"User {caller.user.user_id} has not answered the push notification. A test "
                "answers it with `idp.approve_push(user)` or `idp.reject_push(user)`.",
            )
        if challenge.answer == "rejected":
            raise AccessDenied(
                "MFA Authorization rejected.",
                status=400,
                hint=f"User {caller.user.user_id} rejected the push notification.",
            )
        if not end_challenge(request.tenant, caller.user, oob_code, challenge):
            raise InvalidGrant(
                "Malformed oob_code", hint="The `oob_code` was used by another request."
            )


def _finish(request: GrantRequest, caller: MfaCaller) -> dict[str, Any]:
    """Return the tokens, and use the `mfa_token` up."""
    tenant, transaction = request.tenant, caller.transaction
    if not caller.has_access_token:
        with tenant.trace.check("mfa_token_unused", sent=cut(caller.token)):
            if tenant.mfa_transactions.take(caller.token) is None:
                raise used_mfa_token(tenant.now())
    audience = transaction.audience
    granted = Granted(
        client=request.client,
        user=caller.user,
        scope=transaction.scope,
        api=find_api(tenant, request.base_url, audience) if audience else None,
        gty=transaction.gty,
        sid=transaction.sid,
        organization=find_organization(request, transaction.organization_id, caller.user),
        amr=(MFA,),
        impersonated_by=transaction.impersonated_by,
        request={**transaction.request, **readable_parameters(request.parameters)},
        certificate=request.certificate,
    )
    if transaction.family_id is None:
        requested = transaction.requested_scope
        return issue_tokens(tenant, request.base_url, granted, requested=requested)
    family = _continue_family(request, transaction.family_id)
    return issue_refreshed_tokens(tenant, request.base_url, granted, family)


def _continue_family(request: GrantRequest, family_id: str) -> RefreshTokenFamily:
    """Return the family of the refresh token that was sent, now with a second factor."""
    family = pass_second_factor(request.tenant, request.client, family_id)
    with request.tenant.trace.check("refresh_token", family=cut(family_id)):
        if family is None:
            raise InvalidGrant(
                INVALID_REFRESH_TOKEN,
                hint="The refresh token was revoked or expired before the second factor.",
            )
    return family
