"""The shop's suite passes for the sound shop, and finds each bug with the test named after it."""

import json
import os
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from mockidp.clients.remote.control_client import ControlClient

SUITE = Path(__file__).parent / "suite"
MODES = {"live", "intercepted"}
TESTS = {
    "no_state_check": "test_it_checks_the_state",
    "no_nonce": "test_it_checks_the_nonce",
    "no_audience_check": "test_it_checks_the_audience",
    "alg_none_accepted": "test_it_refuses_tokens_without_a_signature",
    "pkce_dropped": "test_it_uses_pkce",
    "refresh_not_rotated": "test_it_uses_each_refresh_token_once",
    "jwks_never_refetched": "test_it_fetches_new_keys",
    "no_retry_on_429": "test_it_tries_again_after_a_429",
    "no_clock_leeway": "test_it_allows_for_clocks_that_differ",
    "open_redirect_through_state": "test_it_stays_at_home_after_the_login",
}


def run_suite(folder, bug="", *, options=(), modes=MODES):
    """Run the suite as its owner does; return the tests' names and modes with their verdicts."""
    report = folder / "report.xml"
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:randomly", "-p", "no:cacheprovider"]
    environment = {name: text for name, text in os.environ.items() if "PYTEST" not in name}
    done = subprocess.run(
        [*command, *options, f"--junitxml={report}", "."],
        cwd=SUITE,
        env={**environment, "SAMPLE_APP_BUG": bug},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert report.exists(), done.stdout + done.stderr
    cases = list(ET.parse(report).iter("testcase"))
    assert len(cases) > len(TESTS) * len(modes)
    return {case.get("name"): [verdict.tag for verdict in case] for case in cases}, done.stdout


def test_the_sound_shop_passes(tmp_path):
    verdicts, output = run_suite(tmp_path)
    assert not any(verdicts.values()), output
    for test in TESTS.values():
        modes = {mode for mode in MODES for name in verdicts if is_of(name, test, mode)}
        assert modes == MODES


@pytest.mark.parametrize("bug", TESTS)
def test_a_planted_bug_fails_the_test_named_after_it_and_no_other(tmp_path, bug):
    verdicts, output = run_suite(tmp_path, bug)
    failed = {name: verdict for name, verdict in verdicts.items() if verdict}
    named = {name: ["failure"] for name in verdicts if is_of(name, TESTS[bug])}
    assert failed == named, output


@pytest.fixture
def elsewhere():
    """The URL of a mock that runs in a process of its own, as in a container."""
    command = [sys.executable, "-m", "mockidp", "serve", "--json", "--no-tls"]
    with subprocess.Popen(
        [*command, "--listen", "localhost:0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as mock:
        try:
            yield json.loads(mock.stdout.readline())["url"]
        finally:
            mock.terminate()


def test_the_sound_shop_passes_in_four_workers_that_share_one_mock(tmp_path, elsewhere):
    options = ["-p", "xdist", "-n", "4", "-o", f"idp_url={elsewhere}"]
    verdicts, output = run_suite(tmp_path, options=options, modes={"elsewhere"})
    assert not any(verdicts.values()), output
    assert all(is_of(name, name.partition("[")[0], "elsewhere") for name in verdicts)
    assert "bringing up nodes" in output
    with closing(ControlClient(elsewhere)) as control:
        assert control.get("/tenants")["items"] == []
        assert control.get("/journal")["items"] == []


def is_of(name, test, mode=""):
    """Return whether a case is one of a test, in a mode or in any."""
    return name.startswith(f"{test}[{mode}")
