"""`/dbconnections/signup`: new users of a database connection."""

import re
from collections import Counter
from dataclasses import replace

import pytest

from helpers.accounts import NEW, path_of, sign_up, with_options
from helpers.acme import ACME, DATABASE, with_tenant
from helpers.tenant_client import TenantClient, claims_of, hint, race
from mockidp.resources.password_options import (
    PasswordComplexityOptions,
    PasswordDictionary,
    PasswordNoPersonalInfo,
)
from mockidp.tenant.config.fault import parse_fault
from mockidp.tenant.content.tenant_settings import TenantFlags
from mockidp.tenant.tenant import Tenant


@pytest.mark.parametrize("as_json", [True, False])
def test_a_new_user_gets_an_id_and_can_log_in(idp, as_json):
    answer = sign_up(idp, as_json=as_json, name="Dora D.", given_name="Dora", nickname="dd")
    assert answer.status_code == 200, answer.text
    assert list(answer.json) == [
        "_id", "email", "email_verified", "given_name", "name", "nickname",
    ]  # fmt: skip
    assert re.fullmatch("[0-9a-f]{24}", answer.json["_id"])
    assert answer.json["email"] == "dora@acme.example"
    assert answer.json["email_verified"] is False
    code = idp.callback("dora", scope="openid profile email")["code"]
    claims = claims_of(idp.redeem(code).json["id_token"])
    assert claims["sub"] == f"auth0|{answer.json['_id']}"
    assert (claims["name"], claims["email_verified"]) == ("Dora D.", False)


def test_the_record_of_a_new_user_has_metadata_and_times(idp):
    metadata = {"plan": "gold"}
    answer = sign_up(idp, email=" Dora@ACME.example", user_metadata=metadata)
    assert answer.json["user_metadata"] == metadata
    user = idp.tenant.directory.user(f"auth0|{answer.json['_id']}")
    assert (user.email, user.password, user.connection) == (
        "dora@acme.example", "Passw0rd!", DATABASE,
    )  # fmt: skip
    assert user.user_metadata == metadata
    assert user.created_at == user.updated_at
    assert user.created_at.endswith("Z")


def test_a_new_user_gets_a_link_that_verifies_the_address(idp):
    answer = sign_up(idp)
    (message,) = idp.tenant.outbox
    assert (message.to, message.kind) == ("dora@acme.example", "verify_email")
    assert (message.user_id, message.client_id) == (f"auth0|{answer.json['_id']}", "spa")
    assert message.link.startswith("http://localhost:9400/u/email-verification?ticket=")
    assert idp.get(path_of(message.link)).status_code == 200
    assert idp.tenant.directory.user(message.user_id).email_verified


def test_ids_are_repeatable_from_the_seed():
    first, second = (sign_up(TenantClient(tenant=Tenant(ACME, seed=7))) for _ in range(2))
    assert first.json["_id"] == second.json["_id"]


def test_an_unconfigured_tenant_accepts_any_client():
    idp = TenantClient(tenant=Tenant())
    assert sign_up(idp, client_id="anything").status_code == 200


@pytest.mark.parametrize(
    ("email", "exists"),
    [("alice@acme.example", True), ("ALICE@acme.example", True), ("staffer@acme.example", False)],
)
def test_an_address_is_used_once_in_each_connection(idp, email, exists):
    answer = sign_up(idp, email=email)
    if not exists:
        assert answer.status_code == 200
        return
    assert answer.status_code == 400
    assert answer.text == (
        '{"name":"BadRequestError","code":"invalid_signup","description":"Invalid sign up",'
        '"statusCode":400}'
    )
    assert hint(answer).startswith("User auth0|alice of connection Username-Password-Authent")


def test_a_tenant_can_tell_that_a_user_exists():
    flags = TenantFlags(enable_public_signup_user_exists_error=True)
    idp = TenantClient(with_tenant(ACME, flags=flags))
    answer = sign_up(idp, email="alice@acme.example")
    assert answer.status_code == 400
    assert answer.text == (
        '{"code":"user_exists","description":"The user already exists.","name":"BadRequestError",'
        '"statusCode":400}'
    )


