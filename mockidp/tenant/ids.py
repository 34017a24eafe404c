"""Codes, tokens, ids and keys: random, or repeatable from a seed."""

from __future__ import annotations

import hashlib
import os
import string
import threading
from collections.abc import Callable
from functools import partial

from mockidp.frozen import frozen, replace
from mockidp.storage.single_value import SingleValue
from mockidp.storage.store import Store, StoreSpec


def _table(alphabet: str) -> bytes:
    """Return a translation table from random bytes to an alphabet."""
    return bytes(ord(alphabet[byte % len(alphabet)]) for byte in range(256))


def _uuid(digits: str) -> str:
    """Return a UUID of version 4 (RFC 9562 5.4) with some of 32 hexadecimal digits."""
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-a{digits[17:20]}-{digits[20:]}"


_ALPHANUMERIC = _table(string.ascii_letters + string.digits)
_BASE58 = _table("123456789abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ")
_DIGITS = _table(string.digits)
_UPPER = _table(string.ascii_uppercase + string.digits)
_BASE32 = _table(string.ascii_uppercase + "234567")
_LOWER = _table(string.ascii_lowercase + string.digits)
_BASE64URL = _table(string.ascii_letters + string.digits + "-_")
_HEXADECIMAL = _table("0123456789abcdef")
_MANTISSA_BITS = 53
_CHANCE_BYTES = 7


@frozen
class IdsState:
    """A position in the sequence of a seed: the number of draws before it."""

    seed: str
    draws: int


IDS: StoreSpec[IdsState] = StoreSpec(name="ids")


