"""Which requests are intercepted, and which tenant answers them."""

import threading

import pytest
import requests

import mockidp
from mockidp import MockIdP, MockIdPError, intercept
from mockidp.tenant.tenant import Tenant

DOMAIN = "acme.eu.auth0.com"
CALLBACK = "http://localhost:3000/callback"


def test_url_and_issuer_have_the_domain(idp, issuer_of):
    assert (idp.url, idp.issuer) == (f"https://{DOMAIN}", f"https://{DOMAIN}/")
    assert issuer_of(DOMAIN) == f"https://{DOMAIN}/"


@pytest.mark.parametrize(
    ("host", "scheme", "issuer"),
    [
        ("ACME.eu.Auth0.com", "https", f"https://{DOMAIN}/"),
        (DOMAIN, "http", f"http://{DOMAIN}/"),
        (f"{DOMAIN}:443", "https", f"https://{DOMAIN}/"),
        (f"{DOMAIN}:80", "http", f"http://{DOMAIN}/"),
        (f"user:secret@{DOMAIN}", "https", f"https://{DOMAIN}/"),
    ],
)
def test_every_spelling_of_the_domain_is_intercepted(idp, issuer_of, host, scheme, issuer):
    assert issuer_of(host, scheme) == issuer


@pytest.mark.parametrize(
    "domain", ["login.acme.example", "Login.Acme.Example", "xn--bcher-kva.example"]
)
def test_a_custom_domain_is_intercepted(domain, issuer_of):
    with intercept(domain) as idp:
        assert issuer_of(domain) == idp.issuer == f"https://{domain.lower()}/"


def test_a_domain_may_have_a_port(issuer_of):
    with intercept("idp.example:8443") as idp:
        assert idp.url == "https://idp.example:8443"
        assert issuer_of("idp.example:8443") == "https://idp.example:8443/"
        assert issuer_of("idp.example:8443", "http") == "http://idp.example:8443/"


def test_another_port_is_another_host(other_url):
    host = other_url.removeprefix("http://").strip("/")
    with intercept(host.partition(":")[0]):
        assert requests.get(other_url, timeout=5).text == "other"
    with intercept(host):
        assert requests.get(other_url, timeout=5).status_code == 404


def test_requests_for_other_hosts_are_passed_through(idp, other_url):
    assert requests.get(other_url, timeout=5).text == "other"
    assert len(idp.journal) == 0


def test_a_redirect_may_leave_the_domain(idp, other_url):
    link = idp.impersonation_link("alice", client="app", callback_url=other_url, state="s")
    answer = requests.get(link, timeout=5)
    assert (answer.text, answer.history[0].status_code) == ("other", 302)


@pytest.mark.parametrize(
    "domain", ["https://acme.eu.auth0.com", "acme/", "", "a b", "bücher.example"]
)
def test_an_invalid_domain_is_rejected(domain):
    with pytest.raises(MockIdPError, match=r"acme\.eu\.auth0\.com"):
        intercept(domain)


@pytest.mark.parametrize("url", [f"ftp://{DOMAIN}:21/", "gopher://[", "x"])
def test_requests_handles_other_schemes(idp, url):
    with requests.Session() as session, pytest.raises(requests.exceptions.InvalidSchema):
        session.get_adapter(url)


def test_requests_rejects_an_invalid_port(idp):
    with pytest.raises(requests.exceptions.InvalidURL):
        requests.get(f"https://{DOMAIN}:x/", timeout=5)
    with requests.Session() as session:
        assert session.get_adapter(f"https://{DOMAIN}:x/") is session.adapters["https://"]


def test_nothing_is_intercepted_after_the_block():
    with intercept("localhost:1"):
        assert requests.get("http://localhost:1/authorize", timeout=5).status_code == 400
    with pytest.raises(requests.ConnectionError):
        requests.get("http://localhost:1/authorize", timeout=5)


