"""Profiles of self-service, of user attributes and of connections: stored and returned."""

import pytest

from helpers.management import granting
from helpers.tenant_client import hint
from mockidp.tenant.config.plain import structure_tenant

SELF_SERVICE = "/self-service-profiles"
ATTRIBUTES = "/user-attribute-profiles"
CONNECTIONS = "/connection-profiles"
EMAIL = {"name": "email", "description": "E-mail address", "is_optional": False}
BODIES = {
    "/self-service-profiles": {"name": "partners"},
    "/user-attribute-profiles": {"name": "crew", "user_attributes": {"email": {"label": "E-mail"}}},
    "/connection-profiles": {"name": "partners"},
}


def refusal(answer):
    return answer.status_code, answer.json["message"], answer.json.get("errorCode")


@pytest.fixture
def profile(idp):
    body = {"name": "partners", "description": "", "user_attributes": [EMAIL]}
    return idp.call("POST", SELF_SERVICE, body).json


def test_a_self_service_profile_has_a_list_of_attributes(idp):
    made = idp.call("POST", SELF_SERVICE, {"name": "partners", "allowed_strategies": ["oidc"]})
    assert made.status_code == 201
    assert list(made.json) == [
        "id", "name", "user_attributes", "allowed_strategies", "created_at", "updated_at",
    ]  # fmt: skip
    assert made.json["user_attributes"] == []
    page = idp.call("GET", SELF_SERVICE, include_totals="true").json
    assert list(page) == ["self_service_profiles", "start", "limit", "total"]
    assert page["self_service_profiles"] == idp.call("GET", SELF_SERVICE).json == [made.json]


def test_attributes_are_either_listed_or_those_of_a_profile(idp, profile):
    path = f"{SELF_SERVICE}/{profile['id']}"
    refused = idp.call("PATCH", path, {"user_attribute_profile_id": "uap_1"})
    assert refusal(refused)[0] == 400
    assert hint(refused) == (
        "Send `user_attributes: null`, or leave `user_attribute_profile_id` out."
    )
    change = {"user_attribute_profile_id": "uap_1", "user_attributes": None}
    changed = idp.call("PATCH", path, change).json
    assert (changed["user_attributes"], changed["user_attribute_profile_id"]) == ([], "uap_1")


def test_a_tenant_file_names_the_user_attribute_profile(make_idp):
    sections = {
        "userAttributeProfiles": [BODIES[ATTRIBUTES]],
        "selfServiceProfiles": [{"name": "partners", "user_attribute_profile_id": "crew"}],
    }
    idp = make_idp(document=granting(document=structure_tenant(sections)))
    (attributes,) = idp.call("GET", ATTRIBUTES).json["user_attribute_profiles"]
    (shown,) = idp.call("GET", SELF_SERVICE).json
    assert shown["user_attribute_profile_id"] == attributes["id"]


def test_texts_of_a_profile_have_a_path_of_their_own(idp, profile):
    path = f"{SELF_SERVICE}/{profile['id']}"
    assert idp.call("GET", f"{SELF_SERVICE}/{profile['id']}/custom-text/en/get-started").json == {}
    for texts in ({"introduction": "Welcome"}, {}):
        changed = idp.call(
            "PUT", f"{SELF_SERVICE}/{profile['id']}/custom-text/en/get-started", texts
        )
        assert (changed.status_code, changed.json) == (200, texts)
        assert idp.call("GET", f"{path}/custom-text/en/get-started").json == texts
        assert idp.call("GET", path).json == profile
    refused = idp.call("PATCH", path, {"customText": {}})
    assert refused.json["message"].endswith("'Additional properties not allowed: customText'.")
    refused = idp.call("PUT", f"{path}/custom-text/en/get-started", {"introduction": 1})
    assert refusal(refused)[1] == (
        "Payload validation error: 'Expected type string' on property introduction."
    )


