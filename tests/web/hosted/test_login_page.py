"""The login page: Auth0's markup, the picker, and accessibility."""

import re

import pytest

from helpers.html_page import WORDS_OF_AUTH0
from mockidp.flows.login.page_errors import (
    NO_PASSWORD,
    NO_USERNAME,
    USER_NOT_OFFERED,
    WRONG_EMAIL_CREDENTIALS,
)
from mockidp.resources.user import User
from mockidp.web.hosted.picker import PICKER_LIMIT, UserChoice, offer, offer_users

ALICE = UserChoice(user_id="auth0|alice", username="alice@acme.example", name="Alice Example")
BOB = UserChoice(user_id="auth0|bob", username="bob@acme.example")
WRONG = {"password": WRONG_EMAIL_CREDENTIALS}


@pytest.fixture
def login(pages, parse):
    def login(**values):
        defaults = {
            "tenant_name": "Acme",
            "client_name": "Acme Web",
            "state": "hKFo2SAx",
            "action_url": "/u/login?state=hKFo2SAx",
            "screens": ("login", "login-id", "login-password"),
            "username": "",
            "requires_username": False,
        }
        users = values.pop("users", [ALICE, BOB])
        offered = offer(users, total=len(users))
        return parse(pages.prompt("login", **defaults | offered | values))

    return login


def position(parsed, **attributes):
    """Return the position of the only element with these attributes."""
    (number,) = parsed.find(**attributes)
    return number


def test_title_heading_and_sentence_are_auth0s(login):
    parsed = login()
    assert parsed.title == "Log in | Acme Web"
    assert [parsed.text_of(number) for number in parsed.find("h1")] == ["Welcome"]
    assert "Log in to Acme to continue to Acme Web." in parsed.text


def test_the_frame_has_auth0s_classes(login):
    parsed = login()
    assert parsed.all("body") == [{"class": "_widget-auto-layout"}]
    assert "_widget" in parsed.all("main")[0]["class"].split()
    assert parsed.find("section", **{"class": "_prompt-box-outer"})
    assert parsed.find(id="prompt-logo-center")


def test_the_first_form_is_the_primary_one_and_has_auth0s_fields(login):
    form = login().forms[0]
    assert form["form"]["action"] == "/u/login?state=hKFo2SAx"
    assert form["form"]["data-form-primary"] == "true"
    assert {"_form-login", "_form-login-id"} <= set(form["form"]["class"].split())
    assert list(form["fields"]) == [
        "state", "js-available", "webauthn-available", "is-brave", "webauthn-platform-available",
        "username", "password",
    ]  # fmt: skip
    assert form["fields"]["state"]["value"] == "hKFo2SAx"
    assert form["fields"]["js-available"]["value"] == "false"
    assert form["actions"] == ["default"]


def test_the_first_button_is_the_primary_one(login):
    parsed = login()
    button = parsed.all("button")[0]
    assert (button["type"], button["name"], button["value"]) == ("submit", "action", "default")
    assert button["data-action-button-primary"] == "true"
    assert {"_button-login", "_button-login-id"} <= set(button["class"].split())
    assert parsed.texts[parsed.find("button")[0]] == "Continue"


def test_the_fields_have_auth0s_attributes(login):
    parsed = login()
    fields = parsed.forms[0]["fields"]
    username, password = fields["username"], fields["password"]
    assert (username["id"], username["type"], username["inputmode"]) == (
        "username",
        "text",
        "email",
    )
    assert (password["id"], password["type"]) == ("password", "password")
    assert all("required" in field for field in (username, password))
    assert (username["autocomplete"], password["autocomplete"]) == ("username", "current-password")


def test_a_click_can_do_something_else_than_usual(login):
    radios = [one for one in login().all("input") if one.get("name") == "answer"]
    assert [one["value"] for one in radios] == ["usual", "claims", "blocked", "mfa"]
    assert [one["value"] for one in radios if "checked" in one] == ["usual"]
    assert all(one["data-testid"] == f"answer-{one['value']}" for one in radios)


