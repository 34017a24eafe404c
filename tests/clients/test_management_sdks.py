"""Auth0's SDKs with the Management API: every kind of record, lists of 120 users, and refusals."""

from urllib.parse import urlsplit

import pytest

from helpers.client_facts import facts
from mockidp import MockIdP

DATABASE = "Username-Password-Authentication"
USERS = 119
DOCUMENT = {
    "clients": [
        {
            "client_id": "manager",
            "client_secret": "manager-secret",
            "app_type": "non_interactive",
            "grant_types": ["client_credentials"],
        }
    ],
    "clientGrants": [
        {
            "client_id": "manager",
            "audience": "https://acme.example/api/v2/",
            "allow_all_scopes": True,
        }
    ],
    "databases": [{"name": DATABASE, "strategy": "auth0"}],
    "users": [
        {
            "user_id": f"auth0|{number}",
            "email": f"user-{number}@acme.example",
            "connection": DATABASE,
        }
        for number in range(USERS)
    ],
}

DONE = {
    "created": ["new@acme.example", False, DATABASE],
    "users": USERS + 1,
    "byEmail": ["new@acme.example"],
    "found": ["new@acme.example"],
    "patched": ["New", {"plan": "gold", "city": "Wien"}],
    "read": "New",
    "roles": ["Reader"],
    "renamed": "Readers",
    "rolesOfUser": ["Readers"],
    "usersOfRole": ["new@acme.example"],
    "permissionsOfRole": ["read:notes"],
    "permissionsOfUser": ["read:notes"],
    "apis": ["https://notes.example/"],
    "client": "Works",
    "rotated": True,
    "clients": True,
    "grants": [["read:notes"]],
    "connections": [DATABASE, "staff"],
    "rolesAfterwards": 0,
    "usersAfterwards": USERS,
}
MORE = {
    "organizations": ["acme"],
    "members": ["new@acme.example"],
    "organizationsOfUser": ["acme"],
    "settings": "help@acme.example",
    "isKeyListed": True,
    "ticket": "/u/email-verification",
    "logs": True,
}
"""What auth0-python 5 and 6 do besides."""
REFUSED = {
    "unknown connection": (400, "The connection does not exist.", "inexistent_connection"),
    "invalid token": (401, "Invalid token", None),
    "missing scope": (
        403,
        "Insufficient scope, expected any of: delete:users,delete:current_user",
        "insufficient_scope",
    ),
    "unknown user": (404, "The user does not exist.", "inexistent_user"),
    "known user": (409, "The user already exists.", "auth0_idp_error"),
    "rate limit": (429, "Global limit has been reached", "too_many_requests"),
}
"""What every SDK reports: status, text and code."""
NEW_ERRORS = (
    "BadRequestError",
    "UnauthorizedError",
    "ForbiddenError",
    "NotFoundError",
    "ConflictError",
    "TooManyRequestsError",
)
OLD_ERRORS = (*("Auth0Error",) * 5, "RateLimitError")
STATUS_ERRORS = (
    "Bad Request",
    "Unauthorized",
    "Forbidden",
    "Not Found",
    "Conflict",
    "Too Many Requests",
)
WORKS = (
    "users and roles of the Management API",
    "clients, APIs and grants of the Management API",
    "connections of the Management API",
)
WORKS_MORE = (
    "organizations of the Management API",
    "tenant settings, signing keys, tickets and logs of the Management API",
)
REFUSES = tuple(f"{name} at the Management API" for name in REFUSED)


@pytest.fixture(scope="module")
def served():
    """Serve the tenant on http and https."""
    with MockIdP(DOCUMENT, tls=True) as idp:
        yield idp


@pytest.fixture
def idp(served):
    """The tenant, in its initial state."""
    yield served
    served.reset()


@pytest.fixture
def given(idp):
    """What the programs get."""
    return {
        "domain": urlsplit(idp.tls_url).netloc,
        "control": f"{idp.url}/_mockidp/v1",
        "manager": {"clientId": "manager", "clientSecret": "manager-secret"},
        "reader": idp.management_token("read:users", client="manager", url=idp.tls_url),
    }


def check(idp, answer, errors, *, without_code=None):
    """Check what a program did, the SDK's exceptions, and the number of its requests."""
    expected = {**REFUSED, "invalid token": (401, "Invalid token", without_code)}
    assert answer["done"] == DONE
    assert answer["refused"] == {
        name: [error, *expected[name]] for name, error in zip(REFUSED, errors, strict=True)
    }
    entries = idp.journal.of("management")
    lists = [one for one in entries if one.method == "GET" and one.url.endswith("/api/v2/users")]
    assert len(lists) in (9, 10)  # two lists of 120 users in pages of 50, and a search
    assert [one.status for one in entries].count(429) == 2


def sdk(client, *values, more=()):
    """Return the parameters of a test of an SDK."""
    works = (*WORKS, *more)
    return pytest.param(*values, marks=facts(client, *works, refuses=REFUSES, over="https"))


@pytest.mark.parametrize(
    ("major", "errors"),
    [
        sdk("auth0-python 6", 6, NEW_ERRORS, more=WORKS_MORE),
        sdk("auth0-python 5", 5, NEW_ERRORS, more=WORKS_MORE),
        sdk("auth0-python 3", 3, OLD_ERRORS),
    ],
)
def test_auth0_python_manages_a_tenant(old_auth0_python, idp, given, major, errors):
    is_old = major == 3
    program = f"management_of_auth0_python{'_3' if is_old else ''}.py"
    answer = old_auth0_python({"major": major, **given}, program=program, ca_file=idp.ca_file)
    assert answer.get("more") == (None if is_old else MORE)
    # Version 3 shows `error` if the answer has no errorCode.
    check(idp, answer, errors, without_code="Unauthorized" if is_old else None)


@pytest.mark.parametrize(
    ("package", "errors"),
    [
        sdk("auth0 4", "auth0-4", ["ManagementApiError"] * 6),
        sdk("auth0 3", "auth0-3", STATUS_ERRORS),
        sdk("auth0 2", "auth0-2", STATUS_ERRORS),
    ],
)
def test_auth0_for_node_manages_a_tenant(node, idp, given, package, errors):
    check(idp, node("management.cjs", {"sdk": package, **given}, ca_file=idp.ca_file), errors)
