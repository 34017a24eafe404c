"""The login page: the fields, the picker, and what assistive software is told."""

import pytest

from mockidp.web.pages import PICKER_LIMIT, UserChoice

ALICE = UserChoice(user_id="auth0|alice", username="alice@acme.example", name="Alice Example")
BOB = UserChoice(user_id="auth0|bob", username="bob@acme.example")


@pytest.fixture
def login(pages, parse):
    def login(**values):
        defaults = {
            "tenant_name": "Acme",
            "client_name": "Acme Web",
            "state": "hKFo2SAx",
            "action_url": "/u/login?state=hKFo2SAx",
            "users": [ALICE, BOB],
        }
        return parse(pages.login(**defaults | values))

    return login


def test_the_page_is_named_after_the_tenant_and_names_the_application(login):
    parsed = login()
    assert "Acme" in parsed.text
    assert "to use Acme Web" in parsed.text


def test_the_password_form_posts_username_password_state_and_an_action(login):
    form = login().forms[0]
    assert form["form"]["action"] == "/u/login?state=hKFo2SAx"
    assert list(form["fields"]) == ["state", "username", "password"]
    assert form["fields"]["state"]["value"] == "hKFo2SAx"
    assert form["actions"] == ["default", "deny"]


def test_enter_logs_in_and_denying_needs_no_password(login):
    default, deny = login(users=[]).all("button")
    assert default["value"] == "default"
    assert "formnovalidate" not in default
    assert "formnovalidate" in deny


def test_password_managers_are_told_what_the_fields_are(login):
    fields = login().forms[0]["fields"]
    assert fields["username"]["autocomplete"] == "username"
    assert fields["password"]["autocomplete"] == "current-password"
    assert fields["password"]["type"] == "password"


def test_an_empty_username_has_the_focus(login):
    fields = login().forms[0]["fields"]
    assert "autofocus" in fields["username"]
    assert "autofocus" not in fields["password"]


def test_a_login_hint_fills_the_username_and_the_password_has_the_focus(login):
    fields = login(username="alice@acme.example").forms[0]["fields"]
    assert fields["username"]["value"] == "alice@acme.example"
    assert "autofocus" not in fields["username"]
    assert "autofocus" in fields["password"]


def test_an_error_is_announced_and_tied_to_the_fields(login):
    parsed = login(error="Wrong email or password.")
    alert = next(a for _, a in parsed.elements if a.get("role") == "alert")
    assert "Wrong email or password." in parsed.text
    for name in ("username", "password"):
        field = parsed.forms[0]["fields"][name]
        assert field["aria-describedby"] == alert["id"]
        assert field["aria-invalid"] == "true"


def test_without_an_error_nothing_is_announced(login):
    parsed = login()
    assert not [a for _, a in parsed.elements if a.get("role") == "alert" or "aria-invalid" in a]


def test_each_user_is_one_click_away(login):
    parsed = login()
    alice, bob = parsed.forms[1:]
    assert alice["actions"] == bob["actions"] == ["pick"]
    assert alice["form"]["action"] == "/u/login?state=hKFo2SAx"
    assert parsed.values(1) == {"state": "hKFo2SAx", "username": "auth0|alice"}
    assert parsed.values(2) == {"state": "hKFo2SAx", "username": "auth0|bob"}


def test_a_user_is_shown_with_name_username_and_id(login):
    text = login(users=[ALICE]).text
    assert [text.count(part) for part in ("Alice Example", "alice@acme.example", "auth0|alice")] == [1, 1, 1]  # fmt: skip


def test_a_user_without_a_name_is_shown_by_username_once(login):
    assert login(users=[BOB]).text.count("bob@acme.example") == 1
    same = UserChoice(user_id="auth0|bob", username="bob", name="bob")
    assert login(users=[same]).text.split().count("bob") == 1


def test_only_the_password_field_goes_by_the_name_of_password(login):
    assert login(error="Wrong.").text.lower().count("password") == 1


def test_only_the_submit_button_says_continue(login):
    assert login().text.lower().count("continue") == 1


def test_without_users_there_is_no_picker(login):
    parsed = login(users=[])
    assert len(parsed.forms) == 1
    assert "with one click" not in parsed.text


def test_the_picker_is_capped_and_says_how_many_are_left_out(login):
    users = [UserChoice(user_id=f"auth0|{n}", username=f"user{n}") for n in range(PICKER_LIMIT + 7)]
    parsed = login(users=users)
    assert len(parsed.forms) == 1 + PICKER_LIMIT
    assert "and 7 more" in parsed.text
    assert " more" not in login(users=users[:PICKER_LIMIT]).text


def test_a_name_too_long_to_show_is_still_posted_whole(login):
    user = UserChoice(user_id="w" * 10_000, username="w" * 10_000, name="W" * 10_000)
    parsed = login(users=[user], client_name="C" * 10_000, tenant_name="T" * 10_000)
    assert len(parsed.text) < 2_000
    assert parsed.values(1)["username"] == "w" * 10_000
