"""Patches of users, as Okta and Entra ID send them (RFC 7644 3.5.2)."""

import pytest

from helpers.scim import CORE, DANA, ENTERPRISE, PATCH_OP, company, corp, error, path_of
from helpers.tenant_client import hint

DEPARTMENT = f"{ENTERPRISE}:department"
WORK = 'emails[type eq "work"].value'
HOME = 'addresses[type eq "work"]'


@pytest.fixture
def idp(idp):
    idp.provision(title="Engineer")
    return idp


@pytest.mark.parametrize(
    ("operation", "changed"),
    [
        ({"op": "replace", "value": {"displayName": "D"}}, {"displayName": "D"}),
        ({"op": "Replace", "path": "displayName", "value": "D"}, {"displayName": "D"}),
        ({"op": "add", "path": "nickName", "value": "d"}, {"nickName": "d"}),
        ({"op": "Add", "path": f"{CORE}:nickName", "value": "d"}, {"nickName": "d"}),
        (
            {"op": "replace", "path": "name.givenName", "value": "Dee"},
            {"name": {"givenName": "Dee", "familyName": "Doe"}},
        ),
        (
            {"op": "replace", "path": "name", "value": {"givenName": "Dee"}},
            {"name": {"givenName": "Dee", "familyName": "Doe"}},
        ),
        (
            {"op": "replace", "value": {"name.givenName": "Dee", DEPARTMENT: "Sales"}},
            {
                "name": {"givenName": "Dee", "familyName": "Doe"},
                ENTERPRISE: {"department": "Sales"},
            },
        ),
        (
            {"op": "replace", "value": {ENTERPRISE: {"division": "EU"}}},
            {ENTERPRISE: {"department": "Research", "division": "EU"}},
        ),
        (
            {"op": "add", "path": ENTERPRISE, "value": {"division": "EU"}},
            {ENTERPRISE: {"department": "Research", "division": "EU"}},
        ),
        (
            {"op": "replace", "path": "emails[primary eq true].value", "value": "d@corp.example"},
            {"emails": [{"primary": True, "value": "d@corp.example"}]},
        ),
        (
            {"op": "replace", "path": "emails.value", "value": "d@corp.example"},
            {"emails": [{"primary": True, "value": "d@corp.example"}]},
        ),
        (
            {"op": "add", "path": f"{HOME}.locality", "value": "Oslo"},
            {"addresses": [{"type": "work", "locality": "Oslo"}]},
        ),
        (
            {"op": "add", "path": HOME, "value": {"locality": "Oslo"}},
            {"addresses": [{"type": "work", "locality": "Oslo"}]},
        ),
        (
            {
                "op": "add",
                "path": "phoneNumbers",
                "value": [{"type": "mobile", "value": "1"}, {"primary": True, "value": "2"}],
            },
            {"phoneNumbers": [{"primary": True, "value": "2"}, {"type": "mobile", "value": "1"}]},
        ),
        ({"op": "remove", "path": "title"}, {"title": None}),
        ({"op": "Remove", "path": "TITLE"}, {"title": None}),
        ({"op": "remove", "path": "nickName"}, {}),
        ({"op": "remove", "path": "name.familyName"}, {"name": {"givenName": "Dana"}}),
        ({"op": "remove", "path": "displayName.first"}, {}),
        ({"op": "remove", "path": "emails[primary eq true]"}, {"emails": None}),
        ({"op": "remove", "path": "emails[primary eq false]"}, {}),
        ({"op": "remove", "path": "emails[primary eq true].value"}, {"emails": None}),
        ({"op": "remove", "path": f"{HOME}.locality"}, {}),
        ({"op": "remove", "path": HOME}, {}),
        ({"op": "remove", "path": DEPARTMENT}, {ENTERPRISE: None, "schemas": [CORE]}),
        ({"op": "remove", "path": ENTERPRISE}, {ENTERPRISE: None, "schemas": [CORE]}),
    ],
)
def test_rfc7644_3_5_2__an_operation_changes_the_user(idp, operation, changed):
    before = idp.scim("GET", path_of(DANA)).json
    answer = idp.patch(operation)
    assert answer.status_code == 200, answer.text
    expected = {name: one for name, one in {**before, **changed}.items() if one is not None}
    assert answer.json == expected
    assert idp.scim("GET", path_of(DANA)).json == expected


