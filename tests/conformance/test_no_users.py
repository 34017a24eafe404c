"""Hints for a tenant without users, such as one from an export."""

from dataclasses import replace

import pytest

from helpers.acme import ACME
from helpers.html_page import mockidps_part
from helpers.tenant_client import TenantClient, hint

HINT = (
    "This tenant has no users, so no one can log in. Add one to `users` in the tenant file (for an "
    'exported directory, in its `mockidp.yaml`), or in a test with `idp.add_user("alice")`.'
)


@pytest.fixture
def empty():
    return TenantClient(replace(ACME, users=()))


def test_the_login_page_says_that_there_are_no_users(empty):
    page = empty.request("GET", empty.authorize().location)
    assert page.status_code == 200
    assert HINT in mockidps_part(page.text)
    assert hint(page) == HINT


def test_the_login_page_of_a_tenant_with_users_has_no_hint(idp):
    page = idp.request("GET", idp.authorize().location)
    assert "no users" not in page.text
    assert hint(page) == ""


def test_a_refused_login_says_that_there_are_no_users(empty):
    page = empty.submit(empty.authorize().location, username="alice@acme.example", password="x")
    assert page.status_code == 400
    assert HINT in mockidps_part(page.text)
    assert hint(page) == HINT


def test_a_refused_password_grant_says_that_there_are_no_users(empty):
    answer = empty.password_token()
    assert answer.status_code == 403
    assert answer.json == {
        "error": "invalid_grant",
        "error_description": "Wrong email or password.",
    }
    assert hint(answer) == HINT
