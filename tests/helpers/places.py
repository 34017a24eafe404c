"""Run a mock and its apps in processes of this machine, or in containers of a network."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from helpers import engine

SERVICE = "mockidp"
NAMES = (SERVICE, "idp.test")
"""Host names that programs of this machine resolve to 127.0.0.1."""
_KNOW = f"""import socket
find = socket.getaddrinfo
socket.getaddrinfo = lambda host, *more, **named: find(
    "127.0.0.1" if host in {NAMES} else host, *more, **named
)
"""
_TRUST = ("REQUESTS_CA_BUNDLE", "SSL_CERT_FILE", "CURL_CA_BUNDLE")
_ADDRESSES = Path("/proc/net/if_inet6")
_TENTATIVE = 0x40
_PROGRAMS = Path(__file__).parents[1] / "clients" / "python"


@dataclass(frozen=True, kw_only=True)
class Mock:
    """A running mock, with its URLs.

    Attributes:
        url: The URL on this machine.
        app_url: The URL for an app that uses the service's name.
        log: Returns its terminal output.
    """

    url: str
    app_url: str
    log: Callable[[], str]

    @property
    def as_published(self):
        """The argument for a browser that uses the published port."""
        return f"localhost:9400 {urlsplit(self.url).port}"

    @property
    def as_service(self):
        """The argument for a browser that uses the service's name."""
        return f"{urlsplit(self.app_url).netloc} {urlsplit(self.url).port}"


class Machine:
    """Processes of this machine, which resolve the service's name to loopback."""

    def __init__(self, node, serving, folder):
        self._node = node
        self._serving = serving
        self._folder = folder

    @contextmanager
    def mock(self, variables):
        """Serve with settings from the environment only."""
        with self._serving(self._folder, **variables) as server:
            port = urlsplit(server.url).port
            log = (self._folder / "log").read_text
            yield Mock(url=server.url, app_url=f"http://{SERVICE}:{port}", log=log)

    def node(self, program, given, *, ca_file=None):
        """Run a program of tests/clients/node: JSON in, JSON out."""
        return self._node(program, {"names": NAMES, **given}, ca_file=ca_file)

    def python(self, program, given, *, ca_file=None):
        """Run a program of tests/clients/python: JSON in, JSON out."""
        source = (_PROGRAMS / program).read_text()
        done = self.run(source, input=json.dumps(given), ca_file=ca_file)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    @staticmethod
    def run(source, *arguments, ca_file=None, **options):
        """Run Python code that resolves the names, and trusts a CA if one is given."""
        environment = {name: value for name, value in os.environ.items() if name not in _TRUST}
        environment |= {"NO_PROXY": "*", **dict.fromkeys(_TRUST if ca_file else (), str(ca_file))}
        return subprocess.run(
            [sys.executable, "-c", _KNOW + source, *arguments],
            capture_output=True,
            env=environment,
            text=True,
            timeout=30,
            check=False,
            **options,
        )


class Network:
    """Containers of one network, whose images `scripts/test-container` builds."""

    def __init__(self, stack):
        self._name = stack.enter_context(engine.networked())
        start = partial(engine.started, f"--network={self._name}", publish=())
        idle = ("sleep", "infinity")
        self._node = stack.enter_context(start(image="acme-node-clients", arguments=idle))
        self._python = stack.enter_context(start(image="acme-app", arguments=idle))

    @contextmanager
    def mock(self, variables):
        """Serve in a container, with settings from the environment only."""
        options = [f"--env={name}={value}" for name, value in variables.items()]
        acme = ("serve", "--example", "acme")
        with engine.started_in(self._name, *options, arguments=acme) as container:
            container.wait_until(_is_settled)
            yield Mock(
                url=container.url, app_url=f"http://{SERVICE}:9400", log=lambda: container.log
            )

    def node(self, program, given):
        """Run a program of tests/clients/node: JSON in, JSON out."""
        text = json.dumps({"names": [], **given})
        return json.loads(self._node.send(text, "node", program).stdout)

    def python(self, program, given):
        """Run a program of tests/clients/python: JSON in, JSON out."""
        source = (_PROGRAMS / program).read_text()
        return json.loads(self._python.send(json.dumps(given), "python", "-c", source).stdout)


def _is_settled():
    """Return whether each network interface of this machine has its final IPv6 address.

    A container adds an interface, which gets its address a second or two later. A browser then
    aborts its connections (ERR_NETWORK_CHANGED).
    """
    lines = _ADDRESSES.read_text().splitlines() if _ADDRESSES.exists() else []
    flags = [int(line.split()[4], 16) for line in lines]
    return not any(flag & _TENTATIVE for flag in flags)
