"""Brute-force protection: who is blocked, when, from where, and how a block ends."""

from dataclasses import replace
from html import unescape

import pytest

from helpers.acme import ACME, DATABASE, PASSWORD_OF_ALL, with_client, with_settings
from helpers.interleaved import run_after_next_find
from helpers.methods import unblock
from helpers.tenant_client import TenantClient, hint, race, sent_to_callback
from mockidp.protocol.attack_protection import AttackProtection, BruteForceProtection
from mockidp.resources.connection import Connection, ConnectionOptions

WRONG = {"error": "invalid_grant", "error_description": "Wrong email or password."}
BLOCKED = {
    "error": "too_many_attempts",
    "error_description": (
        "Your account has been blocked after multiple consecutive login attempts. We've sent you a "
        "notification via your preferred contact method with instructions on how to unblock it."
    ),
}
BLOCKED_ON_PAGE = "Your account has been blocked after multiple consecutive login attempts."
ALICE = "alice@acme.example"
DAY = 24 * 3600


def protected(document=ACME, **fields):
    """Return the document with other fields of `bruteForceProtection`."""
    protection = AttackProtection(brute_force_protection=BruteForceProtection(**fields))
    return replace(document, attack_protection=protection)


def with_password(document, user_id, password):
    users = tuple(
        replace(one, password=password) if one.user_id == user_id else one for one in document.users
    )
    return replace(document, users=users)


def wrong(idp, times=1, **form):
    """Send wrong passwords; return the answers."""
    return [idp.password_token(password=f"wrong {n}", **form) for n in range(times)]


def from_address(idp, address, **form):
    """Send a password grant from another address."""
    body = {
        "grant_type": "password", "client_id": "web", "client_secret": "web-secret",
        "username": ALICE, "password": "wrong",
    }  # fmt: skip
    return idp.request(
        "POST", "/oauth/token", data=body | form, environ_overrides={"REMOTE_ADDR": address}
    )


def assert_wrong(*answers):
    assert [(answer.status_code, answer.json) for answer in answers] == [(403, WRONG)] * len(
        answers
    )


def assert_blocked(*answers):
    assert [(answer.status_code, answer.json) for answer in answers] == [(429, BLOCKED)] * len(
        answers
    )


def assert_logged_in(answer):
    assert answer.status_code == 200, answer.json


def test_auth0_brute_force__ten_wrong_passwords_block_a_user(idp):
    assert_wrong(*wrong(idp, 10))
    assert_blocked(*wrong(idp, 2))
    assert_blocked(idp.password_token())


def test_auth0_brute_force__the_hint_says_since_when_why_and_how_to_lift_it(idp):
    idp.tenant.clock.freeze(1_800_000_000)
    wrong(idp, 10)
    assert hint(idp.password_token()) == (
        "Brute-force protection blocks user auth0|alice from 127.0.0.1 since 2027-01-15 08:00:00 "
        "UTC, after 10 wrong passwords in a row, and the right one is refused as well. Lift the "
        "block with idp.unblock('auth0|alice'), DELETE /_mockidp/v1/users/auth0%7Calice/blocks or "
        "by changing the user's password; it ends at 2027-02-14 08:00:00 UTC. To allow any number of "
        "attempts, set attackProtection.bruteForceProtection.enabled to false in the tenant file"
    )


def test_auth0_brute_force__the_last_attempts_announce_the_block(idp):
    hints = [hint(answer) for answer in wrong(idp, 10)]
    told = "user auth0|alice has another password"
    assert hints[:6] == [told] * 6
    assert hints[6:] == [
        f"{told}; wrong password {n} of 10 in a row: the last one blocks user auth0|alice"
        for n in (7, 8, 9)
    ] + [f"{told}; wrong password 10 of 10 in a row: user auth0|alice is now blocked"]


def test_auth0_brute_force__the_page_blocks_too_and_has_its_own_text(idp):
    login = idp.authorize().location
    for n in range(10):
        answer = idp.submit(login, username=ALICE, password=f"wrong {n}")
        assert 'data-error-code="wrong-email-credentials"' in answer.text
    answer = idp.submit(login, username=ALICE, password=PASSWORD_OF_ALL)
    assert answer.status_code == 400
    assert 'id="prompt-alert"' in answer.text
    assert 'data-error-code="user-blocked"' in answer.text
    assert BLOCKED_ON_PAGE in answer.text
    assert "error-element" not in answer.text
    assert "Brute-force protection blocks user auth0|alice" in hint(answer)
    assert hint(answer) in unescape(answer.text.partition('data-testid="mockidp-hint"')[2])
    assert_blocked(idp.password_token())


