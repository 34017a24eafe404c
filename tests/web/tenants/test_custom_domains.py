"""A custom domain selects its tenant among those of a server."""

import json

import pytest

from helpers.tenant_client import hint
from mockidp.tenant.config.load import parse_tenant

DISCOVERY = "/.well-known/openid-configuration"
LOGIN, BRAND = "login.acme.example", "id.brand.example"


def with_domain(*names):
    return {"customDomains": [{"domain": one} for one in names], "mockidp": {}}


@pytest.fixture
def acme(first):
    """Create the additional tenant `acme` with a custom domain."""
    first.make(name="acme", tenant=with_domain(LOGIN))


def issuer_at(first, url):
    answer = first.at(url).get(DISCOVERY)
    assert answer.status_code == 200, answer.text
    return answer.json["issuer"]


def tenant_at(first, url):
    """Return the tenant at a URL, by its keys' ids."""
    return first.at(url).get("/_mockidp/v1/tenant").json


@pytest.mark.usefixtures("acme")
def test_a_custom_domain_selects_its_tenant(first):
    first.make(name="brand", tenant=with_domain(BRAND))
    for host, name in ((LOGIN, "acme"), (BRAND, "brand")):
        url = f"http://{host}:9400"
        assert issuer_at(first, url) == f"{url}/"
        assert tenant_at(first, url) == tenant_at(first, f"http://localhost:9400/t/{name}")


@pytest.mark.usefixtures("acme")
def test_a_custom_domain_of_one_tenant_is_unknown_below_the_prefix_of_another(first):
    first.make(name="brand", tenant=with_domain(BRAND))
    refused = first.at(f"http://{LOGIN}:9400/t/brand").get(DISCOVERY)
    assert refused.status_code == 400
    assert "does not answer to the host 'login.acme.example'" in hint(refused)


@pytest.mark.usefixtures("acme")
def test_a_host_that_no_tenant_has_is_refused(first):
    refused = first.at("http://other.example:9400").get(DISCOVERY)
    assert refused.status_code == 400
    assert "and the tenant's `customDomains`" in hint(refused)


@pytest.mark.usefixtures("acme")
def test_a_custom_domain_of_several_tenants_needs_a_prefix(first):
    first.make(name="twin", tenant=with_domain(LOGIN))
    refused = first.at(f"http://{LOGIN}:9400").get(DISCOVERY)
    assert refused.status_code == 404
    assert hint(refused) == (
        "Host login.acme.example is a custom domain of several tenants: acme, twin. Add the prefix of "
        "the tenant to the path, such as /t/acme/authorize, or change the domain."
    )
    url = f"http://{LOGIN}:9400/t/twin"
    assert issuer_at(first, url) == f"{url}/"


@pytest.mark.usefixtures("acme")
def test_the_host_name_of_a_tenant_is_not_a_custom_domain_of_the_first(first):
    first.post("/_mockidp/v1/custom-domains", json_body={"domain": "acme.localhost"})
    refused = first.at("http://acme.localhost:9400").get(DISCOVERY)
    assert refused.status_code == 404
    assert hint(refused) == (
        "Host acme.localhost is a custom domain of the first tenant, and the host name of tenant "
        "acme. Add the prefix of the tenant to the path, such as /t/acme/authorize, or change the "
        "domain."
    )


def test_the_first_tenants_custom_domain_is_its_own_although_a_copy_has_it(first):
    first.tenant.change(first.tenant.document)
    first.post("/_mockidp/v1/custom-domains", json_body={"domain": LOGIN})
    first.make(name="copy")
    url = f"http://{LOGIN}:9400"
    assert issuer_at(first, url) == f"{url}/"
    assert first.at(url).get("/_mockidp/v1/tenants").status_code == 200
    assert issuer_at(first, f"{url}/t/copy") == f"{url}/t/copy/"


def test_a_copy_of_a_tenant_whose_issuer_is_a_custom_domain_has_one_issuer(first):
    settings = {"issuer": f"http://{LOGIN}:9400/"}
    document = parse_tenant(json.dumps(with_domain(LOGIN) | {"mockidp": settings}))
    first.tenant.change(document)
    url = f"http://{LOGIN}:9400/t/copy"
    assert first.make(name="copy")["issuer"] == f"{url}/"
    assert issuer_at(first, "http://localhost:9400/t/copy") == f"{url}/"
    assert issuer_at(first, url) == f"{url}/"


@pytest.mark.usefixtures("acme")
def test_a_removed_tenants_custom_domain_is_refused(first):
    assert first.request("DELETE", "/_mockidp/v1/tenants/acme").status_code == 204
    assert first.at(f"http://{LOGIN}:9400").get(DISCOVERY).status_code == 400
