"""Brute-force protection: addresses, settings, and what it does not affect."""

from dataclasses import replace

import pytest

from helpers.acme import ACME, DATABASE, PASSWORD_OF_ALL, with_client, with_settings
from helpers.brute_force import (
    ALICE,
    BLOCKED_ON_PAGE,
    DAY,
    assert_blocked,
    assert_logged_in,
    assert_wrong,
    from_address,
    with_password,
    wrong,
)
from helpers.methods import unblock
from helpers.tenant_client import TenantClient, hint, race, sent_to_callback
from mockidp.protocol.login.attack_protection import AttackProtection, BruteForceProtection
from mockidp.resources.connection import Connection, ConnectionOptions


def protected(document=ACME, **fields):
    """Return the document with other fields of `bruteForceProtection`."""
    protection = AttackProtection(brute_force_protection=BruteForceProtection(**fields))
    return replace(document, attack_protection=protection)


# --- from where ---


def test_auth0_brute_force__a_block_applies_to_one_address(idp):
    for _ in range(10):
        assert_wrong(from_address(idp, "10.0.0.1"))
    assert_blocked(from_address(idp, "10.0.0.1", password=PASSWORD_OF_ALL))
    assert_logged_in(from_address(idp, "10.0.0.2", password=PASSWORD_OF_ALL))
    # That login came from another address, so it resets no count of this one.
    assert_blocked(from_address(idp, "10.0.0.1"))


def test_auth0_brute_force__a_block_by_identifier_applies_to_all_addresses():
    idp = TenantClient(protected(mode="count_per_identifier"))
    for number in range(10):
        assert_wrong(from_address(idp, f"10.0.0.{number}"))
    answer = from_address(idp, "10.0.0.99", password=PASSWORD_OF_ALL)
    assert_blocked(answer)
    assert "has blocked user auth0|alice since" in hint(answer)


def test_auth0_brute_force__all_loopback_addresses_count_as_one(idp):
    for address in ("127.0.0.1", "::1", "127.0.0.2", "::ffff:127.0.0.1", "::1") * 2:
        assert_wrong(from_address(idp, address))
    assert_blocked(idp.password_token())


@pytest.mark.parametrize("allowed", ["10.1.2.3", "10.0.0.0/8"])
def test_auth0_brute_force__an_allowed_address_is_never_blocked(allowed):
    idp = TenantClient(protected(allowlist=(allowed,)))
    for _ in range(20):
        assert_wrong(from_address(idp, "10.1.2.3"))
    assert_logged_in(from_address(idp, "10.1.2.3", password=PASSWORD_OF_ALL))
    for _ in range(10):
        assert_wrong(from_address(idp, "11.1.2.3"))
    assert_blocked(from_address(idp, "11.1.2.3"))


@pytest.mark.parametrize("allowed", ["::1", "127.0.0.0/8", "127.0.0.1"])
def test_auth0_brute_force__loopback_can_be_allowed_in_any_spelling(allowed):
    idp = TenantClient(protected(allowlist=(allowed,)))
    assert_wrong(*wrong(idp, 20))


def test_auth0_brute_force__a_trusted_proxy_names_the_address():
    idp = TenantClient(with_settings(trust_proxy=True))

    def attempt(address):
        form = {"grant_type": "password", "username": ALICE, "password": "wrong"}
        return idp.post(
            "/oauth/token", headers={"X-Forwarded-For": address},
            client_id="web", client_secret="web-secret", **form,
        )  # fmt: skip

    for _ in range(10):
        assert_wrong(attempt("10.0.0.1"))
    assert_blocked(attempt("10.0.0.1"))
    assert_wrong(attempt("10.0.0.2"))


@pytest.mark.parametrize(
    ("client_id", "trusted", "blocked"),
    [("web", True, True), ("web", False, False), ("spa", True, False)],
)
def test_auth0_brute_force__a_trusted_backend_names_its_users_address(client_id, trusted, blocked):
    document = with_client(ACME, client_id, is_token_endpoint_ip_header_trusted=trusted)
    idp = TenantClient(document)

    def attempt(forwarded_for):
        form = {
            "grant_type": "password",
            "username": ALICE,
            "password": "wrong",
            "client_id": client_id,
        }
        if client_id == "web":
            form["client_secret"] = "web-secret"
        return idp.post("/oauth/token", headers={"auth0-forwarded-for": forwarded_for}, **form)

    for number in range(10):
        assert_wrong(attempt(f"10.0.0.{number}"))
    # Where the header is not believed, all of them came from one address.
    assert (attempt("10.0.0.99").status_code == 403) is blocked
    assert (attempt("no address").status_code == 403) is blocked


