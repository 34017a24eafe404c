"""Fixtures for tests that run the files in examples/ on an engine."""

import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PUBLISHED = "ghcr.io/mockidp/mockidp:0.1"


def run(*command, cwd=ROOT, **options):
    """Run a command and return its output. The test fails if the command fails."""
    done = subprocess.run(
        [*map(str, command)],
        check=False,
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=300,
        **options,
    )
    if done.returncode:
        pytest.fail(f"{' '.join(map(str, command))}\n{done.stdout}")
    return done.stdout


@pytest.fixture(name="run", scope="session")
def _run():
    return run


@pytest.fixture(scope="session")
def published():
    """Tag the image under test with the name that the examples use. Return the name."""
    run("docker", "tag", os.environ["MOCKIDP_IMAGE"], PUBLISHED)
    yield PUBLISHED
    run("docker", "image", "rm", PUBLISHED)


@pytest.fixture(scope="session")
def wheels(tmp_path_factory):
    """Return a directory with the wheels that pip installs in the jobs."""
    container = run("docker", "create", "mockidp-wheels", "none").strip()
    directory = tmp_path_factory.mktemp("pip") / "wheels"
    run("docker", "cp", f"{container}:/wheels", directory)
    run("docker", "rm", container)
    return directory


@pytest.fixture(scope="session")
def compose():
    """Return a function that calls compose, either docker's plugin or the separate program."""
    plugin = subprocess.run(["docker", "compose", "version"], check=False, capture_output=True)
    command = ["docker-compose"] if plugin.returncode else ["docker", "compose"]
    # The path is relative, because the engine may see this directory at another path.
    return lambda file, *arguments: run(*command, f"--file=examples/{file}", *arguments)