def test_only_one_of_50_sign_ups_with_one_address_succeeds(idp):
    statuses = Counter(race(lambda: sign_up(idp.another_browser()).status_code))
    assert statuses == {200: 1, 400: 49}
    found = [one for one in idp.tenant.directory.users.values() if one.email == NEW["email"]]
    assert len(found) == 1


def test_a_weak_password_is_refused_as_recorded(idp):
    answer = sign_up(idp, password="short!a")
    assert answer.status_code == 400
    assert answer.text == (
        '{"name":"PasswordStrengthError","message":"Password is too weak",'
        '"code":"invalid_password","description":{"rules":[{"message":"At least %d characters in '
        'length","format":[8],"code":"lengthAtLeast","verified":false},{"message":"Contain at '
        'least %d of the following %d types of characters:","code":"containsAtLeast","format":'
        '[3,4],"items":[{"message":"lower case letters (a-z)","code":"lowerCase","verified":true},'
        '{"message":"upper case letters (A-Z)","code":"upperCase","verified":false},{"message":'
        '"numbers (i.e. 0-9)","code":"numbers","verified":false},{"message":"special characters '
        '(e.g. !@#$%^&*)","code":"specialCharacters","verified":true}],"verified":false}],'
        '"verified":false},"policy":"* At least 8 characters in length\\n* Contain at least 3 of '
        "the following 4 types of characters:\\n * lower case letters (a-z)\\n * upper case letters"
        ' (A-Z)\\n * numbers (i.e. 0-9)\\n * special characters (e.g. !@#$%^&*)","statusCode":400}'
    )
    assert "breaks policy `good` of connection Username-Password-Authentication" in hint(answer)
    assert "short!a" not in hint(answer)


@pytest.mark.parametrize(
    ("level", "good", "weak"),
    [
        ("none", "x", None),
        ("low", "abcdef", "abcde"),
        ("fair", "Abcdefg1", "abcdefg1"),
        ("good", "abcdef1!", "abcdefg1"),
        ("excellent", "Abcdefgh1!", "Abcdefggg1"),
    ],
)
def test_each_policy_accepts_and_refuses(level, good, weak):
    idp = with_options(passwordPolicy=level)
    assert sign_up(idp, password=good).status_code == 200
    if weak:
        answer = sign_up(idp, password=weak, email="other@acme.example")
        assert answer.json["name"] == "PasswordStrengthError"


def test_a_connection_can_ask_for_longer_passwords():
    idp = with_options(
        passwordPolicy="low", password_complexity_options=PasswordComplexityOptions(min_length=12)
    )
    assert sign_up(idp, password="elevenchars").json["policy"] == (
        "* At least 12 characters in length"
    )
    assert sign_up(idp, password="twelve chars").status_code == 200


@pytest.mark.parametrize(
    ("options", "password", "name", "text"),
    [
        (
            {"password_dictionary": PasswordDictionary(enable=True, dictionary=("Acme2024!",))},
            "acme2024!",
            "PasswordDictionaryError",
            "Password is too common",
        ),
        (
            {"password_no_personal_info": PasswordNoPersonalInfo(enable=True)},
            "1-Dora-dora",
            "PasswordNoUserInfoError",
            "Password contains user information",
        ),
    ],
)
def test_common_and_personal_passwords_are_refused(options, password, name, text):
    answer = sign_up(with_options(**options), password=password)
    assert answer.status_code == 400
    assert answer.json == {
        "name": name,
        "message": text,
        "code": "invalid_password",
        "description": text,
        "statusCode": 400,
    }
    assert "options.password_" in hint(answer)
    assert sign_up(with_options(**options), password="Other-Passw0rd").status_code == 200
    off = {one: replace(value, enable=False) for one, value in options.items()}
    assert sign_up(with_options(**off), password=password).status_code == 200


def test_a_name_in_the_metadata_is_personal():
    idp = with_options(password_no_personal_info=PasswordNoPersonalInfo(enable=True))
    answer = sign_up(idp, password="Explorer1!", user_metadata={"last": "explorer"})
    assert answer.json["name"] == "PasswordNoUserInfoError"
    assert "`user_metadata.last`" in hint(answer)


