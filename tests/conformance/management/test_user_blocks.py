"""Users whom brute-force protection blocks."""

from dataclasses import replace

import pytest

from helpers.acme import DATABASE
from helpers.brute_force import assert_blocked, assert_logged_in, wrong
from helpers.tenant_client import hint
from mockidp.protocol.login.attack_protection import AttackProtection, BruteForceProtection

ALICE = "/user-blocks/auth0%7Calice"
BLOCK = {"identifier": "alice@acme.example", "ip": "127.0.0.1", "connection": DATABASE}


def protected(idp, **settings):
    protection = AttackProtection(brute_force_protection=BruteForceProtection(**settings))
    configuration = idp.tenant.directory.configuration
    idp.tenant.configure(replace(configuration, attack_protection=protection))


@pytest.fixture
def blocked(idp):
    """Block alice."""
    protected(idp)
    wrong(idp, 10)
    assert_blocked(idp.password_token())


def test_a_block_is_shown_and_lifted_by_id(idp, blocked):
    assert idp.call("GET", ALICE).json == {"blocked_for": [BLOCK]}
    for _ in range(2):
        answer = idp.call("DELETE", ALICE)
        assert (answer.status_code, answer.text) == (204, "")
    assert idp.call("GET", ALICE).json == {"blocked_for": []}
    assert_logged_in(idp.password_token())


def test_a_block_is_shown_and_lifted_by_name(idp, blocked):
    query = {"identifier": "Alice@acme.example"}
    assert idp.call("GET", "/user-blocks", **query).json == {"blocked_for": [BLOCK]}
    assert idp.call("DELETE", "/user-blocks", **query).status_code == 204
    assert idp.call("GET", "/user-blocks", **query).json == {"blocked_for": []}
    assert_logged_in(idp.password_token())


def test_a_name_that_no_user_has_can_be_blocked(idp):
    protected(idp, mode="count_per_identifier", max_attempts=2)
    for _ in range(2):
        idp.password_token(username="nobody", password="wrong")
    query = {"identifier": "Nobody"}
    assert idp.call("GET", "/user-blocks", **query).json == {
        "blocked_for": [{"identifier": "nobody"}]
    }
    idp.call("DELETE", "/user-blocks", **query)
    assert idp.call("GET", "/user-blocks", **query).json == {"blocked_for": []}


def test_nine_wrong_passwords_are_no_block(idp):
    protected(idp)
    wrong(idp, 9)
    assert idp.call("GET", ALICE).json == {"blocked_for": []}


def test_blocks_can_be_left_out_while_the_protection_is_off(idp, blocked):
    protected(idp, enabled=False)
    assert idp.call("GET", ALICE).json == {"blocked_for": [BLOCK]}
    query = {"consider_brute_force_enablement": "true"}
    assert idp.call("GET", ALICE, **query).json == {"blocked_for": []}
    protected(idp)
    assert idp.call("GET", ALICE, **query).json == {"blocked_for": [BLOCK]}


@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_what_is_unknown_is_refused(idp, method):
    unknown = idp.call(method, "/user-blocks/auth0|none")
    assert (unknown.status_code, unknown.json["errorCode"]) == (404, "inexistent_user")
    missing = idp.call(method, "/user-blocks")
    assert (missing.status_code, missing.json["errorCode"]) == (400, "invalid_query_string")


def test_no_address_is_blocked(idp):
    answer = idp.call("GET", "/anomaly/blocks/ips/10.0.0.1")
    assert answer.json == {"statusCode": 404, "error": "Not Found", "message": "Not Found"}
    assert "10.0.0.1" in hint(answer)
    assert idp.call("DELETE", "/anomaly/blocks/ips/10.0.0.1").status_code == 204
