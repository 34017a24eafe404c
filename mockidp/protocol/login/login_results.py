"""What the steps of a login leave in its transaction, such as the answer of a provider."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Any

from mockidp.frozen import frozen


@frozen
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


@frozen
class Enrollment:
    """The enrollment of a second factor with a ticket, which no client has requested.

    Attributes:
        ticket: The ticket.
        user_id: The user.
        factor: The only factor that can be enrolled; None for all.
    """

    ticket: str
    user_id: str
    factor: str | None


@frozen
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


@frozen
class ClickAnswer:
    """What a click on a user of the login page does, for this login only.

    Attributes:
        claims: Claims that its ID tokens get in addition, as an Action would set them.
        asks_second_factor: Whether the user has to pass a second factor.
    """

    claims: Mapping[str, Any] = field(default_factory=dict)
    asks_second_factor: bool = False


AS_USUAL = ClickAnswer()
