"""The image that MOCKIDP_IMAGE names, on a real engine: `scripts/test-container` sets it."""

import json
import os
import subprocess
import time
from contextlib import contextmanager
from functools import cached_property

import pytest
import requests

IMAGE = os.environ["MOCKIDP_IMAGE"]
NUMBERS = pytest.StashKey()


def docker(*arguments, check=True, **options):
    """Run docker; return what it printed."""
    done = subprocess.run(
        ["docker", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        **options,
    )
    if check and done.returncode:
        pytest.fail(f"docker {' '.join(map(str, arguments))}\n{done.stdout}{done.stderr}")
    return done


class Container:
    """A container that runs, or did."""

    def __init__(self, name):
        self.name = name

    def inspect(self):
        """Return what the engine knows of it."""
        return json.loads(docker("inspect", self.name).stdout)[0]

    @property
    def health(self):
        """`starting`, `healthy` or `unhealthy`."""
        return self.inspect()["State"]["Health"]["Status"]

    @property
    def log(self):
        """What it wrote to its terminal."""
        done = docker("logs", self.name)
        return done.stdout + done.stderr

    def port(self, inside):
        """Return the port of this machine that a port of it is published at."""
        return int(docker("port", self.name, inside).stdout.splitlines()[0].rpartition(":")[2])

    @cached_property
    def url(self):
        """Where http is, from here."""
        return f"http://localhost:{self.port(9400)}"

    @property
    def address(self):
        """Its own address, without the engine's forwarding before it."""
        (network,) = self.inspect()["NetworkSettings"]["Networks"].values()
        return network["IPAddress"]

    def run(self, *command, check=True):
        """Run a command inside it."""
        return docker("exec", self.name, *command, check=check)

    def send(self, text, *command):
        """Run a command inside it that reads a text."""
        return docker("exec", "--interactive", self.name, *command, input=text)

    def wait_until(self, is_so, *, seconds=20):
        """Ask again and again; the test fails where it does not become so."""
        until = time.monotonic() + seconds
        while not is_so():
            assert time.monotonic() < until, self.log
            assert self.inspect()["State"]["Running"], self.log
            time.sleep(0.02)

    def wait_ready(self):
        """Wait until http answers."""
        self.wait_until(lambda: answers(self.url))
        return self


def answers(url):
    """Tell whether a mock answers there."""
    try:
        return requests.get(f"{url}/_mockidp/health", timeout=2).status_code == 200
    except requests.RequestException:
        return False


@contextmanager
def started(*options, arguments=(), image=IMAGE, publish=(9400,)):
    """Run a container in the background until the block ends."""
    ports = [f"--publish=127.0.0.1::{port}" for port in publish]
    name = docker("run", "--detach", *ports, *options, image, *arguments).stdout.strip()
    try:
        yield Container(name)
    finally:
        docker("rm", "--force", "--volumes", name)


@pytest.fixture(name="docker")
def _docker():
    return docker


@pytest.fixture
def start():
    """Give a context manager that runs a container."""
    return started


@pytest.fixture(scope="module")
def mock():
    """A container with nothing but the image's own settings, which answers."""
    with started() as container:
        yield container.wait_ready()


@pytest.fixture
def measured(request):
    """Give a function that keeps a number for the end of the run."""
    numbers = request.config.stash.setdefault(NUMBERS, {})
    return numbers.__setitem__


def pytest_terminal_summary(terminalreporter, config):
    numbers = config.stash.get(NUMBERS, {})
    if numbers:
        terminalreporter.section("the image")
    for name, value in numbers.items():
        terminalreporter.write_line(f"{name}: {value}")
