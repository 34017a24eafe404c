"""`mockidp serve --workers`: several processes on one port, with one state on Redis."""

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from http.client import HTTPException
from pathlib import Path
from urllib.parse import urlencode

import pytest

from helpers.redis_server import RedisServer
from helpers.waiting import SOON

pytestmark = pytest.mark.measured


@pytest.fixture
def store():
    server = RedisServer()
    yield server.url
    server.stop()


def children(pid):
    return set(map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split()))


def wait_until(is_true):
    deadline = time.monotonic() + SOON
    while not is_true():
        assert time.monotonic() < deadline
        threading.Event().wait(0.05)


def is_running(pid):
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


def add_users(url, name, added, stop):
    """Add users until `stop`, and note those whose addition was acknowledged."""
    while not stop.is_set():
        user = f"auth0|{name}-{len(added)}"
        request = urllib.request.Request(
            f"{url}/_mockidp/v1/users",
            json.dumps({"user_id": user}).encode(),
            {"Content-Type": "application/json"},
        )
        try:
            urllib.request.urlopen(request, timeout=SOON).close()
        except (OSError, HTTPException):  # the worker was killed
            added.append(None)
        else:
            added.append(user)


def test_a_killed_worker_is_replaced_and_no_acknowledged_write_is_lost(serve, fetch, store):
    with serve("--no-tls", "--store", store, "--workers", 2) as mock:
        before = children(mock.pid)
        assert len(before) == 2
        stop, added = threading.Event(), [[] for _ in range(8)]
        clients = [
            threading.Thread(target=add_users, args=(mock.url, name, users, stop))
            for name, users in enumerate(added)
        ]
        for one in clients:
            one.start()
        wait_until(lambda: all(len(users) > 3 for users in added))
        os.kill(min(before), signal.SIGKILL)
        wait_until(lambda: len(children(mock.pid) - before) == 1)
        reached = [len(users) for users in added]
        wait_until(
            lambda: all(len(now) > then + 3 for now, then in zip(added, reached, strict=True))
        )
        stop.set()
        for one in clients:
            one.join()
        kept = {one["user_id"] for one in fetch(f"{mock.url}/_mockidp/v1/users")["items"]}
        assert {one for users in added for one in users if one} <= kept
        workers = children(mock.pid)
    assert f"worker {min(before)} has ended (SIGKILL), and a new one replaces it" in mock.err
    assert not any(map(is_running, workers))


def test_workers_that_a_signal_stops_as_well_are_not_replaced(serve, store):
    """Ctrl-C in a terminal sends the signal to all processes."""
    with serve("--no-tls", "--store", store, "--workers", 2) as mock:
        workers = children(mock.pid)
        os.kill(mock.pid, signal.SIGSTOP)  # it notices all at once, as on a busy machine
        for pid in workers:
            os.kill(pid, signal.SIGINT)
        wait_until(lambda: not any(map(is_running, workers)))
        for number in (signal.SIGINT, signal.SIGCONT):
            os.kill(mock.pid, number)
        assert mock.process.wait(timeout=SOON) == 0
    assert mock.err == ""


def test_workers_serve_https_as_well(serve, fetch, store):
    with serve("--store", store, "--workers", 2) as mock:
        for _ in range(4):
            answer = fetch(f"{mock.tls_url}/_mockidp/health", ca_file=mock.ca_file)
            assert answer == {"status": "ok"}


def test_a_form_of_one_worker_is_accepted_by_the_other_one(serve, store):
    with serve("--no-tls", "--store", store, "--workers", 2) as mock:
        for _ in range(8):  # the kernel selects a worker for each connection
            page = urllib.request.urlopen(f"{mock.url}/_mockidp/clock").read().decode()
            form = {"form_token": re.search('name="form_token" value="(.+?)"', page)[1]}
            body = urlencode(form | {"advance": "1"}).encode()
            urllib.request.urlopen(f"{mock.url}/_mockidp/clock", body).close()


