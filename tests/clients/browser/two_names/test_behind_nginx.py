"""nginx as a TLS proxy: apps, a browser and `mockidp doctor` use its https URL."""

import socket
import subprocess

import pytest
import trustme

CONFIGURATION = """
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log stderr notice;
events {{}}
http {{
  access_log off;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  server {{
    listen 127.0.0.1:{port} ssl reuseport;
    server_name idp.test;
    ssl_certificate {folder}/server.pem;
    ssl_certificate_key {folder}/server.pem;
    location / {{
      proxy_pass {to};
      proxy_set_header Host $http_host;
      proxy_set_header X-Forwarded-Proto $scheme;
    }}
  }}
}}
"""


@pytest.fixture
def nginx(nginx_program, tmp_path):
    """Return a function that starts nginx in front of a mock and returns its URL and CA file."""
    ca, started = trustme.CA(), []
    ca.cert_pem.write_to_path(tmp_path / "ca.pem")
    ca.issue_cert("idp.test").private_key_and_cert_chain_pem.write_to_path(tmp_path / "server.pem")
    with socket.socket() as reserved:
        # Reserve a free port, so that no other process binds it before nginx does.
        reserved.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        reserved.bind(("127.0.0.1", 0))
        port = reserved.getsockname()[1]

        def nginx(server):
            (tmp_path / "nginx.conf").write_text(
                CONFIGURATION.format(folder=tmp_path, port=port, to=server.url)
            )
            command = [nginx_program, "-e", "stderr", "-p", tmp_path, "-c", tmp_path / "nginx.conf"]
            process = subprocess.Popen(command, env={}, stderr=subprocess.PIPE, text=True)
            started.append(process)
            # nginx listens before it logs its version.
            lines = iter(process.stderr.readline, "")
            assert any(" nginx/" in line for line in lines), "nginx did not start"
            return f"https://idp.test:{port}", tmp_path / "ca.pem"

        yield nginx
        for process in started:
            process.terminate()
            _, log = process.communicate(timeout=10)
            assert process.returncode == 0, log


@pytest.fixture
def doctor(machine):
    """Return a function that runs `mockidp doctor` with the name and a CA."""
    program = "from mockidp.__main__ import main; main()"
    return lambda url, ca_file: machine.run(program, "doctor", "--url", url, ca_file=ca_file)


@pytest.fixture
def trusted(mock, nginx):
    """Start nginx in front of a mock that trusts it. Return its URL and CA file."""
    return nginx(mock(MOCKIDP_TRUST_PROXY="true"))


def test_apps_browser_and_doctor_use_a_trusted_tls_proxy(
    trusted, doctor, client, browser, log_in_and_out
):
    url, ca_file = trusted
    https_browser = browser("idp.test", ignore_https_errors=True)
    assert log_in_and_out(client(url, ca_file), https_browser) == f"{url}/"
    cookies = {cookie["name"]: cookie["secure"] for cookie in https_browser.page.context.cookies()}
    assert "auth0-http" not in cookies
    done = doctor(url, ca_file)
    notice = f"mockidp: using the mock at {url} (from --url)\n"
    assert (done.returncode, done.stderr) == (0, notice), done.stdout


def test_an_untrusted_proxy_is_reported(mock, nginx, doctor, openid_client):
    server = mock()
    url, ca_file = nginx(server)
    refused = openid_client(url, ca_file).refusal()
    assert "discovered metadata issuer does not match the expected issuer" in refused["message"]
    assert "X-Forwarded-Proto: 'https' is not trusted" in server.log()
    assert "Set MOCKIDP_TRUST_PROXY=true" in server.log()
    done = doctor(url, ca_file)
    assert done.returncode == 1
    http = url.replace("https", "http")
    assert f"discovery was read at {url}/, but the issuer is {http}/" in done.stdout
    assert "set MOCKIDP_TRUST_PROXY=true" in done.stdout