class Ids:
    """Codes, tokens, ids and keys with the same lengths as Auth0's.

    With a seed, each draw is a hash of the seed and the number of the draw.
    """

    def __init__(self, seed: int | str | None = None) -> None:
        self._seed = None if seed is None else str(seed)
        self._records = f"record {seed}"
        self._draws = 0
        self._lock = threading.Lock()
        self._kept: SingleValue[IdsState] | None = None

    def keep_in(self, store: Store[IdsState]) -> None:
        """Keep the position in a store, because several processes draw. Only useful with a seed."""
        self._kept = SingleValue(store, IdsState(seed=f"{self._seed}", draws=self._draws))

    @property
    def is_repeatable(self) -> bool:
        """Whether there is a seed."""
        return self._seed is not None

    def state(self) -> IdsState | None:
        """Return the position in the seeded sequence; None without a seed."""
        if self._kept is not None:
            return self._kept.value
        return None if self._seed is None else IdsState(seed=self._seed, draws=self._draws)

    def restore(
        self, state: IdsState | None, after_commit: Callable[[Callable[[], object]], object]
    ) -> None:
        """Continue from a position in a seeded sequence. Without a seed nothing changes.

        Args:
            state: The position.
            after_commit: Runs an action once the changes so far are committed.
        """
        if state is None or not self.is_repeatable:
            return
        if self._kept is not None:
            self._kept.set(state)
        else:
            after_commit(partial(self._continue, state))

    def _continue(self, state: IdsState) -> None:
        self._seed, self._draws = state.seed, state.draws

    def begin_again(self, start: int) -> None:
        """Begin the sequence for a later start with the same seed, so that no value repeats."""
        if self.is_repeatable:
            self._seed, self._draws = f"{self._seed} {start}", 0

    def chance(self) -> float:
        """Draw a number from 0 to 1."""
        bits = int.from_bytes(self._bytes(_CHANCE_BYTES)) >> (_CHANCE_BYTES * 8 - _MANTISSA_BITS)
        return bits / (1 << _MANTISSA_BITS)

    def _draw(self, alphabet: bytes, length: int) -> str:
        return self._bytes(length).translate(alphabet).decode()

    def _bytes(self, length: int) -> bytes:
        if self._seed is None:
            return os.urandom(length)
        state = self._next()
        return hashlib.shake_256(f"{state.seed} {state.draws}".encode()).digest(length)

    def _next(self) -> IdsState:
        if self._kept is not None:
            return self._kept.change(lambda state: replace(state, draws=state.draws + 1))
        with self._lock:
            self._draws += 1
            return IdsState(seed=f"{self._seed}", draws=self._draws)

    def code(self) -> str:
        """Return an authorization code or a device code: 45 characters of base64url."""
        return self._draw(_BASE64URL, 45)

    def opaque_token(self) -> str:
        """Return an opaque access token: 32 letters and digits."""
        return self._draw(_ALPHANUMERIC, 32)

    def refresh_token(self) -> str:
        """Return a refresh token: `v1.` and 46 characters of base64url."""
        return "v1." + self._draw(_BASE64URL, 46)

    def totp_secret(self) -> str:
        """Return the secret of an authenticator app: 32 characters of base32."""
        return self._draw(_BASE32, 32)

    def recovery_code(self) -> str:
        """Return a recovery code: 24 upper-case letters and digits."""
        return self._draw(_UPPER, 24)

    def mfa_token(self) -> str:
        """Return an `mfa_token` or `oob_code`: `Fe26.2*` and five parts, as of a sealed value."""
        parts = (self._draw(_BASE64URL, length) for length in (22, 64, 22, 180, 43))
        return "Fe26.2*" + "*".join(parts)

    def digits(self, length: int) -> str:
        """Return a one-time code that a person types."""
        return self._draw(_DIGITS, length)

    def object_id(self) -> str:
        """Return the last part of the id of a user who signs up: 24 hexadecimal digits."""
        return self._draw(_HEXADECIMAL, 24)

    def uuid(self) -> str:
        """Return the `jti` of a logout token: a UUID of version 4 (RFC 9562 5.4)."""
        return _uuid(self._draw(_HEXADECIMAL, 32))

    def scim_token(self) -> str:
        """Return a SCIM token: `tok_`, 16 letters and digits, `.`, 64 hexadecimal digits."""
        return f"tok_{self._draw(_ALPHANUMERIC, 16)}.{self._draw(_HEXADECIMAL, 64)}"

    def group_id(self) -> str:
        """Return the id of a group: `grp_` and 22 digits of base58."""
        return f"grp_{self._draw(_BASE58, 22)}"

    def trace_id(self) -> str:
        """Return the `trace_id` of a logout token: 16 hexadecimal digits."""
        return self._draw(_HEXADECIMAL, 16)

    def user_code(self, characters: str, length: int) -> str:
        """Return the characters of a code that a person copies from a device."""
        return self._draw(_table(characters), length)

    def key_id(self) -> str:
        """Return a `kid`: 21 characters of base64url."""
        return self._draw(_BASE64URL, 21)

    def secret(self) -> str:
        """Return a key for a MAC: 64 characters of base64url."""
        return self._draw(_BASE64URL, 64)

    def client_id(self) -> str:
        """Return the id of a client: 32 letters and digits."""
        return self._draw(_ALPHANUMERIC, 32)

    def tenant_name(self) -> str:
        """Return a name for a tenant: 10 lower-case letters and digits, valid in a host name."""
        return self._draw(_LOWER, 10)

    def opaque_id(self) -> str:
        """Return the id of a session, a login, a link or a request: 32 of base64url."""
        return self._draw(_BASE64URL, 32)

    def user_id(self, strategy: str, *identity: str) -> str:
        """Return the id of a user: a strategy, `|` and 24 hex digits, as `record_id` makes them."""
        return f"{strategy}|{self.hex_id(strategy, *identity)}"

    def hex_id(self, kind: str, *identity: str) -> str:
        """Return an id of 24 hexadecimal digits, as `record_id` makes them."""
        text = "\0".join((self._records, kind, *identity))
        return hashlib.shake_256(text.encode()).hexdigest(12)

    def numeric_user_id(self, strategy: str, digits: int, *identity: str) -> str:
        """Return the id of a user that ends with a number, as `user_id` makes them."""
        text = "\0".join((self._records, strategy, *identity))
        number = int.from_bytes(hashlib.shake_256(text.encode()).digest(16))
        return f"{strategy}|1{number % 10 ** (digits - 1):0{digits - 1}d}"

    def record_id(self, prefix: str, *identity: str, length: int = 16) -> str:
        """Return the id of a resource, such as `con_` and 16 letters and digits.

        It is a hash of the seed and the resource's identity. It draws nothing from the sequence,
        and is the same at every start.
        """
        text = "\0".join((self._records, prefix, *identity))
        digest = hashlib.shake_256(text.encode()).digest(length)
        return prefix + digest.translate(_ALPHANUMERIC).decode()

    def record_uuid(self, kind: str, *identity: str) -> str:
        """Return the id of a resource as a UUID of version 4, as `record_id` makes them."""
        text = "\0".join((self._records, kind, *identity))
        return _uuid(hashlib.shake_256(text.encode()).hexdigest(16))
