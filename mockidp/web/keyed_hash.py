"""Hashes that only a mock can make, for the cookie and the forms of the console."""

from __future__ import annotations

import hmac

from mockidp.tenant.ids import Ids

_keys: list[bytes] = []


def share_key(secret: str) -> None:
    """Make the hashes of a request with a key that the other processes of a tenant have as well."""
    _keys[:] = [f"console {secret}".encode()]


def keyed_hash(*parts: str) -> str:
    """Return a hash that only this process can make, or those with which it shares a tenant."""
    if not _keys:
        _keys.append(Ids().secret().encode())  # not from the tenant's ids, which a seed repeats
    return hmac.digest(_keys[0], "\0".join(parts).encode(), "sha256").hex()
