"""response_mode=web_message: the page that posts the answer to the window of the app."""

import json
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpers.acme import ACME, CALLBACK, with_client, with_settings
from helpers.methods import sign_in_as
from helpers.tenant_client import TenantClient, WebMessage, hint, sent_to_callback
from helpers.tenants import IN_NO_FILE
from mockidp.faults import Fault
from mockidp.tenant.state.snapshot_data import snapshot_data, snapshot_from

ORIGIN = "http://localhost:3000"
FRAME_HEADERS = ("X-Frame-Options", "Content-Security-Policy", "Cross-Origin-Opener-Policy")


def silent(idp, **parameters):
    return idp.authorize(**{"response_mode": "web_message", "prompt": "none"} | parameters)


def test_oauth_wmrm_4_1__a_silent_login_posts_code_and_state(idp):
    idp.callback()
    message = WebMessage(silent(idp))
    assert message.origin == ORIGIN
    assert message.relay == {}
    assert list(message.response) == ["code", "state"]
    assert message.response["state"] == "s1"
    assert idp.redeem(message.response["code"]).status_code == 200


def test_oauth_wmrm_4_1__an_error_is_posted_too(idp):
    answer = silent(idp)
    assert WebMessage(answer).response == {
        "error": "login_required",
        "error_description": "Login required",
        "state": "s1",
    }
    assert "no session cookie" in hint(answer)


@pytest.mark.parametrize(
    ("parameters", "error"),
    [
        ({"response_type": "magic"}, "unsupported_response_type"),
        ({"response_type": None}, "invalid_request"),
        ({"response_type": "token"}, "unauthorized_client"),
        ({"audience": "https://no.example/"}, "access_denied"),
        ({"prompt": "nothing"}, "invalid_request"),
    ],
)
def test_oauth_wmrm_4_1__every_error_is_posted(idp, parameters, error):
    response = WebMessage(silent(idp, **parameters)).response
    assert (response["error"], response["state"]) == (error, "s1")


def test_auth0_authorize__a_popup_logs_in_and_then_posts_the_answer(idp):
    login = idp.authorize(response_mode="web_message").location
    assert login.startswith("/u/login?state=")
    message = WebMessage(idp.log_in(login))
    assert list(message.response) == ["code", "state"]
    assert idp.redeem(message.response["code"]).status_code == 200


def test_auth0_authorize__a_login_canceled_in_a_popup_is_posted(idp):
    login = idp.authorize(response_mode="web_message").location
    response = WebMessage(idp.submit(login, action="deny")).response
    assert response["error"] == "access_denied"


def test_auth0_authorize__sign_in_as_posts_the_answer(idp):
    sign_in_as(idp.tenant, "alice")
    assert "code" in WebMessage(silent(idp, prompt=None)).response


@pytest.mark.parametrize("parameters", [{}, {"prompt": None}, {"response_type": "magic"}])
def test_auth0_authorize__an_origin_that_is_not_registered_is_a_page(parameters):
    idp = TenantClient(with_client(ACME, "web", web_origins=("https://app.example",)))
    answer = silent(idp, **parameters)
    assert answer.status_code == 400
    assert (
        "<strong>invalid_request</strong>: The specified redirect_uri &#39;"
        f"{CALLBACK}&#39; does not have a registered origin."
    ) in answer.text
    assert "authorization_response" not in answer.text
    assert "Location" not in answer.headers
    assert hint(answer) == (
        f"With response_mode=web_message, the answer is posted to {ORIGIN}, the origin of `redirect_uri`, "
        f"which is not in `web_origins` of client web (https://app.example). To allow it, add "
        "it to `web_origins` (Allowed Web Origins) of client web in the tenant file and run "
        "`mockidp push FILE`, or call `idp.patch_client('web', web_origins=[...])`."
    )


def test_auth0_authorize__a_callback_or_an_allowed_origin_is_not_a_web_origin():
    document = with_client(ACME, "web", web_origins=(), allowed_origins=(ORIGIN,))
    answer = silent(TenantClient(document))
    assert answer.status_code == 400
    assert "`web_origins` of client web (the list is empty)" in hint(answer)


def test_auth0_authorize__another_mode_needs_no_web_origin():
    idp = TenantClient(with_client(ACME, "web", web_origins=()))
    assert sent_to_callback(idp.authorize(prompt="none"))["error"] == "login_required"


def test_auth0_authorize__a_lenient_tenant_posts_to_loopback_origins_only():
    uri = "https://app.example/callback"
    lenient = with_settings(accept_any_client=True)
    idp = TenantClient(with_client(lenient, "web", web_origins=(), callbacks=(CALLBACK, uri)))
    assert WebMessage(silent(idp)).response["error"] == "login_required"
    assert WebMessage(silent(idp, client_id="made-up")).origin == ORIGIN
    assert silent(idp, redirect_uri=uri).status_code == 400


def test_auth0_authorize__a_custom_scheme_has_no_web_origin():
    uri = "com.example.app:/callback"
    idp = TenantClient(with_client(ACME, "web", callbacks=(uri,)))
    assert silent(idp, redirect_uri=uri).status_code == 400


def test_auth0_authorize__the_page_may_be_in_a_frame_and_keeps_its_opener(idp):
    headers = silent(idp).headers
    assert [name for name in FRAME_HEADERS if name in headers] == []
    assert "no-store" in headers["Cache-Control"]


