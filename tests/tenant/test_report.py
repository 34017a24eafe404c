"""Reports of exchanges, and of faults that never fired."""

import pytest

from mockidp.faults import Fault, FaultContext, When
from mockidp.protocol.errors.oauth_error import InvalidGrant
from mockidp.tenant.journal.entry import JournalEntry
from mockidp.tenant.journal.report import describe_exchange, describe_unfired
from mockidp.tenant.tenant import Tenant
from mockidp.tenant.trace import Check, IssuedToken


@pytest.fixture(scope="module")
def tenant():
    return Tenant()


@pytest.fixture(autouse=True)
def _reset(tenant):
    tenant.reset()


def entry(number=1, **fields):
    ordinary = {
        "at": 0.0, "endpoint": "token", "method": "POST", "status": 200, "parameters": {},
        "url": "http://localhost/oauth/token",
    }  # fmt: skip
    return JournalEntry(number=number, **(ordinary | fields))


@pytest.fixture
def unfired(tenant):
    """Return a function that adds a fault and exchanges, and returns why it did not fire."""

    def unfired(endpoint, *entries, predicate=None, matching=0, **words):
        active = tenant.faults.add(Fault(endpoint=endpoint, **words), predicate)
        for fields in entries:
            tenant.journal.add(lambda number, fields=fields: entry(number, **fields))
        for _each in range(matching):
            assert not tenant.faults.fire(FaultContext(endpoint=endpoint))
        assert tenant.faults.unfired == (active,)
        return describe_unfired(active, tenant.journal)

    return unfired


def test_an_exchange_is_described_with_parameters_and_failed_checks():
    text = describe_exchange(
        entry(
            status=403,
            error=InvalidGrant.__name__,
            hint="it was used",
            parameters={"code": "abcdefgh...", "state": "s" * 61},
            trace=(
                Check(name="client", passed=True),
                Check(name="code", passed=False, compared={"sent": "abc"}, why="it was used"),
                Check(name="pkce", passed=False, why="another reason"),
            ),
            faults=("slow",),
        )
    )
    assert text.splitlines() == [
        "#1 token POST 403 InvalidGrant hint: it was used",
        f"    http://localhost/oauth/token code=abcdefgh... state={'s' * 60}...",
        "    failed code(sent='abc')",
        "    failed pkce(): another reason",
        "    fault slow fired",
    ]


def test_a_fault_without_any_exchange(unfired):
    assert unfired("token", drop=True, name="gone") == (
        "Fault 'gone' at token never fired. There were no exchanges."
    )


def test_the_exchanges_that_nearly_matched_are_listed(unfired):
    others = [{"endpoint": "jwks", "client": "app"} for _each in range(6)]
    near = {"client": "app", "grant": "refresh_token"}
    text = unfired(
        "token", *others, near, drop=True, when=When(client="web", grant="refresh_token")
    )
    assert "It matched none of 7 exchanges, nearest first:\n  #7 token" in text
    assert text.splitlines()[2] == "    client is 'app', not 'web'"
    assert text.splitlines()[4] == (
        "    client is 'app', not 'web', and grant is None, not 'refresh_token', and "
        "endpoint is 'jwks', not 'token'"
    )
    assert text.count("\n  #") == 5


def test_another_resource_and_method_are_reported(unfired):
    users = {"endpoint": "management", "url": "http://localhost/api/v2/users/a", "method": "GET"}
    roles = {**users, "url": "http://localhost/api/v2/roles"}
    when = When(resource="users", method="POST")
    lines = unfired("management", users, roles, drop=True, when=when).splitlines()
    assert lines[2] == "    method is 'GET', not 'POST'"
    assert lines[4] == "    method is 'GET', not 'POST', and resource is 'roles', not 'users'"


@pytest.mark.parametrize("endpoint", ["id_token", "access_token"])
def test_a_missing_token_is_reported(unfired, endpoint):
    other = {"id_token": "access_token", "access_token": "id_token"}[endpoint]
    tokens = (IssuedToken(kind=other, header={}, claims={}),)
    assert f"    no {endpoint} was issued" in unfired(endpoint, {"tokens": tokens}, expired=True)


def test_a_predicate_that_returned_false_is_reported(unfired):
    text = unfired("*", {}, drop=True, predicate=lambda _context: False)
    assert text.endswith("    the predicate returned False")


def test_an_exchange_that_the_fault_cannot_change_is_reported(unfired):
    text = unfired("callback", {"endpoint": "authorize"}, wrong="state")
    assert text.endswith("    it contains nothing that the fault could change")


def test_exchanges_that_after_skips_are_reported(unfired):
    text = unfired("token", drop=True, after=3, matching=2)
    assert text.endswith("It matched 2 exchanges, but `after` skips the first 3.")


def test_a_probability_that_selected_nothing_is_reported(unfired):
    text = unfired("token", drop=True, probability=0.0, matching=2)
    assert text.endswith("It matched 2 exchanges, but the probability of 0 selected none of them.")


def test_a_cancelled_fault_is_unfired_until_all_are_cleared(tenant):
    with tenant.faults.add(Fault(endpoint="token", drop=True)) as active:
        pass
    assert tenant.faults.unfired == (active,)
    tenant.faults.clear()
    assert tenant.faults.unfired == ()


def test_a_fault_that_fired_is_not_unfired(tenant):
    tenant.faults.add(Fault(endpoint="token", drop=True))
    assert tenant.faults.fire(FaultContext(endpoint="token"))
    assert tenant.faults.unfired == ()
