"""What a new password must not be: common, or part of what is known about its user.

Auth0: `password_dictionary` and `password_no_personal_info` of a database connection.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

_SHORTEST = 3
"""Shorter names are in too many passwords. It is unknown how short a name Auth0 ignores."""

_COMMON = frozenset(
    {
        "000000", "0987654321", "101010", "111111", "11111111", "112233", "11223344", "121212",
        "123123", "123321", "1234", "12345", "123456", "1234567", "12345678", "123456789",
        "1234567890", "123456a", "12345a", "123abc", "123qwe", "1q2w3e", "1q2w3e4r",
        "1q2w3e4r5t", "1qaz2wsx", "222222", "555555", "654321", "666666", "696969", "777777",
        "7777777", "87654321", "888888", "987654321", "999999", "aa123456", "abc123",
        "abcd1234", "access", "admin", "admin123", "asdf1234", "asdfgh", "asdfghjkl", "ashley",
        "azerty", "bailey", "baseball", "batman", "charlie", "computer", "donald", "dragon",
        "football", "freedom", "hello", "hunter", "hunter2", "iloveyou", "jordan", "letmein",
        "login", "lovely", "master", "michael", "monkey", "mustang", "mynoob", "ninja",
        "p@ssw0rd", "p@ssword", "passw0rd", "passw0rd!", "password", "password!", "password1",
        "password1!", "password12", "password123", "princess", "qazwsx", "qwe123", "qwerty",
        "qwerty1", "qwerty123", "qwertyuiop", "secret", "shadow", "solo", "starwars",
        "sunshine", "superman", "test1234", "trustno1", "welcome", "welcome1", "whatever",
        "zaq12wsx", "zxcvbn", "zxcvbnm",
    }
)  # fmt: skip
"""The start of Auth0's own dictionary of 10,000 passwords (inferred)."""


def is_common(password: str, more: Iterable[str]) -> bool:
    """Return whether a password is in the dictionary, in any case.

    Args:
        password: The password.
        more: The tenant's own entries.
    """
    lowered = password.lower()
    return lowered in _COMMON or lowered in {one.lower() for one in more}


def personal_part(password: str, known: Mapping[str, object]) -> str:
    """Return the name of a value that a password contains, in any case; otherwise an empty string.

    Args:
        password: The password.
        known: What is known about the user, by the names of the fields.
    """
    lowered = password.lower()
    for name, value in known.items():
        text = value.lower() if isinstance(value, str) else ""
        part = text.partition("@")[0] if name == "email" else text
        if len(part) >= _SHORTEST and part in lowered:
            return name
    return ""
