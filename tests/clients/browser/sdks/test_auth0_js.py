"""auth0-js 9, which gets its tokens from `/authorize`, in the fragment and as messages.

It verifies the ID token's signature, and compares `at_hash` with the access token.
"""

import pytest

SPA = {"clientID": "acme-spa"}


@pytest.fixture(scope="module")
def site(installed):
    modules = installed("auth0-js")
    return [modules.parent / "apps" / "auth0-js", modules]


@pytest.fixture
def config(server):
    """Over http the SDK needs an explicit issuer, because it assumes https."""
    return {"domain": server.url, "overrides": {"__token_issuer": f"{server.url}/"}, **SPA}


@pytest.fixture
def popups(visitor):
    """Let the example's client come back to the popup's own page."""
    visitor.change_client(
        "acme-spa", callbacks=["http://localhost:3000/callback", "http://localhost:3000/popup"]
    )


def forget(visitor):
    """Open the application again, which keeps no token anywhere."""
    visitor.page.goto("http://localhost:3000/")
    visitor.sees("Nobody")


def test_parse_hash_takes_the_tokens_from_the_fragment(visitor, config):
    visitor.opens(**config)
    visitor.logs_in()
    result = visitor.runs("() => result")
    assert result["idTokenPayload"]["sub"] == "auth0|alice"
    assert result["idTokenPayload"]["at_hash"]
    assert result["accessToken"]
    assert (result["expiresIn"], result["tokenType"]) == (7200, "Bearer")
    profile = visitor.runs(
        "() => new Promise((done) => client.client.userInfo(result.accessToken, (_, one) => done(one)))"
    )
    assert profile["email"] == "alice@acme.example"


def test_parse_hash_reports_that_the_login_was_denied(visitor, config):
    visitor.opens(**config)
    visitor.sees("Nobody")
    visitor.clicks("Log in")
    visitor.page.get_by_role("button", name="Deny").click()
    visitor.sees("Failed")
    assert visitor.alert() == "access_denied: User has canceled the interaction."


@pytest.mark.parametrize("response_type", ["id_token", "token", "code token id_token"])
def test_check_session_gets_what_it_asks_for(visitor, config, response_type):
    visitor.opens(**config)
    visitor.logs_in()
    response = visitor.runs(
        """(responseType) => new Promise((done) => {
            addEventListener("message", (event) => done(event.data.response))
            client.checkSession({responseType}, done) // if no message came
        })""",
        response_type,
    )
    names = {"code": "code", "token": "access_token", "id_token": "id_token"}
    for kind, name in names.items():
        assert (name in response) == (kind in response_type.split()), response


def test_check_session_finds_the_user_again(visitor, config):
    visitor.opens(**config)
    visitor.logs_in()
    forget(visitor)
    visitor.clicks("Check the session")
    visitor.sees("Hello alice@acme.example")
    assert visitor.runs("() => result.accessToken")
    silent = visitor.journal(endpoint="authorize")[-1]
    assert (silent["status"], silent["parameters"]["response_mode"]) == (200, "web_message")


def test_check_session_says_that_nobody_is_logged_in(visitor, config):
    visitor.opens(**config)
    visitor.sees("Nobody")
    visitor.clicks("Check the session")
    visitor.sees("Failed")
    assert visitor.alert() == "login_required: Login required"


def test_a_popup_logs_in(visitor, config, popups):
    visitor.opens(**config)
    visitor.sees("Nobody")
    popup = visitor.clicks_for_a_popup("Log in with a popup")
    visitor.picks("bob", popup)
    visitor.sees("Hello bob@acme.example")
    assert visitor.runs("() => result.accessToken")


def test_a_logout_ends_the_session(visitor, config):
    visitor.opens(**config)
    visitor.logs_in()
    visitor.logs_out()
    visitor.clicks("Check the session")
    visitor.sees("Failed")
    assert visitor.alert() == "login_required: Login required"


def test_with_its_defaults_it_works_over_https(visitor, server):
    origin = "https://localhost:3443"
    visitor.control(
        "POST",
        "/clients",
        {"client_id": "secure", "callbacks": [f"{origin}/callback"], "web_origins": [origin]},
    )
    visitor.opens(at="https", domain=server.tls_url.removeprefix("https://"), clientID="secure")
    visitor.logs_in()
    visitor.page.goto(origin)
    visitor.sees("Nobody")
    visitor.clicks("Check the session")
    visitor.sees("Hello alice@acme.example")


def test_a_mock_without_a_tenant_file_needs_no_web_origin(visit, server_without_a_file):
    url = server_without_a_file.url
    visitor = visit(server_without_a_file)
    visitor.opens(domain=url, clientID="any", overrides={"__token_issuer": f"{url}/"})
    visitor.logs_in()
    forget(visitor)
    visitor.clicks("Check the session")
    visitor.sees("Hello alice@acme.example")
