"""curl and Node accept the certificate for additional tenants, and for a custom domain."""

import os
import shutil
import subprocess
from urllib.parse import urlsplit

import pytest
import requests

from mockidp import MockIdP

DISCOVERY = "/.well-known/openid-configuration"
GET = """
const [port, host, path] = process.argv.slice(1)
const headers = { Host: `${host}:${port}` }
require('node:https').get({ host: '127.0.0.1', port, servername: host, path, headers }, answer => {
  answer.on('data', part => process.stdout.write(part))
})
"""


@pytest.fixture(scope="module")
def idp():
    domains = [{"domain": "login.acme.example"}]
    with MockIdP({"customDomains": domains}, tls=True) as idp:
        body = {"name": "worker-1"}
        requests.post(f"{idp.url}/_mockidp/v1/tenants", json=body, timeout=5).raise_for_status()
        yield idp


def curl(idp, port, host):
    url = f"https://{host}:{port}{DISCOVERY}"
    to_here = f"{host}:{port}:127.0.0.1"
    return ["curl", "--silent", "--cacert", idp.ca_file, "--resolve", to_here, url]


def node(_idp, port, host):
    return ["node", "-e", GET, str(port), host, DISCOVERY]


@pytest.mark.parametrize("client", [curl, node], ids=lambda each: each.__name__)
@pytest.mark.parametrize(
    "host", ["worker-1.localhost", "mockidp", "localhost", "login.acme.example"]
)
def test_a_strict_client_accepts_the_certificate(idp, client, host):
    if shutil.which(client.__name__) is None:
        pytest.skip(f"needs {client.__name__}: apt install it")
    port = urlsplit(idp.tls_url).port
    environment = {**os.environ, "NODE_EXTRA_CA_CERTS": idp.ca_file}
    done = subprocess.run(
        client(idp, port, host),
        env=environment,
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )
    assert f'"issuer": "https://{host}:{port}/"' in done.stdout, done.stderr
