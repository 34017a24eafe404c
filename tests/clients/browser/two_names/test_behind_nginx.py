"""nginx as a TLS proxy: apps, a browser and `mockidp doctor` use its https URL."""

from contextlib import ExitStack

import pytest
import trustme

from helpers.nginx import nginx


@pytest.fixture
def proxied(tmp_path):
    """Return a function that starts nginx in front of a mock and returns its URL and CA file."""
    ca, certificate = trustme.CA(), tmp_path / "server.pem"
    ca.cert_pem.write_to_path(tmp_path / "ca.pem")
    ca.issue_cert("idp.test").private_key_and_cert_chain_pem.write_to_path(certificate)
    with ExitStack() as stack:

        def proxied(server):
            port = stack.enter_context(nginx(tmp_path, [server.url], certificate=certificate))
            return f"https://idp.test:{port}", tmp_path / "ca.pem"

        yield proxied


@pytest.fixture
def doctor(machine):
    """Return a function that runs `mockidp doctor` with the name and a CA."""
    program = "from mockidp.__main__ import main; main()"
    return lambda url, ca_file: machine.run(program, "doctor", "--url", url, ca_file=ca_file)


@pytest.fixture
def trusted(mock, proxied):
    """Start nginx in front of a mock that trusts it. Return its URL and CA file."""
    return proxied(mock(MOCKIDP_TRUST_PROXY="true"))


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


def test_an_untrusted_proxy_is_reported(mock, proxied, doctor, openid_client):
    server = mock()
    url, ca_file = proxied(server)
    refused = openid_client(url, ca_file).refusal()
    assert "discovered metadata issuer does not match the expected issuer" in refused["message"]
    assert "X-Forwarded-Proto: 'https' is not trusted" in server.log()
    assert "Set MOCKIDP_TRUST_PROXY=true" in server.log()
    done = doctor(url, ca_file)
    assert done.returncode == 1
    http = url.replace("https", "http")
    assert f"discovery was read at {url}/, but the issuer is {http}/" in done.stdout
    assert "set MOCKIDP_TRUST_PROXY=true" in done.stdout
