"""Auth0's SDKs with the Management API: every kind of record, lists of 250 users, and refusals."""

from collections import Counter
from urllib.parse import urlsplit

import pytest

from helpers.client_facts import facts
from mockidp import MockIdP

DATABASE = "Username-Password-Authentication"
USERS = 249
MAX_OF_OTHER_LISTS = 4
"""Requests: two lists, each with an empty page at its end."""
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
    "organizations": ["acme"],
    "members": ["new@acme.example"],
    "organizationsOfUser": ["acme"],
    "rolesAfterwards": 0,
    "organizationsAfterwards": 0,
    "usersAfterwards": USERS,
}
MORE = {
    "settings": "help@acme.example",
    "isKeyListed": True,
    "ticket": "/u/email-verification",
    "logs": True,
}
"""What the generated SDKs also do."""
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
    "organizations of the Management API",
)
WORKS_MORE = ("tenant settings, signing keys, tickets and logs of the Management API",)
REFUSES = tuple(f"{name} at the Management API" for name in REFUSED)


@pytest.fixture(scope="module")
def served():
    """Serve the tenant on http and https."""
    with MockIdP(DOCUMENT, tls=True) as idp:
        yield idp


@pytest.fixture
def idp(served, record_calls):
    """The tenant, in its initial state."""
    yield served
    record_calls(served)
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


def check(idp, answer, errors, user_lists, *, without_code=None):
    """Check what a program did, the SDK's exceptions, and the number of its requests.

    Generated SDKs request further pages until one is empty or short, so a wrong list is a loop.

    Args:
        idp: The mock.
        answer: What the program returned.
        errors: The names of the exceptions.
        user_lists: How often the users were listed: 250, one found by a search, and 249.
        without_code: What the SDK has in place of an error code that was not sent.
    """
    expected = {**REFUSED, "invalid token": (401, "Invalid token", without_code)}
    assert answer["done"] == DONE
    assert answer["refused"] == {
        name: [error, *expected[name]] for name, error in zip(REFUSED, errors, strict=True)
    }
    entries = idp.journal.of("management")
    read = Counter(urlsplit(one.url).path for one in entries if one.method == "GET")
    assert read.pop("/api/v2/users") == user_lists
    assert max(read.values()) <= MAX_OF_OTHER_LISTS, read
    assert [one.status for one in entries].count(429) == 2


def sdk(client, *values, more=()):
    """Return the parameters of a test of an SDK."""
    works = (*WORKS, *more)
    return pytest.param(*values, marks=facts(client, *works, refuses=REFUSES, over="https"))


@pytest.mark.parametrize(
    ("major", "user_lists"),
    [
        sdk("auth0-python 6", 6, 6 + 2 + 6, more=WORKS_MORE),
        sdk("auth0-python 5", 5, 6 + 2 + 6, more=WORKS_MORE),
        sdk("auth0-python 4", 4, 6 + 1 + 6),
        sdk("auth0-python 3", 3, 6 + 1 + 6),
    ],
)
def test_auth0_python_manages_a_tenant(old_auth0_python, idp, given, major, user_lists):
    is_old = major in {3, 4}
    program = f"management_of_{'old_' if is_old else ''}auth0_python.py"
    answer = old_auth0_python({"major": major, **given}, program=program, ca_file=idp.ca_file)
    assert answer.get("more") == (None if is_old else MORE)
    errors = OLD_ERRORS if is_old else NEW_ERRORS
    # Versions 3 and 4 show `error` if the answer has no errorCode.
    check(idp, answer, errors, user_lists, without_code="Unauthorized" if is_old else None)


@pytest.mark.parametrize(
    ("package", "user_lists"),
    [
        sdk("auth0 7", "auth0-7", 6 + 2 + 6, more=WORKS_MORE),
        sdk("auth0 6", "auth0-6", 6 + 2 + 6, more=WORKS_MORE),
        sdk("auth0 5", "auth0-5", 6 + 1 + 5, more=WORKS_MORE),
    ],
)
def test_generated_auth0_for_node_manages_a_tenant(node, idp, given, package, user_lists):
    answer = node("management.mjs", {"sdk": package, **given}, ca_file=idp.ca_file)
    assert answer["more"] == MORE
    check(idp, answer, NEW_ERRORS, user_lists)


@pytest.mark.parametrize(
    ("package", "errors"),
    [
        sdk("auth0 4", "auth0-4", ["ManagementApiError"] * 6),
        sdk("auth0 3", "auth0-3", STATUS_ERRORS),
        sdk("auth0 2", "auth0-2", STATUS_ERRORS),
    ],
)
def test_auth0_for_node_manages_a_tenant(node, idp, given, package, errors):
    answer = node("management.cjs", {"sdk": package, **given}, ca_file=idp.ca_file)
    check(idp, answer, errors, 6 + 1 + 6)
