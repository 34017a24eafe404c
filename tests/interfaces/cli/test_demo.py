"""`mockidp demo`: every step succeeds, and fails if the tenant skips a check."""

import hmac
import re
from dataclasses import replace
from types import SimpleNamespace

import pytest

from mockidp.cli.calls.caller import CallResult
from mockidp.cli.demo import scenario
from mockidp.cli.serving.example import example_file

STEPS = (
    "the global client requests a Management API v1 token",
    "it requests a link that logs an admin in as alice, with a state and an audience",
    "the link is opened and redirects to the callback with a code and the state",
    "the app redeems the code",
    "the access token is opaque, so the app's API refuses it",
    "/userinfo accepts it and names the admin who is logged in as alice",
    "the same link is opened a second time",
    "a client with a grant requests a token for the API's audience",
    "the API accepts that token",
    "a link is opened with &next=/admin appended",
    "a link that was made with an empty state is opened",
    "a link is opened after it has expired",
    "a link is requested with a Management API v2 token",
)


def steps(done, mark):
    return tuple(re.findall(f"^{mark}  (.*)$", done.out, re.MULTILINE))


@pytest.fixture
def change_tenant(monkeypatch, folder):
    """Return a function that replaces a text in the example tenant of the demo."""

    def change_tenant(old, new):
        text = example_file("acme").read_text()
        assert old in text
        (folder / "acme.yaml").write_text(text.replace(old, new))
        monkeypatch.setattr(
            "mockidp.cli.demo.environment.example_file", lambda _: folder / "acme.yaml"
        )

    return change_tenant


@pytest.fixture
def break_check(monkeypatch):
    """Return a function that disables a check that no setting disables."""

    def break_check(name):
        if name == "mac":
            blind = SimpleNamespace(**vars(hmac) | {"compare_digest": lambda *_: True})
            monkeypatch.setattr("mockidp.protocol.impersonation.bewit.hmac", blind)
        else:
            monkeypatch.setattr(
                "mockidp.web.endpoints.impersonate.check_api_v1_token",
                lambda *_, **_named: "acme-global",
            )

    return break_check


def test_every_step_gets_the_expected_answer(mockidp):
    done = mockidp("demo")
    assert (done.status, done.err) == (0, "")
    assert steps(done, "ok") == STEPS
    assert steps(done, "UNEXPECTED") == ()
    assert done.out.splitlines()[-1] == "Every step behaved as Auth0 does."


def test_each_refusal_is_printed_with_its_response_and_reason(mockidp):
    text = mockidp("demo").out
    for title, response, reason in (
        (STEPS[4], "401", "is opaque and only valid at /userinfo"),
        (STEPS[6], '401 {"error":"access_denied"', "The link was already used at"),
        (STEPS[9], '401 {"error":"access_denied"', "`next` was added after the link was signed"),
        (
            STEPS[10],
            '401 {"error":"access_denied"',
            "`additionalParameters.state` was empty or absent",
        ),
        (STEPS[11], '401 {"error":"access_denied"', "The link expired at"),
        (STEPS[12], "401 Unauthorized", "This is a Management API v2 token"),
    ):
        below = text.partition(f"ok  {title}\n")[2].splitlines()
        assert below[0].startswith(f"    response  {response}")
        assert below[1].startswith("    reason    ")
        assert reason in below[1]


@pytest.mark.parametrize(
    ("setting", "unexpected"),
    [
        ("impersonation.honour_audience=true", [1, 4]),
        ("impersonation.single_use=false", [6]),
        ("impersonation.require_state=false", [10]),
        ("impersonation.ttl=1000", [11]),
        ("impersonation.enabled=false", [1, 2, 3, 5, 6, 9, 10, 11]),
    ],
)
def test_a_tenant_with_other_settings_fails_steps(mockidp, setting, unexpected):
    done = mockidp("demo", "--set", setting)
    assert done.status == 1
    titles = [STEPS[index] for index in unexpected]
    assert steps(done, "UNEXPECTED") == tuple(titles)
    heading = "These steps did not behave as Auth0 does:"
    assert done.out.splitlines()[-len(titles) - 1 :] == [heading, *titles]


@pytest.mark.parametrize(
    ("old", "new", "unexpected"),
    [
        ("global: true", "global: false", 0),
        ("client_secret: acme-web-secret", "client_secret: another", 3),
        ("client_secret: acme-web-secret", "client_secret: another", 5),
        ("client_secret: acme-m2m-secret", "client_secret: another", 7),
        ("signing_alg: RS256", f"signing_alg: HS256\n    signing_secret: {'x' * 32}", 8),
        ("http://localhost:3000/callback", "http://localhost:4000/callback", 2),
    ],
)
def test_a_tenant_with_other_data_fails_steps(mockidp, change_tenant, old, new, unexpected):
    change_tenant(old, new)
    done = mockidp("demo")
    assert done.status == 1
    assert STEPS[unexpected] in steps(done, "UNEXPECTED")


@pytest.mark.parametrize(("check", "unexpected"), [("mac", 9), ("v1 token", 12)])
def test_a_tenant_without_checks_fails_steps(mockidp, break_check, check, unexpected):
    break_check(check)
    done = mockidp("demo")
    assert done.status == 1
    assert steps(done, "UNEXPECTED") == (STEPS[unexpected],)


def test_each_part_of_an_expectation_is_compared(mockidp, monkeypatch):
    seen = []
    is_met = scenario.ExpectedResponse.is_met_by

    class Recording(scenario.ExpectedResponse):
        def is_met_by(self, answer):
            seen.append((self, answer))
            return is_met(self, answer)

    monkeypatch.setattr(scenario, "ExpectedResponse", Recording)
    assert mockidp("demo").status == 0
    assert len(seen) == len(STEPS)
    for expected, answer in seen:
        assert is_met(expected, answer)
        assert not is_met(expected, replace(answer, status=answer.status + 1))
        assert not is_met(expected, replace(answer, body="", location=""))
        assert not answer.hint or not is_met(expected, replace(answer, hint=""))
        for text in expected.texts:
            without = {
                name: getattr(answer, name).replace(text, "") for name in ("body", "location")
            }
            assert not is_met(expected, replace(answer, **without))


@pytest.mark.parametrize("body", ["", "<html>", "[]", "5"])
def test_a_response_that_is_not_a_json_object_counts_as_empty(body):
    assert CallResult(status=200, body=body).json() == {}
    assert CallResult(status=200, body='{"a": 1}').json() == {"a": 1}


def test_keys_are_not_requested_from_a_custom_issuer(mockidp):
    done = mockidp("demo", "--set", "issuer=https://idp.acme.test/")
    assert done.status == 0


def test_a_proxy_in_the_environment_is_not_used(mockidp, monkeypatch, unused_url):
    monkeypatch.setenv("http_proxy", unused_url)
    monkeypatch.setenv("no_proxy", "")
    monkeypatch.delenv("NO_PROXY", raising=False)
    assert mockidp("demo").status == 0


def test_an_invalid_setting_is_reported_in_one_line(mockidp):
    done = mockidp("demo", "--set", "impersonation.tll=5")
    assert (done.status, done.out) == (1, "")
    (line,) = done.err.splitlines()
    assert "impersonation.ttl" in line
