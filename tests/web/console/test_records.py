"""The pages of records: list, search, create, edit, delete. They follow from the resource types."""

from dataclasses import replace

import pytest

from helpers.acme import ACME
from helpers.console_browser import ConsoleBrowser
from mockidp.codec.write import to_file
from mockidp.resources.registry import TYPES, type_of
from mockidp.resources.user import User
from mockidp.testing import records
from mockidp.web.console.navigation import area_of
from mockidp.web.console.records.pages import PAGE

NEW = {
    "clients": {"client_id": "made", "name": "Made", "callbacks": "http://localhost/a\r\nhttp://localhost/b"},
    "apis": {"identifier": "https://made.example/", "scopes": '[{"value": "read:x"}]'},
    "client_grants": {"client_id": "web", "audience": "https://api.example/", "scope": "read:items"},
    "connections": {"name": "made", "strategy": "auth0"},
    "roles": {"name": "made", "description": "Made here"},
    "users": {"user_id": "auth0|made", "email": "made@acme.example", "email_verified": "true"},
    "organizations": {"name": "made", "display_name": "Made"},
    "token_exchange_profiles": {"name": "made", "subject_token_type": "urn:acme:made"},
    "custom_domains": {"domain": "login.made.example"},
}  # fmt: skip
EVERY_TYPE = pytest.mark.parametrize("kind", TYPES, ids=lambda kind: kind.plural)
USERS = type_of("users")


def rows(console):
    return console.text("record")


def of(console, kind):
    return console.tenant.directory.records[kind.plural]


def with_users(count):
    users = tuple(
        User(user_id=f"auth0|{number:05}", email=f"user-{number}@acme.example")
        for number in range(count)
    )
    return ConsoleBrowser(replace(ACME, users=users, roles=()))


@EVERY_TYPE
def test_a_record_is_created_shown_and_deleted(console, kind):
    area = area_of(kind).name
    before = len(of(console, kind))
    console.open(f"/new/{area}")
    page = console.follow_change(f"/new/{area}", **NEW[kind.plural])
    assert len(of(console, kind)) == before + 1
    made = list(of(console, kind).values())[-1]
    assert page.find("h1")
    assert kind.key_of(made) in page.text
    [action] = [one["form"]["action"] for one in page.forms if "/delete/" in one["form"]["action"]]
    console.follow_change(action.removeprefix("/_mockidp"))
    assert len(of(console, kind)) == before


@EVERY_TYPE
def test_an_empty_list_says_how_to_make_a_record(kind):
    console = ConsoleBrowser(type(ACME)())
    console.open(f"/{area_of(kind).name}")
    assert f"idp.add_{kind.name}()" in console.text("nothing")[0]


def test_the_navigation_counts_the_records(console):
    page = console.open("/users")
    [current] = page.find("a", **{"aria-current": "page"})[:1]
    assert page.text_of(current) == f"Users{len(console.tenant.directory.users)}"


def test_a_list_has_pages(console):
    console = with_users(2 * PAGE + 1)
    console.open("/users")
    assert len(rows(console)) == PAGE
    assert "Page 1 of 3" in console.page.text
    console.open("/users", page="3")
    assert rows(console) == ["auth0|00100 user-100@acme.example"]
    console.open("/users", page="4")
    assert rows(console) == []
    console.open("/users", page="x")
    assert "Page 1 of 3" in console.page.text


@pytest.mark.parametrize("asked", ["user-77@", "USER-77@", "auth0|00077", "00077"])
def test_a_search_finds_names_and_ids(asked):
    console = with_users(200)
    console.open("/users", q=asked)
    assert rows(console) == ["auth0|00077 user-77@acme.example"]


def test_a_search_without_result_says_so(console):
    console.open("/users", q="<nobody>")
    assert console.text("nothing") == ["Nothing contains <nobody>. Show all"]


def test_an_edit_changes_only_the_fields_that_were_changed(console):
    before = console.tenant.directory.user("auth0|bob")
    console.open("/edit/users/auth0%7Cbob")
    console.follow_change("/edit/users/auth0%7Cbob", name="Robert")
    after = console.tenant.directory.user("auth0|bob")
    assert after == replace(before, name="Robert", updated_at=after.updated_at)
    console.open("/edit/users/auth0%7Cbob")
    console.follow_change("/edit/users/auth0%7Cbob", name="")
    assert console.tenant.directory.user("auth0|bob").name is None


def test_json_lines_choices_and_numbers_are_read(console):
    console.open("/edit/users/auth0%7Cbob")
    console.follow_change(
        "/edit/users/auth0%7Cbob", app_metadata='{"plan": "gold"}', blocked="true"
    )
    bob = console.tenant.directory.user("auth0|bob")
    assert (bob.app_metadata, bob.blocked) == ({"plan": "gold"}, True)
    console.open("/edit/apis/https%3A%2F%2Fapi.example%2F")
    console.follow_change("/edit/apis/https%3A%2F%2Fapi.example%2F", token_lifetime="120")
    assert console.tenant.directory.apis["https://api.example/"].token_lifetime == 120


def test_lines_become_a_list(console):
    path = "/edit/applications/web"
    console.open(path)
    console.follow_change(path, allowed_logout_urls="http://localhost/a\r\n\n http://localhost/b ")
    assert console.tenant.directory.clients["web"].allowed_logout_urls == (
        "http://localhost/a",
        "http://localhost/b",
    )