def test_mockidp_brute_force__two_wrong_passwords_at_the_same_time_are_both_counted(
    idp, monkeypatch
):
    run_after_next_find(monkeypatch, idp.tenant.failed_logins, lambda: wrong(idp, 1))
    wrong(idp, 1)
    ((_, entry),) = idp.tenant.failed_logins.scan()
    assert entry.value.count == 2


def test_mockidp_brute_force__a_right_password_at_the_same_time_as_a_wrong_one_resets_the_count(
    idp, monkeypatch
):
    wrong(idp, 8)
    run_after_next_find(monkeypatch, idp.tenant.failed_logins, lambda: wrong(idp, 1))
    assert_logged_in(idp.password_token())
    assert_wrong(*wrong(idp, 10))
    assert_blocked(idp.password_token())


def test_mockidp_brute_force__a_right_password_is_refused_after_the_last_wrong_one_was_faster(
    idp, monkeypatch
):
    wrong(idp, 9)
    run_after_next_find(monkeypatch, idp.tenant.failed_logins, lambda: wrong(idp, 1))
    assert_blocked(idp.password_token())


def test_auth0_brute_force__pages_and_grants_are_counted_together(idp):
    login = idp.authorize().location
    wrong(idp, 5)
    for n in range(5):
        idp.submit(login, username=ALICE, password=f"wrong {n}")
    assert_blocked(idp.password_token())


def test_auth0_brute_force__a_realm_does_not_bypass_the_block(idp):
    wrong(idp, 10)
    realm = "http://auth0.com/oauth/grant-type/password-realm"
    assert_blocked(idp.password_token(grant_type=realm, realm=DATABASE))


def test_auth0_brute_force__another_spelling_or_name_does_not_bypass_the_block():
    users = tuple(
        replace(one, username="ally") if one.user_id == "auth0|alice" else one for one in ACME.users
    )
    idp = TenantClient(replace(ACME, users=users))
    for name in (ALICE, " ALICE@acme.example ", "ally", "Ally"):
        assert_wrong(*wrong(idp, 2, username=name))
    assert_wrong(*wrong(idp, 2))
    for name in (ALICE, "ally"):
        assert_blocked(idp.password_token(username=name))


def test_auth0_brute_force__other_users_are_not_blocked(idp):
    wrong(idp, 10)
    assert_logged_in(idp.password_token(username="bob@acme.example"))


def test_auth0_brute_force__attempts_for_an_unknown_name_are_counted(idp):
    assert_wrong(*wrong(idp, 10, username="Nobody@acme.example"))
    (answer,) = wrong(idp, username=" nobody@acme.example")
    assert_blocked(answer)
    assert "blocks the name 'nobody@acme.example'" in hint(answer)
    assert "idp.unblock('nobody@acme.example')" in hint(answer)
    assert_wrong(*wrong(idp, username="somebody@acme.example"))


@pytest.mark.parametrize("name", ["山田", "x" * 3_000, "İ" * 500, "*", "a b", "user * auth0|alice"])
def test_auth0_brute_force__any_name_can_be_counted_and_kept(idp, name):
    def attempt():
        form = {
            "grant_type": "password", "client_id": "web", "client_secret": "web-secret",
            "username": name, "password": "wrong",
        }  # fmt: skip
        return idp.post("/oauth/token", json_body=form)

    assert_wrong(*(attempt() for _ in range(10)))
    assert_blocked(attempt())
    assert_logged_in(idp.password_token())
    assert max(len(key) for key, _ in idp.tenant.failed_logins.scan()) < 300
    unblock(idp.tenant, name)
    assert_wrong(attempt())


def test_auth0_brute_force__a_login_resets_the_count(idp):
    for _ in range(3):
        wrong(idp, 9)
        assert_logged_in(idp.password_token())


def test_auth0_brute_force__a_login_on_the_page_resets_the_count(idp):
    wrong(idp, 9)
    assert idp.callback()["code"]
    assert_wrong(*wrong(idp, 9))
    assert_logged_in(idp.password_token())


def test_auth0_brute_force__an_empty_field_is_not_counted(idp):
    login = idp.authorize().location
    for _ in range(20):
        idp.submit(login, username=ALICE, password="")
    assert_logged_in(idp.password_token())


