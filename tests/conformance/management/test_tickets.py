"""Tickets of the Management API: their links work as those of e-mails do."""

from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest

from helpers.accounts import choose
from helpers.acme import ACME, CALLBACK, DATABASE
from mockidp.resources.connection import Connection
from mockidp.resources.organization import Organization
from mockidp.resources.user import User

CHANGE, VERIFY = "/tickets/password-change", "/tickets/email-verification"
ALICE = {"user_id": "auth0|alice"}
NEW_PASSWORD = "N3w-password"
SOCIAL = replace(
    ACME,
    connections=(*ACME.connections, Connection(name="google", strategy="google-oauth2")),
    users=(
        *ACME.users,
        User(user_id="google-oauth2|1", connection="google", email="g@acme.example"),
        User(user_id="auth0|plain", username="plain", password=NEW_PASSWORD),
    ),
)


def error(answer):
    return answer.status_code, answer.json["message"], answer.json["errorCode"]


def path_of(answer):
    assert answer.status_code == 201, answer.text
    split = urlsplit(answer.json["ticket"])
    assert answer.json["ticket"].endswith("#")
    return f"{split.path}?{split.query}"


def connection_id(idp):
    return idp.call("GET", "/connections", name=DATABASE).json[0]["id"]


def test_the_link_of_a_ticket_changes_the_password(idp):
    link = path_of(idp.call("POST", CHANGE, ALICE))
    assert len(parse_qs(urlsplit(link).query)["ticket"][0]) == 32
    assert choose(idp, link, NEW_PASSWORD).status_code == 200
    assert idp.password_token(password=NEW_PASSWORD).status_code == 200
    assert idp.password_token().status_code == 403
    assert choose(idp, link, "Another-1").status_code == 400


def test_a_user_is_found_by_address_and_connection(idp):
    body = {"email": "Alice@acme.example", "connection_id": connection_id(idp)}
    assert choose(idp, path_of(idp.call("POST", CHANGE, body)), NEW_PASSWORD).status_code == 200
    assert idp.password_token(password=NEW_PASSWORD).status_code == 200


def test_the_page_redirects_to_the_result_url(idp):
    body = {**ALICE, "result_url": CALLBACK, "includeEmailInRedirect": True}
    answer = choose(idp, path_of(idp.call("POST", CHANGE, body)), NEW_PASSWORD)
    assert answer.location.startswith(CALLBACK)
    query = parse_qs(urlsplit(answer.location).query)
    assert (query["success"], query["code"], query["email"]) == (
        ["true"],
        ["success"],
        ["alice@acme.example"],
    )


@pytest.mark.parametrize("is_marked", [True, False])
def test_a_new_password_verifies_the_address_only_on_demand(idp, is_marked):
    idp.call("PATCH", "/users/auth0%7Calice", {"email_verified": False})
    body = {**ALICE, "mark_email_as_verified": is_marked, "client_id": "web"}
    choose(idp, path_of(idp.call("POST", CHANGE, body)), NEW_PASSWORD)
    assert idp.call("GET", "/users/auth0%7Calice").json["email_verified"] is is_marked


@pytest.mark.parametrize(("ttl", "lives"), [(60, 60), (0, 432000)])
def test_a_ticket_expires(idp, ttl, lives):
    link = path_of(idp.call("POST", CHANGE, {**ALICE, "ttl_sec": ttl}))
    idp.later(lives - 1)
    assert idp.get(link).status_code == 200
    idp.later(1)
    assert idp.get(link).status_code == 400


@pytest.mark.parametrize("more", [{}, {"identity": {"user_id": "alice", "provider": "auth0"}}])
def test_opening_a_ticket_verifies_the_address(idp, more):
    idp.call("PATCH", "/users/auth0%7Calice", {"email_verified": False})
    link = path_of(idp.call("POST", VERIFY, ALICE | more))
    assert idp.get(link).status_code == 200
    assert idp.call("GET", "/users/auth0%7Calice").json["email_verified"] is True


def test_a_verification_email_is_sent(idp):
    idp.call("PATCH", "/users/auth0%7Calice", {"email_verified": False})
    answer = idp.call("POST", "/jobs/verification-email", {**ALICE, "client_id": "web"})
    assert (answer.status_code, list(answer.json)) == (201, ["type", "status", "created_at", "id"])
    assert (answer.json["type"], answer.json["status"]) == ("verification_email", "pending")
    message = idp.tenant.outbox.last(to="alice@acme.example")
    split = urlsplit(message.link)
    assert idp.get(f"{split.path}?{split.query}").status_code == 200
    assert idp.call("GET", "/users/auth0%7Calice").json["email_verified"] is True
    job = idp.call("GET", f"/jobs/{answer.json['id']}").json
    assert job == {**answer.json, "status": "completed"}


def test_an_unknown_job_is_not_found(idp):
    answer = idp.call("GET", "/jobs/job_none")
    assert error(answer) == (404, "The job does not exist.", "inexistent_job")


NO_USER = (404, "The user does not exist.", "inexistent_user")
NOT_SUPPORTED = (
    400, "The user's main connection does not support this operation", "operation_not_supported",
)  # fmt: skip


def payload(text):
    return (400, f"Payload validation error: '{text}", "invalid_body")


