"""The options of a database for new passwords and usernames."""

from __future__ import annotations

from typing import Literal

from mockidp.frozen import frozen
from mockidp.resources.record import Record

MAX_HISTORY = 24

PasswordLevel = Literal["none", "low", "fair", "good", "excellent"]
"""Auth0's names of its password policies."""


@frozen
class PasswordComplexityOptions(Record):
    """The length of new passwords."""

    min_length: int | None = None
    """The minimum number of characters. By default that of the policy."""


@frozen
class PasswordHistoryOptions(Record):
    """Previous passwords."""

    enable: bool = False
    """Whether a user's previous passwords are refused."""
    size: int = 5
    """How many of them are refused, at most 24."""


@frozen
class PasswordNoPersonalInfo(Record):
    """Passwords with a user's name."""

    enable: bool = False
    """Whether passwords are refused that contain the user's names or the start of the e-mail
    address."""


@frozen
class PasswordDictionary(Record):
    """Common passwords."""

    enable: bool = False
    """Whether common passwords are refused. Auth0 has a list of 10,000, mockidp one of 100."""
    dictionary: tuple[str, ...] = ()
    """Additional passwords that are refused."""


@frozen
class UsernameLength(Record):
    """The length of usernames."""

    min: int = 1
    """The minimum number of characters."""
    max: int = 15
    """The maximum number of characters."""


@frozen
class ConnectionValidation(Record):
    """The form of what users sign up with."""

    username: UsernameLength | None = None
    """The length of usernames."""
