"""Passkeys, and the challenges that they answer. Frozen plain data.

Auth0: https://auth0.com/docs/authenticate/database-connections/passkeys. Times are seconds since
1970.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Any, Literal

from mockidp.frozen import frozen
from mockidp.protocol.webauthn.ceremony import ALGORITHMS, CREATE, GET, PUBLIC_KEY, Ceremony

PASSKEY = "passkey"
ID_PREFIX = "passkey|dev_"
CHALLENGE_LIFETIME = 60
"""Seconds."""
DECLINED_LIFETIME = 30 * 86400
MAX_PASSKEYS = 20
"""How many a user may have."""
Purpose = Literal["signup", "login", "enroll", "page_login", "page_enroll"]
"""The last two are those of the hosted pages, whose challenges last as long as the login."""


@frozen
class Passkey:
    """A credential of a user. Binary values are in base64url."""

    id: str
    """The id of the authentication method."""
    user_id: str
    key_id: str
    """The id that the authenticator gave it."""
    public_key: str
    """A COSE key."""
    user_handle: str
    rp_id: str
    sign_count: int = 0
    aaguid: str = ""
    is_backup_eligible: bool = False
    is_backed_up: bool = False
    transports: tuple[str, ...] = ()
    user_agent: str = ""
    label: str = ""
    """The name that an administrator gave it."""
    created_at: float = 0
    last_auth_at: float = 0
    """When it was last used to log in, or 0."""

    @property
    def device_type(self) -> str:
        """Auth0's `credential_device_type`."""
        return "multi_device" if self.is_backup_eligible else "single_device"


@frozen
class PasskeyChallenge:
    """A challenge that waits for an answer, by its `auth_session`."""

    purpose: Purpose
    challenge: str
    rp_id: str
    origins: tuple[str, ...]
    any_loopback: bool = False
    client_id: str
    connection: str
    organization_id: str | None = None
    user_id: str | None = None
    """The user who enrolls a passkey."""
    user_handle: str = ""
    profile: Mapping[str, Any] = field(default_factory=dict)
    """The parameters of a sign-up that describe the new user."""

    @property
    def ceremony(self) -> Ceremony:
        """What an answer is compared with."""
        return Ceremony(
            kind=GET if self.purpose.endswith("login") else CREATE,
            challenge=self.challenge,
            rp_id=self.rp_id,
            origins=self.origins,
            any_loopback=self.any_loopback,
        )

    def request_options(self) -> dict[str, Any]:
        """Return the options for navigator.credentials.get(), in Auth0's key order."""
        return {
            "challenge": self.challenge,
            "timeout": CHALLENGE_LIFETIME * 1000,
            "rpId": self.rp_id,
            "userVerification": "preferred",
        }

    def creation_options(self, name: str, display_name: str) -> dict[str, Any]:
        """Return the options for navigator.credentials.create(), in Auth0's key order."""
        return {
            "challenge": self.challenge,
            "timeout": CHALLENGE_LIFETIME * 1000,
            "rp": {"id": self.rp_id, "name": self.rp_id},
            "pubKeyCredParams": [{"type": PUBLIC_KEY, "alg": alg} for alg in ALGORITHMS],
            "authenticatorSelection": {
                "residentKey": "required", "userVerification": "preferred",
            },
            "user": {"id": self.user_handle, "name": name, "displayName": display_name},
        }  # fmt: skip


@frozen
class DeclinedPasskey:
    """A user who did not want a passkey, and is not asked again for a while."""

    user_id: str
