"""The command line, called in this process and as a process of its own."""

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

from mockidp.cli.example import example_file
from mockidp.cli.group import run
from mockidp.server import Server, parse_address
from mockidp.tenant.config.load import load_tenant
from mockidp.tenant.tenant import Tenant
from mockidp.web.app import create_app

MODULE = (sys.executable, "-m", "mockidp")


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """An empty folder to stand in, and nothing of the mock in the environment."""
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    for name in os.environ:
        if name.startswith("MOCKIDP_"):
            monkeypatch.delenv(name)
    return folder


@pytest.fixture(autouse=True)
def _logging_as_it_was():
    logger = logging.getLogger("mockidp")
    before = logger.handlers[:], logger.level
    yield
    logger.handlers[:], logger.level = before


@pytest.fixture
def environment(monkeypatch):
    """Give a function that sets variables."""

    def environment(**variables):
        for name, text in variables.items():
            monkeypatch.setenv(name, text)

    return environment


def split_off_the_mock(err):
    """Return the line that says which mock a command uses, and all other errors."""
    lines = err.splitlines(keepends=True)
    named = [line for line in lines if line.startswith("mockidp: using the mock at ")]
    return "".join(named), "".join(line for line in lines if line not in named)


@pytest.fixture
def mockidp(monkeypatch, capsys):
    """Give a function that runs a command here and returns its status, output and errors.

    The line that names the mock, which the random port of a test always brings, is apart.
    """

    def mockidp(*arguments, stdin=b""):
        monkeypatch.setattr(sys, "argv", ["mockidp", *map(str, arguments)])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            run()
        out, err = capsys.readouterr()
        named, err = split_off_the_mock(err)
        return SimpleNamespace(status=ended.value.code or 0, out=out, err=err, mock=named)

    return mockidp


def run_process(*arguments, **options):
    """Run a command as a process until it ends."""
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
def serving(*arguments, command=MODULE, env=None, tls=("--tls-listen", "localhost:0")):
    """Run `serve` until the test is through with it, and know it by its line of JSON."""
    listen = () if "--listen" in arguments else ("--listen", "localhost:0")
    if "--no-tls" in arguments:
        tls = ()
    with subprocess.Popen(
        [*command, "serve", *listen, *tls, "--json", *map(str, arguments)],
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
    """Send a request, and return the JSON of the answer."""
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
    """Give a context manager that serves."""
    return serving


@pytest.fixture
def tenant():
    return Tenant(load_tenant(example_file("acme")))


@pytest.fixture
def url(tenant):
    """The example tenant, served in this process."""
    with Server(create_app(tenant), listen=[parse_address("127.0.0.1:0")]) as server:
        yield server.url


@pytest.fixture
def nobodys_url():
    """Where nobody listens."""
    with Server(lambda *_: [], listen=[parse_address("127.0.0.1:0")]) as server:
        pass
    return server.url