def test_rfc7644_3_5_2__operations_are_applied_in_order(idp):
    answer = idp.patch(
        {"op": "remove", "path": "title"},
        {"op": "add", "path": "title", "value": "Lead"},
        {"op": "replace", "path": "active", "value": False},
    )
    assert (answer.json["title"], answer.json["active"]) == ("Lead", False)
    assert idp.profile()["blocked"] is True


def test_rfc7644_3_5_2_1__add_appends_to_a_list_once(make_idp):
    idp = make_idp(company(corp(mapping=[("roles", "app_metadata.roles")])))
    idp.provision(roles=[{"value": "a"}])
    for value in ([{"value": "a"}, {"value": "b"}], {"value": "b"}):
        answer = idp.patch({"op": "add", "path": "roles", "value": value})
        assert answer.json["roles"] == [{"value": "a"}, {"value": "b"}]
    answer = idp.patch({"op": "replace", "path": "roles", "value": [{"value": "c"}]})
    assert answer.json["roles"] == [{"value": "c"}]


def test_entra__a_path_whose_element_does_not_exist_creates_it(make_idp):
    idp = make_idp(company(corp("waad")))
    idp.provision(emails=None)
    answer = idp.patch(
        {"op": "replace", "path": WORK, "value": "d@corp.example"}, user_id="waad|corp|00u1"
    )
    assert answer.json["emails"] == [{"type": "work", "value": "d@corp.example"}]


def test_auth0_scim__a_path_without_a_mapping_is_ignored_with_a_hint(idp):
    answer = idp.patch(
        {"op": "add", "path": "ims", "value": [{"value": "d"}]},
        {"op": "add", "path": "name.formatted", "value": "Dana Doe"},
        {"op": "replace", "path": WORK, "value": "d@corp.example"},
        {"op": "replace", "path": "title", "value": "Lead"},
        {"op": "replace", "value": {ENTERPRISE: {"department": "Sales"}}},
    )
    assert answer.status_code == 200
    ignored = f"ims, name.formatted, {WORK}, so this was ignored."
    assert f"The mapping of connection corp does not have {ignored}" in hint(answer)


@pytest.mark.parametrize(
    ("operation", "scim_type", "why"),
    [
        ("replace", "invalidSyntax", "`op` is 'None'."),
        ({"op": "move", "path": "title"}, "invalidSyntax", "Send one of add, replace, remove."),
        ({"op": "add", "path": 7, "value": 1}, "invalidPath", "`path` has to be a string."),
        ({"op": "add", "path": "title"}, "invalidValue", "has no `value`"),
        ({"op": "add", "value": "x"}, "invalidValue", "has to be an object"),
        ({"op": "remove"}, "noTarget", "has no `path`"),
        ({"op": "add", "path": "a b", "value": 1}, "invalidPath", "is not an attribute path"),
        ({"op": "add", "path": "title[", "value": 1}, "invalidPath", "is not an attribute path"),
        (
            {"op": "add", "path": 'a[b eq "\\u12"]', "value": 1},
            "invalidPath",
            "is not an attribute path",
        ),
        ({"op": "add", "path": "displayName.x", "value": 1}, "invalidPath", "a value with members"),
        ({"op": "add", "path": ENTERPRISE, "value": 1}, "invalidPath", "a value with members"),
        ({"op": "add", "path": HOME, "value": "Oslo"}, "invalidPath", "a value with members"),
        ({"op": "replace", "path": "active", "value": "False"}, "invalidValue", "true or false"),
    ],
)
def test_rfc7644_3_5_2__an_operation_that_is_not_valid_is_refused(idp, operation, scim_type, why):
    before = idp.scim("GET", path_of(DANA)).json
    answer = idp.patch({"op": "remove", "path": "title"}, operation)
    assert error(answer)[:2] == (400, scim_type)
    assert why in hint(answer)
    assert idp.scim("GET", path_of(DANA)).json == before


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ({"Operations": [{"op": "remove", "path": "title"}]}, "`schemas` of a PATCH"),
        ({"schemas": [CORE], "Operations": []}, "`schemas` of a PATCH"),
        ({"schemas": [PATCH_OP]}, "`Operations` of a PATCH"),
        ({"schemas": [PATCH_OP], "Operations": []}, "`Operations` of a PATCH"),
    ],
)
def test_rfc7644_3_5_2__a_body_without_operations_is_refused(idp, body, why):
    answer = idp.scim("PATCH", path_of(DANA), body)
    assert error(answer)[:2] == (400, "invalidSyntax")
    assert why in hint(answer)
