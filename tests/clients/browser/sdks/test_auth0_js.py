"""auth0-js 9, which receives its tokens from `/authorize`, in the fragment and as messages.

It verifies the ID token's signature, and compares `at_hash` with the access token.
"""

import pytest

from helpers.client_facts import shows

SPA = {"clientID": "acme-spa"}


@pytest.fixture(scope="module")
def site(installed):
    modules = installed("auth0-js")
    return [modules.parent / "apps" / "auth0-js", modules]


@pytest.fixture
def config(server):
    """Return the configuration, with an explicit issuer because the SDK assumes https."""
    return {"domain": server.url, "overrides": {"__token_issuer": f"{server.url}/"}, **SPA}


@pytest.fixture
def popups(visitor):
    """Allow the callback of the popup's own page."""
    visitor.patch_client(
        "acme-spa", callbacks=["http://localhost:3000/callback", "http://localhost:3000/popup"]
    )


def reopen(visitor):
    """Open the application again, which loses its tokens."""
    visitor.page.goto("http://localhost:3000/")
    visitor.wait_for_heading("Nobody")


@shows("auth0-js", "implicit flow", "userinfo", over="http")
def test_parse_hash_takes_the_tokens_from_the_fragment(visitor, config):
    visitor.open(**config)
    visitor.log_in()
    result = visitor.evaluate("() => result")
    assert result["idTokenPayload"]["sub"] == "auth0|alice"
    assert result["idTokenPayload"]["at_hash"]
    assert result["accessToken"]
    assert (result["expiresIn"], result["tokenType"]) == (7200, "Bearer")
    profile = visitor.evaluate(
        "() => new Promise((done) => client.client.userInfo(result.accessToken, (_, one) => done(one)))"
    )
    assert profile["email"] == "alice@acme.example"


@shows("auth0-js", refuses=["denied login"], over="http")
def test_parse_hash_reports_a_denied_login(visitor, config):
    visitor.open(**config)
    visitor.wait_for_heading("Nobody")
    visitor.click("Log in")
    visitor.page.get_by_role("button", name="Deny").click()
    visitor.wait_for_heading("Failed")
    assert visitor.alert_text() == "access_denied: User has canceled the interaction."


@pytest.mark.parametrize("response_type", ["id_token", "token", "code token id_token"])
def test_check_session_gets_the_response_type_that_it_requests(visitor, config, response_type):
    visitor.open(**config)
    visitor.log_in()
    response = visitor.evaluate(
        """(responseType) => new Promise((done) => {
            addEventListener("message", (event) => done(event.data.response))
            client.checkSession({responseType}, done) // without a message
        })""",
        response_type,
    )
    names = {"code": "code", "token": "access_token", "id_token": "id_token"}
    for kind, name in names.items():
        assert (name in response) == (kind in response_type.split()), response


@shows("auth0-js", "silent login in an iframe", over="http")
def test_check_session_logs_the_user_in_again(visitor, config):
    visitor.open(**config)
    visitor.log_in()
    reopen(visitor)
    visitor.click("Check the session")
    visitor.wait_for_heading("Hello alice@acme.example")
    assert visitor.evaluate("() => result.accessToken")
    silent = visitor.journal(endpoint="authorize")[-1]
    assert (silent["status"], silent["parameters"]["response_mode"]) == (200, "web_message")


@shows("auth0-js", refuses=["silent login without a session"], over="http")
def test_check_session_without_a_session_reports_login_required(visitor, config):
    visitor.open(**config)
    visitor.wait_for_heading("Nobody")
    visitor.click("Check the session")
    visitor.wait_for_heading("Failed")
    assert visitor.alert_text() == "login_required: Login required"


@shows("auth0-js", "login in a popup", over="http")
def test_a_popup_logs_in(visitor, config, popups):
    visitor.open(**config)
    visitor.wait_for_heading("Nobody")
    popup = visitor.click_for_popup("Log in with a popup")
    visitor.pick_user("bob", popup)
    visitor.wait_for_heading("Hello bob@acme.example")
    assert visitor.evaluate("() => result.accessToken")


@shows("auth0-js", "logout", over="http")
def test_a_logout_ends_the_session(visitor, config):
    visitor.open(**config)
    visitor.log_in()
    visitor.log_out()
    visitor.click("Check the session")
    visitor.wait_for_heading("Failed")
    assert visitor.alert_text() == "login_required: Login required"


EMAIL = {"connection": "email", "email": "new@acme.example"}
CALL = """([name, options]) => new Promise((done) => {
    client[name](options, (error, result) => done(error ?? result))
})"""


@pytest.fixture
def passwordless(visitor, config):
    """Open the application of a tenant with the connection `email`."""
    visitor.control("POST", "/connections", {"name": "email", "strategy": "email"})
    visitor.open(**config)
    visitor.wait_for_heading("Nobody")
    return visitor


@shows("auth0-js", "passwordless code", refuses=["wrong passwordless code"], over="http")
def test_a_passwordless_code_logs_in(passwordless):
    visitor = passwordless
    started = visitor.evaluate(CALL, ["passwordlessStart", {"send": "code", **EMAIL}])
    assert (started["email"], started["emailVerified"]) == ("new@acme.example", False)
    code = visitor.control("GET", "/outbox")["items"][-1]["code"]
    refused = visitor.evaluate(CALL, ["passwordlessVerify", {**EMAIL, "verificationCode": "0"}])
    assert refused["code"] == "invalid_user_password"
    assert refused["description"] == "Wrong email or verification code."
    options = {**EMAIL, "verificationCode": code}
    with visitor.page.expect_navigation():
        visitor.evaluate("(options) => client.passwordlessVerify(options, console.log)", options)
    visitor.wait_for_heading("Hello new@acme.example")


