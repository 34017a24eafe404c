"""Random parameters at each of Auth0's endpoints and pages: no bug, whatever is sent."""

import json
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from helpers.acme import API, CALLBACK, DATABASE, ORIGIN, PASSWORD_OF_ALL
from helpers.mfa import APP, with_mfa
from helpers.passwordless import EMAIL, PHONE, TENANT
from helpers.tenant_client import TenantClient
from mockidp.flows.token import GRANTS
from mockidp.protocol.grant_types import AUTHORIZATION_CODE, IMPLICIT
from mockidp.web import endpoints, hosted

pytestmark = pytest.mark.usefixtures("no_tracebacks")

GRANT_TYPES = (*GRANTS, AUTHORIZATION_CODE, IMPLICIT)
DOCUMENT = replace(
    with_mfa(APP, document=TENANT, policies=()),
    tenant=replace(TENANT.tenant, pushed_authorization_requests_supported=True),
    clients=tuple(
        replace(one, grant_types=GRANT_TYPES, cross_origin_authentication=True)
        for one in TENANT.clients
    ),
)
ROUTES = [
    pytest.param(route, id=f"{'-'.join(route.methods)} {route.path}")
    for route in (*endpoints.ROUTES, *hosted.ROUTES)
]
GOOD = {
    "client_id": "web", "client_secret": "web-secret", "connection": "email", "email": EMAIL,
    "phone_number": PHONE, "realm": DATABASE, "username": "alice@acme.example",
    "password": PASSWORD_OF_ALL, "redirect_uri": CALLBACK, "response_type": "code",
    "scope": "openid offline_access", "audience": API, "send": "link", "prompt": "none",
    "action": "default", "code": "123456", "otp": "123456", "verification_code": "123456",
}  # fmt: skip
NAMES = (
    *GOOD,
    "authParams",
    "state",
    "ticket",
    "mfa_token",
    "device_code",
    "user_code",
    "grant_type",
)
ODD = [
    "",
    "%",
    "\0",
    "é",
    "a\nb",
    "x" * 3000,
    "http://[",
    "{}",
    "+1",
    "'\"><",
    "login",
    "resend-code",
]
TEXT = st.sampled_from([*GOOD.values(), *ODD, *GRANT_TYPES]) | st.text(max_size=20)
JSON = st.recursive(
    TEXT | st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=5,
)


def names_of(route):
    """Return the names of a route's parameters, and others."""
    of_route = [one.name for one in route.parameters or () if not one.is_header]
    return st.sampled_from([*of_route, *NAMES])


@pytest.mark.parametrize("route", ROUTES)
def test_random_parameters_cause_no_bug(route):
    idp = TenantClient(DOCUMENT)
    state = idp.authorize(connection="email").location.rpartition("=")[2]

    @settings(
        max_examples=15,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(
        odd=st.dictionaries(names_of(route), JSON, max_size=6),
        left_out=st.sets(st.sampled_from(sorted(GOOD))),
        as_json=st.booleans(),
        with_state=st.booleans(),
    )
    def send(odd, left_out, as_json, with_state):
        sent = {name: one for name, one in GOOD.items() if name not in left_out} | odd
        if with_state:
            sent["state"] = state
        texts = {
            name: one if isinstance(one, str) else json.dumps(one) for name, one in sent.items()
        }
        for method in route.methods:
            path = route.path.replace("<path:_>", "x")
            if method != "POST":
                idp.get(path, **texts) if method == "GET" else idp.request(method, path)
            elif as_json:
                idp.post(path, json_body=sent, headers={"Origin": ORIGIN})
            else:
                idp.post(path, **texts)

    send()
