"""Run the image in MOCKIDP_IMAGE on a real engine."""

import json
import os
import subprocess
import time
import uuid
from contextlib import contextmanager
from functools import cached_property

import pytest
import requests


def docker(*arguments, check=True, **options):
    """Run docker. Return the completed process."""
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
    """A container."""

    def __init__(self, name):
        self.name = name

    def inspect(self):
        """Return the engine's data about the container."""
        return json.loads(docker("inspect", self.name).stdout)[0]

    @property
    def health(self):
        """`starting`, `healthy` or `unhealthy`."""
        return self.inspect()["State"]["Health"]["Status"]

    @property
    def log(self):
        """The terminal output."""
        done = docker("logs", self.name)
        return done.stdout + done.stderr

    def port(self, inside):
        """Return the port of this machine at which a port of the container is published."""
        return int(docker("port", self.name, inside).stdout.splitlines()[0].rpartition(":")[2])

    @cached_property
    def url(self):
        """The URL for http on this machine."""
        return f"http://localhost:{self.port(9400)}"

    @property
    def address(self):
        """The container's own address, without port forwarding by the engine."""
        (network,) = self.inspect()["NetworkSettings"]["Networks"].values()
        return network["IPAddress"]

    def run(self, *command, check=True):
        """Run a command in the container."""
        return docker("exec", self.name, *command, check=check)

    def send(self, text, *command):
        """Run a command in the container with a text as standard input."""
        return docker("exec", "--interactive", self.name, *command, input=text)

    def wait_until(self, condition, *, seconds=60):
        """Poll a condition until it is true. Fail after a time limit."""
        until = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < until, self.log
            assert self.inspect()["State"]["Running"], self.log
            time.sleep(0.02)

    def wait_ready(self):
        """Wait until http answers."""
        self.wait_until(lambda: _answers(self.url))
        return self


def _answers(url):
    """Return whether a mock answers at a URL."""
    try:
        return requests.get(f"{url}/_mockidp/health", timeout=2).status_code == 200
    except requests.RequestException:
        return False


@contextmanager
def started(*options, arguments=(), image=None, publish=(9400,)):
    """Run a container of an image, by default the one under test, until the block ends."""
    ports = [f"--publish=127.0.0.1::{port}" for port in publish]
    image = image or os.environ["MOCKIDP_IMAGE"]
    name = docker("run", "--detach", *ports, *options, image, *arguments).stdout.strip()
    try:
        yield Container(name)
    finally:
        docker("rm", "--force", "--volumes", name)


@contextmanager
def networked():
    """Create a network in which containers have names. Yield its name."""
    name = f"mockidp-{uuid.uuid4().hex[:12]}"
    docker("network", "create", name)
    try:
        yield name
    finally:
        docker("network", "rm", name)


@contextmanager
def started_in(network, *options, arguments=()):
    """Run the image under test as the service `mockidp` of a network until the block ends."""
    options = [f"--network={network}", "--network-alias=mockidp", *options]
    with started(*options, arguments=arguments) as container:
        yield container.wait_ready()
