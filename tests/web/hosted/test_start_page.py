"""The console's overview: what it lists, what it hides, and who can see it."""

from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
from werkzeug.test import Client as WsgiClient

from helpers.acme import ACME, with_client, with_settings
from helpers.tenant_client import TenantClient, hint
from mockidp.errors import DOCS_URL
from mockidp.resources.custom_domain import CustomDomain
from mockidp.tenant.config.plain import structure_tenant
from mockidp.tenant.content.zero_config import ZERO_CONFIG
from mockidp.tenant.tenant import Tenant
from mockidp.web.app import create_app
from mockidp.web.console import overview

DOCS = Path(__file__).parents[3] / "docs"
PATH = "/_mockidp/"
HTML = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
NOT_FOUND = {"error": "not_found", "error_description": "Not Found"}


def section(page, name):
    """Return the text of a part of the page."""
    (number,) = page.find("section", **{"data-testid": name})
    return page.text_of(number)


@pytest.fixture
def show(idp, parse):
    def show(client=idp, **headers):
        answer = client.get(PATH, headers=headers)
        assert answer.status_code == 200, answer.text
        return parse(answer.text)

    return show


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_browser_at_the_bare_url_is_redirected_to_the_console(idp, method):
    answer = idp.request(method, "/", headers=HTML)
    assert (answer.status_code, answer.location) == (302, PATH)


@pytest.mark.parametrize(
    ("method", "accept"), [("GET", "application/json"), ("GET", "*/*"), ("POST", "text/html")]
)
def test_other_clients_get_the_404_there(idp, method, accept):
    answer = idp.request(method, "/", headers={"Accept": accept})
    assert (answer.status_code, answer.json) == (404, NOT_FOUND)


def test_an_unknown_path_is_404_for_a_browser_as_well(idp):
    assert idp.get("/nowhere", headers=HTML).status_code == 404


def test_the_page_lists_clients_users_and_apis(show):
    page = show()
    clients = section(page, "clients")
    assert "web regular_web http://localhost:3000/callback" in clients
    assert "global global" in clients
    assert "Any other client_id" not in clients
    assert "alice@acme.example auth0|alice password Passw0rd!" in section(page, "users")
    assert "https://api.example/" in section(page, "apis")
    assert "No request has been refused yet." in section(page, "refusals")


def test_the_page_shows_no_secret_and_no_password_of_ones_own(idp, parse):
    users = (replace(ACME.users[0], password="my own password"), *ACME.users[1:])
    idp.edit(replace(ACME, users=users))
    html = idp.get(PATH).text
    assert "my own password" not in html
    assert [one.client_secret for one in ACME.clients if str(one.client_secret) in html] == []
    assert "alice@acme.example auth0|alice bob" in section(parse(html), "users")


def test_a_lenient_tenant_says_that_any_client_is_accepted(parse):
    page = parse(TenantClient(ZERO_CONFIG).get(PATH).text)
    assert "Any other client_id is accepted as well" in section(page, "clients")
    assert page.find("section", **{"data-testid": "apis"}) == []


def test_an_empty_tenant_says_how_to_add_a_user(parse):
    page = parse(
        TenantClient(structure_tenant({"tenant": {"friendly_name": "Empty"}})).get(PATH).text
    )
    assert "There are no users, so no one can log in." in section(page, "users")
    assert 'idp.add_user("alice")' in section(page, "users")
    assert section(page, "clients") == "Clients"


@pytest.mark.parametrize("url", ["http://localhost:9400", "https://localhost:9443"])
def test_the_issuer_of_http_comes_first(idp, parse, url):
    idp.app.ports = lambda: {"http": 9400, "https": 9443}
    page = parse(idp.another_browser(url).get(PATH).text)
    issuers = [page.text_of(one) for one in page.find("dd", **{"data-testid": "issuer"})]
    assert issuers == ["http://localhost:9400/", "https://localhost:9443/"]
    links = [one["href"] for one in page.all("a") if "well-known" in one["href"]]
    assert links == [f"{one}.well-known/openid-configuration" for one in issuers]


