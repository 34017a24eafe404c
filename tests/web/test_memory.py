"""Memory: a refused request is freed at once, and the journal keeps a bounded part of it."""

import contextlib
import gc
import http.client
import json
import subprocess
import sys
import tracemalloc
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from helpers.tenant_client import TenantClient

MEGABYTE = 2**20
ITEMS = b"{}," * 4000 + b"1]"
"""12 kB that become 4,000 objects, each in a block of memory of its own."""
V1 = "/_mockidp/v1"
REFUSED = {
    "no JSON": ("PUT", f"{V1}/snapshot", b'{"a": [' + ITEMS, 400),
    "a snapshot of no version": ("PUT", f"{V1}/snapshot", b'{"a": [' + ITEMS + b"}", 400),
    "a snapshot with unknown parts": (
        "PUT", f"{V1}/snapshot", b'{"mockidp_snapshot": 2, "a": [' + ITEMS + b"}", 400,
    ),
    "a tenant of a snapshot": (
        "POST", f"{V1}/tenants", b'{"snapshot": {"mockidp_snapshot": 2, "a": [' + ITEMS + b"}}", 400,
    ),
    "a tenant of a document": (
        "POST", f"{V1}/tenants", b'{"tenant": {"clients": [' + ITEMS + b"}}", 400,
    ),
    "a document": ("PUT", f"{V1}/tenant", b'{"clients": [' + ITEMS + b"}", 400),
    "a patch": ("PATCH", f"{V1}/tenant", b'{"clients": [' + ITEMS + b"}", 400),
    "a user": ("POST", f"{V1}/users", b'{"user_id": "x", "name": [' + ITEMS + b"}", 400),
    "a fault": ("POST", f"{V1}/faults", b'{"endpoint": "token", "json": [' + ITEMS + b"}", 400),
    "a token request": ("POST", "/oauth/token", b'{"grant_type": "x", "a": [' + ITEMS + b"}", 400),
    "a body that is too large": ("POST", "/oauth/token", b'{"a": "' + b"x" * 100_000 + b'"}', 413),
    "an unknown path": ("POST", "/oauth/tokens", b'{"a": [' + ITEMS + b"}", 404),
}  # fmt: skip


@contextlib.contextmanager
def no_collector():
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


@pytest.mark.parametrize("kind", REFUSED)
def test_a_refused_request_is_freed_without_the_cyclic_collector(kind):
    method, path, body, status = REFUSED[kind]
    client = TenantClient()

    def send():
        answer = client.request(method, path, data=body, content_type="application/json")
        assert answer.status_code == status, answer.text[:500]

    with no_collector():
        send()
        after_one = sys.getallocatedblocks()
        for _ in range(3):
            send()
        grown = sys.getallocatedblocks() - after_one
    assert grown < 2000


def test_refused_snapshots_of_many_megabytes_do_not_add_up():
    client, body = TenantClient(), b'{"a": "' + b"x" * 32 * MEGABYTE + b'"}'

    def send():
        answer = client.request("PUT", f"{V1}/snapshot", data=body, content_type="application/json")
        assert answer.status_code == 400

    with no_collector():
        tracemalloc.start()
        try:
            send()
            after_one = tracemalloc.get_traced_memory()[0]
            for _ in range(3):
                send()
            grown = tracemalloc.get_traced_memory()[0] - after_one
        finally:
            tracemalloc.stop()
    assert grown < MEGABYTE


def resident(pid):
    """Return the memory of a process in bytes."""
    fields = dict(
        line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines()
    )
    return int(fields["VmRSS"].split()[0]) * 1024


@contextlib.contextmanager
def served():
    """Serve in another process. Yield its id and a connection."""
    command = ("-m", "mockidp", "serve", "--no-tls", "--listen", "127.0.0.1:0", "--json")
    with subprocess.Popen(
        [sys.executable, *command], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        try:
            url = json.loads(process.stdout.readline())["url"]
            connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=60)
            with contextlib.closing(connection):
                yield process.pid, connection
        finally:
            process.kill()


def test_hundreds_of_refused_bodies_of_64_kilobytes_leave_little_in_the_journal():
    body = b'{"a": [' + b"{}," * 21_000 + b"1]}"
    with served() as (pid, connection):

        def send(count):
            for _ in range(count):
                connection.request(
                    "POST", "/oauth/token", body, {"Content-Type": "application/json"}
                )
                answer = connection.getresponse()
                answer.read()
                assert answer.status == 400

        send(20)
        before = resident(pid)
        send(400)
        assert resident(pid) - before < 60 * MEGABYTE
