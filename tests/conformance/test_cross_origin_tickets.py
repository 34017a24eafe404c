"""/authorize redeems the login tickets of /co/authenticate."""

from dataclasses import replace

import pytest
from werkzeug.test import Client as WsgiClient

from helpers.cross_origin import (
    ALICE,
    assert_ticket_refused,
    cross_origin_tenant,
    ticket,
)
from helpers.tenant_client import WebMessage, race, sent_to_callback
from mockidp.flows.cross_origin.ticket import take_ticket
from mockidp.protocol.errors.oauth_error import AccessDenied


@pytest.fixture
def idp():
    return cross_origin_tenant()


def test_auth0_co__a_ticket_works_once(idp):
    issued = ticket(idp)
    assert "code" in sent_to_callback(idp.authorize(login_ticket=issued))
    assert_ticket_refused(idp.authorize(login_ticket=issued), "and can be used only once")


def test_auth0_co__only_one_of_fifty_requests_can_use_a_ticket(idp):
    issued = ticket(idp)
    cookie = f"auth0-co={idp.browser.get_cookie('auth0-co').value}"

    bare = WsgiClient(idp.app, use_cookies=False)
    path = f"/authorize?client_id=web&response_type=code&login_ticket={issued}"
    answers = race(lambda: bare.get(path, base_url=idp.url, headers={"Cookie": cookie}))
    results = [sent_to_callback(one) for one in answers]
    assert sum("code" in one for one in results) == 1
    assert {one.get("error_description") for one in results} == {
        None,
        "Unknown or invalid login ticket.",
    }


def test_auth0_co__a_request_that_was_overtaken_is_refused(idp):
    issued = ticket(idp)
    record = idp.tenant.login_tickets.get(issued)
    assert take_ticket(idp.tenant, idp.url, issued, record).user_id == record.user_id
    with pytest.raises(AccessDenied, match="Unknown or invalid login ticket"):
        take_ticket(idp.tenant, idp.url, issued, record)


def test_auth0_co__a_ticket_expires(idp):
    issued = ticket(idp)
    idp.later(15 * 60)
    assert_ticket_refused(idp.authorize(login_ticket=issued), "expired at")


def test_auth0_co__an_unknown_ticket_is_refused(idp):
    assert_ticket_refused(idp.authorize(login_ticket="never-issued"), "No such login ticket")


def test_auth0_co__a_ticket_of_another_client_is_refused(idp):
    issued = ticket(idp)
    answer = idp.authorize(client_id="other", login_ticket=issued)
    assert_ticket_refused(answer, "issued to client web, but client other sent it")


def test_auth0_co__a_ticket_of_another_browser_is_refused(idp):
    issued = ticket(idp)
    other = idp.another_browser()
    assert_ticket_refused(other.authorize(login_ticket=issued), "did not send the cookie")
    ticket(other)
    assert_ticket_refused(other.authorize(login_ticket=issued), "did not send the cookie")
    assert "code" in sent_to_callback(idp.authorize(login_ticket=issued))


def test_auth0_co__two_logins_of_one_browser_do_not_disturb_each_other(idp):
    first, second = ticket(idp), ticket(idp, username="bob@acme.example")
    assert "code" in sent_to_callback(idp.authorize(login_ticket=first))
    assert "code" in sent_to_callback(idp.authorize(login_ticket=second))


def test_auth0_co__the_user_of_a_ticket_may_be_removed(idp):
    issued = ticket(idp)
    users = tuple(one for one in idp.tenant.document.users if one.email != ALICE)
    idp.edit(replace(idp.tenant.document, users=users))
    assert "error" in sent_to_callback(idp.authorize(login_ticket=issued))


def test_auth0_co__a_ticket_replaces_the_session_of_another_user(idp):
    idp.callback("bob")
    code = sent_to_callback(idp.authorize(login_ticket=ticket(idp), scope="openid email"))["code"]
    token = idp.redeem(code).json["access_token"]
    assert idp.userinfo(token).json["email"] == ALICE


def test_auth0_co__consent_follows_the_ticket(idp):
    issued = ticket(idp, client_id="third-party")
    answer = idp.follow(idp.authorize(client_id="third-party", login_ticket=issued))
    assert answer.location.startswith("/u/consent")
    accepted = idp.follow(idp.submit(answer.location, action="accept"))
    assert "code" in sent_to_callback(accepted)


def test_auth0_co__a_web_message_answers_a_ticket_without_a_page(idp):
    issued = ticket(idp)
    answer = idp.authorize(login_ticket=issued, response_mode="web_message", prompt="none")
    assert "code" in WebMessage(answer).response


def test_auth0_co__a_web_message_without_consent_is_refused(idp):
    issued = ticket(idp, client_id="third-party")
    answer = idp.authorize(client_id="third-party", login_ticket=issued, prompt="none")
    assert sent_to_callback(answer)["error"] == "consent_required"
