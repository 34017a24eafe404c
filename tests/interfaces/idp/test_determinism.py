"""Two runs of one script are the same to the last byte: answers, tokens, links, journal."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization

from helpers.acme import API, URL
from helpers.tenant_client import TenantClient
from mockidp import MockIdP
from mockidp.protocol.keys import generate_private_key

SCRIPT = Path(__file__).with_name("scripted_flow.py")


@pytest.fixture(scope="module")
def keys(tmp_path_factory):
    """A file with a key for now and for two rotations."""
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


def test_two_processes_play_the_same(keys, monkeypatch):
    played = []
    for hash_seed in ("1", "2"):
        monkeypatch.setenv("PYTHONHASHSEED", hash_seed)
        command = [sys.executable, "-W", "error", str(SCRIPT), str(keys)]
        played.append(subprocess.run(command, capture_output=True, check=True).stdout)
    assert played[0] == played[1]
    outcome, journal = json.loads(played[0]).values()
    statuses = [one[0] for one in outcome if isinstance(one, list)]
    assert {200, 302, 401, 503} == set(statuses)
    endpoints = {entry["endpoint"] for entry in json.loads(journal)}
    assert endpoints >= {"authorize", "login", "token", "userinfo", "jwks", "impersonation_link"}


def make(idp):
    """Return one of everything that is drawn, with the faults' chance."""
    idp.clock.freeze("2030-01-31T12:00:00Z")
    return [
        idp.access_token(audience=API, user="alice"),
        idp.access_token(user="alice"),
        idp.impersonation_link("alice", client="c", callback_url="http://localhost/", state="s"),
        idp.tenant.ids.chance(),
        idp.tenant.keys.jwks_json,
        idp.rotate_keys(),
    ]


def test_a_seed_begins_anew_after_a_reset(keys):
    idp = MockIdP(seed=7, keys=keys, url=URL)
    first = make(idp)
    assert make(idp)[:4] != first[:4]
    idp.reset()
    assert make(idp) == first


def test_another_seed_plays_another_game(keys):
    one, same, other = (make(MockIdP(seed=seed, keys=keys, url=URL)) for seed in (1, 1, 2))
    assert one == same
    assert [a == b for a, b in zip(one, other, strict=True)] == [False] * len(one)


def test_without_a_seed_nothing_repeats(keys):
    one, other = (make(MockIdP(keys=keys, url=URL)) for _ in range(2))
    assert [a == b for a, b in zip(one, other, strict=True)] == [False] * len(one)


def test_who_watches_or_steers_moves_no_sequence():
    """A health check comes when it likes: what the app is given may not hang on that."""

    def made(*, watched):
        idp = MockIdP(seed=7, url=URL)
        wire = TenantClient(tenant=idp.tenant, app=idp.app)
        if watched:
            assert wire.get("/_mockidp/health").status_code == 200
            assert wire.get("/_mockidp/v1/users").status_code == 200
            assert wire.get("/_mockidp/v1/nowhere").status_code == 404
        return wire.get("/.well-known/jwks.json").headers["X-Auth0-RequestId"]

    assert made(watched=True) == made(watched=False)
