"""github-actions.yml with its service containers, run by act."""

import os
import shutil
import sys
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[3] / "examples"
ACT = Path(sys.executable).with_name("act")
OPTIONS = [
    "--platform=ubuntu-latest=python:3.12-slim",
    "--pull=false",
    "--no-cache-server",
    "--rm",
    "--env=PIP_NO_INDEX=1",
    "--env=PIP_FIND_LINKS=wheels",
]


@pytest.fixture
def repository(tmp_path, run, wheels):
    """Return a repository with the app, and the example as its workflow."""
    path = tmp_path / "acme"
    shutil.copytree(EXAMPLES / "app", path, ignore=shutil.ignore_patterns("__pycache__"))
    workflows = path / ".github" / "workflows"
    workflows.mkdir(parents=True)
    shutil.copy(EXAMPLES / "github-actions.yml", workflows)
    shutil.copytree(wheels, path / "wheels")
    author = ["-c", "user.name=acme", "-c", "user.email=acme@acme.example"]
    run("git", "init", "--quiet", cwd=path)
    run("git", "add", "--all", cwd=path)
    run("git", *author, "commit", "--quiet", "--message=All", cwd=path)
    return path


@pytest.mark.parametrize("job", ["on-the-runner", "in-a-container"])
def test_a_job_with_its_service_passes(job, repository, published, tmp_path, run):
    environment = {**os.environ, "HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path / "cache")}
    output = run(ACT, "push", f"--job={job}", *OPTIONS, cwd=repository, env=environment)
    assert f"({published}) is healthy" in output
    assert "3 passed" in output
    assert "Job succeeded" in output
