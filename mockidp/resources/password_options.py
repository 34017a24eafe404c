"""The options of a database for new passwords and usernames."""

from __future__ import annotations

from dataclasses import dataclass

from mockidp.resources.record import Record

MAX_HISTORY = 24


@dataclass(frozen=True, kw_only=True, slots=True)
class PasswordComplexityOptions(Record):
    """The length of new passwords."""

    min_length: int | None = None
    """The least number of characters. By default that of the policy."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PasswordHistoryOptions(Record):
    """Previous passwords."""

    enable: bool = False
    """Whether a user's previous passwords are refused."""
    size: int = 5
    """How many of them are refused, at most 24."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PasswordNoPersonalInfo(Record):
    """Passwords with a user's name."""

    enable: bool = False
    """Whether passwords are refused that contain the user's names or the start of the e-mail
    address."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PasswordDictionary(Record):
    """Common passwords."""

    enable: bool = False
    """Whether common passwords are refused. Auth0 has a list of 10,000, mockidp one of 100."""
    dictionary: tuple[str, ...] = ()
    """Further passwords that are refused."""


@dataclass(frozen=True, kw_only=True, slots=True)
class UsernameLength(Record):
    """The length of usernames."""

    min: int = 1
    """The least number of characters."""
    max: int = 15
    """The highest number of characters."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ConnectionValidation(Record):
    """The form of what users sign up with."""

    username: UsernameLength | None = None
    """The length of usernames."""
