"""The commands of docs/how-to/container.md, in order."""

import json
import re
import subprocess
import time
from pathlib import Path

import pytest
import requests

ROOT = Path(__file__).parents[3]
PAGE = ROOT / "docs/how-to/container.md"
COMMANDS = [
    line
    for block in re.findall(r"^```sh\n(.*?)^```", PAGE.read_text(), re.DOTALL | re.MULTILINE)
    for line in block.splitlines()
]
NAME = "mockidp"


@pytest.fixture
def sh(tmp_path, published):
    """Return a function that runs a line of the page in a directory with a tenant file."""
    (tmp_path / "tenant.yaml").write_text((ROOT / "examples/app/tenant.yaml").read_text())

    def sh(line, *, check=True):
        done = subprocess.run(
            ["bash", "-c", line], cwd=tmp_path, capture_output=True, text=True, check=False
        )
        assert not check or done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"
        return done

    yield sh
    sh(f"docker rm --force {NAME}", check=False)


def test_every_command_of_the_page_works(sh, tmp_path):
    runs = 0
    for line in COMMANDS:
        if line.startswith("docker run"):
            sh(f"docker rm --force {NAME}", check=False)
            runs += 1
        sh(line)
        wait_healthy(sh)
        if "TLS_LISTEN" in line:
            pem = requests.get("http://localhost:9400/_mockidp/ca.pem", timeout=60).content
            (tmp_path / "ca.pem").write_bytes(pem)
            url = "https://localhost:9443/_mockidp/health"
            assert requests.get(url, verify=str(tmp_path / "ca.pem"), timeout=60).status_code == 200
        if "tenant.yaml" in line:
            url = "http://localhost:9400/_mockidp/v1/clients"
            clients = requests.get(url, timeout=60).json()["items"]
            assert "acme-web" in [one["client_id"] for one in clients]
    assert (runs, len(COMMANDS)) == (4, 7)


def wait_healthy(sh):
    until = time.monotonic() + 20
    while (
        json.loads(sh(f"docker inspect {NAME}").stdout)[0]["State"]["Health"]["Status"] != "healthy"
    ):
        assert time.monotonic() < until
        time.sleep(0.05)


def test_the_page_and_the_examples_name_the_same_image(published):
    runs = [line for line in COMMANDS if line.startswith("docker run")]
    assert all(line.endswith(f" {published}") for line in runs)
