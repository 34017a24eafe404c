"""Snapshots as plain data, and the errors about invalid data."""

import copy
import json
import math

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from hypothesis import given, settings
from hypothesis import strategies as st

from mockidp.cli.serving.example import example_file
from mockidp.errors import MockIdPError
from mockidp.protocol.tokens.artifacts import (
    Consent,
    ImpersonatedBy,
    ImpersonationLink,
    RefreshToken,
    Session,
)
from mockidp.tenant.config.load import load_tenant
from mockidp.tenant.state.sign_ins import SignIn
from mockidp.tenant.state.snapshot_data import snapshot_data, snapshot_from
from mockidp.tenant.tenant import Tenant

ACME = load_tenant(example_file("acme"))
CONSENT = Consent(
    client_id="acme-web", user_id="auth0|alice", audience="", scope=("openid", "email")
)


def used_tenant(seed=7):
    """Return a tenant that has issued something and whose clock was moved."""
    tenant = Tenant(ACME, seed=seed)
    session = Session(
        id="s", sid="t", user_id="auth0|alice", auth_time=1.5, absolute_expires_at=9.0
    )
    tenant.sessions.put("s", session, expires_at=2.0**41)
    tenant.sessions.put("gone", session, expires_at=2.0**41)
    tenant.sessions.take("gone")
    tenant.refresh_tokens.put("r", RefreshToken(family_id="f", counter=3), expires_at=1.0)
    tenant.consents.put("c", CONSENT)
    tenant.sign_ins.add(SignIn(user_id="auth0|bob"))
    tenant.clock.freeze("2030-01-01T00:00:00Z")
    tenant.clock.skew = -3
    tenant.rotate_keys()
    return tenant


@pytest.fixture
def data():
    return copy.deepcopy(THE_DATA)


THE_DATA = json.loads(json.dumps(snapshot_data(used_tenant().snapshot())))


def error_of(data):
    with pytest.raises(MockIdPError) as refused:
        snapshot_from(data)
    return str(refused.value)


@pytest.mark.parametrize("seed", [None, 7])
def test_a_tenant_restored_from_json_is_the_same(seed):
    tenant = used_tenant(seed)
    before = json.dumps(snapshot_data(tenant.snapshot()))
    code = tenant.ids.code()
    other = Tenant(seed=seed and 1)
    other.restore(snapshot_from(json.loads(before)))
    assert json.dumps(snapshot_data(other.snapshot())) == before
    assert other.document.users == ACME.users
    assert other.keys.jwks_json == tenant.keys.jwks_json
    assert other.sessions.history("gone").taken_at is not None
    assert other.consents.get("c") == CONSENT
    assert (other.ids.code() == code) is (seed is not None)


def test_a_tenant_without_a_seed_ignores_the_sequence_of_a_snapshot():
    other = Tenant()
    other.restore(snapshot_from(snapshot_data(used_tenant(7).snapshot())))
    assert not other.ids.is_repeatable


def test_an_entry_that_never_expires_is_restored():
    tenant = Tenant(ACME)
    by = ImpersonatedBy(user_id="auth0|admin", email=None)
    held = ImpersonationLink(
        id="l", url="http://x", origin="http://x", bewit="b", user_id="auth0|bob",
        impersonated_by=by, client_id="c", response_type="code", scope=(), state=None,
        callback_url="http://y", audience=None, created_at=1.0, expires_at=2.0,
    )  # fmt: skip
    tenant.links.put("l", held, expires_at=math.inf)
    data = json.loads(json.dumps(snapshot_data(tenant.snapshot()), allow_nan=False))
    (entry,) = snapshot_from(data).stores["links"]
    assert entry == ("l", tenant.links.history("l"))


@pytest.mark.parametrize("data", [None, [], "x", 1, {}, {"mockidp_snapshot": True}])
def test_data_that_is_not_a_snapshot_is_refused(data):
    assert error_of(data).startswith(("the data: expected", "/mockidp_snapshot: expected"))


def test_the_version_is_checked_first(data):
    assert error_of({"mockidp_snapshot": 1}) == (
        "/mockidp_snapshot: found version 1 of the format, expected version 2: take the snapshot "
        "again with this version of mockidp"
    )


