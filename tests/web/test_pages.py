"""The pages as HTML: well-formed, self-contained, labelled, and whole under hostile values."""

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockidp.web.ui.pages import PICKER_LIMIT, Pages, UserChoice

VOID = {"input", "meta", "br", "hr", "img", "link"}
LOADING = {"src", "srcset", "href", "poster", "data", "background", "formaction"}
HOSTILE = [
    '"><script>alert(1)</script>',
    "' onfocus='alert(1)' x='",
    "</style></title></textarea><img src=x onerror=alert(1)>",
    "{{ 7 * 7 }} {% raw %}",
    "山田太郎",
    "مستخدم \u202etset",
    "\x00\x1f\ufffe",
    "a\ud800b",
    "  ",
    "W" * 10_000,
]

ALICE = UserChoice(user_id="auth0|alice", username="alice@acme.example", name="Alice Example")
BOB = UserChoice(user_id="auth0|bob", username="bob@acme.example")


class Page(HTMLParser):
    """A parsed page: its elements with their attributes, its forms, its text."""

    def __init__(self, html):
        super().__init__(convert_charrefs=True)
        self.html = html
        self.open = []
        self.elements = []
        self.forms = []
        self.text = ""
        self.feed(html)
        self.close()
        assert self.open == [], "an element is left open"

    def handle_starttag(self, tag, attrs):
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), f"{tag} has an attribute twice: {names}"
        attributes = dict(attrs)
        self.elements.append((tag, attributes))
        if tag == "form":
            assert "form" not in self.open, "a form in a form"
            self.forms.append({"form": attributes, "fields": {}, "actions": []})
        elif tag == "input":
            self.forms[-1]["fields"][attributes["name"]] = attributes
        elif tag == "button":
            self.forms[-1]["actions"].append(attributes.get("value"))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag, f"</{tag}> closes another element"

    def handle_data(self, data):
        if not {"style", "script"} & set(self.open):
            self.text += data

    def all(self, tag):
        return [attributes for name, attributes in self.elements if name == tag]

    def values(self, form):
        return {name: field.get("value") for name, field in self.forms[form]["fields"].items()}


@pytest.fixture(scope="module")
def pages():
    return Pages()


def login(pages, **values):
    defaults = {
        "tenant_name": "Acme",
        "client_name": "Acme Web",
        "state": "hKFo2SAx",
        "action_url": "/u/login?state=hKFo2SAx",
        "users": [ALICE, BOB],
    }
    return Page(pages.login(**defaults | values))


def error(pages, **values):
    defaults = {
        "tenant_name": "Acme",
        "error": "invalid_request",
        "description": "Unknown client: nobody",
        "tracking_id": "4f1a0b",
        "status": 400,
    }
    return Page(pages.error(**defaults | values))


def every_page(pages, value):
    """Render all pages, with the value in every place that takes one."""
    user = UserChoice(user_id=value, username=value, name=value)
    common = {"tenant_name": value, "action_url": value}
    request = {**common, "client_name": value, "state": value, "username": value}
    return {
        "login": pages.login(**request, users=[user, BOB], error=value),
        "consent": pages.consent(**request, audience=value, scopes=[value, "openid"]),
        "error": pages.error(
            tenant_name=value, error=value, description=value, tracking_id=value, status=400
        ),
        "logout_confirm": pages.logout_confirm(**common, parameters={"state": value, value: "x"}),
        "signed_out": pages.signed_out(tenant_name=value),
        "form_post": pages.form_post(redirect_uri=value, parameters={"state": value, value: "x"}),
    }


@pytest.fixture(scope="module", params=["login", "consent", "error", "logout_confirm", "signed_out", "form_post"])  # fmt: skip
def page(request, pages):
    return Page(every_page(pages, "harmless")[request.param])


def test_every_page_says_that_it_is_a_mock(page):
    assert "mockidp - a mock identity provider for tests" in page.text


def test_every_page_is_a_whole_html_document(page):
    assert page.html.startswith("<!DOCTYPE html>\n<html lang=")
    assert [tag for tag, _ in page.elements if tag in {"html", "head", "title", "body", "main", "h1"}] == [
        "html", "head", "title", "body", "main", "h1",
    ]  # fmt: skip
    assert {"charset": "utf-8"} in page.all("meta")


def test_every_id_is_unique_and_every_reference_has_its_target(page):
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    references = [
        attributes[name]
        for _, attributes in page.elements
        for name in ("for", "aria-labelledby", "aria-describedby")
        if name in attributes
    ]
    assert set(references) <= set(ids)


def test_every_visible_field_has_a_label(page):
    labelled = {label["for"] for label in page.all("label")}
    visible = [field for field in page.all("input") if field["type"] != "hidden"]
    assert all(field["id"] in labelled for field in visible)


