"""The steps of a login: their order, and inserted steps."""

import pytest

from helpers.tenant_client import hint, sent_to_callback
from mockidp.flows.login import steps
from mockidp.flows.login.steps import STEPS, LoginStep
from mockidp.protocol.errors.oauth_error import InteractionRequired


@pytest.fixture
def done(monkeypatch):
    """Insert a step before consent that is pending until a state is added to the returned set."""
    done = set()

    def is_pending(tenant, _client, login):
        pending = login.state not in done
        with tenant.trace.check("second_factor", pending=pending):
            if pending and "none" in login.request.prompt:
                raise InteractionRequired("Interaction required", hint="A second factor is needed.")
        return pending

    step = LoginStep(name="inserted", page="/u/inserted", is_pending=is_pending)
    monkeypatch.setattr(steps, "STEPS", (*STEPS[:-1], step, STEPS[-1]))
    return done


def test_the_steps_are_in_the_order_in_which_a_person_takes_them():
    assert [one.name for one in STEPS] == [
        "confirm the device",
        "select organization",
        "identify",
        "authenticate",
        "pick organization",
        "second factor",
        "passkey",
        "consent",
    ]


def test_a_person_is_sent_to_the_page_of_an_inserted_step_after_logging_in(idp, done):
    login = idp.authorize(client_id="third-party")
    assert login.location.startswith("/u/login?state=")
    state = login.location.partition("state=")[2]
    resumed = idp.submit(
        login.location, username="alice@acme.example", password="Passw0rd!", action="default"
    )
    assert resumed.location == f"/authorize/resume?state={state}"
    assert idp.get(resumed.location).location == f"/u/inserted?state={state}"
    assert idp.get(resumed.location).location == f"/u/inserted?state={state}"
    done.add(state)
    assert idp.get(resumed.location).location == f"/u/consent?state={state}"
    accepted = idp.submit(f"/u/consent?state={state}", action="accept")
    assert "code" in sent_to_callback(idp.follow(accepted))


def test_a_session_does_not_skip_an_inserted_step(idp, done):
    login = idp.authorize()
    done.add(login.location.partition("state=")[2])
    assert "code" in sent_to_callback(idp.log_in(login.location))
    again = idp.authorize()
    assert again.location.startswith("/u/login?state=")
    state = again.location.partition("state=")[2]
    assert idp.get(again.location).location == f"/authorize/resume?state={state}"
    assert idp.get(f"/authorize/resume?state={state}").location == f"/u/inserted?state={state}"


def test_an_inserted_step_refuses_a_request_that_forbids_pages(idp, done):
    login = idp.authorize()
    done.add(login.location.partition("state=")[2])
    idp.log_in(login.location)
    answer = idp.authorize(prompt="none")
    assert sent_to_callback(answer)["error"] == "interaction_required"
    assert hint(answer) == "A second factor is needed."
