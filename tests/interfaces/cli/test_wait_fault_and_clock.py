"""`mockidp wait`, `fault` and `clock`, and what all commands that call a mock share."""

import json
import socket
import subprocess
import sys

import pytest

from helpers.outcome import accepted, refused
from mockidp.server import Server, parse_address
from mockidp.web.app import create_app

HERE = parse_address("127.0.0.1:0")
COMMANDS = (
    ["push", "tenant.yaml"],
    ["reset"],
    ["fault"],
    ["fault", "token", "status=500"],
    ["clock"],
    ["journal"],
    ["journal", "--clear"],
    ["export"],
    ["import", "state.json"],
)


@pytest.fixture(autouse=True)
def _files(folder, url, monkeypatch):
    """Use the mock of the test, and write files to send."""
    monkeypatch.setenv("MOCKIDP_URL", url)
    (folder / "tenant.yaml").write_text("users:\n- {user_id: 'auth0|carol'}\n")
    (folder / "state.json").write_text('{"mockidp_snapshot": 2}')


# --- all commands


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_without_a_running_mock_the_status_is_3(mockidp, unused_url, command):
    line = refused(mockidp(*command, "--url", unused_url), 3)
    assert line.startswith(f"no mockidp answers at {unused_url} (")


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_an_invalid_url_is_a_usage_error(mockidp, command):
    line = refused(mockidp(*command, "--url", "localhost:9400"), 2)
    assert line.startswith("--url 'localhost:9400' is not a URL")


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_the_control_token_comes_from_the_environment(
    mockidp, folder, monkeypatch, tenant, command
):
    with Server(create_app(tenant, control_token="s3cret"), listen=[HERE]) as server:
        monkeypatch.setenv("MOCKIDP_URL", server.url)
        assert "bearer token" in refused(mockidp(*command))
        monkeypatch.setenv("MOCKIDP_CONTROL_TOKEN", "s3cret")
        (folder / "state.json").write_text(accepted(mockidp("export")))
        accepted(mockidp(*command))


# --- wait


def test_wait_returns_at_once_for_a_running_mock(mockidp):
    assert accepted(mockidp("wait", "--timeout", "0")) == ""


def test_wait_reports_how_long_it_waited(mockidp, unused_url):
    line = refused(mockidp("wait", "--url", unused_url, "--timeout", "0.2"), 3)
    assert line.startswith(f"waited 0.2 s: no mockidp answers at {unused_url} (")
    assert refused(mockidp("wait", "--timeout", "-1"), 2).startswith("Invalid value")


def test_wait_returns_when_the_mock_has_started(serve):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    with subprocess.Popen(
        [sys.executable, "-m", "mockidp", "wait", "--url", url, "--timeout", "20"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as waiting:
        try:
            with serve("--no-tls", "--listen", f"127.0.0.1:{port}"):
                out, err = waiting.communicate(timeout=20)
        finally:
            waiting.kill()
    assert (waiting.returncode, out) == (0, b"")
    assert err.decode() == f"mockidp: using the mock at {url} (from --url)\n", "printed once"


def test_wait_ends_in_time_if_the_mock_does_not_answer(mockidp):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        line = refused(mockidp("wait", "--url", url, "--timeout", "0.2"), 3)
    assert (
        line == f"waited 0.2 s: no mockidp answers at {url} (timed out). Start one: mockidp serve"
    )


# --- faults


def test_a_fault_is_added_listed_and_canceled(mockidp, tenant):
    assert accepted(mockidp("fault")) == ""
    words = ["token", "rate_limit", "times=2", "when.client=acme-web", "when.grant=password"]
    assert accepted(mockidp("fault", *words, "name=busy")) == "busy (fired 0 of 2)\n"
    (active,) = tenant.faults
    assert (active.fault.endpoint, active.fault.rate_limit, active.fault.times) == (
        "token",
        True,
        2,
    )
    assert (active.fault.when.client, active.fault.when.grant) == ("acme-web", "password")
    accepted(mockidp("fault", "userinfo", 'set={"email": null}', "name=second"))
    assert accepted(mockidp("fault")) == "busy (fired 0 of 2)\nsecond (fired 0)\n"
    first, second = map(json.loads, accepted(mockidp("fault", "--json")).splitlines())
    assert (first["name"], first["fired"]) == ("busy", 0)
    assert second["set"] == {"email": None}
    assert accepted(mockidp("fault", "--cancel", "busy")) == ""
    assert [one.name for one in tenant.faults] == ["second"]
    assert accepted(mockidp("fault", "--clear")) == ""
    assert not list(tenant.faults)


def test_json_prints_an_added_fault_as_json(mockidp):
    output = accepted(mockidp("fault", "id_token", "wrong=aud", "--json"))
    assert json.loads(output)["wrong"] == ["aud"]


def test_a_value_that_is_not_json_is_a_text(mockidp, tenant):
    accepted(mockidp("fault", "token", "status=503", "body=[", "name=NaN"))
    (active,) = tenant.faults
    assert (active.fault.body, active.fault.status, active.name) == ("[", 503, "NaN")
    accepted(mockidp("fault", "token", "status=503", "body=" + "[" * 5000))


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["tokn", "status=500"], "tokn"),
        (["token", "statsu=500"], "statsu"),
        (["token", "times=two", "status=500"], "/times"),
        (["--cancel", "none"], "There is no fault 'none'. Known: none."),
    ],
)
def test_a_refused_fault_is_reported_with_status_1(mockidp, words, message):
    assert message in refused(mockidp("fault", *words))


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (
            ["token", "--clear"],
            "ENDPOINT, --cancel and --clear cannot be combined. Give one of them.",
        ),
        (
            ["--cancel", "x", "--clear"],
            "ENDPOINT, --cancel and --clear cannot be combined. Give one of them.",
        ),
        (["token", "status=1", "status=2"], "'status=2': status has a value already"),
        (["token", "when=x", "when.client=y"], "'when.client=y': when.client has a value already"),
        (["token", "when.client=y", "when=x"], "'when=x': when has a value already"),
        (["token", "when=x", "when.a.b=y"], "'when.a.b=y': when.a.b has a value already"),
        (["token", "=1"], "'=1' is not WORD=VALUE"),
        (["token", "when.=1"], "'when.=1' is not WORD=VALUE"),
        (["--bogus"], "No such option"),
    ],
)
def test_contradictory_arguments_are_a_usage_error(mockidp, words, message):
    assert message in refused(mockidp("fault", *words), 2)


