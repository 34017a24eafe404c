"""A tenant whose state is on Redis, where several mocks share it, as with `serve --store`.

The first mock writes the state of its tenant file. Those that start later have to be started with
the same file, settings, keys and seed, and continue with the current state. If the server has lost
its data, the next request writes the state of the start again. Additional tenants are in
`mockidp.tenant.shared.additional`.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib import metadata
from typing import Any

from cryptography.hazmat.primitives.asymmetric import rsa

from mockidp.codec.write import to_file
from mockidp.errors import MockIdPError
from mockidp.frozen import replace
from mockidp.protocol.tokens.keys import KeySet
from mockidp.storage.redis.backend import RedisBackend
from mockidp.storage.redis.counters import RedisCounters
from mockidp.storage.redis.identity import Identity
from mockidp.storage.redis.server import connect
from mockidp.storage.redis.state import RedisState
from mockidp.storage.single_value import SingleValue
from mockidp.storage.store import StoreSpec
from mockidp.tenant.content.document import TenantDocument
from mockidp.tenant.content.zero_config import ZERO_CONFIG
from mockidp.tenant.keys.signing import Signing
from mockidp.tenant.shared.additional import SharedTenants, refusal
from mockidp.tenant.state.stored import encodings, fingerprint_of_keys
from mockidp.tenant.tenant import Tenant

PREFIX = "mockidp:"
_version_of = cache(metadata.version)  # reading it takes a millisecond


class _SharedTenant(Tenant):
    """A tenant that a reset gives the keys of the mock that wrote the first state."""

    start_signing: SingleValue[Signing]

    def reset(self) -> None:
        with self.backend.transaction():
            self.adopt_keys()
            super().reset()

    def adopt_keys(self) -> None:
        """Let the state of the start have the keys of all mocks."""
        keys = self.start_signing.value
        self.at_start = replace(
            self.at_start,
            keys=keys.keys.published,
            spare_keys=keys.spare,
            bewit_key=keys.bewit_key,
        )


def shared_tenant(
    server: Any,
    document: TenantDocument = ZERO_CONFIG,
    *,
    seed: int | None = None,
    private_keys: Sequence[rsa.RSAPrivateKey] = (),
    prefix: str = PREFIX,
) -> Tenant:
    """Return the tenant whose state is on a server, or write a new one there.

    Args:
        server: The URL of the server, or a client for it from `connect`.
        document: The content of the tenant file.
        seed: As for `Tenant`. All mocks draw from one sequence.
        private_keys: The configured keys, if any.
        prefix: Begins the name of each key on the server; each tenant has its own.

    Raises:
        MockIdPError: The server cannot be used, or has the state of another tenant file or of
            another version.
    """
    client = connect(server) if isinstance(server, str) else server
    counters = client.untimed
    state = RedisState(client, prefix, identity=_identity(document, private_keys, seed))
    backend = RedisBackend(state, encodings())
    try:
        tenant = _SharedTenant(document, seed=seed, private_keys=private_keys, backend=backend)
        tenant.share(backend.feed)
        tenant.others = SharedTenants(tenant, client, counters, prefix, backend.feed)
        _start(tenant, backend)
    except MockIdPError:
        backend.close()
        raise
    backend.refuse_with(refusal)
    backend.time_commands(tenant.metrics.time_command)
    tenant.metrics.shared = RedisCounters(counters, f"{prefix}metrics")
    return tenant


def _identity(
    document: TenantDocument, private_keys: Sequence[rsa.RSAPrivateKey], seed: int | None
) -> Identity:
    """Return what all mocks with a state have in common. Its sections have the names of errors."""
    keys = fingerprint_of_keys(private_keys)
    sections = {"tenant": {}, "mockidp": {}, **to_file(document), "--keys": keys, "--seed": seed}
    return Identity(_version_of("mockidp-server"), sections)


def _start(tenant: _SharedTenant, backend: RedisBackend) -> None:
    """Write the first state, or continue with the current one."""
    made = _signing(tenant)
    signing = SingleValue[Signing](backend.store(StoreSpec(name="start_signing"), tenant.now), made)
    tenant.start_signing = signing
    tenant.common_secret = lambda: signing.value.bewit_key

    def begin() -> None:
        with backend.transaction():
            tenant.restore(tenant.at_start)
            tenant.clear()
            signing.set(_signing(tenant))

    backend.on_empty = begin
    with backend.transaction():
        tenant.adopt_keys()


def _signing(tenant: Tenant) -> Signing:
    start = tenant.at_start
    return Signing(keys=KeySet(*start.keys), spare=start.spare_keys, bewit_key=start.bewit_key)
