"""Debian's nginx in front, which ends TLS: apps, a browser and the doctor at its https URL."""

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
    """Give a function that puts nginx in front of a mock; return its URL and its CA's file."""
    ca, started = trustme.CA(), []
    ca.cert_pem.write_to_path(tmp_path / "ca.pem")
    ca.issue_cert("idp.test").private_key_and_cert_chain_pem.write_to_path(tmp_path / "server.pem")
    with socket.socket() as reserved:
        # A free port that stays nginx's own: nobody else may bind it meanwhile.
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
            said = iter(process.stderr.readline, "")
            assert any(" nginx/" in line for line in said), "it listens before it says so"
            return f"https://idp.test:{port}", tmp_path / "ca.pem"

        yield nginx
        for process in started:
            process.terminate()
            _, said = process.communicate(timeout=10)
            assert process.returncode == 0, said


@pytest.fixture
def doctor(machine):
    """Give a function that asks the doctor, in a process that knows the name and a CA."""
    program = "from mockidp.__main__ import main; main()"
    return lambda url, ca_file: machine.run(program, "doctor", "--url", url, ca_file=ca_file)


@pytest.fixture
def trusted(mock, nginx):
    """The URL and the CA's file of nginx in front of a mock that trusts it."""
    return nginx(mock(MOCKIDP_TRUST_PROXY="true"))


def test_a_trusted_proxy_that_ends_tls(trusted, doctor, client, browser, logs_in_and_out):
    url, ca_file = trusted
    someone = browser("idp.test", ignore_https_errors=True)
    assert logs_in_and_out(client(url, ca_file), someone) == f"{url}/"
    cookies = {cookie["name"]: cookie["secure"] for cookie in someone.page.context.cookies()}
    assert "auth0-http" not in cookies
    done = doctor(url, ca_file)
    named = f"mockidp: using the mock at {url} (from --url)\n"
    assert (done.returncode, done.stderr) == (0, named), done.stdout


def test_a_proxy_that_nobody_trusts_is_told_of(mock, nginx, doctor, openid_client):
    server = mock()
    url, ca_file = nginx(server)
    refused = openid_client(url, ca_file).refusal()
    assert "discovered metadata issuer does not match the expected issuer" in refused["message"]
    assert "X-Forwarded-Proto: 'https' is not trusted" in server.log()
    assert "set MOCKIDP_TRUST_PROXY=true" in server.log()
    done = doctor(url, ca_file)
    assert done.returncode == 1
    http = url.replace("https", "http")
    assert f"discovery was read at {url}/, but the issuer is {http}/" in done.stdout
    assert "set MOCKIDP_TRUST_PROXY=true" in done.stdout