def test_no_page_loads_anything(page):
    assert not {"img", "link", "iframe", "object", "embed", "base"} & {t for t, _ in page.elements}
    assert not [a for _, a in page.elements if LOADING & set(a)]
    assert "url(" not in page.html
    assert "@import" not in page.html


def test_only_the_form_post_page_has_a_script_and_none_has_inline_handlers(pages):
    scripts = {name: len(Page(html).all("script")) for name, html in every_page(pages, "x").items()}
    assert {name for name, count in scripts.items() if count} == {"form_post"}
    for html in every_page(pages, "x").values():
        assert not [a for _, a in Page(html).elements if any(n.startswith("on") for n in a)]


def test_every_form_is_posted(page):
    assert {form["form"]["method"] for form in page.forms} <= {"post"}


@pytest.mark.parametrize("value", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_value_leaves_every_page_as_it_is(pages, value):
    hostile, harmless = every_page(pages, value), every_page(pages, "harmless")
    for name, html in hostile.items():
        parsed, expected = Page(html), Page(harmless[name])
        assert [tag for tag, _ in parsed.elements] == [tag for tag, _ in expected.elements]
        assert [sorted(a) for _, a in parsed.elements] == [sorted(a) for _, a in expected.elements]
        html.encode("utf-8")


@given(value=st.text())
def test_any_text_is_whole_in_a_hidden_field(pages, value):
    parameters = {"code": "c", "state": value}
    parsed = Page(pages.form_post(redirect_uri="http://localhost:3000/cb", parameters=parameters))
    assert parsed.values(0) == parameters


def test_the_page_is_named_after_the_tenant_and_names_the_application(pages):
    parsed = login(pages)
    assert "Acme" in parsed.text
    assert "to continue to Acme Web" in parsed.text


def test_the_password_form_posts_username_password_state_and_an_action(pages):
    form = login(pages).forms[0]
    assert form["form"]["action"] == "/u/login?state=hKFo2SAx"
    assert list(form["fields"]) == ["state", "username", "password"]
    assert form["fields"]["state"]["value"] == "hKFo2SAx"
    assert form["actions"] == ["default", "deny"]


def test_enter_logs_in_and_denying_needs_no_password(pages):
    default, deny = login(pages, users=[]).all("button")
    assert default["value"] == "default"
    assert "formnovalidate" not in default
    assert "formnovalidate" in deny


def test_password_managers_are_told_what_the_fields_are(pages):
    fields = login(pages).forms[0]["fields"]
    assert fields["username"]["autocomplete"] == "username"
    assert fields["password"]["autocomplete"] == "current-password"
    assert fields["password"]["type"] == "password"


def test_an_empty_username_has_the_focus(pages):
    fields = login(pages).forms[0]["fields"]
    assert "autofocus" in fields["username"]
    assert "autofocus" not in fields["password"]


def test_a_login_hint_fills_the_username_and_the_password_has_the_focus(pages):
    fields = login(pages, username="alice@acme.example").forms[0]["fields"]
    assert fields["username"]["value"] == "alice@acme.example"
    assert "autofocus" not in fields["username"]
    assert "autofocus" in fields["password"]


def test_an_error_is_announced_and_tied_to_the_fields(pages):
    parsed = login(pages, error="Wrong email or password.")
    alert = next(a for _, a in parsed.elements if a.get("role") == "alert")
    assert "Wrong email or password." in parsed.text
    for name in ("username", "password"):
        field = parsed.forms[0]["fields"][name]
        assert field["aria-describedby"] == alert["id"]
        assert field["aria-invalid"] == "true"


def test_without_an_error_nothing_is_announced(pages):
    parsed = login(pages)
    assert not [a for _, a in parsed.elements if a.get("role") == "alert" or "aria-invalid" in a]


def test_each_user_is_one_click_away(pages):
    parsed = login(pages)
    alice, bob = parsed.forms[1:]
    assert alice["actions"] == bob["actions"] == ["pick"]
    assert alice["form"]["action"] == "/u/login?state=hKFo2SAx"
    assert parsed.values(1) == {"state": "hKFo2SAx", "username": "alice@acme.example"}
    assert parsed.values(2) == {"state": "hKFo2SAx", "username": "bob@acme.example"}


def test_a_user_is_shown_with_name_username_and_id(pages):
    text = login(pages, users=[ALICE]).text
    assert [text.count(part) for part in ("Alice Example", "alice@acme.example", "auth0|alice")] == [1, 1, 1]  # fmt: skip


def test_a_user_without_a_name_is_shown_by_username_once(pages):
    assert login(pages, users=[BOB]).text.count("bob@acme.example") == 1
    same = UserChoice(user_id="auth0|bob", username="bob", name="bob")
    assert login(pages, users=[same]).text.split().count("bob") == 1


def test_without_users_there_is_no_picker(pages):
    parsed = login(pages, users=[])
    assert len(parsed.forms) == 1
    assert "without a password" not in parsed.text


def test_the_picker_is_capped_and_says_how_many_are_left_out(pages):
    users = [UserChoice(user_id=f"auth0|{n}", username=f"user{n}") for n in range(PICKER_LIMIT + 7)]
    parsed = login(pages, users=users)
    assert len(parsed.forms) == 1 + PICKER_LIMIT
    assert "and 7 more" in parsed.text
    assert " more" not in login(pages, users=users[:PICKER_LIMIT]).text


def test_a_name_too_long_to_show_is_still_posted_whole(pages):
    user = UserChoice(user_id="auth0|w", username="w" * 10_000, name="W" * 10_000)
    parsed = login(pages, users=[user], client_name="C" * 10_000, tenant_name="T" * 10_000)
    assert len(parsed.text) < 2_000
    assert parsed.values(1)["username"] == "w" * 10_000


def test_the_error_page_has_the_parts_that_auth0s_has(pages):
    parsed = error(pages)
    assert "<title>Acme</title>" in parsed.html
    assert '<h3 class="error-subtitle">Oops!, something went wrong</h3>' in parsed.html
    assert "TECHNICAL DETAILS" in parsed.text
    assert (
        '<p class="error-status"><strong>invalid_request</strong>: Unknown client: nobody</p>'
        in parsed.html
    )
    assert "TRACKING ID: 4f1a0b" in parsed.text
    assert "HTTP status 400" in parsed.text


def test_an_error_without_a_code_shows_its_description_alone(pages):
    parsed = error(pages, error="", description="The URL is not defined.")
    assert '<p class="error-status">The URL is not defined.</p>' in parsed.html


def test_a_description_is_shown_whole(pages):
    url = "http://localhost:3000/" + "x" * 2_000
    assert url in error(pages, description=f"Callback URL mismatch. {url} is not allowed").text


def test_the_error_page_tells_where_the_hint_is_and_cannot_be_given_it(pages):
    assert "Mockidp-Hint" in error(pages).text
    with pytest.raises(TypeError, match="hint"):
        error(pages, hint="the code was used before")


def test_consent_is_accepted_or_declined(pages):
    parsed = Page(
        pages.consent(
            tenant_name="Acme",
            client_name="Acme Web",
            state="s",
            action_url="/u/consent?state=s",
            audience="https://api.acme.example/",
            scopes=["openid", "read:reports"],
            username="alice@acme.example",
        )
    )
    assert parsed.forms[0]["actions"] == ["accept", "deny"]
    assert parsed.forms[0]["form"]["action"] == "/u/consent?state=s"
    assert parsed.values(0) == {"state": "s"}
    for shown in ("Acme Web", "https://api.acme.example/", "openid", "read:reports", "alice@"):
        assert shown in parsed.text


def test_consent_without_audience_scopes_and_user_asks_for_the_account(pages):
    html = pages.consent(tenant_name="Acme", client_name="Web", state="s", action_url="/c")
    assert "to your account" in Page(html).text
    assert "logged in as" not in Page(html).text
    assert Page(html).all("ul") == []


def test_logging_out_is_confirmed_with_the_same_parameters(pages):
    parameters = {"client_id": "web", "post_logout_redirect_uri": "http://a/?b=1&c=2", "state": ""}
    html = pages.logout_confirm(
        tenant_name="Acme", action_url="/oidc/logout", parameters=parameters
    )
    parsed = Page(html)
    assert parsed.values(0) == parameters
    assert parsed.forms[0]["actions"] == ["confirm"]
    assert parsed.forms[0]["form"]["action"] == "/oidc/logout"


def test_signed_out_says_so(pages):
    parsed = Page(pages.signed_out(tenant_name="Acme"))
    assert "You are logged out" in parsed.text
    assert parsed.forms == []


def test_form_post_submits_itself_and_has_a_button_where_scripts_are_off(pages):
    uri = "http://localhost:3000/callback?a=1&b=2"
    parsed = Page(pages.form_post(redirect_uri=uri, parameters={"code": "c", "submit": "trap"}))
    assert parsed.forms[0]["form"]["action"] == uri
    assert parsed.values(0) == {"code": "c", "submit": "trap"}
    tags = [tag for tag, _ in parsed.elements]
    assert tags.index("noscript") < tags.index("button") < tags.index("script")
    assert "HTMLFormElement.prototype.submit.call(" in parsed.html
    assert {"name"} & set(parsed.all("button")[0]) == set()


def test_two_apps_share_no_state():
    assert Pages()._environment is not Pages()._environment
