"""`mockidp env`: lines that a shell takes as they are."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from mockidp.tls import Authority

FILES = ["NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"]
NAMES = ["MOCKIDP_ISSUER", *FILES]


def evaluated(text):
    """Return what the variables are in a shell that evaluates a text."""
    script = 'eval "$TEXT"\nprintf "%s\\n" ' + " ".join(f'"${name}"' for name in NAMES)
    done = subprocess.run(
        ["bash", "-c", script],
        env={"PATH": os.environ["PATH"], "TEXT": text},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == ""
    return dict(zip(NAMES, done.stdout.splitlines(), strict=True))


@pytest.mark.parametrize("name", [".mockidp", "with space", "it's", '$HOME `id` "x" \\ !!'])
def test_a_shell_takes_the_lines_whatever_the_folder_is_called(mockidp, folder, name):
    Authority.load_or_create(folder / name)
    done = mockidp("env", "--data-dir", name)
    assert done.status == 0
    assert all(line.startswith("export ") for line in done.out.splitlines())
    found = evaluated(done.out)
    assert found["MOCKIDP_ISSUER"] == "https://localhost:9443/"
    assert found["NODE_EXTRA_CA_CERTS"] == str(folder / name / "ca.pem")
    assert {found[each] for each in FILES[1:]} == {str(folder / name / "ca-bundle.pem")}
    assert all(Path(found[each]).exists() for each in FILES)


def test_values_stand_in_quotes(mockidp, folder):
    Authority.load_or_create(folder / ".mockidp")
    lines = mockidp("env").out.splitlines()
    assert lines[0] == "export MOCKIDP_ISSUER='https://localhost:9443/'"
    assert lines[1] == f"export NODE_EXTRA_CA_CERTS='{folder}/.mockidp/ca.pem'"


def test_json_has_the_same_values(mockidp, folder):
    Authority.load_or_create(folder / ".mockidp")
    assert json.loads(mockidp("env", "--json").out) == evaluated(mockidp("env").out)


def test_options_come_from_the_environment_too(mockidp, folder, monkeypatch):
    Authority.load_or_create(folder / "else")
    monkeypatch.setenv("MOCKIDP_DATA_DIR", "else")
    monkeypatch.setenv("MOCKIDP_ISSUER", "https://idp.test/")
    found = json.loads(mockidp("env", "--json").out)
    assert found["MOCKIDP_ISSUER"] == "https://idp.test/"
    assert found["NODE_EXTRA_CA_CERTS"] == str(folder / "else" / "ca.pem")
    given = mockidp("env", "--json", "--issuer", "https://flag.test/")
    assert json.loads(given.out)["MOCKIDP_ISSUER"] == "https://flag.test/"


def test_without_a_ca_it_says_how_to_get_one_and_prints_nothing_to_evaluate(mockidp):
    done = mockidp("env")
    assert (done.status, done.out) == (1, "")
    (line,) = done.err.splitlines()
    assert line.startswith("mockidp: .mockidp/ca.pem is not there yet: start `mockidp serve`")