@shows("auth0-js", "passwordless link", over="http")
def test_a_passwordless_link_logs_in(passwordless):
    visitor = passwordless
    visitor.evaluate(CALL, ["passwordlessStart", {"send": "link", **EMAIL}])
    visitor.page.goto(visitor.control("GET", "/outbox")["items"][-1]["link"])
    visitor.wait_for_heading("Hello new@acme.example")


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"email": "food"}, "bad.email"),
        ({"connection": "mail"}, "bad.connection"),
        ({"connection": "Username-Password-Authentication"}, "bad.connection"),
    ],
)
def test_a_passwordless_start_is_refused(passwordless, options, code):
    refused = passwordless.evaluate(
        CALL, ["passwordlessStart", {"send": "code", **EMAIL} | options]
    )
    assert refused["code"] == code


REALM = "Username-Password-Authentication"
ALICE = {"realm": REALM, "username": "alice@acme.example", "password": "Passw0rd!"}


@pytest.fixture
def embedded(visitor, config):
    """Open the application of a client that may log users in on its own page."""
    visitor.patch_client(
        "acme-spa",
        cross_origin_authentication=True,
        cross_origin_loc="http://localhost:3000/verification",
    )
    visitor.open(**config)
    visitor.wait_for_heading("Nobody")
    return visitor


@shows("auth0-js", "embedded login", over="http")
def test_a_page_of_the_application_logs_a_user_in(embedded):
    with embedded.page.expect_navigation():
        embedded.evaluate("(options) => client.login(options, console.log)", ALICE)
    embedded.wait_for_heading("Hello alice@acme.example")
    embedded.click("Check the session")
    embedded.wait_for_heading("Hello alice@acme.example")


def test_a_page_of_the_application_logs_a_user_in_without_leaving_it(embedded):
    result = embedded.evaluate(
        """(options) => new Promise((done) => {
            client.popup.loginWithCredentials(options, (error, result) => done(error ?? result))
        })""",
        ALICE,
    )
    assert result["idTokenPayload"]["email"] == "alice@acme.example"
    assert result["accessToken"]


def test_a_browser_without_the_cookie_gets_the_verifier_from_the_application(embedded):
    embedded.evaluate(
        """(options) => new Promise((verified) => {
            const onRedirecting = (done) => { window.goOn = done; verified() }
            client.login({...options, onRedirecting}, console.log)
        })""",
        ALICE,
    )
    embedded.context.clear_cookies(name="auth0-co")
    with embedded.page.expect_navigation():
        embedded.evaluate("() => goOn()")
    embedded.wait_for_heading("Hello alice@acme.example")
    assert [one["status"] for one in embedded.journal(endpoint="co_verify")] == [200, 302]


@shows(
    "auth0-js",
    refuses=["wrong password", "client without cross-origin authentication"],
    over="http",
)
@pytest.mark.parametrize(
    ("options", "code", "description"),
    [
        ({"password": "wrong"}, "access_denied", "Wrong email or password."),
        ({"realm": "nowhere"}, "invalid_request", "Unknown realm nowhere."),
        ({"clientID": "acme-web"}, "unauthorized_client", "Cross origin login not allowed."),
        (
            {"credentialType": "magic"},
            "unsupported_credential_type",
            "Unknown credential type parameter.",
        ),
    ],
)
def test_a_login_on_a_page_of_the_application_is_refused(embedded, options, code, description):
    refused = embedded.evaluate(CALL, ["login", ALICE | options])
    assert (refused["code"], refused["description"]) == (code, description)


@shows(
    "auth0-js",
    "sign-up",
    "password reset",
    refuses=["sign-up of a known address", "weak password"],
    over="http",
)
def test_a_user_signs_up_and_requests_a_password_reset(embedded):
    new = {"connection": REALM, "email": "zoe@acme.example", "password": "Str0ng-Passw0rd!"}
    created = embedded.evaluate(CALL, ["signup", new])
    assert (created["email"], created["emailVerified"]) == ("zoe@acme.example", False)
    assert embedded.evaluate(CALL, ["signup", new])["code"] == "invalid_signup"
    weak = embedded.evaluate(CALL, ["signup", new | {"email": "y@acme.example", "password": "a"}])
    assert (weak["code"], weak["name"]) == ("invalid_password", "PasswordStrengthError")
    asked = embedded.evaluate(
        CALL, ["changePassword", {"connection": REALM, "email": new["email"]}]
    )
    assert asked == "We've just sent you an email to reset your password."
    refused = embedded.evaluate(CALL, ["changePassword", {"connection": REALM, "email": ""}])
    assert refused["code"]


@shows("auth0-js", "implicit flow", "silent login in an iframe", over="https")
def test_the_defaults_work_over_https(visitor, server):
    origin = "https://localhost:3443"
    visitor.control(
        "POST",
        "/clients",
        {"client_id": "secure", "callbacks": [f"{origin}/callback"], "web_origins": [origin]},
    )
    visitor.open(at="https", domain=server.tls_url.removeprefix("https://"), clientID="secure")
    visitor.log_in()
    visitor.page.goto(origin)
    visitor.wait_for_heading("Nobody")
    visitor.click("Check the session")
    visitor.wait_for_heading("Hello alice@acme.example")


def test_no_web_origin_is_needed_without_a_tenant_file(visit, server_without_tenant_file):
    url = server_without_tenant_file.url
    visitor = visit(server_without_tenant_file)
    visitor.open(domain=url, clientID="any", overrides={"__token_issuer": f"{url}/"})
    visitor.log_in()
    reopen(visitor)
    visitor.click("Check the session")
    visitor.wait_for_heading("Hello alice@acme.example")
