"""The image that MOCKIDP_IMAGE names, run on a real engine."""

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
        self.wait_until(lambda: _answers(self.url))
        return self


def _answers(url):
    """Return whether a mock answers there."""
    try:
        return requests.get(f"{url}/_mockidp/health", timeout=2).status_code == 200
    except requests.RequestException:
        return False


@contextmanager
def started(*options, arguments=(), image=None, publish=(9400,)):
    """Run a container in the background until the block ends: of the image under test, or another."""
    ports = [f"--publish=127.0.0.1::{port}" for port in publish]
    image = image or os.environ["MOCKIDP_IMAGE"]
    name = docker("run", "--detach", *ports, *options, image, *arguments).stdout.strip()
    try:
        yield Container(name)
    finally:
        docker("rm", "--force", "--volumes", name)


@contextmanager
def networked():
    """Make a network in which containers have names; give its own."""
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
