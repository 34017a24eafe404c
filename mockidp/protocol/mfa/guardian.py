"""Second factors and when they are demanded: Auth0's `guardianFactors` and `guardianPolicies`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Final, Literal

from mockidp.frozen import frozen
from mockidp.resources.record import Record
from mockidp.resources.unsupported import Differs

OTP: Final = "otp"
SMS: Final = "sms"
EMAIL: Final = "email"
PUSH: Final = "push-notification"
RECOVERY_CODE: Final = "recovery-code"
FACTORS = (OTP, SMS, EMAIL, PUSH)
"""The factors that a user can enroll."""

ALL_APPLICATIONS = "all-applications"

FactorName = Literal[
    "otp", "sms", "email", "push-notification", "recovery-code", "webauthn-roaming",
    "webauthn-platform", "duo",
]  # fmt: skip
Policy = Literal["all-applications", "confidence-score"]


@frozen
class GuardianFactor(Record):
    """A second factor."""

    name: FactorName
    """Its name. `webauthn-roaming`, `webauthn-platform` and `duo` have no effect."""
    enabled: bool = False
    """Whether users can enroll and use it."""


def unsupported_factors(factors: Any) -> bool:
    """Return whether a list of factors enables one that mockidp does not have."""
    supported = (*FACTORS, RECOVERY_CODE)
    return isinstance(factors, list) and any(
        isinstance(one, Mapping) and one.get("enabled") is True and one.get("name") not in supported
        for one in factors
    )


@frozen
class GuardianPolicies(Record):
    """When a second factor is required."""

    policies: tuple[Policy, ...] = ()
    """`all-applications` requires a second factor at every login. Without a policy, only requests
    that ask for one need it."""

    DIFFERS: ClassVar[Mapping[str, Differs]] = {
        "policies": Differs(
            "Auth0 asks for a second factor if it does not trust a login, and mockidp trusts all",
            lambda value: isinstance(value, list) and "confidence-score" in value,
        ),
    }
