"""Second factors of users, which administrators see, add and remove."""

from dataclasses import replace

import pyotp
import pytest

from helpers.acme import ACME
from helpers.interleaved import run_after_next_find
from helpers.mfa import APP, CREDENTIALS, PHONE, PHONE_OF_ALICE, SECRET, with_mfa
from helpers.tenant_client import hint
from mockidp.protocol.mfa.records import RememberedBrowser
from mockidp.protocol.oauth import grant_types

ALICE = "/users/auth0%7Calice"
PATH = f"{ALICE}/authentication-methods"
FACTORS = ("otp", "sms", "recovery-code")


@pytest.fixture
def idp(make_idp):
    return make_idp(document=with_mfa(APP, PHONE_OF_ALICE, document=ACME, factors=FACTORS))


@pytest.fixture
def bare(make_idp):
    """Return a tenant in which nobody has a second factor."""
    return make_idp(document=with_mfa(document=ACME, factors=FACTORS))


def mfa_token(idp):
    answer = idp.password_token()
    assert answer.json["error"] == "mfa_required"
    return answer.json["mfa_token"]


def test_methods_are_listed_without_secrets(idp):
    app, phone = idp.call("GET", PATH).json
    assert list(app) == ["id", "type", "confirmed", "created_at"]
    assert (app["type"], app["confirmed"]) == ("totp", True)
    assert (phone["type"], phone["phone_number"]) == ("phone", "XXXXXXX4567")
    assert SECRET not in str(app)
    totals = idp.call("GET", PATH, include_totals="true").json
    assert list(totals) == ["authenticators", "total", "start", "limit"]
    assert totals["total"] == 2
    assert idp.call("GET", f"{PATH}/{app['id']}").json == app


def test_an_app_that_was_added_passes_the_second_factor(bare):
    body = {"type": "totp", "name": "My app", "totp_secret": SECRET}
    made = bare.call("POST", PATH, body)
    assert made.status_code == 201
    assert list(made.json) == ["type", "name", "created_at", "id"]
    assert made.json["id"].startswith("totp|dev_")
    assert bare.call("GET", f"{PATH}/{made.json['id']}").json["name"] == "My app"
    answer = bare.token(
        grant_type=grant_types.MFA_OTP,
        mfa_token=mfa_token(bare),
        otp=pyotp.TOTP(SECRET).at(int(bare.tenant.now())),
    )
    assert answer.status_code == 200


def test_an_email_address_is_masked_in_lists(bare):
    body = {"type": "email", "name": "Mail", "email": "chucknor@example.com"}
    made = bare.call("POST", PATH, body).json
    assert list(made) == ["type", "name", "created_at", "email", "id"]
    assert made["email"] == "chucknor@example.com"
    shown = bare.call("GET", f"{PATH}/{made['id']}").json
    assert list(shown) == ["id", "type", "confirmed", "name", "email", "created_at"]
    assert shown["email"] == "chuc****@exam*******"


def test_all_methods_are_replaced(idp):
    body = [{"type": "phone", "phone_number": "+15557654321"}]
    replaced = idp.call("PUT", PATH, body)
    assert replaced.status_code == 200
    assert [one["phone_number"] for one in replaced.json] == ["+15557654321"]
    (left,) = idp.call("GET", PATH).json
    assert left["id"] == replaced.json[0]["id"]


def test_a_method_is_renamed(idp):
    for one in idp.call("GET", PATH).json:
        changed = idp.call("PATCH", f"{PATH}/{one['id']}", {"name": "New"})
        assert (changed.status_code, changed.json["name"]) == (200, "New")
        assert idp.call("GET", f"{PATH}/{one['id']}").json["name"] == "New"
    assert mfa_token(idp)


def test_a_name_and_a_code_that_is_used_at_the_same_time_are_both_kept(idp, monkeypatch):
    app = idp.call("GET", PATH).json[0]["id"]
    store, held = idp.tenant.authenticators, idp.call("PATCH", f"{PATH}/{app}", {"name": "Old"})
    assert held.status_code == 200

    def use():
        store.put(app, replace(store.get(app), used_step=7))

    run_after_next_find(monkeypatch, store, use)
    idp.call("PATCH", f"{PATH}/{app}", {"name": "New"})
    assert (store.get(app).label, store.get(app).used_step) == ("New", 7)


@pytest.mark.parametrize("path", [PATH, f"{ALICE}/authenticators"])
def test_all_methods_are_deleted(idp, path):
    answer = idp.call("DELETE", path)
    assert (answer.status_code, answer.text) == (204, "")
    assert idp.call("GET", PATH).json == []
    refused = idp.post("/mfa/challenge", mfa_token=mfa_token(idp), **CREDENTIALS)
    assert refused.json["error"] == "unsupported_challenge_type"


def test_a_method_is_deleted_once(idp):
    method = idp.call("GET", PATH).json[0]["id"]
    assert idp.call("DELETE", f"{PATH}/{method}").status_code == 204
    assert [one["type"] for one in idp.call("GET", PATH).json] == ["phone"]
    assert idp.call("DELETE", f"{PATH}/{method}").status_code == 404


