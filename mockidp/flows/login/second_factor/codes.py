"""Finish the second factor on its page: check the code, and store the result in the session.

Auth0: the errors are those of the prompts `mfa-otp`, `mfa-sms` and so on.
"""

from __future__ import annotations

from mockidp.flows.login.page_errors import (
    INVALID_CODE,
    INVALID_OTP_FORMAT,
    INVALID_PHONE,
    NO_CODE,
    NO_FIELD,
    PUSH_PENDING,
    PUSH_REJECTED,
    TOO_MANY_CODES,
    TRANSACTION_NOT_FOUND,
    PageError,
    PromptError,
)
from mockidp.flows.login.second_factor.enrollment import use_enrollment
from mockidp.flows.login.second_factor.pages import FactorPage, move, start_challenge
from mockidp.flows.login.second_factor.step import NEW_RECOVERY_CODE, RECOVERY_ENROLLMENT
from mockidp.flows.mfa.authenticators import new_authenticator
from mockidp.flows.mfa.guesses import CodeRefusals
from mockidp.flows.mfa.verify import (
    end_challenge,
    verify_binding_code,
    verify_otp,
    verify_recovery_code,
)
from mockidp.flows.sessions.session import add_method
from mockidp.protocol.login.login_results import SecondFactor
from mockidp.protocol.mfa.guardian import EMAIL, OTP, RECOVERY_CODE, SMS
from mockidp.protocol.mfa.records import (
    MFA,
    REMEMBER_LIFETIME,
    Factor,
    OobChallenge,
    RememberedBrowser,
)
from mockidp.protocol.mfa.totp import DIGITS
from mockidp.resources.checks import check_email
from mockidp.resources.mfa_factor import check_phone_number

_REFUSALS = CodeRefusals(
    wrong=lambda hint: PromptError({"code": INVALID_CODE}, hint=hint),
    too_many=lambda hint: PromptError({"code": TOO_MANY_CODES}, hint=hint),
)
_AGAIN = "Open the page again to start over."


def enroll_address(page: FactorPage, typed: str | None) -> FactorPage:
    """Send a code to the phone number or e-mail address that is being enrolled.

    Raises:
        PromptError: It is not one.
    """
    is_phone = page.factor == SMS
    name, check = ("phone", check_phone_number) if is_phone else ("email", check_email)
    factor: Factor = SMS if is_phone else EMAIL
    with page.tenant.trace.check(name, sent=typed):
        if not typed or check(typed):
            expected = "a number such as +15551234567" if is_phone else "an address"
            error = INVALID_PHONE if is_phone else PageError("invalid-email", "Email is not valid.")
            raise PromptError(
                {name: error}, hint=f"Field `{name}` is {typed!r}, and has to be {expected}."
            )
    made = new_authenticator(page.tenant, page.user.user_id, factor, address=typed)
    return start_challenge(page, made)


def pass_second_factor(page: FactorPage, typed: str | None) -> FactorPage:
    """Check the code, or the answer on the phone, and note the second factor in the session.

    Return the page on which a recovery code is shown, or the one that ends the second factor.

    Raises:
        PromptError: The page is shown again.
    """
    tenant, user = page.tenant, page.user
    code = page.begun.recovery_code if page.begun else None
    after = RECOVERY_ENROLLMENT
    if page.factor == OTP:
        sent, adds_factor = _require_code(page, typed, digits=DIGITS), page.enrolls
        verify_otp(tenant, user, sent, _REFUSALS, adds_factor=adds_factor)
    elif page.factor == RECOVERY_CODE:
        code = verify_recovery_code(tenant, user, _require_code(page, typed), _REFUSALS)
        after = NEW_RECOVERY_CODE
    else:
        _finish_challenge(page, typed)
    if page.login.enrollment is None:
        add_method(tenant, page.login.session_id or "", MFA)
    else:
        use_enrollment(tenant, page.login.enrollment)
    return move(page, SecondFactor(screen=after, recovery_code=code) if code else None)


def remember_browser(page: FactorPage, browser: str | None) -> str:
    """Let the user log in on this browser without a second factor for 30 days. Return its id."""
    tenant, found = page.tenant, browser or page.tenant.ids.opaque_id()
    tenant.remembered_browsers.put(
        f"{found} {page.user.user_id}",
        RememberedBrowser(user_id=page.user.user_id),
        expires_at=tenant.now() + REMEMBER_LIFETIME,
    )
    return found


def _require_code(page: FactorPage, typed: str | None, *, digits: int = 0) -> str:
    """Return the submitted code, which has the right format."""
    with page.tenant.trace.check("code", is_sent=typed is not None):
        if not typed:
            raise PromptError({"code": NO_CODE}, hint="The form was posted without `code`.")
        if digits and not (len(typed) == digits and typed.isascii() and typed.isdigit()):
            raise PromptError(
                {"code": INVALID_OTP_FORMAT},
                hint=f"Field `code` has {len(typed)} characters, and has to have {digits} digits.",
            )
    return typed


def _finish_challenge(page: FactorPage, typed: str | None) -> None:
    """Use up the code or question that was sent."""
    challenge, begun = page.challenge, page.begun
    with page.tenant.trace.check("challenge", is_waiting=challenge is not None):
        if challenge is None or begun is None or begun.oob_code is None:
            raise PromptError(
                {NO_FIELD: TRANSACTION_NOT_FOUND},
                hint=f"The code or notification has expired, or was used before. {_AGAIN}",
            )
    if challenge.binding_code:
        code = _require_code(page, typed)
        verify_binding_code(
            page.tenant, page.user, begun.oob_code, challenge, code=code, refusals=_REFUSALS
        )
    else:
        _check_answer(page, begun.oob_code, challenge)


def _check_answer(page: FactorPage, oob_code: str, challenge: OobChallenge) -> None:
    user_id = page.user.user_id
    with page.tenant.trace.check("push_notification", answer=challenge.answer):
        if challenge.answer == "pending":
            raise PromptError(
                {NO_FIELD: PUSH_PENDING},
                hint=f"User {user_id} has not answered the push notification. A test answers it "
                "with `idp.approve_push(user)` or `idp.reject_push(user)`.",
            )
        if challenge.answer == "rejected":
            raise PromptError(
                {NO_FIELD: PUSH_REJECTED}, hint=f"User {user_id} rejected the push notification."
            )
        if not end_challenge(page.tenant, page.user, oob_code, challenge):
            raise PromptError(
                {NO_FIELD: TRANSACTION_NOT_FOUND},
                hint=f"Another request used the notification at the same time. {_AGAIN}",
            )