@pytest.fixture(scope="module")
def own_idp():
    return TenantClient()


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    state=st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])).filter(bool)
)
def test_auth0_authorize__any_state_arrives_unchanged(own_idp, state):
    assert WebMessage(silent(own_idp, state=state)).response["state"] == state


@pytest.mark.parametrize(
    "state",
    [
        "</script><script>alert(1)</script>",
        '"});alert(1);//',
        "<!--<script>",
        "\u2028\u2029",
        "\\u003c/script>",
        "'\"`${x}",
    ],
)
def test_auth0_authorize__a_state_cannot_break_out_of_the_script(idp, state):
    answer = silent(idp, state=state)
    assert WebMessage(answer).response["state"] == state
    assert answer.text.count("</script>") == 1


@pytest.mark.parametrize(
    ("redirect_uri", "web_origins"),
    [
        (CALLBACK, ("HTTP://LocalHost:3000",)),
        ("http://app.example:80/cb", ("http://app.example",)),
        ("https://pr-1.preview.example.com/cb", ("https://*.preview.example.com",)),
        ("https://pr-1.preview.example.com/cb", ("https://pr-*.preview.example.com/",)),
    ],
)
def test_rfc6454_4__an_origin_is_compared_by_its_parts(redirect_uri, web_origins):
    document = with_client(ACME, "web", callbacks=(redirect_uri,), web_origins=web_origins)
    answer = silent(TenantClient(document), redirect_uri=redirect_uri)
    assert WebMessage(answer).response["error"] == "login_required"


@pytest.mark.parametrize(
    "web_origin",
    [
        "http://localhost",
        "https://localhost:3000",
        "http://127.0.0.1:3000",
        pytest.param("http://localhost:3000.evil.example", marks=IN_NO_FILE),
        pytest.param("null", marks=IN_NO_FILE),
        pytest.param("*", marks=IN_NO_FILE),
    ],
)
def test_rfc6454_4__another_origin_does_not_match(web_origin):
    document = with_client(ACME, "web", web_origins=(web_origin,))
    assert silent(TenantClient(document)).status_code == 400


def test_auth0_authorize__an_origin_cannot_break_out_of_the_script():
    origin = "http://a'\"<!--&host:3000"
    uri = origin + "/callback"
    document = with_client(ACME, "web", callbacks=(uri,), web_origins=(origin,))
    assert WebMessage(silent(TenantClient(document), redirect_uri=uri)).origin == origin


RELAY = {"web_message_uri": f"{ORIGIN}/frame", "web_message_target": "frame</script>"}


def test_oauth_wmrm_4_2__a_relayed_answer_names_frame_and_uri(idp):
    assert WebMessage(silent(idp, **RELAY)).relay == RELAY
    login = idp.authorize(response_mode="web_message", **RELAY).location
    answer = idp.log_in(login)
    assert WebMessage(answer).relay == RELAY
    assert "code" in WebMessage(answer).response
    assert "relay_request" in answer.text


@pytest.mark.parametrize(
    ("sent", "missing"),
    [("web_message_uri", "web_message_target"), ("web_message_target", "web_message_uri")],
)
def test_oauth_wmrm_4_2__an_incomplete_relay_is_refused(idp, sent, missing):
    answer = silent(idp, **{sent: RELAY[sent]})
    assert answer.status_code == 400
    assert f"Missing required parameter: {missing}" in answer.text


def test_oauth_wmrm_5__the_frame_of_a_relay_needs_a_web_origin_too(idp):
    answer = silent(idp, **RELAY | {"web_message_uri": "https://evil.example/frame"})
    assert answer.status_code == 400
    assert "The specified web_message_uri &#39;https://evil.example/frame&#39;" in answer.text
    assert "add it to `web_origins` (Allowed Web Origins) of client" in hint(answer)


def test_oauth_wmrm_4_2__other_modes_ignore_the_relay(idp):
    answer = idp.authorize(prompt="none", web_message_uri="https://evil.example/frame")
    assert sent_to_callback(answer)["error"] == "login_required"


@pytest.mark.parametrize("relay", [{}, RELAY])
def test_mockidp_snapshot__a_login_in_a_popup_survives_a_snapshot(relay):
    users = tuple(replace(one, roles=()) for one in ACME.users)
    idp = TenantClient(replace(ACME, users=users))
    login = idp.authorize(response_mode="web_message", **relay).location
    data = json.loads(json.dumps(snapshot_data(idp.tenant.snapshot())))
    idp.log_in(login)
    idp.tenant.restore(snapshot_from(data))
    message = WebMessage(idp.log_in(login))
    assert list(message.response) == ["code", "state"]
    assert message.relay == relay


def test_auth0_documents__discovery_does_not_list_web_message(idp):
    document = idp.get("/.well-known/openid-configuration").json
    assert document["response_modes_supported"] == ["query", "fragment", "form_post"]


def test_auth0_authorize__a_posted_lifetime_is_a_number():
    idp = TenantClient(ACME)
    idp.callback()
    parameters = {"client_id": "hybrid", "response_type": "token", "redirect_uri": CALLBACK}
    assert WebMessage(silent(idp, **parameters)).response["expires_in"] == 7200


def test_a_lifetime_that_a_fault_made_a_string_is_posted_unchanged():
    idp = TenantClient(ACME)
    idp.callback()
    for value in ("soon", "9" * 5000):
        idp.tenant.faults.add(Fault(endpoint="callback", set={"expires_in": value}, times=1))
        assert WebMessage(silent(idp)).response["expires_in"] == value
