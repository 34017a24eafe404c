"""Random requests to every endpoint cause no bug, reveal no secret and show no unescaped HTML."""

import importlib
import json
import pkgutil
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpers.acme import API, CALLBACK
from helpers.mfa import APP, MfaClient
from helpers.tenant_client import bearer, hint
from helpers.token_exchange import LEGACY, TENANT
from mockidp.flows.token import GRANTS
from mockidp.protocol import request_parameters
from mockidp.protocol.request_parameters.table import ParameterTable
from mockidp.web import endpoints, hosted

pytestmark = pytest.mark.usefixtures("no_tracebacks")

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"
SCRIPT = "\"><script>alert(1)</script>'{{7*7}}"
ROUTES = [
    (method, one.path.replace("<path:_>", "auth0%7Calice").replace("{id}", "x"))
    for one in (*endpoints.routes(), *hosted.routes())
    for method in one.methods
]
OF_PAGES = (
    "action", "state", "ticket", "user_code", "email", "phone", "code", "organization",
    "organizationName", "newPassword", "confirmPassword", "password-new", "password-confirm",
)  # fmt: skip
"""Fields of forms, for which there are no tables."""


def names_of_tables():
    """Return the names in the tables of all endpoints."""
    package = request_parameters
    for module in pkgutil.iter_modules(package.__path__):
        loaded = vars(importlib.import_module(f"{package.__name__}.{module.name}"))
        for table in (one for one in loaded.values() if isinstance(one, ParameterTable)):
            yield from (one.name.rstrip("*") for one in table)


class Attacked(MfaClient):
    """A tenant with second factors and token exchange, and values that it issued."""

    def __init__(self):
        super().__init__(APP, document=TENANT)
        device = self.post("/oauth/device/code", client_id="web", scope="openid").json
        self.issued = {
            "state": self.authorize().location.partition("state=")[2],
            "mfa_token": self.mfa_token(audience=API),
            "device_code": device.get("device_code", "x"),
            "user_code": device.get("user_code", "x"),
        }


SHARED = Attacked()
KNOWN = {
    "client_id": ["web", "spa", "broker", "m2m", "third-party"],
    "client_secret": ["web-secret", "broker-secret"],
    "grant_type": list(GRANTS),
    "response_type": ["code", "token", "code id_token"],
    "redirect_uri": [CALLBACK],
    "audience": [API],
    "username": ["alice", "alice@acme.example"],
    "email": ["alice@acme.example", "new@acme.example"],
    "password": ["Passw0rd!"],
    "connection": ["Username-Password-Authentication"],
    "realm": ["Username-Password-Authentication"],
    "action": ["default", "accept", "confirm", "cancel", "deny"],
    "subject_token": ["legacy-alice", "legacy-delegated"],
    "subject_token_type": [LEGACY],
    "response_mode": ["query", "form_post", "web_message"],
    "prompt": ["none", "login", "consent"],
} | {name: [value] for name, value in SHARED.issued.items()}
NAMES = sorted({*names_of_tables(), *OF_PAGES})
TEXTS = st.one_of(
    st.text(st.characters(codec="utf-8"), max_size=40),
    st.sampled_from([SCRIPT, "http://[", "a.b.c", "e30.e30.e30", "auth0|alice", "x" * 3000, "0"]),
)
OTHERS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.just([]), st.just({}),
    st.lists(st.text(st.characters(codec="utf-8"), max_size=5), max_size=2),
    st.dictionaries(st.text(st.characters(codec="utf-8"), max_size=5), st.none(), max_size=2),
)  # fmt: skip


@st.composite
def forms(draw, values):
    """Return parameters, of which most have values that the tenant knows."""
    names = draw(st.sets(st.sampled_from(sorted(KNOWN)), max_size=6))
    names |= draw(st.sets(st.sampled_from(NAMES), max_size=3))
    unknown = draw(st.sets(st.sampled_from(sorted(names) or ["x"]), max_size=1))
    return {
        name: draw(
            st.sampled_from(KNOWN[name]) if name in KNOWN and name not in unknown else values
        )
        for name in sorted(names)
    }


def check(answer):
    """Check what holds for every answer."""
    assert answer.status_code < 500 or answer.status_code == 501, answer.data
    if (answer.content_type or "").startswith("text/html"):
        assert "<script>alert(1)" not in answer.text
    assert hint(answer).isascii()
    for secret in ("web-secret", "broker-secret", "Passw0rd!", SHARED.issued["mfa_token"]):
        assert secret not in hint(answer)
    if answer.status_code >= 400:
        assert hint(answer)


SETTINGS = settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)


@SETTINGS
@given(route=st.sampled_from(ROUTES), form=forms(TEXTS), token=st.none() | st.just("mfa_token"))
def test_random_forms_and_queries_cause_no_bug(route, form, token):
    method, path = route
    headers = bearer(SHARED.issued[token]) if token else {}
    encoded = urlencode(form)
    if method == "POST":
        headers |= {"Content-Type": FORM}
        check(SHARED.request("POST", path, data=encoded.encode(), headers=headers))
    else:
        check(SHARED.request(method, f"{path}?{encoded}", headers=headers))


@SETTINGS
@given(
    path=st.sampled_from([path for method, path in ROUTES if method == "POST"]),
    body=forms(TEXTS | OTHERS),
    token=st.none() | st.just("mfa_token"),
)
def test_random_json_causes_no_bug(path, body, token):
    headers = bearer(SHARED.issued[token]) if token else {}
    headers |= {"Content-Type": JSON}
    check(SHARED.request("POST", path, data=json.dumps(body).encode(), headers=headers))


@settings(max_examples=200, deadline=None)
@given(
    path=st.sampled_from([path for method, path in ROUTES if method == "POST"]),
    data=st.binary(max_size=200),
    content_type=st.sampled_from([FORM, JSON, "x"]),
)
def test_random_bytes_cause_no_bug(path, data, content_type):
    answer = SHARED.request("POST", path, data=data, headers={"Content-Type": content_type})
    check(answer)
