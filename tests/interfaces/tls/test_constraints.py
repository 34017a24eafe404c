"""Real clients refuse certificates for other than local names, even with a stolen CA key."""

import os
import shutil
import ssl
import subprocess
from types import SimpleNamespace

import pytest

from helpers.handshake import shake_hands, strict_client
from mockidp.server import Server, parse_address
from mockidp.tls import Authority
from mockidp.tls.files import as_file, machine_time

GET = """
const [port, host] = process.argv.slice(1)
const options = { host: '127.0.0.1', port, servername: host, path: '/' }
require('node:https').get(options, answer => answer.pipe(process.stdout))
  .on('error', error => { console.error(error.message); process.exit(1) })
"""


def app(_environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"served"]


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return Authority.load_or_create(tmp_path_factory.mktemp("ca"))


def context_for(authority, *names):
    """Return the TLS context of a server whose certificate for some names the CA key has signed."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with as_file(authority._ca.issue(names, now=machine_time())) as path:
        context.load_cert_chain(path)
    return context


@pytest.fixture(scope="module")
def forged(authority):
    """Serve with a certificate for a name on the internet; return the port and the CA's path."""
    here = [parse_address("127.0.0.1:0")]
    context = context_for(authority, "example.com")
    with Server(app, listen=here, tls_listen=here, tls_context=context) as server:
        yield SimpleNamespace(port=server.tls_port, ca_file=str(authority.ca_file))


def openssl(forged, host):
    return ["openssl", "s_client", "-connect", f"127.0.0.1:{forged.port}", "-servername", host,
            "-CAfile", forged.ca_file, "-verify_return_error"]  # fmt: skip


def curl(forged, host):
    return ["curl", "--silent", "--show-error", "--cacert", forged.ca_file,
            "--resolve", f"{host}:{forged.port}:127.0.0.1", f"https://{host}:{forged.port}/"]  # fmt: skip


def node(forged, host):
    return ["node", "-e", GET, str(forged.port), host]


@pytest.mark.parametrize(
    ("client", "status"), [(openssl, 1), (curl, 60), (node, 1)], ids=["openssl", "curl", "node"]
)
def test_a_client_refuses_a_certificate_for_a_name_on_the_internet(forged, client, status):
    command = client(forged, "example.com")
    if shutil.which(command[0]) is None:
        pytest.skip(f"needs {command[0]}: apt install it")
    environment = {**os.environ, "NODE_EXTRA_CA_CERTS": forged.ca_file}
    done = subprocess.run(
        command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True,
        timeout=20, check=False,
    )  # fmt: skip
    assert done.returncode == status
    assert "permitted subtree violation" in done.stdout + done.stderr
    assert "served" not in done.stdout


@pytest.mark.parametrize("name", ["example.com", "8.8.8.8"])
def test_python_refuses_it_as_well(authority, name):
    client = strict_client(cafile=authority.ca_file)
    with pytest.raises(ssl.SSLCertVerificationError, match="permitted subtree violation"):
        shake_hands(context_for(authority, name), client, name)
    with pytest.raises(ssl.SSLCertVerificationError, match="permitted subtree violation"):
        shake_hands(context_for(authority, "localhost", name), client, "localhost")


def test_a_server_with_its_key_can_have_local_names_only(authority):
    client = strict_client(cafile=authority.ca_file)
    assert shake_hands(context_for(authority, "localhost", "127.0.0.9"), client, "127.0.0.9")
