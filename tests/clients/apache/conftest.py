"""Apache with mod_auth_openidc in front of an app, as relying party and as resource server."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from types import SimpleNamespace

import pytest

from helpers.free_ports import find_free_ports
from mockidp.cli.serving.example import example_file
from mockidp.idp import MockIdP

MODULES = Path("/usr/lib/apache2/modules")
INSTALL = "needs Apache: `apt-get install apache2-bin libapache2-mod-auth-openidc`"
API = "https://api.acme.example/"
LOADED = (
    "mpm_event", "authn_core", "authz_core", "authz_user", "auth_openidc", "proxy", "proxy_http",
)  # fmt: skip

SERVER = """
ServerName localhost
DefaultRuntimeDir {folder}
PidFile {folder}/apache.pid
ErrorLog {folder}/error.log
User www-data
Group www-data
StartServers 1
ThreadsPerChild 8
MaxRequestWorkers 8
ServerLimit 1
"""

RELYING_PARTY = """
Listen 127.0.0.1:{port}
<VirtualHost 127.0.0.1:{port}>
  OIDCProviderMetadataURL {provider}/.well-known/openid-configuration
  OIDCClientID apache-{scheme}
  OIDCClientSecret {secret}
  OIDCRedirectURI http://localhost:{port}/callback
  OIDCCryptoPassphrase only-for-tests
  OIDCScope "openid profile email offline_access"
  OIDCPKCEMethod S256
  OIDCRemoteUserClaim email
  OIDCPassRefreshToken On
  OIDCCABundlePath {ca_file}
  OIDCDefaultLoggedOutURL http://localhost:{port}/public
  ProxyPass / http://127.0.0.1:{app}/
  <Location /callback>
    AuthType openid-connect
    Require valid-user
  </Location>
  <Location /private>
    AuthType openid-connect
    Require valid-user
  </Location>
  <Location /admins>
    AuthType openid-connect
    Require claim email:admin@acme.example
  </Location>

  OIDCOAuthVerifyJwksUri {secure}/.well-known/jwks.json
  OIDCOAuthRemoteUserClaim sub
  <Location /api>
    AuthType oauth20
    <RequireAll>
      Require claim aud:{api}
      Require claim iss:{secure}/
    </RequireAll>
  </Location>
</VirtualHost>
"""


class _App(BaseHTTPRequestHandler):
    """Answers with the headers that Apache passes on, one in each line."""

    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(str(self.headers).encode())

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def idp():
    """Serve the example tenant on http and https."""
    with MockIdP(example_file("acme"), tls=True) as idp:
        yield idp


@pytest.fixture(autouse=True)
def no_faults(idp):
    yield
    idp.faults.clear()


@pytest.fixture(scope="module")
def app():
    """Run the app, and return its port."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _App) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()


def _program():
    program = shutil.which("apache2", path=f"{os.environ['PATH']}:/usr/sbin")
    if program is None or not (MODULES / "mod_auth_openidc.so").exists():
        # In CI nothing may be skipped.
        (pytest.fail if os.environ.get("CI") else pytest.skip)(INSTALL)
    return program


@pytest.fixture(scope="module")
def folder(idp):
    """Return a folder that Apache's own user can read, with the CA certificate of the mock."""
    with tempfile.TemporaryDirectory(prefix="mockidp-apache-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        shutil.copyfile(idp.ca_file, folder / "ca.pem")
        yield folder


@pytest.fixture(scope="module")
def apache(idp, app, folder):
    """Run Apache, and return its sites: one uses the tenant over http, the other over https."""
    program = _program()
    ports = find_free_ports(["http", "https"])
    text = SERVER.format(folder=folder)
    text += "".join(f"LoadModule {name}_module {MODULES}/mod_{name}.so\n" for name in LOADED)
    for scheme, provider in {"http": idp.url, "https": idp.tls_url}.items():
        port = ports[scheme]
        registered = idp.add_client(
            f"apache-{scheme}",
            callbacks=[f"http://localhost:{port}/callback"],
            allowed_logout_urls=[f"http://localhost:{port}/public"],
            grant_types=["authorization_code", "refresh_token"],
            oidc_logout={
                "backchannel_logout_urls": [f"http://localhost:{port}/callback?logout=backchannel"],
                "backchannel_logout_initiators": {"mode": "all"},
            },
        )
        text += RELYING_PARTY.format(
            port=port, scheme=scheme, provider=provider, secret=registered.client_secret, app=app,
            ca_file=folder / "ca.pem", secure=idp.tls_url, api=API,
        )  # fmt: skip
    (folder / "apache.conf").write_text(text)
    process = subprocess.Popen([program, "-X", "-f", folder / "apache.conf"])
    try:
        _wait_for(process, ports["https"])
        yield SimpleNamespace(
            http=f"http://localhost:{ports['http']}", https=f"http://localhost:{ports['https']}",
            log=folder / "error.log",
        )  # fmt: skip
    finally:
        process.terminate()
        process.wait(timeout=10)


def _wait_for(process, port):
    while process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except ConnectionRefusedError:
            time.sleep(0.02)
        else:
            return
    pytest.fail(f"Apache ended with status {process.returncode}")
