"""Scripts of public test suites operate the pages for accounts, codes and consent, and Lock.

All run in one page of a browser, without JavaScript, because pages without passkeys have no script.
"""

from urllib.parse import urlencode

import pytest

from helpers.page_habits import (
    ALICE,
    CALLBACK,
    CHECK,
    CLICK,
    ENTER,
    FLOWS,
    HABITS,
    PASSWORD,
    REQUEST,
    SENT_LINK,
)  # fmt: skip
from mockidp import MockIdP

PARTY = {"callbacks": [CALLBACK]}
ORGANIZATIONS = {"organization_usage": "require"}
TENANT = {
    "tenant": {"friendly_name": "Acme"},
    "databases": [{"name": "db", "is_domain_connection": True}],
    "connections": [
        {"name": "google-oauth2", "strategy": "google-oauth2"},
        {"name": "email", "strategy": "email"},
    ],
    "clients": [
        {"client_id": "app", **PARTY},
        {"client_id": "third-party", "is_first_party": False, **PARTY},
        {"client_id": "classic", "custom_login_page": "<html>", **PARTY},
        *(
            {
                "client_id": name,
                "organization_require_behavior": f"{name}_login_prompt",
                **ORGANIZATIONS,
                **PARTY,
            }
            for name in ("pre", "post")
        ),
    ],
    "users": [
        {"user_id": "auth0|alice", "email": ALICE, "password": PASSWORD},
        {"user_id": "auth0|bob", "email": "bob@acme.example", "password": PASSWORD},
        {"user_id": "google-oauth2|1", "email": "gina@gmail.example"},
    ],
    "organizations": [
        {
            "id": f"org_{number}",
            "name": name,
            "display_name": f"{name.title()} Org",
            "connections": [{"name": "db"}],
            "members": [{"user_id": "auth0|alice"}],
        }
        for number, name in enumerate(("first", "second"), 1)
    ],
    "guardianFactors": [{"name": name, "enabled": True} for name in ("otp", "recovery-code")],
}


@pytest.fixture(scope="module")
def tenants():
    """Serve two tenants, the second of which has two pages for a login."""
    with MockIdP(TENANT) as one, MockIdP(TENANT | {"prompts": {"identifier_first": True}}) as two:
        yield one, two


def take_steps(page, idp, steps):
    """Take steps as strict tools do, which refuse a selector that finds several elements."""
    for selector, value in steps:
        if selector is SENT_LINK:
            page.goto(idp.outbox.last(to=ALICE).link)
            continue
        found = page.locator(selector)
        if value is CLICK:
            found.click()
        elif value is ENTER:
            found.press("Enter")
        elif value is CHECK:
            found.check()
        else:
            found.fill(value if isinstance(value, str) else value(page, idp))


@pytest.mark.parametrize(("flow", "source"), HABITS, ids=lambda one: one)
def test_a_script_of_a_public_suite_works(tenants, page_without_script, application, flow, source):
    idp, page = tenants[flow.startswith("two-page")], page_without_script
    idp.reset()
    FLOWS[flow].arrange(idp)
    application.received.clear()
    page.goto(f"{idp.url}/authorize?{urlencode(REQUEST | FLOWS[flow].request)}")
    take_steps(page, idp, [*FLOWS[flow].before, *HABITS[flow, source]])
    if "forgotten" in source or flow == "password reset":
        page.get_by_role("heading", name="Password Changed!").wait_for()
        return
    page.get_by_role("heading", name="Back at the application").wait_for()
    [(_, parameters)] = application.received
    if source.endswith("declined"):
        assert parameters["error"] == "access_denied"
    else:
        assert "code" in parameters
