"""What the steps of a login leave in its transaction, such as the answer of a provider."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class SecondFactor:
    """The page of a second factor that a login has come to.

    Attributes:
        screen: Auth0's name of the page.
        authenticator_id: The factor that is being used or enrolled.
        oob_code: The code or question that was sent.
        recovery_code: The code that the user is shown once, after the second factor.
    """

    screen: str
    authenticator_id: str | None = None
    oob_code: str | None = None
    recovery_code: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ProviderAnswer:
    """What an identity provider says about the person, which /login/callback fetches with a code.

    Attributes:
        connection: The connection of the identity provider.
        code: The code, which works once.
        user_id: The user; None for one who logs in for the first time.
        name: The name of a new user.
        email: The address of a new user.
        email_verified: Whether the address is verified.
    """

    connection: str
    code: str
    user_id: str | None = None
    name: str | None = None
    email: str | None = None
    email_verified: bool = False