def test_each_block_has_its_own_tenant(get_jwks):
    interception = intercept(DOMAIN)
    with interception as first:
        first.add_user("carol")
        get_jwks()
    with interception as second:
        assert "auth0|carol" not in second.tenant.directory.users
        assert len(second.journal) == 0


def test_tenant_settings_and_seed_work_as_for_mockidp(issuer_of):
    settings = {"issuer": "https://login.acme.example/"}
    with intercept(DOMAIN, tenant={"users": []}, settings=settings, seed=7) as idp:
        assert issuer_of(DOMAIN) == idp.issuer == "https://login.acme.example/"
        assert not idp.tenant.directory.users
    with intercept(DOMAIN, seed=7) as first, intercept("b.example", seed=7) as second:
        assert first.tenant.ids.opaque_id() == second.tenant.ids.opaque_id()


def test_a_given_tenant_keeps_its_state(get_jwks):
    tenant = Tenant()
    with intercept(DOMAIN, tenant=tenant):
        get_jwks()
    assert len(tenant.journal) == 1


def test_a_tenant_with_a_server_can_also_be_intercepted(get_jwks, issuer_of):
    with MockIdP() as served, intercept(DOMAIN, idp=served) as idp:
        fault = served.fault("jwks", status=503, times=1)
        assert issuer_of(DOMAIN) == idp.issuer != served.issuer
        assert issuer_of(served.url.removeprefix("http://"), "http") == served.issuer
        assert get_jwks() == 503
        assert (fault.fired, len(served.journal)) == (1, 3)


def test_a_given_tenant_keeps_its_faults_after_the_interception(get_jwks):
    idp = MockIdP()
    idp.fault("jwks", status=503)
    with intercept(DOMAIN, idp=idp):
        assert get_jwks() == 503
    assert len(idp.faults) == 1


def test_idp_cannot_be_combined_with_options_of_a_new_tenant():
    with pytest.raises(TypeError, match="tenant and seed"):
        intercept(DOMAIN, idp=MockIdP(), tenant={}, seed=1)


def test_two_nested_domains_are_two_tenants(get_jwks):
    for outer, inner in ((DOMAIN, "b.example"), ("b.example", DOMAIN)):
        with intercept(outer) as first:
            with intercept(inner) as second:
                assert (get_jwks(outer), get_jwks(inner)) == (200, 200)
                assert (len(first.journal), len(second.journal)) == (1, 1)
            assert get_jwks(outer) == 200


def test_the_inner_of_two_blocks_for_one_domain_answers(get_jwks):
    with intercept(DOMAIN) as outer:
        with intercept(DOMAIN) as inner:
            get_jwks()
        get_jwks()
    assert (len(inner.journal), len(outer.journal)) == (1, 1)


def test_blocks_may_end_in_any_order(get_jwks):
    first, second = intercept(DOMAIN), intercept("b.example")
    first.__enter__()
    second.__enter__()
    first.__exit__(None, None, None)
    assert get_jwks("b.example") == 200
    second.__exit__(None, None, None)


def test_each_thread_can_have_its_own_block(get_jwks):
    barrier, seen = threading.Barrier(4), {}

    def run(domain):
        with intercept(domain) as idp:
            barrier.wait()
            statuses = [get_jwks(domain) for _ in range(5)]
            seen[domain] = (statuses, len(idp.journal))
            barrier.wait()

    domains = [f"{letter}.example" for letter in "abcd"]
    threads = [threading.Thread(target=run, args=(domain,)) for domain in domains]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == dict.fromkeys(domains, ([200] * 5, 5))


def test_requests_from_another_thread_are_intercepted(idp, get_jwks):
    statuses = []
    thread = threading.Thread(target=lambda: statuses.append(get_jwks()))
    thread.start()
    thread.join()
    assert statuses == [200]


def test_intercept_is_exported():
    assert mockidp.intercept is intercept
    assert callable(mockidp.intercept)
