"""The troubleshooting page: each message is provoked and has the hint shown there."""

import html
import re
import shutil
import subprocess
from pathlib import Path
from types import SimpleNamespace

import pytest
import requests

from helpers.provocations import PROVOCATIONS
from mockidp import MockIdP

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "troubleshooting.md").read_text()
SECTIONS = dict(re.findall(r"^### `(.+)`\n\n((?:(?!^#).*\n)*)", PAGE, re.MULTILINE))
API = "https://api.acme.example/"
NODE_MODULES = ROOT / "tests" / "clients" / "node" / "node_modules"


@pytest.fixture(scope="module")
def mock():
    with MockIdP(ROOT / "fixtures" / "tenants" / "acme.yaml", tls=True) as idp:
        yield idp


@pytest.fixture
def provoker(mock, environment, skip_or_fail, tmp_path):
    """Return the functions that the provocations use."""
    mock.reset()

    def run(*command, **variables):
        tool = command[0]
        if shutil.which(tool, path=environment["PATH"]) is None:
            skip_or_fail(f"{tool} is missing")
        done = subprocess.run(
            command,
            cwd=tmp_path,
            env={**environment, **variables},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        return done.stdout + done.stderr

    def describe(answer):
        return f"{answer.text}\n{answer.headers.get('Mockidp-Hint', '')}\n{answer.headers}"

    def get(path, **options):
        return describe(
            requests.get(f"{mock.url}{path}", timeout=5, allow_redirects=False, **options)
        )

    def request_token(**form):
        client = {"client_id": "acme-m2m", "client_secret": "acme-m2m-secret"}
        grant = {"grant_type": "client_credentials"}
        data = grant | client | form
        return describe(requests.post(f"{mock.url}/oauth/token", data=data, timeout=5))

    return SimpleNamespace(
        idp=mock, run=run, get=get, post=request_token, see=describe, skip_or_fail=skip_or_fail
    )


@pytest.mark.parametrize("message", SECTIONS)
def test_each_message_appears_with_its_hint(message, provoker):
    shown = PROVOCATIONS[message](provoker)
    shown = html.unescape(shown).replace(provoker.idp.url, "http://localhost:9400")
    assert message in shown
    hints = re.findall(r"^> (.+)$", SECTIONS[message], re.MULTILINE)
    assert [hint for hint in hints if hint not in shown] == []


def test_every_message_has_a_provocation():
    assert PROVOCATIONS.keys() == SECTIONS.keys()
    assert len(SECTIONS) > 25


@pytest.mark.parametrize(
    ("message", "token"),
    [("Invalid Compact JWS", {}), ('unexpected "iss" claim value', {"audience": API})],
)
def test_jose_reports_the_message_on_the_page(message, token, provoker):
    assert f"`{message}`" in PAGE
    if not (NODE_MODULES / "jose").is_dir():
        provoker.skip_or_fail("needs Node's packages: npm ci --prefix tests/clients/node")
    script = (
        "const { createRemoteJWKSet, jwtVerify } = require(process.env.JOSE);"
        f"const keys = createRemoteJWKSet(new URL('{provoker.idp.issuer}.well-known/jwks.json'));"
        f"jwtVerify('{provoker.idp.access_token(user='alice', **token)}', keys,"
        "{ issuer: 'http://other.test/' }).catch((error) => console.log(error.message));"
    )
    assert message in provoker.run("node", "-e", script, JOSE=str(NODE_MODULES / "jose"))