def test_a_disabled_sign_up_is_refused():
    answer = sign_up(with_options(disable_signup=True))
    assert (answer.status_code, answer.json) == (400, {"error": "public signup is disabled"})
    assert "`options.disable_signup: true`" in hint(answer)


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"connection": "nowhere"}, "The tenant has no connection 'nowhere'."),
        ({"connection": "staff"}, "Connection 'staff' is not enabled for client spa."),
        ({"connection": "google-oauth2"}, "has strategy google-oauth2 and is not a database."),
    ],
)
def test_a_connection_that_cannot_be_used_is_not_found(fields, reason):
    answer = sign_up(with_options(), **fields)
    assert (answer.status_code, answer.json) == (400, {"error": "connection not found"})
    assert reason in hint(answer)
    assert "Databases that are enabled for client spa: Username-Password-Auth" in hint(answer)


@pytest.mark.parametrize(
    ("fields", "description", "reason"),
    [
        ({"client_id": None}, "Missing required parameter: client_id", "was not sent"),
        ({"connection": None}, "Missing required parameter: connection", "was not sent"),
        ({"email": ""}, "Missing required parameter: email", "counts as absent"),
        ({"password": None}, "Missing required parameter: password", "was not sent"),
        ({"email": "dora"}, "Email is not valid.", "is 'dora', which is not an e-mail"),
        ({"email": 3}, "Parameter 'email' must be a string", "was sent as JSON int"),
        ({"client_id": "nobody"}, "Unknown client: nobody", "The tenant has no client 'nobody'."),
        ({"user_metadata": [1]}, "user_metadata is not valid", "is not a JSON object"),
        ({"user_metadata": {"a": 1}}, "user_metadata is not valid", "not a string of at most 500"),
        ({"user_metadata": {"a" * 101: ""}}, "user_metadata is not valid", "more than 100"),
        (
            {"user_metadata": dict.fromkeys("abcdefghijk", "")},
            "user_metadata is not valid",
            "has 11 properties, and at most 10 are allowed",
        ),
    ],
)
def test_malformed_requests_are_refused_in_the_format_of_the_endpoint(
    idp, fields, description, reason
):
    answer = sign_up(idp, **fields)
    assert answer.status_code == 400
    assert answer.json == {
        "name": "BadRequestError",
        "code": "invalid_request",
        "description": description,
        "statusCode": 400,
    }
    assert reason in hint(answer)


def test_a_body_that_is_not_json_is_refused_in_the_same_format(idp):
    answer = idp.request("POST", "/dbconnections/signup", data="{", content_type="application/json")
    assert (answer.status_code, answer.json["description"]) == (400, "Invalid JSON")
    assert answer.json["statusCode"] == 400


def test_metadata_in_a_form_is_named_in_a_hint(idp):
    answer = sign_up(idp, as_json=False, **{"user_metadata[plan]": "gold"})
    assert answer.status_code == 200
    assert "Send `user_metadata` as an object in a JSON body." in hint(answer)


def test_a_misspelt_parameter_is_named_in_a_hint(idp):
    answer = sign_up(idp, givenName="Dora")
    assert "Did you mean `given_name`?" in hint(answer)


def test_the_journal_has_user_and_checks_but_no_password(idp):
    answer = sign_up(idp)
    entry = idp.tenant.journal.last("signup")
    assert (entry.client, entry.user) == ("spa", f"auth0|{answer.json['_id']}")
    assert "password_policy" in [one.name for one in entry.trace]
    assert "Passw0rd!" not in str(entry)


def test_a_browser_may_call_it_from_the_apps_origin(idp):
    answer = idp.request(
        "OPTIONS", "/dbconnections/signup", headers={"Origin": "http://localhost:3000"}
    )
    assert answer.status_code == 204
    assert answer.headers["Access-Control-Allow-Origin"] == "http://localhost:3000"


def test_a_fault_can_refuse_a_sign_up(idp):
    idp.tenant.faults.add(parse_fault({"endpoint": "signup", "rate_limit": True, "times": 1}))
    assert sign_up(idp).status_code == 429
    assert sign_up(idp).status_code == 200
