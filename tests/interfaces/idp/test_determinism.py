"""Two runs of a script have the same answers, tokens, links and journal, byte by byte."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization

from helpers.acme import API, URL
from helpers.tenant_client import TenantClient
from mockidp import MockIdP
from mockidp.protocol.tokens.keys import generate_private_key

SCRIPT = Path(__file__).with_name("scripted_flow.py")


@pytest.fixture(scope="module")
def keys(tmp_path_factory):
    """A file with the current key and the keys for two rotations."""
    file = tmp_path_factory.mktemp("keys") / "keys.pem"
    pems = [
        generate_private_key().private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        for _ in range(3)
    ]
    file.write_bytes(b"".join(pems))
    return file


def test_two_processes_have_the_same_output(keys, monkeypatch):
    outputs = []
    for hash_seed in ("1", "2"):
        monkeypatch.setenv("PYTHONHASHSEED", hash_seed)
        command = [sys.executable, "-W", "error", str(SCRIPT), str(keys)]
        outputs.append(subprocess.run(command, capture_output=True, check=True).stdout)
    assert outputs[0] == outputs[1]
    outcome, journal = json.loads(outputs[0]).values()
    statuses = [one[0] for one in outcome if isinstance(one, list)]
    assert {200, 302, 401, 503} == set(statuses)
    endpoints = {entry["endpoint"] for entry in json.loads(journal)}
    assert endpoints >= {"authorize", "login", "token", "userinfo", "jwks", "impersonation_link"}


def make(idp):
    """Return one of each random value, including the chance of faults."""
    idp.clock.freeze("2030-01-31T12:00:00Z")
    return [
        idp.access_token(audience=API, user="alice"),
        idp.access_token(user="alice"),
        idp.impersonation_link("alice", client="c", callback_url="http://localhost/", state="s"),
        idp.tenant.ids.chance(),
        idp.tenant.keys.jwks_json,
        idp.rotate_keys(),
    ]


def test_a_reset_restarts_the_seeded_sequence(keys):
    idp = MockIdP(seed=7, keys=keys, url=URL)
    first = make(idp)
    assert make(idp)[:4] != first[:4]
    idp.reset()
    assert make(idp) == first


def test_another_seed_has_other_values(keys):
    one, same, other = (make(MockIdP(seed=seed, keys=keys, url=URL)) for seed in (1, 1, 2))
    assert one == same
    assert [a == b for a, b in zip(one, other, strict=True)] == [False] * len(one)


def test_without_a_seed_nothing_repeats(keys):
    one, other = (make(MockIdP(keys=keys, url=URL)) for _ in range(2))
    assert [a == b for a, b in zip(one, other, strict=True)] == [False] * len(one)


def test_control_requests_do_not_shift_the_seeded_sequence():
    """Health checks come at any time, so the app's values must not depend on them."""

    def request_id(*, with_control_requests):
        idp = MockIdP(seed=7, url=URL)
        wire = TenantClient(tenant=idp.tenant, app=idp.app)
        if with_control_requests:
            assert wire.get("/_mockidp/health").status_code == 200
            assert wire.get("/_mockidp/v1/users").status_code == 200
            assert wire.get("/_mockidp/v1/unknown").status_code == 404
        return wire.get("/.well-known/jwks.json").headers["X-Auth0-RequestId"]

    assert request_id(with_control_requests=True) == request_id(with_control_requests=False)
