"""Fixtures that run commands in this process or in a subprocess."""

import contextlib
import io
import json
import logging
import os
import ssl
import subprocess
import sys
import urllib.request
from types import SimpleNamespace

import pytest

from mockidp.cli.group import run
from mockidp.cli.serving.example import example_file
from mockidp.server import Server, parse_address
from mockidp.tenant.config.load import load_tenant
from mockidp.tenant.tenant import Tenant
from mockidp.web.app import create_app

MODULE = (sys.executable, "-m", "mockidp")


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """An empty working directory, without MOCKIDP_* variables in the environment."""
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)
    for name in os.environ:
        if name.startswith("MOCKIDP_"):
            monkeypatch.delenv(name)
    return folder


@pytest.fixture(autouse=True)
def _measure_few_processes(request, monkeypatch):
    """Measure coverage in processes of tests with the mark `measured` only.

    Measuring doubles the time of a start, and most processes run what tests in this process run, too.
    """
    if not request.node.get_closest_marker("measured"):
        monkeypatch.delenv("COVERAGE_PROCESS_CONFIG", raising=False)


@pytest.fixture(autouse=True)
def _restored_logging():
    logger = logging.getLogger("mockidp")
    before = logger.handlers[:], logger.level
    yield
    logger.handlers[:], logger.level = before


@pytest.fixture
def environment(monkeypatch):
    """Return a function that sets environment variables."""

    def environment(**variables):
        for name, text in variables.items():
            monkeypatch.setenv(name, text)

    return environment


def split_announcement(err):
    """Return the line that says which mock a command uses, and all other lines."""
    lines = err.splitlines(keepends=True)
    announced = [line for line in lines if line.startswith("mockidp: using the mock at ")]
    return "".join(announced), "".join(line for line in lines if line not in announced)


@pytest.fixture
def mockidp(monkeypatch, capsys):
    """Return a function that runs a command in this process and returns its status and output.

    The line that names the mock is in `mock` instead of `err`: with the random ports of tests,
    every command prints it.
    """

    def mockidp(*arguments, stdin=b""):
        monkeypatch.setattr(sys, "argv", ["mockidp", *map(str, arguments)])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            run()
        out, err = capsys.readouterr()
        announced, err = split_announcement(err)
        return SimpleNamespace(status=ended.value.code or 0, out=out, err=err, mock=announced)

    return mockidp


def run_process(*arguments, **options):
    """Run a command in a subprocess until it ends."""
    return subprocess.run(
        [*MODULE, *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
        **options,
    )


@pytest.fixture
def process():
    return run_process


@contextlib.contextmanager
def serving(*arguments, command=MODULE, env=None, tls=("--tls-listen", "localhost:0"), stdin=None):
    """Run `serve` in a subprocess. Yield the values of its JSON line, the process and its output."""
    listen = () if "--listen" in arguments else ("--listen", "localhost:0")
    if "--no-tls" in arguments:
        tls = ()
    with subprocess.Popen(
        [*command, "serve", *listen, *tls, "--json", *map(str, arguments)],
        stdin=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, **(env or {})},
    ) as started:
        line = started.stdout.readline()
        if not line:
            pytest.fail(started.stderr.read())
        server = SimpleNamespace(process=started, **json.loads(line))
        try:
            yield server
        finally:
            started.terminate()
            server.out, server.err = started.communicate(timeout=10)
    assert started.returncode == 0, server.err


def fetch(url, body=None, *, ca_file=None):
    """Send a request, and return the JSON body of the response."""
    data = None if body is None else json.dumps(body).encode()
    handlers = [urllib.request.ProxyHandler({})]
    if ca_file:
        context = ssl.create_default_context(cafile=ca_file)
        handlers.append(urllib.request.HTTPSHandler(context=context))
    request = urllib.request.Request(url, data, {"Content-Type": "application/json"})
    with urllib.request.build_opener(*handlers).open(request, timeout=10) as answer:
        return json.load(answer)


@pytest.fixture(name="fetch")
def _fetch():
    return fetch


@pytest.fixture
def serve():
    """Return a context manager that runs `serve`."""
    return serving


@pytest.fixture
def tenant():
    return Tenant(load_tenant(example_file("acme")))


@pytest.fixture
def url(tenant):
    """The URL of the example tenant, served in this process."""
    with Server(create_app(tenant), listen=[parse_address("127.0.0.1:0")]) as server:
        yield server.url


@pytest.fixture
def unused_url():
    """A URL at which no server listens."""
    with Server(lambda *_: [], listen=[parse_address("127.0.0.1:0")]) as server:
        pass
    return server.url