# --- switched on and off ---


@pytest.mark.parametrize(
    "document",
    [
        protected(enabled=False),
        protected(shields=("user_notification",)),
        protected(shields=()),
        replace(
            ACME,
            databases=(
                Connection(name=DATABASE, options=ConnectionOptions(brute_force_protection=False)),
            ),
        ),
    ],
    ids=["enabled", "shields", "no shields", "connection"],
)
def test_auth0_brute_force__it_can_be_switched_off(document):
    idp = TenantClient(document)
    for name in (ALICE, "nobody@acme.example"):
        assert_wrong(*wrong(idp, 20, username=name))
    assert_logged_in(idp.password_token())
    assert idp.tenant.failed_logins.scan() == ()


@pytest.mark.parametrize("limit", [1, 3, 100])
def test_auth0_brute_force__max_attempts_is_the_limit(limit):
    idp = TenantClient(protected(max_attempts=limit))
    assert_wrong(*wrong(idp, limit))
    assert_blocked(idp.password_token())


def test_auth0_brute_force__for_a_name_in_two_connections_one_with_protection_is_enough():
    off = ConnectionOptions(brute_force_protection=False)
    databases = (Connection(name=DATABASE, options=off), ACME.databases[1])
    idp = TenantClient(replace(ACME, databases=databases))
    login = idp.authorize().location
    for _ in range(11):
        answer = idp.submit(login, username="nobody", password="wrong")
    assert BLOCKED_ON_PAGE in answer.text
    for _ in range(11):
        answer = idp.submit(login, username=ALICE, password="wrong")
    assert BLOCKED_ON_PAGE not in answer.text


# --- what a block does not touch ---


def test_mockidp_brute_force__the_picker_needs_no_password_and_its_hint_reports_the_block(idp):
    wrong(idp, 10)
    answer = idp.submit(idp.authorize().location, user_id="auth0|alice", action="pick")
    assert answer.status_code == 302
    assert "Brute-force protection has blocked user auth0|alice since" in hint(answer)
    assert "The picker logs in without a password" in hint(answer)
    assert sent_to_callback(idp.follow(answer))["code"]
    assert_blocked(idp.password_token())


@pytest.mark.parametrize("ended", ["another password", "time", "unblocked", "fewer"])
def test_mockidp_brute_force__without_a_block_the_picker_has_no_hint(idp, ended):
    wrong(idp, 9 if ended == "fewer" else 10)
    wrong(idp, 10, username="bob@acme.example")
    if ended == "another password":
        idp.edit(with_password(ACME, "auth0|alice", "An0ther!"))
    elif ended == "time":
        idp.later(30 * DAY)
    elif ended == "unblocked":
        unblock(idp.tenant, "alice")
    answer = idp.submit(idp.authorize().location, user_id="auth0|alice", action="pick")
    assert answer.status_code == 302
    assert hint(answer) == ""


def test_auth0_brute_force__sessions_and_refresh_tokens_stay_valid(idp):
    tokens = idp.tokens(scope="openid offline_access")
    wrong(idp, 10)
    assert sent_to_callback(idp.authorize(prompt="none"))["code"]
    assert idp.refresh(tokens["refresh_token"]).status_code == 200


def test_auth0_brute_force__a_user_with_blocked_true_gets_the_error_for_blocked_users(idp):
    answer = idp.password_token(username="blocked@acme.example")
    assert (answer.status_code, answer.json["error"]) == (401, "unauthorized")


# --- what is remembered ---


def test_mockidp_brute_force__counts_are_part_of_a_snapshot_and_cleared_by_a_reset(idp):
    wrong(idp, 9)
    nine = idp.tenant.snapshot()
    wrong(idp)
    assert_blocked(idp.password_token())
    idp.tenant.restore(nine)
    assert_wrong(*wrong(idp))
    assert_blocked(idp.password_token())
    idp.tenant.reset()
    assert_logged_in(idp.password_token())


def test_mockidp_brute_force__the_trace_shows_the_count(idp):
    wrong(idp, 3)
    (entry,) = idp.tenant.journal.of("token")[-1:]
    (check,) = [one for one in entry.trace if one.name == "brute_force_protection"]
    assert check.compared == {"failed": 3, "max_attempts": 10}
    assert check.passed


@pytest.mark.parametrize("sent", [11, 25])
def test_mockidp_brute_force__of_concurrent_wrong_passwords_exactly_ten_are_checked(idp, sent):
    answers = race(lambda: idp.password_token(password="wrong"), sent)
    statuses = sorted(answer.status_code for answer in answers)
    assert statuses == [403] * 10 + [429] * (sent - 10)