@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
def test_an_unknown_method_is_refused(bare, method):
    answer = bare.call(method, f"{PATH}/none", {"name": "x"} if method == "PATCH" else None)
    assert answer.status_code == 404
    assert answer.json["message"] == "The authentication method does not exist."
    assert hint(answer)


@pytest.mark.parametrize(
    ("body", "at"),
    [
        ({}, ""),
        ({"type": "webauthn-roaming"}, "type"),
        ({"type": "passkey"}, ""),
        ({"type": 1}, "type"),
        ({"type": "phone"}, ""),
        ({"type": "phone", "phone_number": "5551234"}, "phone_number"),
        ({"type": "phone", "phone_number": 5}, "phone_number"),
        ({"type": "phone", "phone_number": PHONE, "name": None}, "name"),
        ({"type": "phone", "phone_number": PHONE, "email": "a@b.example"}, ""),
        ({"type": "totp", "totp_secret": "x"}, "totp_secret"),
        ({"type": "email", "email": "x"}, "email"),
    ],
)
def test_a_wrong_method_is_refused(bare, body, at):
    place = f"on property {at}." if at else "'."
    for answer in (bare.call("POST", PATH, body), bare.call("PUT", PATH, [body])):
        assert (answer.status_code, answer.json["errorCode"]) == (400, "invalid_body")
        assert answer.json["message"].endswith(place)
        assert hint(answer)
    assert bare.call("GET", PATH).json == []


def test_a_list_of_other_values_is_refused(bare):
    answer = bare.call("PUT", PATH, ["x"])
    assert (answer.status_code, answer.json["errorCode"]) == (400, "invalid_body")


@pytest.mark.parametrize("body", [{}, {"name": 1}, {"type": "phone", "name": "x"}])
def test_only_the_name_is_changed(idp, body):
    method = idp.call("GET", PATH).json[0]["id"]
    answer = idp.call("PATCH", f"{PATH}/{method}", body)
    assert (answer.status_code, answer.json["errorCode"]) == (400, "invalid_body")


def test_enrollments_are_listed(idp):
    idp.call("POST", f"{ALICE}/recovery-code-regeneration", {})
    app, phone = idp.call("GET", f"{ALICE}/enrollments").json
    assert app["id"].startswith("dev_")
    assert (app["status"], app["auth_method"]) == ("confirmed", "authenticator")
    assert (phone["auth_method"], phone["phone_number"]) == ("sms", "XXXXXXX4567")


def test_an_enrollment_that_is_not_confirmed_is_pending(bare):
    body = {"authenticator_types": ["otp"]}
    headers = {"Authorization": f"Bearer {mfa_token(bare)}"}
    assert bare.post("/mfa/associate", headers=headers, json_body=body).status_code == 200
    (one,) = bare.call("GET", f"{ALICE}/enrollments").json
    assert one["status"] == "pending"
    assert one["enrolled_at"].startswith("20")


def test_a_new_recovery_code_works_and_replaces_the_old_one(idp):
    path = f"{ALICE}/recovery-code-regeneration"
    old, new = (idp.call("POST", path, {}).json["recovery_code"] for _ in range(2))
    assert len(new) == 24

    def recover(code):
        form = {"mfa_token": mfa_token(idp), "recovery_code": code}
        return idp.token(grant_type=grant_types.MFA_RECOVERY_CODE, **form).status_code

    assert recover(old) == 403
    assert recover(new) == 200


@pytest.mark.parametrize(
    ("provider", "left"), [("google-authenticator", ["phone"]), ("duo", ["totp", "phone"])]
)
def test_a_provider_is_deleted(idp, provider, left):
    assert idp.call("DELETE", f"{ALICE}/multifactor/{provider}").status_code == 204
    assert [one["type"] for one in idp.call("GET", PATH).json] == left


def test_an_unknown_provider_is_refused(idp):
    answer = idp.call("DELETE", f"{ALICE}/multifactor/none")
    assert answer.status_code == 404
    assert "google-authenticator" in hint(answer)


def test_remembered_browsers_are_forgotten(idp):
    store = idp.tenant.remembered_browsers
    for user_id in ("auth0|alice", "auth0|bob"):
        store.put(f"browser {user_id}", RememberedBrowser(user_id=user_id))
    path = f"{ALICE}/multifactor/actions/invalidate-remember-browser"
    assert idp.call("POST", path).status_code == 204
    assert store.get("browser auth0|alice") is None
    assert store.get("browser auth0|bob") is not None


def test_the_verified_address_of_a_user_is_a_method(make_idp):
    document = with_mfa(document=ACME, factors=("email",))
    users = tuple(replace(one, email_verified=True) for one in document.users)
    idp = make_idp(document=replace(document, users=users))
    (method,) = idp.call("GET", PATH).json
    assert (method["type"], method["email"]) == ("email", "alic*@acme********")
