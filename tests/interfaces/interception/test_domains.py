"""Which requests are intercepted, and which tenant answers them."""

import threading

import pytest
import requests

import mockidp
from mockidp import MockIdP, MockIdPError, intercept
from mockidp.tenant.tenant import Tenant

DOMAIN = "acme.eu.auth0.com"
CALLBACK = "http://localhost:3000/callback"


def test_the_tenant_is_known_by_its_domain(idp, issuer_of):
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
def test_the_domain_is_answered_in_any_spelling(idp, issuer_of, host, scheme, issuer):
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


def test_another_port_is_another_host(other):
    host = other.removeprefix("http://").strip("/")
    with intercept(host.partition(":")[0]):
        assert requests.get(other, timeout=5).text == "other"
    with intercept(host):
        assert requests.get(other, timeout=5).status_code == 404


def test_other_hosts_are_passed_through(idp, other):
    assert requests.get(other, timeout=5).text == "other"
    assert len(idp.journal) == 0


def test_a_redirect_may_lead_out_of_the_domain(idp, other):
    link = idp.impersonation_link("alice", client="app", callback_url=other, state="s")
    answer = requests.get(link, timeout=5)
    assert (answer.text, answer.history[0].status_code) == ("other", 302)


@pytest.mark.parametrize("bad", ["https://acme.eu.auth0.com", "acme/", "", "a b", "bücher.example"])
def test_an_invalid_domain_is_refused(bad):
    with pytest.raises(MockIdPError, match=r"acme\.eu\.auth0\.com"):
        intercept(bad)


@pytest.mark.parametrize("url", [f"ftp://{DOMAIN}:21/", "gopher://[", "x"])
def test_other_schemes_are_left_to_requests(idp, url):
    with requests.Session() as session, pytest.raises(requests.exceptions.InvalidSchema):
        session.get_adapter(url)


def test_an_invalid_port_is_left_to_requests(idp):
    with pytest.raises(requests.exceptions.InvalidURL):
        requests.get(f"https://{DOMAIN}:x/", timeout=5)
    with requests.Session() as session:
        assert session.get_adapter(f"https://{DOMAIN}:x/") is session.adapters["https://"]


def test_nothing_is_intercepted_after_the_block():
    with intercept("localhost:1"):
        assert requests.get("http://localhost:1/authorize", timeout=5).status_code == 400
    with pytest.raises(requests.ConnectionError):
        requests.get("http://localhost:1/authorize", timeout=5)


def test_each_block_has_its_own_tenant(ask):
    interception = intercept(DOMAIN)
    with interception as first:
        first.add_user("carol")
        ask()
    with interception as second:
        assert "auth0|carol" not in second.tenant.directory.users
        assert len(second.journal) == 0


def test_the_parameters_are_those_of_mockidp(issuer_of):
    settings = {"issuer": "https://login.acme.example/"}
    with intercept(DOMAIN, tenant={"users": []}, settings=settings, seed=7) as idp:
        assert issuer_of(DOMAIN) == idp.issuer == "https://login.acme.example/"
        assert not idp.tenant.directory.users
    with intercept(DOMAIN, seed=7) as first, intercept("b.example", seed=7) as second:
        assert first.tenant.ids.opaque_id() == second.tenant.ids.opaque_id()


def test_a_given_tenant_keeps_its_state(ask):
    tenant = Tenant()
    with intercept(DOMAIN, tenant=tenant):
        ask()
    assert len(tenant.journal) == 1


def test_a_served_tenant_can_be_intercepted_as_well(ask, issuer_of):
    with MockIdP() as served, intercept(DOMAIN, idp=served) as idp:
        fault = served.fault("jwks", status=503, times=1)
        assert issuer_of(DOMAIN) == idp.issuer != served.issuer
        assert issuer_of(served.url.removeprefix("http://"), "http") == served.issuer
        assert ask() == 503
        assert (fault.fired, len(served.journal)) == (1, 3)


def test_faults_of_a_given_tenant_outlive_the_interception(ask):
    idp = MockIdP()
    idp.fault("jwks", status=503)
    with intercept(DOMAIN, idp=idp):
        assert ask() == 503
    assert len(idp.faults) == 1


def test_idp_and_parameters_of_a_new_tenant_are_refused_together():
    with pytest.raises(TypeError, match="tenant and seed"):
        intercept(DOMAIN, idp=MockIdP(), tenant={}, seed=1)


def test_two_domains_are_two_tenants_in_either_order(ask):
    for outer, inner in ((DOMAIN, "b.example"), ("b.example", DOMAIN)):
        with intercept(outer) as first:
            with intercept(inner) as second:
                assert (ask(outer), ask(inner)) == (200, 200)
                assert (len(first.journal), len(second.journal)) == (1, 1)
            assert ask(outer) == 200


def test_of_two_blocks_for_one_domain_the_inner_one_answers(ask):
    with intercept(DOMAIN) as outer:
        with intercept(DOMAIN) as inner:
            ask()
        ask()
    assert (len(inner.journal), len(outer.journal)) == (1, 1)


def test_blocks_may_end_in_any_order(ask):
    first, second = intercept(DOMAIN), intercept("b.example")
    first.__enter__()
    second.__enter__()
    first.__exit__(None, None, None)
    assert ask("b.example") == 200
    second.__exit__(None, None, None)


def test_threads_may_have_their_own_blocks(ask):
    barrier, seen = threading.Barrier(4), {}

    def run(domain):
        with intercept(domain) as idp:
            barrier.wait()
            statuses = [ask(domain) for _ in range(5)]
            seen[domain] = (statuses, len(idp.journal))
            barrier.wait()

    domains = [f"{letter}.example" for letter in "abcd"]
    threads = [threading.Thread(target=run, args=(domain,)) for domain in domains]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == dict.fromkeys(domains, ([200] * 5, 5))


def test_a_thread_of_the_app_is_intercepted_as_well(idp, ask):
    statuses = []
    thread = threading.Thread(target=lambda: statuses.append(ask()))
    thread.start()
    thread.join()
    assert statuses == [200]


def test_it_is_exported():
    assert mockidp.intercept is intercept
    assert callable(mockidp.intercept)