@pytest.mark.parametrize(
    "ports", [{}, {"http": 9400}, {"http": 80, "https": 9443}], ids=["none", "http", "mapped"]
)
def test_a_port_that_is_not_known_is_not_guessed(idp, show, ports):
    idp.app.ports = lambda: ports
    page = show()
    issuers = [page.text_of(one) for one in page.find("dd", **{"data-testid": "issuer"})]
    assert issuers == ["http://localhost:9400/"]


def test_the_issuers_of_custom_domains_are_listed(idp, show):
    domains = (CustomDomain(domain="a.acme.test"), CustomDomain(domain="b.test", status="failed"))
    idp.edit(replace(ACME, custom_domains=domains))
    page = show()
    issuers = [page.text_of(one) for one in page.find("dd", **{"data-testid": "issuer"})]
    assert issuers == ["http://localhost:9400/", "http://a.acme.test:9400/"]
    assert "Issuer (custom domain)" in [page.text_of(one) for one in page.find("dt")]


def test_a_pinned_issuer_is_the_only_one(idp, show):
    idp.app.ports = lambda: {"http": 9400, "https": 9443}
    idp.edit(with_settings(issuer="https://idp.test/"))
    page = show()
    issuers = [page.text_of(one) for one in page.find("dd", **{"data-testid": "issuer"})]
    assert issuers == ["https://idp.test/"]
    links = [one["href"] for one in page.all("a") if "well-known" in one["href"]]
    assert links == ["http://localhost:9400/.well-known/openid-configuration"]


def test_the_ca_is_linked_where_there_is_one(parse):
    tenant = Tenant(ACME)
    for pem, links in (("", []), ("-----BEGIN CERTIFICATE-----\n", ["/_mockidp/ca.pem"])):
        client = TenantClient(tenant=tenant, app=create_app(tenant, ca_pem=pem))
        page = parse(client.get(PATH).text)
        found = [page.elements[one][1]["href"] for one in page.find("a", **{"data-testid": "ca"})]
        assert found == links


def test_the_last_refusals_are_listed_with_their_hints(idp, show):
    idp.get("/.well-known/openid-configuration")
    idp.redeem("never-made")
    idp.authorize(prompt="none")
    idp.request("OPTIONS", "/oauth/token", headers={"Origin": "http://localhost:5173"})
    page = show()
    shown = section(page, "refusals")
    first, second, third = (
        shown.index("OPTIONS token 204"),
        shown.index("GET authorize 302 login_required"),
        shown.index("POST token 403 invalid_grant"),
    )
    assert first < second < third
    assert "The browser blocks" in shown
    assert "This tenant never issued such a code" in shown
    assert "client web" in shown
    assert "discovery" not in shown


def test_the_page_is_bounded(idp, show):
    for number in range(30):
        idp.redeem(f"never-made-{number}")
    user = ACME.users[0]
    users = tuple(
        replace(user, user_id=f"auth0|{number}", email=f"{number}@acme.example")
        for number in range(10_000)
    )
    idp.edit(replace(with_client(ACME, "web", callbacks=("http://x.test/",) * 10_000), users=users))
    page = show()
    assert "and 9950 more" in section(page, "users")
    assert section(page, "refusals").count("invalid_grant") == 20
    assert "#30 at" in section(page, "refusals")
    assert "#10 at" not in section(page, "refusals")
    assert len(page.html) < 60_000


@pytest.mark.parametrize("value", ['"><script>alert(1)</script>', "</style><b>", "{{ 7 * 7 }}"])
def test_no_value_of_a_tenant_or_a_request_becomes_markup(parse, value):
    def shown(text):
        user = replace(ACME.users[0], name=text, email=f"{text}@acme.example", username=text)
        client = replace(ACME.clients[0], client_id=text, name=text)
        tenant = replace(ACME.tenant, friendly_name=text)
        document = replace(ACME, tenant=tenant, clients=(client,), users=(user,))
        idp = TenantClient(document)
        idp.authorize(client_id=text + "x")
        idp.get(f"/{text.replace(' ', '')}")
        return parse(idp.get(PATH).text)

    hostile, harmless = shown(value), shown("harmless")
    assert [tag for tag, _ in hostile.elements] == [tag for tag, _ in harmless.elements]
    assert value in hostile.text


