"""Everything that must not be guessed: random, or repeatable from a seed."""

from __future__ import annotations

import random  # noqa: TID251 - the one place
import string
from typing import Any


def parse_state(data: Any) -> Any:
    """Return the state of a sequence that plain data stands for.

    Raises:
        ValueError: It is none.
    """
    try:
        version, numbers, gauss = data
        state = version, tuple(numbers), gauss
        random.Random().setstate(state)  # noqa: S311 - asked for
    except (TypeError, ValueError, OverflowError):
        raise ValueError("no state of a seeded sequence") from None
    return state


def _table(alphabet: str) -> bytes:
    """Map every byte to a character, so that a draw is one read and one translation."""
    return bytes(ord(alphabet[byte % len(alphabet)]) for byte in range(256))


_ALPHANUMERIC = _table(string.ascii_letters + string.digits)
_LOWER = _table(string.ascii_lowercase + string.digits)
_BASE64URL = _table(string.ascii_letters + string.digits + "-_")


class Ids:
    """Codes, tokens, ids and keys in the lengths that Auth0 gives them."""

    def __init__(self, seed: int | str | None = None) -> None:
        self._seed = seed
        self._random: random.Random = random.SystemRandom() if seed is None else random.Random(seed)  # noqa: S311 - asked for

    @property
    def is_repeatable(self) -> bool:
        """Whether it has a seed."""
        return not isinstance(self._random, random.SystemRandom)

    def state(self) -> Any:
        """Return where the seeded sequence stands; None without a seed."""
        return self._random.getstate() if self.is_repeatable else None

    def restore(self, state: Any) -> None:
        """Go back to where the seeded sequence stood; without a seed there is none."""
        if state is not None and self.is_repeatable:
            self._random.setstate(state)

    def begin_again(self, number: int) -> None:
        """Begin another sequence of the same seed, so that nothing is handed out twice."""
        if self._seed is not None:
            self._random.seed(f"{self._seed} {number}")

    def chance(self) -> float:
        """Draw a number from 0 to 1."""
        return self._random.random()

    def _draw(self, alphabet: bytes, length: int) -> str:
        return self._random.randbytes(length).translate(alphabet).decode()

    def code(self) -> str:
        """Return an authorization code: 45 characters of base64url."""
        return self._draw(_BASE64URL, 45)

    def opaque_token(self) -> str:
        """Return an opaque access token: 32 letters and digits."""
        return self._draw(_ALPHANUMERIC, 32)

    def refresh_token(self) -> str:
        """Return a refresh token: `v1.` and 46 characters of base64url."""
        return "v1." + self._draw(_BASE64URL, 46)

    def mfa_token(self) -> str:
        """Return an `mfa_token` in the shape of a sealed value: `Fe26.2*` and five parts."""
        parts = (self._draw(_BASE64URL, length) for length in (22, 64, 22, 180, 43))
        return "Fe26.2*" + "*".join(parts)

    def key_id(self) -> str:
        """Return a `kid`: 21 characters of base64url."""
        return self._draw(_BASE64URL, 21)

    def secret(self) -> str:
        """Return a key for a MAC: 64 characters of base64url."""
        return self._draw(_BASE64URL, 64)

    def tenant_name(self) -> str:
        """Return a name for a tenant: 10 small letters and digits, good for a host name."""
        return self._draw(_LOWER, 10)

    def opaque_id(self) -> str:
        """Return the id of a session, a login, a link or a request: 32 of base64url."""
        return self._draw(_BASE64URL, 32)
