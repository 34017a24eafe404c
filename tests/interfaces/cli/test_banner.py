"""The banner of `mockidp serve`, and that its URLs and commands work."""

import os
import re
import subprocess
import sys
import urllib.request
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from mockidp.cli.serving.banner import banner as render
from mockidp.cli.serving.example import example_file
from mockidp.tenant.config.load import load_tenant
from mockidp.tenant.config.load import parse_tenant as load_tenant_text
from mockidp.tenant.content.zero_config import ZERO_CONFIG

FILES = ["NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"]
NAMES = ["MOCKIDP_URL", "MOCKIDP_ISSUER", *FILES]


@pytest.fixture
def banner(folder):
    """Return a function that serves the example tenant and returns the banner."""

    def banner(*arguments):
        listen = ["--listen", "localhost:0", *arguments]
        with subprocess.Popen(
            [sys.executable, "-m", "mockidp", "serve", "--example", "acme", *listen],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as started:
            lines = []
            for line in started.stdout:
                lines.append(line)
                if "Ctrl-C" in line:
                    break
            started.terminate()
            rest, errors = started.communicate(timeout=10)
        assert (started.returncode, rest, errors) == (0, "", "")
        return "".join(lines)

    return banner


@pytest.mark.measured
def test_the_banner_lists_urls_clients_users_and_apis(banner):
    lines = banner("--tls-listen", "localhost:0").splitlines()
    assert lines[0] == "mockidp serves Acme - a mock, not affiliated with Auth0"
    words = [line.split() for line in lines]
    url, tls_url = (next(line[1] for line in words if line[0] == one) for one in ("http", "https"))
    assert ["issuer", f"{url}/", f"({tls_url}/", "over", "https)"] in words
    labels = [line[0] for line in words[1:4]]
    assert labels == ["http", "https", "issuer"], "http is first, because it needs no trusted CA"
    first = (
        "acme-web  regular_web  http://localhost:3000/callback http://localhost:3000/auth/callback "
    )
    assert f"{first}http://localhost:3000/api/auth/callback and 5 more" in map(str.strip, lines)
    assert ["mockidp-try", "spa", "/_mockidp/try"] in words
    assert ["acme-m2m", "non_interactive"] in words
    assert ["acme-global", "global"] in words
    assert ["auth0|alice", "alice@acme.example"] in words
    assert ["https://api.acme.example/"] in words
    assert lines[-1].strip() == "Press Ctrl-C to stop."
    assert "not acted on" not in "".join(lines)


def test_the_banner_lists_verified_custom_domains():
    domains = "[{domain: a.acme.test}, {domain: b.test, status: failed}]"
    shown = render(
        load_tenant_text(f"customDomains: {domains}"), url="http://localhost:9400", tls_url=None,
        issuer="http://localhost:9400/", browser_url="http://localhost:9400", data_dir=None,
    )  # fmt: skip
    assert "          http://a.acme.test:9400/ at the custom domain\n  console" in shown
    assert "b.test" not in shown


def test_the_trust_command_of_the_banner_exports_the_variables_below_it(banner, folder):
    shown = banner("--tls-listen", "localhost:0", "--data-dir", str(folder / "it's $HOME"))
    [line] = [line.split(maxsplit=1)[1] for line in shown.splitlines() if "trust   " in line]
    script = line.removesuffix(", or run:").replace("mockidp", f"{sys.executable} -m mockidp", 1)
    exports = re.findall("^    (export .*)$", shown, re.MULTILINE)

    def values(script):
        show = f'{script}\nprintf "%s\\n" ' + " ".join(f'"${name}"' for name in NAMES)
        environment = {"PATH": os.environ["PATH"]}
        done = subprocess.run(
            ["bash", "-c", show], capture_output=True, text=True, env=environment, check=True,
            cwd="/",
        )  # fmt: skip
        assert done.stderr == ""
        return done.stdout.splitlines()

    ca, bundle = (str(folder / "it's $HOME" / name) for name in ("ca.pem", "ca-bundle.pem"))
    url = re.search("http    (.*)", shown)[1]
    expected = [url, f"{url}/", ca, bundle, bundle, bundle]
    assert values(script) == values("\n".join(exports)) == expected


@pytest.mark.parametrize("client", ["mockidp test client", "Acme Web"])
def test_the_banners_login_url_opens_the_login_page(serve, client):
    document = load_tenant(example_file("acme"))
    clients = tuple(one for one in document.clients if client in one.name)
    document = replace(document, clients=clients)
    with serve("--example", "acme", "--no-tls") as server:
        text = render(
            document, url="http://mockidp:9400", tls_url=None, issuer=server.issuer,
            browser_url=server.url, data_dir=None,
        )  # fmt: skip
        login = re.search("login   (.*)", text)[1]
        with urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor()
        ).open(login, timeout=10) as page:
            assert urlsplit(page.url).path == "/u/login"
            assert client.encode() in page.read()
        console = re.search("console (.*)", text)[1]
        assert console == f"{server.url}/_mockidp/"
    assert "https   off" in text
    assert "CA" not in text
    assert "trust" not in text