@pytest.mark.parametrize(
    ("requires_username", "label"),
    [(False, "Email address"), (True, "Username or email address")],
)
def test_the_label_follows_the_connection(login, requires_username, label):
    parsed = login(requires_username=requires_username)
    labels = {
        parsed.elements[number][1]["for"]: parsed.text_of(number)
        for number in parsed.find("label")
        if number < position(parsed, **{"data-testid": "picker"})
    }
    assert labels == {"username": label, "password": "Password"}


def test_an_empty_username_has_the_focus(login):
    fields = login().forms[0]["fields"]
    assert "autofocus" in fields["username"]
    assert "autofocus" not in fields["password"]


def test_a_login_hint_fills_the_username_and_the_password_has_the_focus(login):
    fields = login(username="alice@acme.example").forms[0]["fields"]
    assert fields["username"]["value"] == "alice@acme.example"
    assert "autofocus" not in fields["username"]
    assert "autofocus" in fields["password"]


def test_wrong_credentials_are_an_error_of_the_password(login):
    parsed = login(errors=WRONG, username="alice")
    number = position(parsed, id="error-element-password")
    error = parsed.elements[number][1]
    assert error["class"] == "ulp-input-error-message"
    assert error["data-error-code"] == "wrong-email-credentials"
    assert error["role"] == "alert"
    assert parsed.texts[number] == "Wrong email or password"
    for name in ("username", "password"):
        field = parsed.forms[0]["fields"][name]
        assert field["aria-describedby"] == "error-element-password"
        assert field["aria-invalid"] == "true"


def test_empty_fields_have_errors_of_their_own(login):
    parsed = login(errors={"username": NO_USERNAME, "password": NO_PASSWORD})
    for name, code, text in (
        ("username", "no-username", "Username is required"),
        ("password", "no-password", "Password is required"),
    ):
        number = position(parsed, id=f"error-element-{name}")
        assert parsed.elements[number][1]["data-error-code"] == code
        assert parsed.texts[number] == text
        assert parsed.forms[0]["fields"][name]["aria-describedby"] == f"error-element-{name}"
        assert parsed.find(id=f"error-cs-{name}-required") == []


def test_the_texts_for_a_form_sent_with_empty_fields_are_there_and_hidden(login):
    parsed = login()
    for name, text in (
        ("username", "Username is required"),
        ("password", "Password is required"),
    ):
        number = position(parsed, id=f"error-cs-{name}-required")
        assert parsed.elements[number][1]["class"] == "ulp-error-info"
        assert parsed.texts[number] == text
    assert ".ulp-error-info { display: none; }" in parsed.html


def test_an_error_of_no_field_is_above_the_form(login):
    parsed = login(errors={"": USER_NOT_OFFERED})
    number = position(parsed, id="prompt-alert")
    assert number < parsed.find("form")[0]
    assert parsed.elements[number][1]["role"] == "alert"
    assert parsed.text_of(number) == "That user cannot be picked here"
    assert "aria-invalid" not in parsed.forms[0]["fields"]["username"]


def test_without_an_error_nothing_is_announced(login):
    parsed = login()
    assert not [
        attributes
        for _, attributes in parsed.elements
        if attributes.get("role") == "alert"
        or {"aria-invalid", "data-error-code"} & set(attributes)
    ]
    assert parsed.find(**{"data-testid": "mockidp-hint"}) == []


def test_the_hint_is_in_mockidps_own_part(login):
    parsed = login(errors=WRONG, hint="User auth0|alice has another password.")
    number = position(parsed, **{"data-testid": "mockidp-hint"})
    assert number > position(parsed, **{"data-testid": "picker"})
    assert parsed.text_of(number) == "Why it was refused: User auth0|alice has another password."
    assert parsed.text.count("another password") == 1


def test_a_hint_without_a_refusal_is_just_a_hint(login):
    parsed = login(hint="pick a user from the list")
    number = position(parsed, **{"data-testid": "mockidp-hint"})
    assert parsed.text_of(number) == "Hint: pick a user from the list"