def test_an_update_of_a_user_attribute_profile_merges_how_users_are_identified(idp):
    body = {**BODIES[ATTRIBUTES], "user_id": {"oidc_mapping": "sub", "saml_mapping": ["a"]}}
    made = idp.call("POST", ATTRIBUTES, body).json
    assert list(made) == ["id", "name", "user_id", "user_attributes"]
    change = {"user_id": {"oidc_mapping": "sub", "scim_mapping": "externalId"}}
    changed = idp.call("PATCH", f"{ATTRIBUTES}/{made['id']}", change).json
    assert changed["user_id"] == body["user_id"] | change["user_id"]


def test_a_connection_profile_shows_null_for_what_is_not_set(idp):
    made = idp.call("POST", CONNECTIONS, {"name": "partners", "enabled_features": ["scim"]})
    assert made.status_code == 201
    shown = dict(made.json)
    assert shown.pop("id").startswith("cop_")
    assert list(shown.items()) == [
        ("name", "partners"),
        ("enabled_features", ["scim"]),
        ("connection_config", None),
        ("strategy_overrides", None),
    ]


@pytest.mark.parametrize(
    ("path", "key"),
    [
        ("/user-attribute-profiles", "user_attribute_profiles"),
        ("/connection-profiles", "connection_profiles"),
    ],
)
def test_lists_are_paged_by_checkpoint(idp, path, key):
    assert idp.call("GET", path, take="10").json == {key: []}
    made = [idp.call("POST", path, BODIES[path] | {"name": name}).json for name in ("a", "b")]
    first = idp.call("GET", path, take="1").json
    assert (first[key], list(first)) == (made[:1], [key, "next"])
    assert idp.call("GET", path, take="1", **{"from": first["next"]}).json == {key: made[1:]}


@pytest.mark.parametrize(("path", "body"), BODIES.items())
def test_a_name_is_used_once_and_deletion_is_silent(idp, path, body):
    one = f"{path}/{idp.call('POST', path, body).json['id']}"
    assert idp.call("POST", path, body).status_code == 409
    for _ in range(2):
        assert idp.call("DELETE", one).status_code == 204
    assert idp.call("GET", one).status_code == 404
    assert idp.call("POST", path, {}).json["message"].endswith("Missing required property: name'.")


def test_the_404_has_auth0s_words(idp):
    assert refusal(idp.call("GET", "/self-service-profiles/ssp_1")) == (
        404,
        "Profile with ID: ssp_1 not found",
        None,
    )
    assert refusal(idp.call("GET", "/user-attribute-profiles/uap_1")) == (
        404,
        "User attribute profile not found.",
        None,
    )


@pytest.mark.parametrize("path", [ATTRIBUTES, CONNECTIONS])
def test_a_template_makes_a_profile(idp, path):
    key = f"{path[1:-1].replace('-', '_')}_templates"
    (template,) = idp.call("GET", f"{path}/templates").json[key]
    assert list(template) == ["id", "display_name", "template"]
    assert idp.call("GET", f"{path}/templates/{template['id']}").json == template
    assert idp.call("POST", path, template["template"]).status_code == 201
    assert idp.call("GET", f"{path}/templates/none").status_code == 404


def test_a_ticket_for_self_service_has_a_link(idp, profile):
    path = f"{SELF_SERVICE}/{profile['id']}/sso-ticket"
    connection = idp.call("GET", "/connections").json[0]["id"]
    answer = idp.call("POST", path, {"connection_id": connection, "ttl_sec": 60})
    assert answer.status_code == 201
    link, _, ticket = answer.json["ticket"].partition("?ticket=")
    assert (link, len(ticket)) == (f"{idp.url}/self-service/connections-flow", 32)
    assert "no page" in hint(answer)
    assert idp.call("POST", path, {}).status_code == 201
    assert idp.call("POST", path, {"connection_id": "con_none"}).status_code == 404
    assert idp.call("POST", path, {"ttl_sec": 432_001}).status_code == 400
    assert idp.call("POST", path, {"colour": "red"}).status_code == 400