def test_the_banner_of_a_lenient_tenant_says_that_any_client_and_audience_is_accepted():
    text = render(
        ZERO_CONFIG, url="http://mockidp:9400", tls_url=None, issuer="http://mockidp:9400/",
        browser_url="http://mockidp:9400", data_dir=None,
    )  # fmt: skip
    lines = [line.strip() for line in text.splitlines()]
    assert lines[lines.index("clients") + 1] == (
        "any client is accepted: any client id, any secret, any callback on this machine"
    )
    assert lines[lines.index("APIs") + 1] == "any audience is accepted"


def test_the_banner_shows_the_notes_about_an_export():
    document = load_tenant_text(
        "clients: [{name: Web}]\nclientGrants: [{client_id: A, audience: b}]"
    )
    text = render(
        document, url="http://mockidp:9400", tls_url=None, issuer="http://mockidp:9400/",
        browser_url="http://mockidp:9400", data_dir=None,
    )  # fmt: skip
    lines = [line.strip() for line in text.splitlines()]
    assert lines[lines.index("notes") + 1 :][:2] == [str(note) for note in document.notes]


def test_the_banner_of_a_tenant_without_clients_users_and_apis_has_no_empty_headings(folder):
    (folder / "t.yaml").write_text(
        "clients: [{client_id: machine, app_type: non_interactive, sso_disabled: true}]\n"
        "branding: {logo_url: x}\n"
    )
    text = render(
        load_tenant(folder / "t.yaml"),
        url="http://localhost:1", tls_url="https://localhost:9443",
        issuer="https://localhost:9443/", browser_url="http://localhost:1",
        data_dir=Path(".mockidp"),
    )  # fmt: skip
    lines = [line.strip() for line in text.splitlines()]
    users = lines.index("users")
    assert lines[users + 1] == (
        "none, so no one can log in. Add one to `users` in the tenant file (for an exported "
        'directory, in its `mockidp.yaml`), or in a test with `idp.add_user("alice")`.'
    )
    assert load_tenant_text(lines[users + 2]).users[0].user_id == "auth0|alice"
    assert "APIs" not in lines
    assert "notes" not in lines
    assert "client_id=machine" not in text
    assert "not acted on: branding" in lines
    heading = lines.index("not acted on, and Auth0 would answer differently")
    assert lines[heading + 1] == (
        "clients[].sso_disabled: Auth0 shows the login page although the browser has a session"
    )
    assert (
        f"trust   eval \"$(mockidp env --url 'http://localhost:1' --issuer 'https://localhost:9443/' "
        f"--data-dir '{folder}/.mockidp')\", or run:"
    ) in lines
    assert "issuer  https://localhost:9443/" in lines
