"""Users that a directory creates, replaces and deletes (RFC 7644 3.3 to 3.6)."""

import pytest

from helpers.scim import CORE, DANA, ENTERPRISE, company, corp, dana, error, path_of
from helpers.tenant_client import hint


def test_rfc7644_3_3__a_user_is_created(idp):
    answer = idp.scim("POST", body=dana())
    assert answer.status_code == 201
    assert answer.content_type == "application/scim+json"
    where = f"{idp.url}/scim/v2/connections/{idp.connection_id}/Users/okta%7Ccorp%7C00u1"
    assert answer.headers["Location"] == where
    created = idp.profile()["created_at"]
    assert answer.json == {
        "schemas": [CORE, ENTERPRISE],
        "id": DANA,
        "userName": "dana@corp.example",
        "externalId": "00u1",
        "name": {"givenName": "Dana", "familyName": "Doe"},
        "displayName": "Dana Doe",
        "emails": [{"primary": True, "value": "dana@corp.example"}],
        "active": True,
        ENTERPRISE: {"department": "Research"},
        "meta": {
            "resourceType": "User",
            "created": created,
            "lastModified": created,
            "location": where,
        },
    }
    profile = idp.profile()
    assert profile["preferred_username"] == "dana@corp.example"
    assert profile["email"] == "dana@corp.example"
    assert (profile["name"], profile["given_name"]) == ("Dana Doe", "Dana")
    assert profile["app_metadata"] == {"external_id": "00u1", "department": "Research"}
    assert profile["identities"][0]["connection"] == "corp"
    assert profile["blocked"] is False


def test_rfc7644_3_4_1__a_user_is_read(idp):
    made = idp.provision()
    assert idp.scim("GET", path_of(DANA)).json == made
    assert idp.scim("GET", path_of("okta|corp|zoe")).json["emails"] == [
        {"primary": True, "value": "zoe@corp.example"}
    ]


@pytest.mark.parametrize("user_id", ["okta|corp|nobody", "auth0|alice"])
@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE"])
def test_rfc7644_3_12__a_user_of_no_or_another_connection_is_not_found(idp, user_id, method):
    body = dana() if method in ("PUT", "PATCH") else None
    answer = idp.scim(method, path_of(user_id), body)
    assert error(answer) == (404, None, f"Resource {user_id} not found")
    assert f"Connection corp has no user '{user_id}'." in hint(answer)


def test_rfc7644_3_5_1__what_a_put_does_not_have_is_removed(idp):
    idp.provision(title="Engineer")
    answer = idp.scim("PUT", path_of(DANA), dana(name=None, displayName="D. Doe", title=None))
    assert answer.status_code == 200
    assert answer.json["displayName"] == "D. Doe"
    assert {"name", "title"}.isdisjoint(answer.json)
    profile = idp.profile()
    assert "given_name" not in profile
    assert "title" not in profile["app_metadata"]
    assert profile["app_metadata"]["department"] == "Research"


def test_auth0_scim__metadata_that_the_mapping_does_not_have_stays(idp):
    idp.provision()
    idp.manage("PATCH", "/users/okta%7Ccorp%7C00u1", {"app_metadata": {"plan": "gold"}})
    idp.scim("PUT", path_of(DANA), dana(**{ENTERPRISE: None}))
    assert idp.profile()["app_metadata"] == {"external_id": "00u1", "plan": "gold"}


def test_rfc7644_3_6__a_user_is_deleted_once(idp):
    idp.provision()
    answer = idp.scim("DELETE", path_of(DANA))
    assert (answer.status_code, answer.data) == (204, b"")
    assert "Content-Type" not in answer.headers
    assert error(idp.scim("DELETE", path_of(DANA)))[0] == 404
    assert idp.profile()["statusCode"] == 404


@pytest.mark.parametrize(
    "attributes",
    [
        {"userName": "other", "emails": None},
        {"externalId": "00u2", "emails": None, "userName": "DANA@corp.example"},
        {"externalId": "00u2", "userName": "other"},
    ],
    ids=["id", "username", "address"],
)
def test_rfc7644_3_3__a_second_user_with_the_same_name_is_a_conflict(idp, attributes):
    idp.provision()
    answer = idp.scim("POST", body=dana(**attributes))
    assert error(answer) == (409, "uniqueness", "User already exists")
    assert f"User {DANA} has the id, the username or the address" in hint(answer)


def test_rfc7644_3_5_1__a_put_cannot_take_the_name_of_another_user(idp):
    idp.provision()
    body = dana(emails=[{"primary": True, "value": "zoe@corp.example"}])
    assert error(idp.scim("PUT", path_of(DANA), body))[:2] == (409, "uniqueness")


