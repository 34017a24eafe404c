"""/co/verify: a page asks the app for the verifier, when a browser sends no cookie."""

import pytest

from helpers.acme import ORIGIN
from helpers.cross_origin import (
    allowing,
    assert_ticket_refused,
    co_authenticate,
)
from helpers.tenant_client import TenantClient, hint, sent_to_callback

LOCATION = f"{ORIGIN}/callback-cross-auth?a=1"


@pytest.fixture
def verifying():
    return TenantClient(allowing(cross_origin_loc=LOCATION))


def begin_verification(idp, **parameters):
    """Log in, and request authorization in a browser without the cookie."""
    answer = co_authenticate(idp)
    other = idp.another_browser()
    login = other.authorize(login_ticket=answer.json["login_ticket"], **parameters)
    return other, login, answer.json


def test_auth0_co__without_the_cookie_a_page_gets_the_verifier_from_the_app(verifying):
    browser, login, issued = begin_verification(verifying)
    assert login.location.startswith("/co/verify?state=")
    page = browser.get(login.location)
    assert page.status_code == 200
    assert f'new URL("{LOCATION}")' in page.text
    assert issued["co_id"] in page.text
    assert issued["co_verifier"] not in page.text
    done = browser.submit(login.location, verifier=issued["co_verifier"])
    assert done.location == login.location.replace("/co/verify", "/authorize/resume")
    assert "code" in sent_to_callback(browser.follow(done))
    assert_ticket_refused(
        browser.authorize(login_ticket=issued["login_ticket"]), "and can be used only once"
    )


@pytest.mark.parametrize("verifier", [None, "", "wrong"])
def test_auth0_co__a_wrong_verifier_is_refused_at_the_callback(verifying, verifier):
    browser, login, _ = begin_verification(verifying)
    form = {} if verifier is None else {"verifier": verifier}
    assert_ticket_refused(browser.submit(login.location, **form), "without the `co_verifier`")
    assert browser.submit(login.location, **form).status_code == 400


def test_auth0_co__a_login_without_a_ticket_has_nothing_to_verify(verifying):
    state = verifying.authorize().location.partition("state=")[2]
    for answer in (
        verifying.get("/co/verify", state=state),
        verifying.post("/co/verify", state=state, verifier="x"),
        verifying.get("/co/verify", state="never-made"),
    ):
        assert answer.status_code == 400
        assert hint(answer)


def test_auth0_co__a_framed_page_never_requests_the_verifier(verifying):
    _, answer, _ = begin_verification(verifying, prompt="none")
    assert_ticket_refused(answer, "did not send the cookie")


def test_auth0_co__a_ticket_that_was_used_meanwhile_is_refused_on_the_page(verifying):
    browser, login, issued = begin_verification(verifying)
    assert "code" in sent_to_callback(verifying.authorize(login_ticket=issued["login_ticket"]))
    assert browser.get(login.location).status_code == 403
    assert_ticket_refused(
        browser.submit(login.location, verifier=issued["co_verifier"]), "and can be used only once"
    )


def test_auth0_co__an_unknown_ticket_needs_no_verification(verifying):
    assert_ticket_refused(verifying.authorize(login_ticket="never-issued"), "No such login ticket")
