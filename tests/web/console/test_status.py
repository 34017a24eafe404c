"""The strip on every page that says what is not as usual."""

from dataclasses import replace
from hashlib import sha256
from urllib.parse import quote

import pytest

from helpers.acme import ACME, PASSWORD_OF_ALL, with_settings
from helpers.console_browser import ConsoleBrowser
from mockidp.faults.fault import Fault
from mockidp.protocol.login.attack_protection import FailedLogins
from mockidp.storage.memory import MemoryBackend
from mockidp.tenant.tenant import Tenant

WITHOUT_BLOCKED_USERS = replace(ACME, users=[replace(one, blocked=False) for one in ACME.users])


@pytest.fixture
def console():
    """A tenant whose clock is not frozen."""
    return ConsoleBrowser(tenant=Tenant(WITHOUT_BLOCKED_USERS))


def strip(console):
    [number] = console.open("/keys").find("section", **{"aria-label": "State of the mock"})
    return console.page.text_of(number)


def test_usually_it_has_only_the_tenant_and_its_issuer(console):
    assert strip(console) == "Acme http://localhost:9400/"


def test_it_names_active_faults(console):
    console.tenant.faults.add(Fault(endpoint="token", error="invalid_grant"))
    assert strip(console).endswith("1 active fault")
    console.tenant.faults.add(Fault(endpoint="authorize", delay=1.0))
    assert strip(console).endswith("2 active faults")


def test_it_names_a_clock_that_differs_or_stands_still(console):
    console.tenant.clock.advance(3600)
    assert strip(console).endswith("clock 1 h ahead")
    console.tenant.clock.freeze(0.0)
    assert strip(console).endswith("clock stopped at 00:00:00 UTC")


def test_it_names_tokens_that_are_stamped_ahead(console):
    console.tenant.clock.skew = 90
    assert strip(console).endswith("tokens are stamped +90 s ahead")


def test_it_names_users_that_an_administrator_has_blocked(console):
    alice, *_, mallory = ACME.users
    edit = {one.user_id: replace(one, blocked=False) for one in ACME.users}
    console.edit(replace(ACME, users=[*edit.values()]))
    assert "blocked" not in strip(console)
    edit[alice.user_id] = replace(alice, blocked=True)
    console.edit(replace(ACME, users=[*edit.values()]))
    assert strip(console).endswith("1 blocked user")
    [link] = [one for one in console.page.all("a") if one.get("class") == "pill warn"]
    assert link["href"] == f"/_mockidp/users/{quote(alice.user_id, safe='')}"
    edit[mallory.user_id] = replace(mallory, blocked=True)
    console.edit(replace(ACME, users=[*edit.values()]))
    assert strip(console).endswith("2 blocked users")


def test_it_names_users_that_brute_force_protection_has_blocked(console):
    console.edit(replace(ACME, users=[replace(one, blocked=False) for one in ACME.users]))
    failed = FailedLogins(
        subject="auth0|alice",
        is_user=True,
        address="",
        count=10,
        last_at=console.tenant.now(),
        password_digest=sha256(PASSWORD_OF_ALL.encode()).hexdigest()[:16],
    )
    console.tenant.failed_logins.put("a", replace(failed, count=9))
    assert "blocked" not in strip(console)
    console.tenant.failed_logins.put("b", failed)
    assert strip(console).endswith("1 blocked user")


def test_it_names_rate_limits():
    console = ConsoleBrowser(tenant=Tenant(with_settings(rate_limits="auth0")))
    assert "rate limits apply" in strip(console)


def test_it_names_the_seed():
    assert "seed 42" in strip(ConsoleBrowser(tenant=Tenant(ACME, seed=42)))


def test_it_names_a_state_that_survives_a_restart(tmp_path):
    class Kept(MemoryBackend):
        """A backend that is not the memory of the process alone."""

    assert "state survives a restart" in strip(ConsoleBrowser(tenant=Tenant(ACME, backend=Kept())))


def test_it_names_additional_tenants_at_the_first_one(console):
    for name, text in {"one": "1 additional tenant", "two": "2 additional tenants"}.items():
        console.app.additional.add(name, Tenant(ACME), max_age=60)
        assert strip(console).endswith(text)
    console.get("/t/one/_mockidp/keys")
    assert "additional" not in console.get("/t/one/_mockidp/keys").text


def test_it_names_a_mock_that_other_machines_can_control(console):
    console.app.is_exposed = True
    assert strip(console).endswith("reachable from other machines")
    assert "Set MOCKIDP_CONTROL_TOKEN" in console.text("read-only")[0]
