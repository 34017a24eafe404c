"""Second factors: what a user has enrolled, and logins that wait for one. Frozen plain data.

Auth0: its MFA API. All times are seconds since 1970.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field
from typing import Literal

from mockidp.frozen import frozen
from mockidp.protocol.mfa.guardian import EMAIL, OTP, PUSH, SMS
from mockidp.protocol.tokens.artifacts import ImpersonatedBy

MULTI_FACTOR = "http://schemas.openid.net/pape/policies/2007/06/multi-factor"
"""The value of `acr_values` that requests a second factor, and the `acr` of the ID token."""
PASSWORD_CLASS = "urn:oasis:names:tc:SAML:2.0:ac:classes:Password"
"""The `acr` of any other login, with the setting `profile: oidc`."""
ACR_VALUES = (MULTI_FACTOR, PASSWORD_CLASS)
MFA = "mfa"
"""The value of `amr` after a second factor (RFC 8176 2)."""
MFA_API = "/mfa/"
"""The path of the API whose tokens let users manage their factors."""
ENROLL = "enroll"
READ_AUTHENTICATORS = "read:authenticators"
REMOVE_AUTHENTICATORS = "remove:authenticators"
MFA_SCOPES = (ENROLL, READ_AUTHENTICATORS, REMOVE_AUTHENTICATORS)
MFA_API_LIFETIME = 600
MFA_TOKEN_LIFETIME = 600
OOB_LIFETIME = 300
REMEMBER_LIFETIME = 30 * 86400
MAX_GUESSES = 10
GUESS_REFILL = 360
"""Seconds until one more guess is allowed."""

Factor = Literal["otp", "sms", "email", "push-notification", "recovery-code"]
Answer = Literal["pending", "approved", "rejected"]
CHANNELS: Mapping[str, Factor] = {"sms": SMS, "email": EMAIL, "auth0": PUSH}
"""The factor of each `oob_channel`."""
_PREFIXES: Mapping[str, str] = {OTP: "totp", PUSH: "push"}
_TYPES: Mapping[str, str] = {SMS: "phone"}
_SHOWN_DIGITS = 4


@frozen
class Authenticator:
    """A factor that a user has enrolled.

    `secret` is the secret of an authenticator app, or a recovery code; `address` the phone number
    or e-mail address; `used_step` the time step of the last code of an app; `label` the name that
    the user or an administrator gave it; `created_at` when it was enrolled, in seconds since 1970,
    or 0.
    """

    id: str
    user_id: str
    factor: Factor
    secret: str = ""
    address: str = ""
    is_active: bool = True
    used_step: int = -1
    label: str = ""
    created_at: float = 0

    @property
    def is_oob(self) -> bool:
        """Whether its codes or questions are sent to the user."""
        return self.factor in CHANNELS.values()

    @property
    def challenge_type(self) -> str:
        """Auth0's `authenticator_type` and `challenge_type`."""
        return "oob" if self.is_oob else self.factor

    @property
    def channel(self) -> str:
        """Auth0's `oob_channel`."""
        return next(name for name, factor in CHANNELS.items() if factor == self.factor)

    @property
    def name(self) -> str:
        """The name by which a user recognizes it; the digits of a phone number are hidden."""
        if self.factor == SMS:
            hidden = len(self.address.removeprefix("+")) - _SHOWN_DIGITS
            return "X" * max(hidden, 0) + self.address[-_SHOWN_DIGITS:]
        return self.address

    def described(self) -> dict[str, str | bool]:
        """Return the entry of /mfa/authenticators, in Auth0's key order."""
        entry: dict[str, str | bool] = {
            "id": self.id,
            "authenticator_type": self.challenge_type,
            "active": self.is_active,
        }
        if self.is_oob:
            entry |= {"oob_channel": self.channel, "name": self.name}
        return entry | {"type": requirement_type(self.factor)}


def authenticator_prefix(factor: str) -> str:
    """Return the start of the ids of a factor's authenticators, such as `totp|dev_`."""
    return f"{_PREFIXES.get(factor, factor)}|dev_"


def requirement_type(factor: str) -> str:
    """Return Auth0's name of a factor in `mfa_requirements`."""
    return _TYPES.get(factor, factor)


def requirements(
    kind: Literal["enroll", "challenge"], factors: Iterable[str]
) -> Mapping[str, object]:
    """Return the `mfa_requirements` of a refusal."""
    return {kind: [{"type": requirement_type(one)} for one in dict.fromkeys(factors)]}


@frozen
class MfaTransaction:
    """A token request that waits for a second factor, by its `mfa_token`."""

    client_id: str
    user_id: str
    scope: tuple[str, ...]
    requested_scope: tuple[str, ...]
    audience: str | None
    gty: tuple[str, ...] = ()
    sid: str | None = None
    organization_id: str | None = None
    family_id: str | None = None
    """The family of the refresh token that was sent."""
    impersonated_by: ImpersonatedBy | None = None
    request: Mapping[str, str] = field(default_factory=dict)
    """The readable parameters of the request, for custom claims."""


@frozen
class OobChallenge:
    """A code or a question that was sent to a user, by its `oob_code`.

    `binding_code` is empty for a push notification, whose answer the user gives on the phone.
    `login` is the `mfa_token` or the state of the login that it belongs to.
    """

    authenticator_id: str
    user_id: str
    login: str
    binding_code: str = ""
    answer: Answer = "pending"


@frozen
class Guesses:
    """The wrong codes of a user that are left, at a time. One more is added every six minutes."""

    left: float
    at: float

    def refilled(self, now: float) -> Guesses:
        """Return the guesses that are left now."""
        more = max(0.0, now - self.at) / GUESS_REFILL
        return Guesses(left=min(float(MAX_GUESSES), self.left + more), at=now)

    def spent(self, count: float) -> Guesses:
        """Return the guesses after some of them were used."""
        return Guesses(left=min(float(MAX_GUESSES), self.left - count), at=self.at)


@frozen
class RememberedBrowser:
    """A browser on which a user needs no second factor for a while."""

    user_id: str
