"""The files to copy, run as they are: what they need on the engine."""

import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PUBLISHED = "ghcr.io/mockidp/mockidp:0.1"


def run(*command, cwd=ROOT, **options):
    """Run a command to its end; return what it printed. The test fails where the command does."""
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
    """Give the image under test the name by which the examples call it, and return that."""
    run("docker", "tag", os.environ["MOCKIDP_IMAGE"], PUBLISHED)
    yield PUBLISHED
    run("docker", "image", "rm", PUBLISHED)


@pytest.fixture(scope="session")
def wheels(tmp_path_factory):
    """Return a directory with what pip fetches in the jobs."""
    made = run("docker", "create", "mockidp-wheels", "none").strip()
    directory = tmp_path_factory.mktemp("pip") / "wheels"
    run("docker", "cp", f"{made}:/wheels", directory)
    run("docker", "rm", made)
    return directory