def test_each_user_is_one_click_away(login):
    parsed = login()
    picker = parsed.forms[1]
    assert picker["form"]["data-testid"] == "picker-form"
    assert picker["form"]["action"] == "/u/login?state=hKFo2SAx"
    assert parsed.values(1) == {"state": "hKFo2SAx", "action": "pick", "answer": "usual"}
    assert picker["actions"] == ["auth0|alice", "auth0|bob"]
    buttons = [parsed.elements[number][1] for number in parsed.find(**{"data-testid": "pick-user"})]
    assert {button["name"] for button in buttons} == {"user_id"}


def test_deny_is_a_separate_form(login):
    parsed = login(users=[])
    assert len(parsed.forms) == 2
    assert parsed.values(1) == {"state": "hKFo2SAx", "action": "deny"}
    assert parsed.text_of(position(parsed, **{"data-testid": "deny"})) == "Deny"


def test_mockidps_controls_match_no_selector_of_the_primary_form(login):
    parsed = login(errors=WRONG, hint="User auth0|alice has another password.")
    start = position(parsed, **{"data-testid": "picker"})
    own = parsed.elements[start:]
    buttons = [attributes for tag, attributes in own if tag == "button"]
    assert len(buttons) == 3
    assert all("type" not in button and button.get("name") != "action" for button in buttons)
    fields = {attributes["name"]: attributes for tag, attributes in own if tag == "input"}
    assert {name: field["type"] for name, field in fields.items()} == {
        "state": "hidden",
        "action": "hidden",
        "answer": "radio",
    }
    assert [a for _, a in own if any(name.startswith("data-action-button") for name in a)] == []
    assert [a for _, a in own if re.search("_form|_button|ulp-", a.get("class", ""))] == []


def test_mockidps_own_controls_are_not_named_like_auth0s(login):
    users = [UserChoice(user_id="auth0|1", username="someone", name="Someone")]
    for parsed in (login(users=users), login(users=[])):
        start = position(parsed, **{"data-testid": "picker"})
        names = [
            parsed.text_of(number)
            for number, (tag, _) in enumerate(parsed.elements)
            if number > start and tag in {"h2", "h3", "label", "legend", "summary", "button"}
        ]
        names += [attributes.get("aria-label", "") for _, attributes in parsed.elements[start:]]
        assert [name for name in names if WORDS_OF_AUTH0.search(name)] == []


def test_nothing_has_the_name_of_a_field_but_the_field(login):
    parsed = login(errors=WRONG)
    named = [attributes["name"] for _, attributes in parsed.elements if "name" in attributes]
    for name in ("username", "password"):
        assert named.count(name) == 1
    assert not any(WORDS_OF_AUTH0.search(a.get("aria-label", "")) for _, a in parsed.elements)


def test_a_user_is_shown_with_name_username_and_id(login):
    text = login(users=[ALICE]).text
    assert [text.count(part) for part in ("Alice Example", "alice@acme.example", "auth0|alice")] == [1, 1, 1]  # fmt: skip


def test_a_user_without_a_name_is_shown_by_username_once(login):
    assert login(users=[BOB]).text.count("bob@acme.example") == 1
    same = UserChoice(user_id="auth0|bob", username="bob", name="bob")
    assert login(users=[same]).text.split().count("bob") == 1


def test_without_users_the_picker_is_empty(login):
    parsed = login(users=[])
    assert parsed.find(**{"data-testid": "picker-form"}) == []
    assert "No users to pick" in parsed.text


def test_the_picker_is_capped_and_says_how_many_are_left_out(login):
    users = [User(user_id=f"auth0|{n}", email=f"{n}@x.example") for n in range(PICKER_LIMIT + 7)]
    parsed = login(**offer_users(users))
    assert len(parsed.find(**{"data-testid": "pick-user"})) == PICKER_LIMIT
    assert "and 7 more" in parsed.text
    assert " more" not in login(**offer_users(users[:PICKER_LIMIT])).text


def test_a_name_too_long_to_show_is_still_posted_whole(login):
    user = UserChoice(user_id="w" * 10_000, username="w" * 10_000, name="W" * 10_000)
    parsed = login(users=[user], client_name="C" * 10_000, tenant_name="T" * 10_000)
    assert len(parsed.text) < 2_000
    assert parsed.forms[1]["actions"] == ["w" * 10_000]
