"""Values that were sent are returned, also those that are the default."""

import pytest

from helpers.management import ManagementClient

ALICE = "/users/auth0%7Calice"
USER = {"connection": "Username-Password-Authentication", "email": "new@acme.example"}
DATABASE = {"name": "db2", "strategy": "auth0"}


@pytest.mark.parametrize(
    ("path", "body", "sent"),
    [
        ("/users", {**USER, "password": "Str0ng!passw0rd"}, {"blocked": False}),
        ("/users", {**USER, "password": "Str0ng!passw0rd"}, {"user_metadata": {}}),
        ("/resource-servers", {"identifier": "https://a"}, {"enforce_policies": False}),
        ("/resource-servers", {"identifier": "https://a"}, {"token_dialect": "access_token"}),
        ("/resource-servers", {"identifier": "https://a"}, {"scopes": []}),
        ("/clients", {"name": "A"}, {"oidc_logout": {}}),
        ("/clients", {"name": "A"}, {"require_pushed_authorization_requests": False}),
        ("/connections", DATABASE, {"show_as_button": True}),
        ("/connections", DATABASE, {"options": {"disable_signup": False}}),
        ("/organizations", {"name": "org"}, {"metadata": {}}),
        ("/custom-domains", {"domain": "a.example", "type": "auth0_managed_certs"},
         {"domain_metadata": {}}),
    ],
)  # fmt: skip
def test_a_new_record_shows_what_was_sent(idp, path, body, sent):
    made = idp.call("POST", path, {**body, **sent})
    assert made.status_code == 201
    (name, value), shown = next(iter(sent.items())), made.json
    if isinstance(value, dict):
        assert shown[name] == {**shown[name], **value}
    else:
        assert shown[name] == value
    shown_id = next(
        shown[key] for key in ("user_id", "id", "client_id", "custom_domain_id") if key in shown
    )
    assert idp.call("GET", f"{path}/{shown_id.replace('|', '%7C')}").json[name] == shown[name]


def test_a_client_grant_shows_what_was_sent(idp):
    idp.call("POST", "/resource-servers", {"identifier": "https://a"})
    body = {"client_id": "manager", "audience": "https://a", "scope": []}
    made = idp.call("POST", "/client-grants", {**body, "allow_any_organization": False}).json
    assert made["allow_any_organization"] is False
    assert "allow_all_scopes" not in made


def test_what_was_not_sent_stays_absent(idp):
    made = idp.call("POST", "/users", {**USER, "password": "Str0ng!passw0rd"}).json
    assert not {"blocked", "user_metadata", "app_metadata"} & made.keys()
    made = idp.call("POST", "/resource-servers", {"identifier": "https://a"}).json
    assert not {"scopes", "enforce_policies", "token_dialect"} & made.keys()


def test_an_update_shows_what_was_sent_until_null_clears_it(idp):
    assert "blocked" not in idp.call("GET", ALICE).json
    assert idp.call("PATCH", ALICE, {"blocked": True}).json["blocked"] is True
    assert idp.call("PATCH", ALICE, {"blocked": False}).json["blocked"] is False
    assert idp.call("PATCH", ALICE, {"nickname": "ali"}).json["blocked"] is False
    assert "blocked" not in idp.call("PATCH", ALICE, {"blocked": None}).json


def test_an_option_that_is_always_shown_has_the_same_place_once_it_was_sent(idp):
    made = idp.call("POST", "/connections", {**DATABASE, "options": {"disable_signup": False}}).json
    shown = made["options"]
    assert shown == {"brute_force_protection": True, "disable_signup": False}
    changed = idp.call("PATCH", f"/connections/{made['id']}", {"options": shown}).json["options"]
    assert list(changed) == list(shown)


def test_the_last_scope_of_an_api_leaves_an_empty_list(idp):
    scopes = [{"value": "read:a", "description": ""}]
    made = idp.call("POST", "/resource-servers", {"identifier": "https://a", "scopes": scopes})
    path = f"/resource-servers/{made.json['id']}"
    assert idp.call("PATCH", path, {"scopes": []}).json["scopes"] == []
    assert idp.call("GET", path).json["scopes"] == []


def test_an_error_page_without_a_url_is_shown(idp):
    settings = "/tenants/settings"
    assert "error_page" not in idp.call("GET", settings).json
    page = {"url": "", "show_log_link": False}
    assert idp.call("PATCH", settings, {"error_page": page}).json["error_page"] == page
    assert idp.call("GET", settings).json["error_page"] == page


def test_a_flag_with_its_default_is_shown(idp):
    flag = {"remove_alg_from_jwks": False}
    answer = idp.call("PATCH", "/tenants/settings", {"flags": flag}).json
    assert answer["flags"].items() >= flag.items()


def test_a_search_finds_users_whose_blocked_was_set(idp):
    def found():
        answer = idp.call("GET", "/users", q="blocked:false")
        return [one["user_id"] for one in answer.json], answer.headers.get("Mockidp-Hint", "")

    users, hint = found()
    assert users == []
    assert "Search for `NOT blocked:true`." in hint
    idp.call("PATCH", ALICE, {"blocked": False})
    assert found()[0] == ["auth0|alice"]


def test_a_reset_restores_what_was_set(idp):
    client = ManagementClient()
    client.call("PATCH", ALICE, {"blocked": False})
    snapshot = client.tenant.snapshot()
    client.call("PATCH", ALICE, {"blocked": None})
    client.tenant.restore(snapshot)
    assert client.call("GET", ALICE).json["blocked"] is False