def test_workers_end_when_their_parent_is_killed(store):
    command = [sys.executable, "-m", "mockidp", "serve", "--listen", "localhost:0", "--no-tls"]
    with subprocess.Popen(
        [*command, "--json", "--store", store, "--workers", "2"], stdout=subprocess.PIPE
    ) as mock:
        mock.stdout.readline()
        workers = children(mock.pid)
        assert len(workers) == 2
        mock.kill()
    wait_until(lambda: not any(map(is_running, workers)))


def supervise(work, count=2):
    """Run a supervisor in a process without other threads, until it stops."""
    script = (
        "import contextlib, logging, os, sys\n"
        "from mockidp.cli.serving.stop_signals import stop_signals\n"
        "from mockidp.cli.serving.workers import supervisor, worker\n"
        "from mockidp.errors import MockIdPError\n"
        "logging.basicConfig(format='%(message)s')\n"
        "supervisor._FIRST_PAUSE = 0.001\n"
        "parent = os.getpid()\n"
        f"{work}"
        "with stop_signals() as signals:\n"
        f"    supervised = supervisor.Supervisor({count}, work, signals)\n"
        "    try:\n"
        "        supervised.run(lambda: print('ready', flush=True) or os.kill(parent, 15))\n"
        "    except MockIdPError as error:\n"
        "        print(error, file=sys.stderr)\n"
    )
    return subprocess.run(
        [sys.executable, "-c", script], check=False, capture_output=True, text=True, timeout=SOON
    )


def test_if_no_worker_can_start_the_mock_gives_up_and_says_so():
    done = supervise("def work(): raise ValueError('a broken worker')\n", count=1)
    assert done.stdout == ""
    assert done.stderr.count("ValueError: a broken worker") == 5
    *_, last = done.stderr.splitlines()
    assert "ended while it was starting (status 1). This was failure 5 in a row" in last
    assert "--workers 1" in last


def test_if_the_system_starts_no_process_the_mock_gives_up_and_says_so():
    done = supervise(
        "def refuse(): raise BlockingIOError(11, 'Resource temporarily unavailable')\n"
        "os.fork = refuse\n"
        "work = contextlib.nullcontext\n"
    )
    *_, last = done.stderr.splitlines()
    assert last.startswith("A worker cannot be started: Resource temporarily unavailable.")


def test_a_start_that_fails_sometimes_is_repeated(tmp_path):
    done = supervise(
        "def work():\n"
        f"    with contextlib.suppress(FileExistsError), open({str(tmp_path / 'tried')!r}, 'x'):\n"
        "        os._exit(3)\n"
        "    return contextlib.nullcontext()\n"
    )
    assert done.stdout == "ready\n"
    assert "ended while it was starting (status 3). The next one starts in" in done.stderr


def test_a_worker_that_does_not_stop_is_killed():
    done = supervise(
        "supervisor.STOP = 0.1\n"
        "class work(contextlib.nullcontext):\n"
        "    def __exit__(self, *error):\n"
        "        worker.socket.socketpair()[0].recv(1)\n"
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "ready\n", "")


@pytest.mark.parametrize(
    ("options", "variables", "start"),
    [
        (["--workers", "2"], {}, "Error: --workers needs --store, because worker processes share"),
        ([], {"MOCKIDP_WORKERS": "2"}, "mockidp: MOCKIDP_WORKERS needs --store, because worker"),
    ],
)
def test_workers_without_a_store_are_refused(process, options, variables, start):
    done = process("serve", "--no-tls", *options, env={**os.environ, **variables})
    assert done.returncode != 0
    *_, last = done.stderr.splitlines()
    assert last.startswith(start)
    assert last.endswith("Start one, and add --store redis://localhost:6379")


def test_where_no_process_can_fork_workers_are_refused(mockidp, monkeypatch):
    monkeypatch.delattr(os, "fork")
    done = mockidp("serve", "--store", "redis://localhost", "--workers", "2")
    assert "--workers needs a system on which processes can fork" in done.err


def test_one_worker_is_the_default_and_needs_no_store(serve, fetch):
    with serve("--no-tls", env={"MOCKIDP_WORKERS": "1"}) as mock:
        assert children(mock.pid) == set()
        assert fetch(f"{mock.url}/_mockidp/health") == {"status": "ok"}