# --- the clock


def test_the_clock_is_shown_and_changed(mockidp, tenant):
    assert "(" not in accepted(mockidp("clock"))
    frozen = accepted(mockidp("clock", "freeze", "2030-01-31T12:00:00Z"))
    assert frozen == "2030-01-31T12:00:00+00:00 (frozen)\n"
    assert accepted(mockidp("clock", "advance", "+60.5")).startswith("2030-01-31T12:01:00.500000")
    accepted(mockidp("clock", "advance", "-0.5"))
    output = accepted(mockidp("clock", "skew", "-90"))
    assert output == "2030-01-31T12:01:00+00:00 (frozen, skew -90 s)\n"
    assert accepted(mockidp("clock")) == output
    accepted(mockidp("clock", "resume"))
    assert tenant.clock.setting.frozen_at is None
    assert accepted(mockidp("clock", "set", "2031-01-01T00:00:00Z")).startswith("2031-01-01T00:00")
    accepted(mockidp("clock", "skew", "0"))
    assert accepted(mockidp("clock", "offset", "-5")).endswith(" (offset -5 s)\n")
    assert accepted(mockidp("clock", "freeze")).endswith("(frozen, offset -5 s)\n")
    state = json.loads(accepted(mockidp("clock", "--json")))
    assert (state["frozen"], state["offset"], state["skew"]) == (True, -5.0, 0.0)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["stop"], "'stop' is not one of 'freeze', 'set', 'advance', 'offset', 'resume', 'skew'"),
        (["set"], "set needs a value"),
        (["advance"], "advance needs a value"),
        (["resume", "5"], "resume takes no value"),
        (
            ["advance", "an-hour"],
            "'an-hour' is not a number of seconds. Use: mockidp clock advance 3600",
        ),
        (
            ["advance", "1e400"],
            "'1e400' is not a number of seconds. Use: mockidp clock advance 3600",
        ),
        (["advance", "2h"], "'2h' is not a number of seconds. Use: mockidp clock advance 7200"),
        (["offset", "-5m"], "'-5m' is not a number of seconds. Use: mockidp clock offset -300"),
        (["skew", "1d"], "'1d' is not a number of seconds. Use: mockidp clock skew 86400"),
        (["advance", "--bogus"], "No such option: --bogus"),
        (["freeze", "--jsn"], "No such option: --jsn"),
        (["set", "1", "2"], "Got unexpected extra argument (2)"),
    ],
)
def test_an_invalid_clock_command_is_a_usage_error(mockidp, words, message):
    assert message in refused(mockidp("clock", *words), 2)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["freeze", "noon"], "Expected a time, found 'noon'"),
        (["freeze", ""], "Expected a time, found ''"),
        (["set", "2030-01-01T00:00:00"], "has no time zone"),
        (["advance", "999999999999999"], "outside the years 1970 to 9999"),
    ],
)
def test_an_invalid_time_is_refused(mockidp, words, message):
    assert message in refused(mockidp("clock", *words))