def test_auth0_brute_force__a_block_ends_after_thirty_days(idp):
    wrong(idp, 10)
    idp.later(30 * DAY - 1)
    assert_blocked(idp.password_token())
    idp.later(1)
    assert_wrong(*wrong(idp, 9))
    assert_logged_in(idp.password_token())


def test_auth0_brute_force__refused_attempts_do_not_prolong_a_block(idp):
    wrong(idp, 10)
    idp.later(29 * DAY)
    assert_blocked(*wrong(idp, 20))
    idp.later(DAY)
    assert_logged_in(idp.password_token())


def test_auth0_brute_force__another_password_lifts_a_block(idp):
    wrong(idp, 10)
    idp.edit(with_password(ACME, "auth0|alice", "An0ther!"))
    assert_wrong(*wrong(idp, 9))
    assert_logged_in(idp.password_token(password="An0ther!"))


def test_auth0_brute_force__another_change_of_the_user_lifts_no_block(idp):
    wrong(idp, 10)
    users = tuple(replace(one, name="Else") for one in ACME.users)
    idp.edit(replace(ACME, users=users))
    assert_blocked(idp.password_token())


def test_auth0_brute_force__unblocking_lifts_a_block_and_begins_a_new_count(idp):
    for name in ("alice", ALICE, "auth0|alice"):
        assert_wrong(*wrong(idp, 10))
        assert_blocked(idp.password_token())
        unblock(idp.tenant, name)
        assert_wrong(*wrong(idp, 9))
        assert_logged_in(idp.password_token())


def test_auth0_brute_force__unblocking_is_for_all_addresses_of_one_user(idp):
    for address in ("10.0.0.1", "10.0.0.2"):
        for _ in range(10):
            from_address(idp, address)
        for _ in range(10):
            from_address(idp, address, username="bob@acme.example")
    unblock(idp.tenant, "alice")
    for address in ("10.0.0.1", "10.0.0.2"):
        assert_logged_in(from_address(idp, address, password=PASSWORD_OF_ALL))
        assert_blocked(from_address(idp, address, username="bob@acme.example"))


# --- from where ---


def test_auth0_brute_force__a_block_is_for_one_address(idp):
    for _ in range(10):
        assert_wrong(from_address(idp, "10.0.0.1"))
    assert_blocked(from_address(idp, "10.0.0.1", password=PASSWORD_OF_ALL))
    assert_logged_in(from_address(idp, "10.0.0.2", password=PASSWORD_OF_ALL))
    # That login came from another address, so it resets no count of this one.
    assert_blocked(from_address(idp, "10.0.0.1"))


def test_auth0_brute_force__by_identifier_alone_a_block_is_for_all_addresses():
    idp = TenantClient(protected(mode="count_per_identifier"))
    for number in range(10):
        assert_wrong(from_address(idp, f"10.0.0.{number}"))
    answer = from_address(idp, "10.0.0.99", password=PASSWORD_OF_ALL)
    assert_blocked(answer)
    assert "blocks user auth0|alice since" in hint(answer)


def test_auth0_brute_force__all_loopback_addresses_are_one(idp):
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


def test_auth0_brute_force__where_a_name_is_in_two_connections_one_that_protects_is_enough():
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


def test_mockidp_brute_force__the_picker_asks_for_no_password_and_says_that_there_is_a_block(idp):
    wrong(idp, 10)
    answer = idp.submit(idp.authorize().location, user_id="auth0|alice", action="pick")
    assert answer.status_code == 302
    assert "Brute-force protection blocks user auth0|alice since" in hint(answer)
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


def test_auth0_brute_force__sessions_and_refresh_tokens_go_on(idp):
    tokens = idp.tokens(scope="openid offline_access")
    wrong(idp, 10)
    assert sent_to_callback(idp.authorize(prompt="none"))["code"]
    assert idp.refresh(tokens["refresh_token"]).status_code == 200


def test_auth0_brute_force__a_user_with_blocked_true_still_has_that_answer(idp):
    answer = idp.password_token(username="blocked@acme.example")
    assert (answer.status_code, answer.json["error"]) == (401, "unauthorized")


# --- what is remembered ---


def test_mockidp_brute_force__counts_are_part_of_a_snapshot_and_a_reset_forgets_them(idp):
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
def test_mockidp_brute_force__of_parallel_wrong_passwords_exactly_ten_are_tried(idp, sent):
    answers = race(lambda: idp.password_token(password="wrong"), sent)
    statuses = sorted(answer.status_code for answer in answers)
    assert statuses == [403] * 10 + [429] * (sent - 10)