def test_other_fields_are_kept_changed_and_removed(console):
    path = "/edit/users/auth0%7Cbob"
    console.open(path)
    console.follow_change(path, other_fields='{"last_ip": "10.0.0.1", "logins_count": 3}')
    extra = {"last_ip": "10.0.0.1", "logins_count": 3}
    assert console.tenant.directory.user("auth0|bob").extra == extra
    console.open(path)
    console.follow_change(path, other_fields='{"logins_count": 4}')
    assert console.tenant.directory.user("auth0|bob").extra == {"logins_count": 4}


def test_a_member_that_is_deleted_from_json_is_removed(console):
    path = "/edit/users/auth0%7Cbob"
    console.open(path)
    console.follow_change(path, app_metadata='{"plan": {"name": "gold", "seats": 1}, "flag": 1}')
    console.open(path)
    console.follow_change(path, app_metadata='{"plan": {"name": "gold"}, "flag": true}')
    metadata = console.tenant.directory.user("auth0|bob").app_metadata
    assert metadata == {"plan": {"name": "gold"}, "flag": True}
    assert metadata["flag"] is True
    console.open(path)
    console.follow_change(path, app_metadata="{}")
    assert console.tenant.directory.user("auth0|bob").app_metadata == {}


def test_a_text_of_several_lines_is_shown_in_a_field_that_keeps_them(console):
    records.patch(console.tenant, USERS, "auth0|bob", {"name": "Bob\nof Acme"})
    path = "/edit/users/auth0%7Cbob"
    [field] = console.open(path).find("textarea", id="name")
    assert console.page.text_of(field)
    console.follow_change(path, nickname="bobby")
    assert console.tenant.directory.user("auth0|bob").name == "Bob\nof Acme"


@pytest.mark.parametrize("page", ["0", "-1", "x", "9" * 9, "9" * 30])
def test_a_page_number_out_of_range_is_no_error(console, page):
    assert "Users" in console.open("/users", page=page).text


@pytest.mark.parametrize(
    ("field", "value", "text"),
    [
        ("app_metadata", "{", "The text is not JSON"),
        ("app_metadata", '{"a": NaN}', "The text is not JSON: NaN is not a JSON value."),
        ("app_metadata", '{"a": 1e999}', "The text is not JSON: the number 1e999 is too large."),
        ("app_metadata", '{"a": "\\ud800"}', "half of a surrogate pair."),
        ("app_metadata", '{"a": 1, "a": 2}', "was sent more than once."),
        ("app_metadata", '{"a": ' + "[" * 300 + "]" * 300 + "}", "The text is nested too deeply"),
        ("other_fields", "[]", "Send a JSON object."),
        ("roles", "nobody", "Found the string 'nobody', expected"),
    ],
)
def test_a_wrong_value_is_refused_at_its_field_and_nothing_is_saved(console, field, value, text):
    before = console.tenant.snapshot()
    console.open("/edit/users/auth0%7Cbob")
    answer = console.send("/edit/users/auth0%7Cbob", **{field: value}, nickname="ally")
    assert answer.status_code == 400
    console.page = type(console.page)(answer.text)
    [error] = console.page.find("p", id=f"error-{field}")
    assert text in console.page.text_of(error)
    assert console.page.values(0)["nickname"] == "ally"
    assert console.tenant.snapshot() == before


def test_a_number_must_be_one(console):
    path = "/edit/apis/https%3A%2F%2Fapi.example%2F"
    console.open(path)
    answer = console.send(path, token_lifetime="soon")
    assert answer.status_code == 400
    assert "Send a number." in answer.text


def test_a_known_key_and_a_missing_one_are_refused(console):
    console.open("/new/users")
    for user_id, text in ((("auth0|alice"), "exists"), ("", "A value is required.")):
        answer = console.send("/new/users", user_id=user_id)
        assert answer.status_code == 400
        assert text in answer.text


def test_a_secret_is_shown_on_demand_and_kept_by_an_edit(console):
    console.open("/applications/web")
    assert "web-secret" in console.text("secrets")[0]
    path = "/edit/applications/web"
    console.open(path)
    assert "web-secret" not in console.page.html
    console.follow_change(path, description="Changed")
    client = console.tenant.directory.clients["web"]
    assert client.client_secret == "web-secret"
    console.open(path)
    console.follow_change(path, client_secret="another-secret")
    assert console.tenant.directory.clients["web"].client_secret == "another-secret"


def test_a_password_is_never_shown(console):
    console.open("/new/users")
    console.follow_change(
        "/new/users", user_id="auth0|made", email="m@a.example", password="Hidden 1!"
    )
    for path in ("/users", "/users/auth0%7Cmade", "/edit/users/auth0%7Cmade"):
        assert "Hidden 1!" not in console.open(path).html
    assert console.tenant.directory.user("auth0|made").password == "Hidden 1!"


@pytest.mark.parametrize("path", ["/users/nobody", "/edit/users/nobody"])
def test_an_unknown_record_is_404_with_a_hint(console, path):
    console.open(path, status=404)
    assert "There is no user 'nobody'." in console.text("problem")[0]


def test_a_record_that_a_setting_names_is_not_deleted():
    document = replace(ACME, tenant=replace(ACME.tenant, default_audience="https://api.example/"))
    console = ConsoleBrowser(document)
    path = "https%3A%2F%2Fapi.example%2F"
    console.open(f"/apis/{path}")
    refused = console.send(f"/delete/apis/{path}")
    assert refused.status_code == 400
    assert "default_audience" in refused.text
    assert to_file(console.tenant.directory.apis["https://api.example/"])
