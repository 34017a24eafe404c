"""A tenant that is started from a data directory."""

import contextlib
from dataclasses import replace

from mockidp.cli.serving.example import example_file
from mockidp.protocol.tokens.artifacts import Consent, RefreshToken
from mockidp.storage.state_file import FILE
from mockidp.tenant.config.load import load_tenant
from mockidp.tenant.state.persistence import persistent_tenant
from mockidp.tenant.state.snapshot_data import snapshot_data

ACME = load_tenant(example_file("acme"))
TOKEN = RefreshToken(family_id="f", counter=1)
CONSENT = Consent(client_id="c", user_id="auth0|alice", audience="", scope=("openid",))


@contextlib.contextmanager
def started(directory, document=ACME, *, seed=None, keys=()):
    """Start a tenant on a directory, and release the directory as a killed process would."""
    tenant = persistent_tenant(directory, document, seed=seed, private_keys=keys)
    with contextlib.closing(tenant.backend):
        yield tenant


def keys_of(store):
    return [key for key, _ in store.scan()]


def state(tenant):
    return {**snapshot_data(tenant.snapshot()), "ids": None}


def without(user_id):
    return replace(ACME, users=tuple(one for one in ACME.users if one.user_id != user_id))


def written(directory):
    """Return the size of the write-ahead log."""
    return (directory / f"{FILE}-wal").stat().st_size
