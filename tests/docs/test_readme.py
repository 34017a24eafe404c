"""The examples of README.md, run against a server started as it describes."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from helpers.console import read_examples, read_files, run_examples

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()
BIN = Path(sys.executable).parent


@pytest.fixture
def server(tmp_path, environment):
    command = [BIN / "mockidp", "serve", "--example", "acme", "--json"]
    free_port = ["--listen", "localhost:0", "--no-tls"]
    with subprocess.Popen(
        [*command, *free_port],
        cwd=tmp_path,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        try:
            yield json.loads(process.stdout.readline())
        finally:
            process.terminate()


def test_every_example_prints_what_it_shows(server, environment, tmp_path):
    if shutil.which("curl") is None:
        pytest.skip("curl is missing: apt install curl")
    for name, text in read_files(README).items():
        (tmp_path / name).write_text(text)
    examples = read_examples(README)
    ports = {9400: server["url"].rpartition(":")[2]}
    printed = run_examples(
        examples, cwd=tmp_path, env={**environment, "MOCKIDP_URL": server["url"]}, ports=ports
    )
    assert len(printed) == len(examples) > 8
    for example, shown in zip(examples, printed, strict=True):
        assert example.is_shown_by(shown), f"$ {example.command}\n{shown}"


def test_the_two_scripts_exist():
    (block,) = re.findall(r"^```bash\n(.*?)^```", README, re.DOTALL | re.MULTILINE)
    commands = [line.split()[0] for line in block.splitlines()]
    assert commands == ["scripts/serve", "scripts/test"]
    assert all(os.access(ROOT / command, os.X_OK) for command in commands)


def test_the_readme_is_short_and_every_block_is_tested():
    assert len(README.splitlines()) <= 150
    assert set(re.findall(r"^```(.+)$", README, re.MULTILINE)) == {"bash", "console", "python"}
