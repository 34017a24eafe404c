"""The shop's suite passes for the correct shop, and each planted bug fails only its own test."""

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
    "no_state_check": "test_the_state_is_checked",
    "no_nonce": "test_the_nonce_is_checked",
    "no_audience_check": "test_the_audience_is_checked",
    "alg_none_accepted": "test_unsigned_tokens_are_refused",
    "pkce_dropped": "test_pkce_is_used",
    "refresh_not_rotated": "test_each_refresh_token_is_used_once",
    "jwks_never_refetched": "test_new_keys_are_fetched",
    "no_retry_on_429": "test_a_request_is_retried_after_a_429",
    "no_clock_leeway": "test_a_small_clock_difference_is_tolerated",
    "open_redirect_through_state": "test_the_login_does_not_redirect_to_other_sites",
}


def run_suite(folder, *, bugs=(), options=(), modes=MODES):
    """Run the suite in a subprocess. Return the verdicts of its tests by name, and the output."""
    report = folder / "report.xml"
    command = [sys.executable, "-m", "pytest", "-q", "-p", "mockidp.pytest_plugin"]
    environment = {name: text for name, text in os.environ.items() if "PYTEST" not in name}
    environment["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"  # importing the others takes half a second
    done = subprocess.run(
        [*command, "-p", "no:cacheprovider", *options, f"--junitxml={report}", "."],
        cwd=SUITE,
        env={**environment, "SAMPLE_APP_BUGS": " ".join(bugs)},
        capture_output=True,
        text=True,
        timeout=500,
        check=False,
    )
    assert report.exists(), done.stdout + done.stderr
    cases = list(ET.parse(report).iter("testcase"))
    assert len(cases) > len(TESTS) * len(modes) * max(1, len(bugs))
    return {case.get("name"): [verdict.tag for verdict in case] for case in cases}, done.stdout


def test_the_correct_shop_passes(tmp_path):
    verdicts, output = run_suite(tmp_path)
    assert not any(verdicts.values()), output
    for test in TESTS.values():
        modes = {mode for mode in MODES for name in verdicts if is_of(name, test, mode)}
        assert modes == MODES


# One process tests several bugs, because half of the time of each is its start.
@pytest.mark.parametrize("bugs", [tuple(TESTS)[::2], tuple(TESTS)[1::2]], ids=" ".join)
def test_a_planted_bug_fails_only_its_own_test(tmp_path, bugs):
    verdicts, output = run_suite(tmp_path, bugs=bugs)
    failed = {name: verdict for name, verdict in verdicts.items() if verdict}
    named = {
        name: ["failure"]
        for bug in bugs
        for name in verdicts
        if is_of(name, TESTS[bug]) and bug in name
    }
    assert {bug for bug in bugs for name in named if bug in name} == {*bugs}
    assert failed == named, output


@pytest.fixture
def remote_url():
    """The URL of a mock in another process."""
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


def test_the_correct_shop_passes_in_four_workers_that_share_one_mock(tmp_path, remote_url):
    options = ["-p", "xdist", "-n", "4", "-o", f"idp_url={remote_url}"]
    verdicts, output = run_suite(tmp_path, options=options, modes={"remote"})
    assert not any(verdicts.values()), output
    assert all(is_of(name, name.partition("[")[0], "remote") for name in verdicts)
    assert "bringing up nodes" in output
    with closing(ControlClient(remote_url)) as control:
        assert control.get("/tenants")["items"] == []
        assert control.get("/journal")["items"] == []


def is_of(name, test, mode=""):
    """Return whether a name belongs to a test, in one mode or in any."""
    return name.startswith(f"{test}[{mode}")
