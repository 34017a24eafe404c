"""Faults of the response at the client's redirect URI."""

import pytest

from helpers.acme import API, CALLBACK, with_settings
from helpers.tenant_client import Fields, WebMessage, claims_of, hint, sent_to_callback

CHANGED = "fired: the parameters for the callback were changed."


def test_the_state_is_another(idp):
    assert idp.callback()["state"] == "s1"
    with idp.fault("callback", wrong="state") as active:
        sent = sent_to_callback(idp.authorize())
    assert sent["state"] == "another-state"
    assert idp.redeem(sent["code"]).status_code == 200
    assert (active.matched, active.fired) == (1, 1)
    assert sent_to_callback(idp.authorize())["state"] == "s1"


def test_a_state_is_added_if_none_was_sent(idp):
    idp.callback()
    idp.fault("callback", wrong="state")
    assert sent_to_callback(idp.authorize(state=None))["state"] == "another-state"


def test_parameters_are_changed_added_and_removed(idp):
    idp.callback()
    idp.fault("callback", set={"code": "odd&code", "number": 5, "none": None}, remove=["state"])
    answer = idp.authorize()
    assert sent_to_callback(answer) == {"code": "odd&code", "number": "5", "none": "null"}
    assert (
        hint(answer)
        == f"Fault `callback: set code and number and none, remove state` (1) {CHANGED}"
    )


@pytest.mark.parametrize(
    ("words", "error", "description"),
    [
        ({"error": "access_denied"}, "access_denied", "Unauthorized"),
        ({"error": "access_denied", "description": "Not today"}, "access_denied", "Not today"),
        ({"error": "interaction_required"}, "interaction_required", "Interaction required"),
        ({"refuse": "user_blocked"}, "unauthorized", "user is blocked"),
    ],
)
def test_an_error_replaces_the_code(idp, words, error, description):
    page = idp.begin_login()
    with idp.fault("callback", **words) as active:
        answer = idp.log_in(page)
    assert sent_to_callback(answer) == {
        "error": error,
        "error_description": description,
        "state": "s1",
    }
    entry = idp.tenant.journal.last("resume")
    assert (entry.faults, entry.error) == ((active.name,), error)
    assert hint(answer) == f"Fault `{active.name}` (1) {CHANGED}"
    assert "code" in sent_to_callback(idp.authorize())


@pytest.mark.parametrize("setting", ["unauthorized", "invalid_grant"])
def test_a_blocked_user_gets_the_tenants_own_error(make_idp, setting):
    idp = make_idp(with_settings(blocked_user_error=setting))
    real = idp.callback("blocked")
    idp.begin_login()
    idp.fault("callback", refuse="user_blocked")
    assert idp.callback() == real


def test_without_a_state_an_error_has_none(idp):
    idp.callback()
    idp.fault("callback", error="access_denied")
    assert set(sent_to_callback(idp.authorize(state=None))) == {"error", "error_description"}


def test_every_response_mode_is_changed(idp):
    idp.callback()
    idp.fault("callback", wrong="state", times=3)
    assert "state=another-state" in idp.authorize(response_mode="fragment").location
    form = Fields(idp.authorize(response_mode="form_post").text)
    assert (form.action, form.values["state"]) == (CALLBACK, "another-state")
    message = WebMessage(idp.authorize(response_mode="web_message"))
    assert message.response["state"] == "another-state"
    assert Fields(idp.authorize(response_mode="form_post").text).values["state"] == "s1"


def test_tokens_at_the_callback_are_changed_and_removed(idp):
    idp.callback(client_id="hybrid")
    idp.fault("callback", set={"expires_in": 1}, remove=["id_token"])
    answer = idp.authorize(
        client_id="hybrid", response_type="token id_token", nonce="n", response_mode="form_post"
    )
    values = Fields(answer.text).values
    assert list(values) == ["access_token", "scope", "expires_in", "token_type", "state"]
    assert values["expires_in"] == "1"


def test_an_error_keeps_the_mode_and_its_relay(idp):
    relay = {"web_message_uri": "http://localhost:3000/f", "web_message_target": "f"}
    idp.callback()
    idp.fault("callback", error="access_denied")
    message = WebMessage(idp.authorize(response_mode="web_message", **relay))
    assert (message.response["error"], message.relay) == ("access_denied", relay)


def test_an_id_token_of_the_front_channel_has_the_wrong_nonce(idp):
    idp.callback(client_id="hybrid")
    idp.fault("id_token", wrong="nonce")
    answer = idp.authorize(
        client_id="hybrid", response_type="id_token", nonce="n", response_mode="form_post"
    )
    assert claims_of(Fields(answer.text).values["id_token"])["nonce"] != "n"


def test_the_response_of_a_link_is_changed_too(idp):
    idp.fault("callback", remove=["state"])
    assert set(sent_to_callback(idp.get(idp.link()))) == {"code"}


def test_the_response_after_sign_in_as_is_changed_too(idp):
    from helpers.methods import sign_in_as

    sign_in_as(idp.tenant, "bob")
    idp.fault("callback", wrong="state", when={"user": "bob"})
    assert sent_to_callback(idp.authorize())["state"] == "another-state"


@pytest.mark.parametrize(
    "when",
    [{"user": "alice"}, {"client": "web"}, {"audience": API}, {"client": "web", "user": "alice"}],
)
def test_a_fault_can_be_limited_to_a_client_or_user(idp, when):
    idp.fault("callback", wrong="state", when=when)
    assert idp.callback(audience=API)["state"] == "another-state"
    idp.begin_login()
    assert idp.callback("bob", client_id="other")["state"] == "s1"


def test_pages_before_the_callback_are_not_changed(idp):
    active = idp.fault("callback", wrong="state")
    page = idp.begin_login()
    idp.get(page)
    assert active.matched == 0
    idp.log_in(page)
    assert active.matched == 1
