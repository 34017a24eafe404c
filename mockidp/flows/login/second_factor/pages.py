"""The pages of the second factor: who may see them, and which challenges begin on them."""

from __future__ import annotations

from mockidp.flows.login.second_factor.step import (
    CHALLENGES,
    ENROLLMENTS,
    NEW_RECOVERY_CODE,
    OPTIONS,
    OTP_BY_HAND,
    RECOVERY_ENROLLMENT,
)
from mockidp.flows.login.transaction import update_login
from mockidp.flows.mfa.authenticators import (
    authenticators_of,
    enabled_factors,
    give_recovery_code,
    is_enrolled,
    new_authenticator,
    usable_authenticators,
)
from mockidp.flows.mfa.challenge import send_challenge
from mockidp.frozen import frozen, replace
from mockidp.protocol.login.login_results import SecondFactor
from mockidp.protocol.mfa.guardian import EMAIL, OTP, PUSH, RECOVERY_CODE
from mockidp.protocol.mfa.records import Authenticator, OobChallenge
from mockidp.protocol.tokens.artifacts import LoginTransaction
from mockidp.resources.user import User
from mockidp.tenant.tenant import Tenant

_BY_SCREEN = {screen: factor for factor, screen in CHALLENGES.items()}
_ENROLLED_ON = {screen: factor for factor, screen in ENROLLMENTS.items()} | {OTP_BY_HAND: OTP}


@frozen
class FactorPage:
    """A page of the second factor, and whose login it belongs to."""

    tenant: Tenant
    login: LoginTransaction
    user: User
    screen: str

    @property
    def factor(self) -> str:
        """The factor of the page; empty on the pages for a choice or a recovery code."""
        return _BY_SCREEN.get(self.screen) or _ENROLLED_ON.get(self.screen) or ""

    @property
    def is_enrollment(self) -> bool:
        """Whether the page enrolls a factor."""
        return self.screen in _ENROLLED_ON

    @property
    def enrolls(self) -> bool:
        """Whether the user enrolls a factor, because they have none or with a ticket."""
        return self.login.enrollment is not None or not is_enrolled(self.tenant, self.user)

    @property
    def choices(self) -> tuple[str, ...]:
        """The factors that the user can use, or enroll.

        Auth0: a ticket does not enroll an e-mail address.
        """
        enrollment = self.login.enrollment
        if not self.enrolls:
            usable = (one.factor for one in usable_authenticators(self.tenant, self.user))
            return tuple(dict.fromkeys(usable))
        enabled = enabled_factors(self.tenant)
        if enrollment is None:
            return enabled
        return tuple(one for one in enabled if one != EMAIL and enrollment.factor in (None, one))

    @property
    def begun(self) -> SecondFactor | None:
        """What was begun on this page."""
        found = self.login.second_factor
        return found if found is not None and found.screen == self.screen else None

    @property
    def authenticator(self) -> Authenticator | None:
        """The factor that is being used or enrolled."""
        begun = self.begun
        found = authenticators_of(self.tenant, self.user)
        return next((one for one in found if begun and one.id == begun.authenticator_id), None)

    @property
    def challenge(self) -> OobChallenge | None:
        """The code or question that was sent; None if it has expired or was used."""
        begun = self.begun
        return self.tenant.oob_challenges.get(begun.oob_code or "") if begun else None


def screen_for(page: FactorPage, factor: str) -> str:
    """Return the page of a factor that the user has chosen; that with all choices otherwise."""
    if factor not in page.choices:
        return OPTIONS
    return (ENROLLMENTS if page.enrolls else CHALLENGES)[factor]


def is_allowed(page: FactorPage) -> bool:
    """Return whether the user may be on a page. An enrolled user cannot enroll a factor."""
    if page.screen in (RECOVERY_ENROLLMENT, NEW_RECOVERY_CODE):
        return page.begun is not None
    if page.screen == OPTIONS or page.begun is not None:
        return True
    return page.factor in page.choices and page.is_enrollment is page.enrolls


def begin(page: FactorPage) -> FactorPage:
    """Begin a challenge or an enrollment, unless it was begun before."""
    if page.begun is not None or page.factor in ("", RECOVERY_CODE):
        return page
    if page.is_enrollment:
        return _begin_enrollment(page)
    usable = usable_authenticators(page.tenant, page.user)
    return start_challenge(page, next(one for one in usable if one.factor == page.factor))


def _begin_enrollment(page: FactorPage) -> FactorPage:
    tenant, user_id = page.tenant, page.user.user_id
    if page.factor == OTP:
        made = new_authenticator(tenant, user_id, OTP, secret=tenant.ids.totp_secret())
    elif page.factor == PUSH:
        return start_challenge(page, new_authenticator(tenant, user_id, PUSH))
    else:
        return page
    code = give_recovery_code(tenant, page.user)
    return move(page, SecondFactor(
        screen=page.screen, authenticator_id=made.id, recovery_code=code
    ))  # fmt: skip


def start_challenge(page: FactorPage, authenticator: Authenticator) -> FactorPage:
    """Send a code or a question, if the factor needs one, and move to its page."""
    tenant, login = page.tenant, page.login
    oob_code = None
    if authenticator.is_oob:
        oob_code = send_challenge(
            tenant, authenticator, login=login.state, client_id=login.request.client_id
        )
    is_push_enrollment = page.is_enrollment and authenticator.factor == PUSH
    kept = page.begun.recovery_code if page.begun else None
    code = kept if authenticator.is_active else (kept or give_recovery_code(tenant, page.user))
    return move(page, SecondFactor(
        screen=page.screen if is_push_enrollment else CHALLENGES[authenticator.factor],
        authenticator_id=authenticator.id,
        oob_code=oob_code,
        recovery_code=code,
    ))  # fmt: skip


def move(page: FactorPage, second_factor: SecondFactor | None) -> FactorPage:
    """Store the page that the login has come to. Return it."""
    login = replace(page.login, second_factor=second_factor)
    update_login(page.tenant, page.login, login)
    return replace(page, login=login, screen=second_factor.screen if second_factor else page.screen)
