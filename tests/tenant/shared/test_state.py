"""Two mocks whose state is on one Redis: what one changes, the other one has."""

import threading
from dataclasses import replace

import pytest

from helpers.persisted_tenant import ACME, state
from helpers.redis_server import RedisServer
from helpers.shared_mocks import CALLBACK, V1, WEB, Mock, raced
from helpers.tenant_client import race
from mockidp.errors import MockIdPError
from mockidp.protocol.tokens.keys import generate_private_key
from mockidp.tenant.tenant import Tenant

SPA = {"client_id": "acme-spa"}
VERIFIER = "v" * 43


def test_a_request_without_a_user_is_answered(mocks):
    token = mocks[0].control("POST", "/management-tokens", {}).json["access_token"]
    answer = mocks[1].send("GET", "/api/v2/users", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 200


def test_two_mocks_have_one_state(mocks):
    one, other = mocks
    assert state(one.tenant) == state(other.tenant)
    assert one.control("POST", "/users", {"user_id": "auth0|carol"}).status_code == 200
    assert other.control("GET", "/users/auth0|carol").json["user_id"] == "auth0|carol"
    jwks = "/.well-known/jwks.json"
    assert one.send("GET", jwks).json == other.send("GET", jwks).json
    one.tenant.rotate_keys()
    assert one.send("GET", jwks).json == other.send("GET", jwks).json
    assert state(one.tenant) == state(other.tenant)


def test_a_code_of_one_mock_is_redeemed_at_the_other_one(mocks):
    one, other = mocks
    code = one.code("acme-web")
    form = {**WEB, "grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK}
    assert other.token(**form).status_code == 200
    assert one.token(**form).status_code == 403


def test_a_request_with_a_token_that_has_no_user_is_answered(mocks):
    one, other = mocks
    token = one.control("POST", "/management-tokens", {"scopes": ["read:users"]}).json[
        "access_token"
    ]
    answer = other.send("GET", "/api/v2/users", headers={"Authorization": f"Bearer {token}"})
    assert "auth0|alice" in {user["user_id"] for user in answer.json}


def test_a_change_of_the_clock_applies_in_the_other_mock(mocks):
    one, other = mocks
    code = one.code("acme-web")
    one.tenant.clock.freeze("2031-01-01T00:00:00Z")
    assert other.tenant.now() == one.tenant.now() == 1924992000
    form = {**WEB, "grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK}
    assert other.token(**form).status_code == 403, "the code has expired"


@pytest.mark.parametrize("_round", range(3))
def test_a_code_raced_over_both_mocks_is_redeemed_once(mocks, _round):
    form = {**WEB, "grant_type": "authorization_code", "redirect_uri": CALLBACK}
    form["code"] = mocks[0].code("acme-web")
    assert raced(mocks, lambda mock: mock.token(**form)) == {200: 1, 403: 49}


def test_a_rotating_refresh_token_raced_over_both_mocks_is_redeemed_once(mocks):
    query = {"code_challenge": VERIFIER, "code_challenge_method": "plain"}
    code = mocks[0].code("acme-spa", scope="openid offline_access", **query)
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK}
    answer = mocks[1].token(**SPA, **form, code_verifier=VERIFIER)
    form = {**SPA, "grant_type": "refresh_token", "refresh_token": answer.json["refresh_token"]}
    assert raced(mocks, lambda mock: mock.token(**form)) == {200: 1, 403: 49}


def test_an_impersonation_link_raced_over_both_mocks_is_opened_once(mocks):
    link = mocks[0].control("POST", "/impersonation-links", {"user": "alice", "state": "s"}).json
    path = link["url"].removeprefix("http://localhost:9400")
    assert raced(mocks, lambda mock: mock.send("GET", path)) == {302: 1, 401: 49}


def test_the_mocks_have_one_journal(mocks):
    one, other = mocks
    other.redeem(one.code("acme-web"))
    one.send("GET", "/nowhere")
    entries = [entry.to_dict() for entry in one.tenant.journal]
    assert [(entry["number"], entry["endpoint"]) for entry in entries] == [
        (1, "authorize"), (2, "token"), (3, "unmatched"),
    ]  # fmt: skip
    assert entries[1]["flow"] == 1
    assert [entry.to_dict() for entry in other.tenant.journal] == entries
    assert (
        other.control("GET", "/journal?after=2").json == one.control("GET", "/journal?after=2").json
    )
    assert one.control("DELETE", "/journal").status_code == 204
    other.send("GET", "/nowhere")
    assert [entry.number for entry in one.tenant.journal] == [1]


def test_a_mock_waits_for_an_exchange_at_the_other_one(mocks):
    one, other = mocks
    found = []
    query = "/journal?endpoint=userinfo&wait_seconds=60"
    thread = threading.Thread(target=lambda: found.append(one.control("GET", query)))
    thread.start()
    other.send("GET", "/userinfo")
    thread.join()
    assert [entry["endpoint"] for entry in found[0].json["items"]] == ["userinfo"]


def test_a_reset_restores_the_state_of_the_start_for_both_mocks(mocks):
    one, other = mocks
    before = state(one.tenant)
    code = one.code("acme-web")
    one.tenant.rotate_keys()
    one.control("POST", "/users", {"user_id": "auth0|carol"})
    one.tenant.clock.freeze("2031-01-01T00:00:00Z")
    assert other.control("POST", "/reset", {}).status_code == 204
    assert state(one.tenant) == state(other.tenant) == before
    form = {**WEB, "grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK}
    assert one.token(**form).status_code == 403


def test_a_mock_that_starts_later_continues_with_the_current_state(mocks, start):
    one, _ = mocks
    one.control("POST", "/users", {"user_id": "auth0|carol"})
    one.tenant.rotate_keys()
    late = start()
    assert state(late) == state(one.tenant)
    late.reset()
    assert "auth0|carol" not in one.tenant.directory.users


def with_secrets(secret):
    """Return the file with another secret in its first two clients."""
    clients = [replace(one, client_secret=secret) for one in ACME.clients[:2]]
    return replace(ACME, records={**ACME.records, "clients": (*clients, *ACME.clients[2:])})


@pytest.mark.parametrize(
    ("other", "named"),
    [
        (
            {"document": replace(ACME, tenant=replace(ACME.tenant, friendly_name="Other"))},
            "`tenant.friendly_name`",
        ),
        (
            {"document": replace(ACME, mockidp=replace(ACME.mockidp, issuer="https://a.example/"))},
            "`mockidp.issuer`",
        ),
        (
            {"document": with_secrets("s3cret"), "seed": 0},
            "`clients[0].client_secret`, `clients[1].client_secret`, `--seed`",
        ),
        ({"private_keys": [generate_private_key()]}, "`--keys`"),
        ({"seed": 0}, "`--seed`"),
    ],
    ids=["file", "setting", "secrets", "keys", "seed"],
)
def test_a_mock_with_another_file_setting_key_or_seed_does_not_start(start, other, named):
    start()
    with pytest.raises(MockIdPError) as refused:
        start(**other)
    assert "file, other settings, other keys or another seed" in str(refused.value)
    assert f" The difference is in {named}. Start all mocks" in str(refused.value)
    assert "s3cret" not in str(refused.value)


def test_at_most_five_differences_are_named_in_printable_characters(start):
    start()
    extra = {f"\x1b[{number}m": 1 for number in range(7)}
    with pytest.raises(MockIdPError) as refused:
        start(replace(ACME, extra=extra))
    names = ", ".join(f"`\\x1b[{number}m`" for number in range(5))
    assert f" The difference is in {names} and 2 more." in str(refused.value)


def test_no_differences_are_named_if_the_state_was_deleted_since(start, server):
    import redis

    start()
    with redis.Redis.from_url(server.url) as client:
        client.hdel("mockidp:state", "outline")
    with pytest.raises(MockIdPError, match=r"another seed\. Start all mocks"):
        start(seed=0)


def test_a_seed_gives_the_same_codes_whichever_mock_issues_them(start):
    alone = Mock(Tenant(ACME, seed=7))
    alone.tenant.reset()
    expected = [alone.code("acme-web") for _ in range(4)]
    pair = [Mock(start(seed=7)) for _ in range(2)]
    assert [pair[turn % 2].code("acme-web") for turn in range(4)] == expected
    assert pair[1].control("POST", "/reset", {}).status_code == 204
    assert [pair[turn % 2].code("acme-web") for turn in range(4)] == expected
    assert raced(pair, lambda mock: mock.redeem(expected[3])) == {200: 1, 403: 49}
    assert Mock(start(seed=7)).tenant.ids.state() == pair[0].tenant.ids.state()


def test_after_a_loss_of_the_data_a_mock_with_another_file_excludes_the_others(server, start):
    """The one that writes the first state again decides which mocks may share it."""
    import redis

    mock, document = (
        Mock(start()),
        replace(ACME, tenant=replace(ACME.tenant, friendly_name="Other")),
    )
    with redis.Redis.from_url(server.url) as client:
        client.flushall()
        other = Mock(start(document))
        for _ in range(2):
            answer = mock.redeem("x")
            assert answer.status_code == 503
            assert "another tenant file" in answer.headers["Mockidp-Hint"]
        assert other.redeem("x").status_code == 403
        client.flushall()
        assert mock.redeem("x").status_code == 403
        answer = other.redeem("x")
        assert (answer.status_code, answer.json["error"]) == (503, "temporarily_unavailable")


@pytest.mark.parametrize("endpoint", ["/oauth/token", f"{V1}/users", "/userinfo", "/authorize"])
def test_without_redis_a_request_gets_503_with_a_hint(mocks, server, endpoint):
    server.stop()
    method = "POST" if endpoint == "/oauth/token" else "GET"
    for _ in range(2):
        answer = mocks[0].send(method, endpoint, data=WEB if method == "POST" else None)
        assert answer.status_code == 503
        assert answer.headers["Mockidp-Hint"].startswith(
            "The state of the mock is on Redis. Redis cannot be used: "
        )
    if endpoint == "/oauth/token":
        assert answer.json == {
            "error": "temporarily_unavailable",
            "error_description": "Service Unavailable",
        }
    else:
        assert "Service Unavailable" in answer.text


def test_the_mocks_recover_once_redis_is_back_with_the_state_of_the_start(mocks, server):
    one, other = mocks
    before = state(one.tenant)
    one.control("POST", "/users", {"user_id": "auth0|carol"})
    server.stop()
    assert one.control("GET", "/users").status_code == 503
    again = RedisServer(port=server.port)
    try:
        answers = race(lambda: other.control("GET", "/users"), count=4)
        assert {answer.status_code for answer in answers} == {200}
        assert one.control("GET", "/users/auth0|carol").status_code == 404
        assert state(one.tenant) == state(other.tenant) == before
        assert one.token(
            **WEB, grant_type="authorization_code", redirect_uri=CALLBACK,
            code=other.code("acme-web"),
        ).status_code == 200  # fmt: skip
    finally:
        again.stop()


def test_after_a_loss_of_the_data_a_reset_of_any_mock_restores_the_same_keys(server, start):
    import redis

    one = start()
    with redis.Redis.from_url(server.url) as client:
        client.flushall()
    other = start()
    for tenant in (one, other):
        tenant.reset()
        assert tenant.keys.current.kid == other.at_start.keys[0].kid