def test_the_page_may_load_only_its_own_style_and_script(idp):
    answer = idp.get(PATH)
    assert answer.headers["Content-Security-Policy"] == (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src data:; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
    assert answer.headers["X-Frame-Options"] == "deny"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert "no-store" in answer.headers["Cache-Control"]
    assert not [name for name, _ in answer.headers if name.startswith("Access-Control")]
    assert "style=" not in answer.text
    assert "<style" not in answer.text


def test_style_and_script_have_a_path_of_their_content(idp, parse):
    page = parse(idp.get(PATH).text)
    [sheet] = [one["href"] for one in page.all("link") if one["rel"] == "stylesheet"]
    [script] = [one["src"] for one in page.all("script")]
    for path, kind in ((sheet, "text/css"), (script, "text/javascript")):
        answer = idp.get(path)
        assert answer.content_type == f"{kind}; charset=utf-8"
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert sha256(answer.data).hexdigest()[:8] == path.split("/")[-2]
        assert idp.get(path.replace(path.split("/")[-2], "00000000")).status_code == 404


def test_the_page_is_not_in_the_journal_and_draws_no_id(idp):
    before = idp.tenant.snapshot()
    idp.get(PATH)
    idp.get("/_mockidp")
    assert idp.tenant.snapshot() == before
    assert len(idp.tenant.journal) == 0


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://localhost:3000"},
        {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "cors"},
        {"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "no-cors"},
    ],
)
def test_a_script_of_another_origin_cannot_read_it(idp, headers):
    answer = idp.get(PATH, headers=headers)
    assert answer.status_code == 403
    assert "alice" not in answer.text


def test_a_person_may_follow_a_link_to_it(idp):
    headers = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
    assert idp.get(PATH, headers=headers).status_code == 200


def test_a_foreign_host_is_refused(idp):
    answer = idp.another_browser("http://evil.example:9400").get(PATH)
    assert answer.status_code == 400
    assert "does not answer to the host" in answer.json["detail"]


@pytest.mark.parametrize("method", ["POST", "DELETE", "OPTIONS"])
def test_another_method_is_refused(idp, method):
    assert idp.request(method, PATH).status_code == 405


def test_with_a_control_token_the_page_shows_only_what_is_public(parse):
    tenant = Tenant(ACME)
    client = WsgiClient(create_app(tenant, control_token="the token"))
    client.post("/oauth/token", base_url="http://localhost:9400", data={"client_id": "web"})
    page = parse(client.get(PATH, base_url="http://localhost:9400").text)
    assert "MOCKIDP_CONTROL_TOKEN is set" in section(page, "token-needed")
    assert "http://localhost:9400/" in section(page, "where")
    for hidden in ("alice", "Passw0rd!", "api.example", "callback", "access_denied"):
        assert hidden not in page.html
    headers = {"Authorization": "Bearer the token"}
    page = parse(client.get(PATH, base_url="http://localhost:9400", headers=headers).text)
    assert "alice" in section(page, "users")
    assert "access_denied" in section(page, "refusals")


def test_a_tenant_below_a_path_has_its_own_page(idp, parse):
    idp.app.ports = lambda: {"http": 9400, "https": 9443}
    made = idp.post("/_mockidp/v1/tenants", json_body={"name": "other"})
    assert made.status_code == 201, made.text
    idp.app.additional.all()[0].tenant.change(ZERO_CONFIG)
    redirected = idp.get("/t/other/", headers=HTML)
    assert redirected.location == "/t/other/_mockidp/"
    page = parse(idp.get(redirected.location).text)
    assert "http://localhost:9400/t/other/" in section(page, "where")
    assert "https://localhost:9443/t/other/" in section(page, "where")
    assert "acme-global" in section(page, "clients")
    at_host = idp.another_browser("http://other.localhost:9400").get(PATH)
    assert "http://other.localhost:9400/" in at_host.text
    assert "acme-global" in at_host.text
    assert "acme-global" not in idp.get(PATH).text
    gone = idp.get("/t/nobody/_mockidp/")
    assert gone.status_code == 404
    assert "There is no tenant 'nobody'." in hint(gone)


def test_the_guides_that_the_page_links_to_exist(show):
    found = [one["href"] for one in show().all("a") if one["href"].startswith(DOCS_URL)]
    paths = [path for _, path in overview.GUIDES]
    assert found == [f"{DOCS_URL}/{path}" for path in paths]
    assert [path for path in paths if not (DOCS / path).is_file()] == []
