"""The tables of the impersonation guide: each mistake is made, and its hint is the one shown."""

import re
from pathlib import Path

import pytest
import requests
import yaml

from helpers.console import read_files
from mockidp import MockIdP

PAGE = (Path(__file__).parents[2] / "docs" / "how-to" / "impersonation.md").read_text()
ASKED, OPENED = PAGE.partition("If the request for a link is refused")[2].split(
    "If the link is refused with 401", 1
)
CALLBACK = "http://localhost:3000/impersonated"


def quoted(table):
    """Return the hints of a table, which are its cells in quotes."""
    return set(re.findall(r'\| "([^"]+)" \|', table))


@pytest.fixture
def idp():
    with MockIdP(yaml.safe_load(read_files(PAGE)["tenant.yaml"])) as idp:
        yield idp


def hint_of(answer, status):
    assert answer.status_code == status, answer.text
    return answer.headers["Mockidp-Hint"]


def ask_for_token(idp, client):
    form = {
        "grant_type": "client_credentials",
        "client_id": client,
        "client_secret": f"{client}-secret",
    }
    return requests.post(f"{idp.url}/oauth/token", data=form, timeout=5)


def ask_for_link(idp, token, *, user="auth0|alice", beside=None, **additional):
    body = {
        "protocol": "oauth2",
        "impersonator_id": "auth0|admin",
        "client_id": "shop",
        "additionalParameters": {"state": "account", "callback_url": CALLBACK, **additional},
        **(beside or {}),
    }
    headers = {"Authorization": f"Bearer {token}"}
    url = f"{idp.url}/users/{user}/impersonate"
    return requests.post(url, json=body, headers=headers, timeout=5)


def shown_in(table, hints):
    """Return the hints of a table, each found in one that was given."""
    found = [[shown for shown in quoted(table) if shown in hint] for hint in hints]
    assert [hint for hint, shown in zip(hints, found, strict=True) if len(shown) != 1] == []
    return {shown for [shown] in found}


def test_each_mistake_in_asking_for_a_link_has_the_hint_that_is_shown(idp):
    idp.add_client("machine", app_type="non_interactive", grant_types=["client_credentials"])
    token = ask_for_token(idp, "global").json()["access_token"]
    hints = [
        hint_of(ask_for_link(idp, idp.access_token(audience="https://api.acme.example/")), 401),
        hint_of(ask_for_token(idp, "machine"), 403),
        hint_of(ask_for_link(idp, token, user="alice"), 404),
        hint_of(ask_for_link(idp, token, callback_url=f"{CALLBACK}/"), 400),
        hint_of(ask_for_link(idp, token, beside={"response_type": "code"}), 200),
        hint_of(ask_for_link(idp, token, audience="https://api.acme.example/"), 200),
    ]
    assert shown_in(ASKED, hints) == quoted(ASKED)


def test_each_mistake_in_opening_a_link_has_the_hint_that_is_shown(idp):
    def make(state="account"):
        return idp.impersonation_link("alice", client="shop", callback_url=CALLBACK, state=state)

    def open_link(link):
        return requests.get(link, allow_redirects=False, timeout=5)

    used, old = make(), make()
    assert open_link(used).status_code == 302
    mistakes = [
        make(state=""),
        f"{make()}&next=/admin",
        make().replace("?&bewit", "?bewit"),
        used,
        make().replace("localhost", "127.0.0.1"),
    ]
    hints = [hint_of(open_link(link), 401) for link in mistakes]
    idp.clock.advance(121)
    hints.append(hint_of(open_link(old), 401))
    assert shown_in(OPENED, hints) == quoted(OPENED)
