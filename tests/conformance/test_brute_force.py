"""Brute-force protection: who is blocked, when, from where, and how a block ends."""

from dataclasses import replace

import pytest

from helpers.acme import ACME, DATABASE, PASSWORD_OF_ALL
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
from helpers.html_page import mockidps_part
from helpers.interleaved import run_after_next_find
from helpers.methods import unblock
from helpers.tenant_client import TenantClient, hint


def test_auth0_brute_force__ten_wrong_passwords_block_a_user(idp):
    assert_wrong(*wrong(idp, 10))
    assert_blocked(*wrong(idp, 2))
    assert_blocked(idp.password_token())


def test_auth0_brute_force__the_hint_explains_the_block_and_how_to_lift_it(idp):
    idp.tenant.clock.freeze(1_800_000_000)
    wrong(idp, 10)
    assert hint(idp.password_token()) == (
        "Brute-force protection has blocked user auth0|alice from 127.0.0.1 since 2027-01-15 08:00:00 "
        "UTC, after 10 wrong passwords in a row. The right password is refused as well. Lift the "
        "block with `idp.unblock('auth0|alice')`, with DELETE "
        "/_mockidp/v1/users/auth0%7Calice/blocks or by changing the user's password. Otherwise it "
        "ends at 2027-02-14 08:00:00 UTC. To allow any number of attempts, set "
        "`attackProtection.bruteForceProtection.enabled` to false in the tenant file."
    )


def test_auth0_brute_force__the_last_attempts_announce_the_block(idp):
    hints = [hint(answer) for answer in wrong(idp, 10)]
    wrong_password = "User auth0|alice has another password."
    blocked = "user auth0|alice is now blocked"
    assert hints[:6] == [wrong_password] * 6
    assert hints[6:] == [
        f"{wrong_password} This was wrong password {n} of 10 in a row. The last one blocks user "
        "auth0|alice."
        for n in (7, 8, 9)
    ] + [f"{wrong_password} This was wrong password 10 of 10 in a row, so {blocked}."]


def test_auth0_brute_force__the_page_also_blocks_with_its_own_text(idp):
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
    assert "Brute-force protection has blocked user auth0|alice" in hint(answer)
    assert hint(answer) in mockidps_part(answer.text)
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
    assert "has blocked the name 'nobody@acme.example'" in hint(answer)
    assert "idp.unblock('nobody@acme.example')" in hint(answer)
    assert_wrong(*wrong(idp, username="somebody@acme.example"))


@pytest.mark.parametrize("name", ["山田", "x" * 3_000, "İ" * 500, "*", "a b", "user * auth0|alice"])
def test_auth0_brute_force__any_name_can_be_counted_and_stored(idp, name):
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


def test_auth0_brute_force__another_change_of_the_user_does_not_lift_a_block(idp):
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


def test_auth0_brute_force__unblocking_applies_to_all_addresses_of_one_user(idp):
    for address in ("10.0.0.1", "10.0.0.2"):
        for _ in range(10):
            from_address(idp, address)
        for _ in range(10):
            from_address(idp, address, username="bob@acme.example")
    unblock(idp.tenant, "alice")
    for address in ("10.0.0.1", "10.0.0.2"):
        assert_logged_in(from_address(idp, address, password=PASSWORD_OF_ALL))
        assert_blocked(from_address(idp, address, username="bob@acme.example"))
