"""The data that an authenticator signs: relying party, flags, counter and a new credential.

Spec: Web Authentication Level 2, 6.1 and 6.5.1; Level 3, 6.1.3 for the flags of backups.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockidp.frozen import frozen
from mockidp.protocol.webauthn.cbor import decode_cbor

PRESENT, VERIFIED, BACKUP_ELIGIBLE, BACKED_UP = 0x01, 0x04, 0x08, 0x10
ATTESTED, EXTENDED = 0x40, 0x80
"""The flags."""
_HEAD, _CREDENTIAL_HEAD = 37, 18
_HASH = 32
_MAX_ID = 1023


@frozen
class AttestedCredential:
    """A new credential: the id of the authenticator's model, its own id, and its COSE key.

    The key is there decoded, and as it was sent.
    """

    aaguid: str
    id: bytes
    key: Mapping[int, Any]
    encoded_key: bytes


@frozen
class AuthenticatorData:
    """The parsed data."""

    rp_id_hash: bytes
    flags: int
    sign_count: int
    credential: AttestedCredential | None = None

    def has(self, flag: int) -> bool:
        """Return whether a flag is set."""
        return bool(self.flags & flag)


def parse_authenticator_data(data: bytes) -> AuthenticatorData:
    """Parse the data of an authenticator.

    Raises:
        ValueError: It is too short, or too long, or has a malformed credential or extensions.
    """
    if len(data) < _HEAD:
        raise ValueError(f"has {len(data)} bytes, and at least {_HEAD} are needed")
    flags, rest = data[_HASH], data[_HEAD:]
    credential = None
    if flags & ATTESTED:
        credential, rest = _parse_credential(rest)
    if flags & EXTENDED:
        _, rest = decode_cbor(rest)
    if rest:
        raise ValueError(f"has {len(rest)} bytes too many")
    return AuthenticatorData(
        rp_id_hash=data[:_HASH],
        flags=flags,
        sign_count=int.from_bytes(data[_HASH + 1 : _HEAD]),
        credential=credential,
    )


def _parse_credential(data: bytes) -> tuple[AttestedCredential, bytes]:
    length = int.from_bytes(data[16:_CREDENTIAL_HEAD])
    end = _CREDENTIAL_HEAD + length
    if not 0 < length <= _MAX_ID or len(data) <= end:
        raise ValueError("has no complete credential")
    key, rest = decode_cbor(data[end:])
    if not isinstance(key, Mapping):
        raise ValueError("has no COSE key")  # noqa: TRY004 - the input is wrong, not an argument
    model = data[:16].hex()
    made = AttestedCredential(
        aaguid="-".join((model[:8], model[8:12], model[12:16], model[16:20], model[20:])),
        id=data[_CREDENTIAL_HEAD:end],
        key=key,
        encoded_key=data[end : len(data) - len(rest)],
    )
    return made, rest