@pytest.mark.parametrize(
    ("path", "body", "expected"),
    [
        (CHANGE, {"user_id": "auth0|none"}, NO_USER),
        (CHANGE, {"user_id": "google-oauth2|1"}, NOT_SUPPORTED),
        (CHANGE, {}, payload("Expected either user_id or email and connection_id'.")),
        (CHANGE, {"email": "a@b.c"}, payload("Expected either user_id or")),
        (CHANGE, ALICE | {"connection_id": "x"}, payload("Expected either user_id or")),
        (CHANGE, {"user_id": 1}, payload("Expected type string' on property user_id.")),
        (CHANGE, ALICE | {"ttl_sec": -1}, payload("Expected a number from 0")),
        (CHANGE, ALICE | {"result_url": "none"}, payload("Object didn't pass validation")),
        (CHANGE, ALICE | {"mark_email_as_verified": 1}, payload("Expected type boolean'")),
        (
            CHANGE,
            ALICE | {"result_url": CALLBACK, "client_id": "web"},
            payload("Cannot set both result_url and client_id'."),
        ),
        (
            CHANGE,
            ALICE | {"client_id": "none"},
            (404, "The client does not exist.", "inexistent_client"),
        ),
        (
            CHANGE,
            {"email": "a@b.c", "connection_id": "con_none"},
            (404, "The connection does not exist", "inexistent_connection"),
        ),
        (VERIFY, {"user_id": "auth0|none"}, NO_USER),
        (VERIFY, {}, payload("Missing required property: user_id'.")),
        (VERIFY, {"user_id": "auth0|plain"}, NOT_SUPPORTED),
        (VERIFY, ALICE | {"identity": 1}, payload("Expected type object' on property identity.")),
        (VERIFY, ALICE | {"identity": {}}, payload("Missing required property: user_id'.")),
        (
            VERIFY,
            ALICE | {"identity": {"user_id": "1", "provider": "google-oauth2"}},
            NOT_SUPPORTED,
        ),
        ("/jobs/verification-email", {"user_id": "auth0|none"}, NO_USER),
    ],
)
def test_a_wrong_request_is_refused(make_idp, path, body, expected):
    status, message, code = error(make_idp(document=SOCIAL).call("POST", path, body))
    assert (status, code) == (expected[0], expected[2])
    assert message.startswith(expected[1])


def test_an_address_of_another_user_of_the_connection_is_not_found(idp):
    body = {"email": "none@acme.example", "connection_id": connection_id(idp)}
    assert error(idp.call("POST", CHANGE, body)) == NO_USER


ACME_SALES = replace(
    ACME,
    organizations=(Organization(name="sales", id="org_1", display_name="Sales"),),
    clients=tuple(
        replace(one, initiate_login_uri="https://app.example/login") for one in ACME.clients
    ),
)


def test_a_ticket_with_a_password_sets_it_when_it_is_opened(idp):
    body = {**ALICE, "new_password": NEW_PASSWORD, "result_url": CALLBACK}
    link = path_of(idp.call("POST", CHANGE, body))
    assert idp.password_token(password=NEW_PASSWORD).status_code == 403
    answer = idp.get(link)
    assert answer.location.startswith(CALLBACK)
    assert idp.password_token(password=NEW_PASSWORD).status_code == 200
    assert idp.get(link).status_code == 400


def test_the_password_of_a_ticket_is_one_that_the_policy_allows(idp):
    answer = idp.call("POST", CHANGE, ALICE | {"new_password": "weak"})
    expected = (400, "PasswordStrengthError: Password is too weak", "invalid_body")
    assert error(answer) == expected


LOGO = 'aria-hidden="true">S</div>'
"""The first letter of the organization's name."""


@pytest.mark.parametrize("opened", [False, True])
@pytest.mark.parametrize("path", [CHANGE, VERIFY])
def test_the_page_of_a_ticket_has_the_name_of_the_organization(make_idp, path, opened):
    idp = make_idp(document=ACME_SALES)
    body = {**ALICE, "organization_id": "org_1", "client_id": "web"}
    link = path_of(idp.call("POST", path, body))
    answer = choose(idp, link, NEW_PASSWORD) if opened and path == CHANGE else idp.get(link)
    assert LOGO in answer.text
    login = "https://app.example/login?organization_id=org_1&amp;organization_name=sales"
    assert (f'href="{login}"' in answer.text) is (opened or path == VERIFY)


def test_the_page_of_a_verification_email_has_the_name_of_the_organization(make_idp):
    idp = make_idp(document=ACME_SALES)
    body = {**ALICE, "organization_id": "org_1"}
    assert idp.call("POST", "/jobs/verification-email", body).status_code == 201
    split = urlsplit(idp.tenant.outbox.last(to="alice@acme.example").link)
    assert LOGO in idp.get(f"{split.path}?{split.query}").text


@pytest.mark.parametrize("path", [CHANGE, VERIFY])
def test_an_organization_of_a_ticket_has_to_exist_and_excludes_a_result_url(make_idp, path):
    idp = make_idp(document=ACME_SALES)
    unknown = idp.call("POST", path, ALICE | {"organization_id": "org_none"})
    assert (unknown.status_code, unknown.json["message"]) == (
        404, "No organization found by that id or name",
    )  # fmt: skip
    both = idp.call("POST", path, ALICE | {"organization_id": "org_1", "result_url": CALLBACK})
    assert error(both) == (
        400,
        "Payload validation error: 'Cannot set both result_url and organization_id'.",
        "invalid_body",
    )


def test_a_ticket_for_a_password_may_name_the_identity(idp):
    own = {"user_id": "alice", "provider": "auth0"}
    assert idp.call("POST", CHANGE, ALICE | {"identity": own}).status_code == 201
    other = {"user_id": "1", "provider": "google-oauth2"}
    assert error(idp.call("POST", CHANGE, ALICE | {"identity": other})) == NOT_SUPPORTED
