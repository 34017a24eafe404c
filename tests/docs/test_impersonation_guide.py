"""The impersonation guide: each mistake in its tables causes the hint shown there."""

import re
from pathlib import Path

import pytest
import requests
import yaml

from helpers.console import read_files
from mockidp import MockIdP

PAGE = (Path(__file__).parents[2] / "docs" / "how-to" / "impersonation.md").read_text()
REQUEST_TABLE, OPEN_TABLE = PAGE.partition("If the request for a link is refused")[2].split(
    "If the link is refused with 401", 1
)
CALLBACK = "http://localhost:3000/impersonated"


def quoted(table):
    """Return the hints of a table, which are the quoted cells."""
    return set(re.findall(r'\| "([^"]+)" \|', table))


@pytest.fixture
def idp():
    with MockIdP(yaml.safe_load(read_files(PAGE)["tenant.yaml"])) as idp:
        yield idp


def hint_of(answer, status):
    assert answer.status_code == status, answer.text
    return answer.headers["Mockidp-Hint"]


def request_token(idp, client):
    form = {
        "grant_type": "client_credentials",
        "client_id": client,
        "client_secret": f"{client}-secret",
    }
    return requests.post(f"{idp.url}/oauth/token", data=form, timeout=5)


def request_link(idp, token, *, user="auth0|alice", fields=None, **additional):
    body = {
        "protocol": "oauth2",
        "impersonator_id": "auth0|admin",
        "client_id": "shop",
        "additionalParameters": {"state": "account", "callback_url": CALLBACK, **additional},
        **(fields or {}),
    }
    headers = {"Authorization": f"Bearer {token}"}
    url = f"{idp.url}/users/{user}/impersonate"
    return requests.post(url, json=body, headers=headers, timeout=5)


def find_quoted(table, hints):
    """Return the quoted hints that occur in the given ones. Each must contain exactly one."""
    found = [[shown for shown in quoted(table) if shown in hint] for hint in hints]
    assert [hint for hint, shown in zip(hints, found, strict=True) if len(shown) != 1] == []
    return {shown for [shown] in found}


def test_mistakes_when_requesting_a_link_cause_the_hints_shown(idp):
    idp.add_client("machine", app_type="non_interactive", grant_types=["client_credentials"])
    token = request_token(idp, "global").json()["access_token"]
    hints = [
        hint_of(request_link(idp, idp.access_token(audience="https://api.acme.example/")), 401),
        hint_of(request_token(idp, "machine"), 403),
        hint_of(request_link(idp, token, user="alice"), 404),
        hint_of(request_link(idp, token, callback_url=f"{CALLBACK}/"), 400),
        hint_of(request_link(idp, token, fields={"response_type": "code"}), 200),
        hint_of(request_link(idp, token, audience="https://api.acme.example/"), 200),
    ]
    assert find_quoted(REQUEST_TABLE, hints) == quoted(REQUEST_TABLE)


def test_mistakes_when_opening_a_link_cause_the_hints_shown(idp):
    def make(state="account"):
        return idp.impersonation_link("alice", client="shop", callback_url=CALLBACK, state=state)

    def open_link(link):
        return requests.get(link, allow_redirects=False, timeout=5)

    used, expired = make(), make()
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
    hints.append(hint_of(open_link(expired), 401))
    assert find_quoted(OPEN_TABLE, hints) == quoted(OPEN_TABLE)
