"""`mockidp journal`: show, filter, clear and follow the exchanges."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request

import pytest

from mockidp.cli.journal import _wait_for
from mockidp.clients.remote.control_client import ControlClient
from mockidp.errors import Unreachable
from mockidp.protocol.errors.problem import Problem
from mockidp.server import Server, parse_address
from mockidp.tenant.tenant import Tenant
from mockidp.web.app import create_app

FOLLOWING = "mockidp: following the journal. Press Ctrl-C to stop.\n"


def request_token(url, client="acme-m2m", grant="client_credentials"):
    body = json.dumps({"grant_type": grant, "client_id": client}).encode()
    request = urllib.request.Request(
        f"{url}/oauth/token", body, {"Content-Type": "application/json"}
    )
    with contextlib.suppress(urllib.error.HTTPError):
        urllib.request.urlopen(request, timeout=10).close()


@pytest.fixture(autouse=True)
def _url_in_the_environment(url, monkeypatch):
    monkeypatch.setenv("MOCKIDP_URL", url)


def lines(done):
    assert (done.status, done.err) == (0, "")
    return done.out.splitlines()


def test_an_empty_journal_prints_nothing(mockidp):
    assert lines(mockidp("journal")) == []
    assert lines(mockidp("journal", "--json")) == []


def test_each_exchange_is_a_line_with_its_time_and_hint(mockidp, url, tenant):
    tenant.clock.freeze("2030-01-31T12:00:03Z")
    request_token(url)
    request_token(url, client="unknown")
    first, second = lines(mockidp("journal"))
    assert first.startswith("#1 12:00:03 UTC token POST 401 access_denied client=acme-m2m ")
    assert second.startswith("#2 12:00:03 UTC token POST 40")
    assert "hint: " in second
    entry = json.loads(lines(mockidp("journal", "--json"))[1])
    assert (entry["number"], entry["client"]) == (2, "unknown")
    assert entry["trace"][-1]["passed"] is False


def test_control_characters_in_a_client_id_are_escaped(mockidp, url):
    request_token(url, client="\x1b[2J")
    assert "client=\\x1b[2J" in lines(mockidp("journal"))[0]


@pytest.mark.parametrize(
    ("filters", "count"),
    [
        (["token"], 2),
        (["authorize"], 0),
        (["--client", "acme-m2m"], 1),
        (["-c", "unknown"], 1),
        (["-e", "access_denied", "-c", "acme-m2m"], 1),
        (["--error", "invalid_grant"], 0),
        (["--user", "alice"], 0),
    ],
)
def test_options_filter_the_exchanges(mockidp, url, filters, count):
    request_token(url)
    request_token(url, client="unknown")
    assert len(lines(mockidp("journal", *filters))) == count


@pytest.mark.parametrize(
    ("filters", "message"), [(["tokn"], "Did you mean token?"), (["-u", "unknown"], "no user")]
)
def test_a_filter_with_an_unknown_value_is_refused(mockidp, filters, message):
    for more in ([], ["--follow"]):
        done = mockidp("journal", *filters, *more)
        assert (done.status, done.out) == (1, "")
        assert message in done.err


def test_clear_deletes_all_exchanges(mockidp, url, tenant):
    request_token(url)
    assert lines(mockidp("journal", "--clear")) == []
    assert len(tenant.journal) == 0
    for more in (["--follow"], ["--all"], ["--json"], ["token"]):
        done = mockidp("journal", "--clear", *more)
        assert done.status == 2
        assert done.err.endswith(
            "--clear deletes all exchanges and cannot be combined with other options\n"
        )


@contextlib.contextmanager
def following(*arguments):
    """Follow the journal in a subprocess, and end it like Ctrl-C."""
    with subprocess.Popen(
        [sys.executable, "-m", "mockidp", "journal", "--follow", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stderr.readline().startswith("mockidp: using the mock at http://")
            assert process.stderr.readline() == FOLLOWING
            yield process
            process.send_signal(signal.SIGINT)
            out, err = process.communicate(timeout=10)
            assert (process.returncode, out) == (0, "")
            assert "Traceback" not in err
        finally:
            process.kill()


@pytest.mark.parametrize("options", [[], ["--all"]])
def test_follow_shows_new_exchanges_until_ctrl_c(url, options):
    request_token(url)
    with following(*options) as process:
        if options:
            assert process.stdout.readline().startswith("#1 ")
        for number in (2, 3):
            request_token(url)
            assert process.stdout.readline().startswith(f"#{number} ")


def test_follow_begins_after_earlier_exchanges_of_other_clients(url):
    request_token(url, client="unknown")
    request_token(url)
    with following("--client", "unknown") as process:
        request_token(url)
        request_token(url, client="unknown")
        assert process.stdout.readline().startswith("#4 ")


def test_without_follow_all_exchanges_are_shown(mockidp, url):
    request_token(url)
    assert lines(mockidp("journal", "--all")) == lines(mockidp("journal"))


def test_follow_filters_the_exchanges(url):
    request_token(url)
    with following("--client", "unknown", "--json") as process:
        request_token(url, client="unknown")
        assert json.loads(process.stdout.readline())["number"] == 2


def test_follow_continues_after_a_reset_although_numbers_start_again(url, tenant):
    for _ in range(3):
        request_token(url)
    with following("--all") as process:
        for number in (1, 2, 3):
            assert process.stdout.readline().startswith(f"#{number} ")
        tenant.reset()
        for number in (1, 2, 3, 4):
            request_token(url)
            assert process.stdout.readline().startswith(f"#{number} ")


@pytest.mark.measured
def test_follow_continues_after_a_restart_of_the_mock(tenant):
    address = parse_address("127.0.0.1:0")
    with Server(create_app(tenant), listen=[address]) as server:
        url = server.url
        request_token(url)
        request_token(url)
        process = following("--url", url, "--all")
        with contextlib.ExitStack() as ended:
            followed = ended.enter_context(process)
            assert followed.stdout.readline().startswith("#1 ")
            assert followed.stdout.readline().startswith("#2 ")
            server.stop()
            message = followed.stderr.readline()
            assert message.startswith(f"mockidp: no mockidp answers at {url} (")
            assert message.endswith("; waiting for it\n")
            again = Server(
                create_app(Tenant()), listen=[parse_address(url.removeprefix("http://"))]
            )
            with again:
                request_token(url)
                assert followed.stdout.readline().startswith("#1 ")
                ended.close()


def test_follow_ends_if_the_mock_does_not_come_back(unused_url, monkeypatch, capsys):
    monkeypatch.setattr("mockidp.cli.journal._PATIENCE", 0.15)
    control = ControlClient(unused_url)
    with pytest.raises(Unreachable):
        _wait_for(control, Unreachable("gone"))
    assert capsys.readouterr().err == "mockidp: gone; waiting for it\n"


def test_follow_polls_again_after_a_timeout(mockidp, tenant, monkeypatch):
    monkeypatch.setattr("mockidp.cli.journal._WAIT", 0.05)
    waits = []
    wait_for = tenant.journal.wait_for

    def counted(*arguments, **named):
        waits.append(named["timeout"])
        if len(waits) == 3:
            signal.raise_signal(signal.SIGINT)
        return wait_for(*arguments, **named)

    monkeypatch.setattr(tenant.journal, "wait_for", counted)
    done = mockidp("journal", "--follow")
    assert (done.status, done.out, done.err) == (0, "", FOLLOWING)
    assert waits == [0.05] * 3


def test_follow_ends_if_the_mock_refuses(mockidp, tenant, monkeypatch):
    def refuse(*_arguments, **_named):
        raise Problem(410, "The mock is gone.")

    monkeypatch.setattr(tenant.journal, "wait_for", refuse)
    done = mockidp("journal", "--follow")
    assert (done.status, done.out, done.err) == (1, "", f"{FOLLOWING}mockidp: The mock is gone.\n")


@pytest.mark.parametrize("arguments", [[], ["--follow", "--all"]])
def test_a_closed_pipe_ends_the_command_quietly(url, arguments):
    for _ in range(2):
        request_token(url)
    reader, writer = os.pipe()
    os.close(reader)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "mockidp", "journal", *arguments],
            stdout=writer,
            stderr=subprocess.PIPE,
            text=True,
            timeout=30,
            check=False,
        )
    finally:
        os.close(writer)
    announced = f"mockidp: using the mock at {url} (from MOCKIDP_URL)\n"
    assert (done.returncode, done.stderr) == (1, announced)