def changed(data, path, value):
    *outer, last = path
    held = data
    for step in outer:
        held = held[step]
    held[last] = value
    return data


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        (["more"], 1, "/more: expected one of mockidp_snapshot, document"),
        (["document"], [], "/document: expected a mapping"),
        (["document", "users", 0, "nam"], 1, "document.users[0].nam: found an unknown key"),
        (["document"], {"users": 1}, "document.users: found the number 1"),
        (["stores"], [], "/stores: expected a mapping"),
        (["stores", "more"], [], "/stores: expected sessions, logins"),
        (["stores", "sessions"], {}, "/stores/sessions: expected a list"),
        (["stores", "sessions", 1], {}, "/stores/sessions/1: expected a key and its entry"),
        (["stores", "sessions", 1], ["s"], "/stores/sessions/1: expected a key and its entry"),
        (["stores", "sessions", 1, 0], 5, "/stores/sessions/1/0: expected a string"),
        (["stores", "sessions", 1, 0], "s", "/stores/sessions/1/0: expected each key once"),
        (["stores", "sessions", 1, 1], 5, "/stores/sessions/1/1: expected a mapping"),
        (
            ["stores", "sessions", 1, 1, "value", "sid"],
            None,
            "/stores/sessions/1/1/value/sid: expected a string",
        ),
        (
            ["stores", "sessions", 1, 1, "value", "absolute_expires_at"],
            None,
            "/stores/sessions/1/1/value/absolute_expires_at: expected a number",
        ),
        (
            ["stores", "sessions", 1, 1, "expires_at"],
            1e300,
            "/stores/sessions/1/1/expires_at: expected a number",
        ),
        (["keys"], [], "/keys: expected two keys or more"),
        (["keys", 0, "made_at"], -1, "/keys/0/made_at: expected seconds since 1970"),
        (["keys", 0, "made_at"], 1e12, "/keys/0/made_at: expected seconds since 1970"),
        (["keys", 0, "private_key"], "", "/keys/0/private_key: expected an RSA key as PEM; it: no"),
        (
            ["keys", 0, "private_key"],
            "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----",
            "/keys/0/private_key: expected an RSA key as PEM; it: not an unencrypted PEM",
        ),
        (["spare_keys"], THE_DATA["keys"][:1], "/keys: expected each kid once"),
        (["bewit_key"], 1, "/bewit_key: expected a string"),
        (["sign_ins", 0], {}, "/sign_ins/0/user_id: expected a value"),
        (["clock", "frozen_at"], -1, "/clock: Time -1.0 is outside the years"),
        (["clock", "skew"], 1e15, "/clock: Skew 1000000000000000.0 is more seconds"),
        (["clock"], {"offset": 1e13}, "/clock: "),
        (["ids"], [], "/ids: expected a mapping"),
        (["ids"], {"seed": "7"}, "/ids/draws: expected a value"),
        (["ids", "seed"], 7, "/ids/seed: expected a string"),
        (["ids", "draws"], 1.5, "/ids/draws: expected a whole number"),
        (["ids", "draws"], -1, "/ids/draws: expected a number from 0"),
    ],
)  # fmt: skip
def test_an_error_is_reported_with_its_place(data, path, value, message):
    assert error_of(changed(data, path, value)).removeprefix("snapshot: ").startswith(message)


def test_a_key_of_another_kind_is_refused(data):
    key = ec.generate_private_key(ec.SECP256R1())
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    message = error_of(changed(data, ["keys", 1, "private_key"], pem))
    assert message.startswith("/keys/1/private_key: expected an RSA key as PEM; it: the key is not")


def places(value, path=()):
    """Yield every path into plain data, except into long lists of numbers."""
    yield path
    if isinstance(value, dict):
        for name, one in value.items():
            yield from places(one, (*path, name))
    elif isinstance(value, list) and len(value) < 100:
        for index, one in enumerate(value):
            yield from places(one, (*path, index))


PLACES = [place for place in places(THE_DATA) if place]
ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.sampled_from([10**400, -(2**63), 1e308, math.nan, math.inf, "\ud800"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)


@given(place=st.sampled_from(PLACES), value=ANYTHING)
@settings(max_examples=300, deadline=None)
def test_any_value_at_any_place_gives_a_snapshot_or_an_error(place, value):
    data = changed(copy.deepcopy(THE_DATA), place, value)
    try:
        snapshot = snapshot_from(data)
    except MockIdPError:
        return
    tenant = Tenant(seed=1)
    tenant.restore(snapshot)
    assert b'"keys"' in tenant.keys.jwks_json
    assert tenant.ids.code()
    assert tenant.now() >= 0
    assert snapshot_from(snapshot_data(tenant.snapshot())).stores == snapshot.stores