@pytest.mark.parametrize(
    ("strategy", "user_id"),
    [
        ("okta", "okta|corp|00u1"),
        ("samlp", "samlp|corp|dana@corp.example"),
        ("waad", "waad|corp|00u1"),
    ],
)
def test_auth0_scim__the_id_ends_with_an_attribute(make_idp, strategy, user_id):
    assert make_idp(company(corp(strategy))).provision()["id"] == user_id


def test_auth0_scim__the_attribute_of_the_id_can_be_chosen(make_idp):
    document = company(corp(user_id_attribute=f"{ENTERPRISE}:employeeNumber"))
    made = make_idp(document).provision(**{ENTERPRISE: {"employeeNumber": "701984"}})
    assert made["id"] == "okta|corp|701984"


@pytest.mark.parametrize("value", [None, "", 7])
def test_auth0_scim__the_attribute_of_the_id_is_required(idp, value):
    answer = idp.scim("POST", body=dana(externalId=value))
    assert error(answer) == (400, "invalidValue", "Attribute externalId is required")
    assert "`externalId` is the `user_id_attribute` of connection corp" in hint(answer)


def test_auth0_scim__the_addresses_of_entra_have_a_type(make_idp):
    idp = make_idp(company(corp("waad")))
    made = idp.provision(emails=[{"type": "work", "value": "dana@corp.example"}])
    assert made["emails"] == [{"type": "work", "value": "dana@corp.example"}]
    assert idp.profile("waad|corp|00u1")["email"] == "dana@corp.example"


def test_auth0_scim__an_attribute_without_a_mapping_is_ignored_with_a_hint(idp):
    sent = dana(
        ims=[{"value": "dana"}],
        password="s3cret",
        name={"givenName": "Dana", "formatted": "Dana Doe"},
        emails=[{"primary": True, "value": "d@corp.example"}, {"value": "d2@corp.example"}],
        **{ENTERPRISE: {"department": "Research", "cafeteria": "West"}},
    )
    answer = idp.scim("POST", body=sent)
    assert answer.status_code == 201
    assert {"ims", "password"}.isdisjoint(answer.json)
    ignored = f"name.formatted, emails, {ENTERPRISE}:cafeteria, ims, password"
    assert f"The mapping of connection corp does not have {ignored}, so this" in hint(answer)
    assert "s3cret" not in hint(answer)


def test_an_attribute_that_users_do_not_have_here_is_a_hint(make_idp):
    idp = make_idp(company(corp(mapping=[("userName", "upn"), ("title", "app_metadata.title")])))
    answer = idp.scim("POST", body=dana(title="Engineer"))
    assert answer.status_code == 201
    assert answer.json["title"] == "Engineer"
    assert "userName" not in answer.json
    assert "Users do not have the attribute upn here" in hint(answer)


def test_auth0_scim__roles_can_be_mapped_to_metadata(make_idp):
    idp = make_idp(company(corp(mapping=[("roles", "app_metadata.roles"), ("active", "blocked")])))
    made = idp.provision(roles=[{"value": "admin"}])
    assert made["roles"] == [{"value": "admin"}]
    assert idp.profile()["app_metadata"]["roles"] == [{"value": "admin"}]


def test_auth0_scim__only_active_is_the_opposite_of_blocked(make_idp):
    idp = make_idp(company(corp(mapping=[("userType", "blocked")])))
    assert idp.provision(userType=True)["userType"] is True
    assert idp.profile()["blocked"] is True


@pytest.mark.parametrize(
    "body",
    [
        {"userName": "dana"},
        {"schemas": CORE},
        {"schemas": [ENTERPRISE]},
        {"schemas": [CORE], ENTERPRISE: "Research"},
        {"schemas": [CORE], ENTERPRISE.lower(): ["Research"]},
    ],
)
def test_rfc7644_3_12__a_body_that_is_no_user_is_refused(idp, body):
    answer = idp.scim("POST", body=body)
    assert error(answer)[:2] == (400, "invalidSyntax")
    assert "has to be" in hint(answer)


def test_a_body_that_is_no_json_is_refused(idp):
    path = f"/scim/v2/connections/{idp.connection_id}/Users"
    headers = {"Authorization": f"Bearer {idp.scim_token}"}
    answer = idp.request("POST", path, headers=headers, data="userName=dana")
    assert error(answer) == (400, None, "Invalid JSON")


@pytest.mark.parametrize(
    ("attributes", "detail"),
    [
        ({"displayName": 7}, "Invalid value of name"),
        ({"emails": [{"primary": True, "value": "nobody"}]}, "Invalid value of email"),
        ({"active": "False"}, "Invalid value of blocked"),
    ],
)
def test_rfc7644_3_12__a_value_of_another_type_is_refused(idp, attributes, detail):
    answer = idp.scim("POST", body=dana(**attributes))
    assert error(answer) == (400, "invalidValue", detail)
    assert ("?aadOptscim062020" in hint(answer)) == ("active" in attributes)
