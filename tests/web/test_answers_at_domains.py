"""No endpoint mentions another domain of the tenant, whichever domain it is called at."""

import re
from types import SimpleNamespace
from urllib.parse import unquote, urlsplit

import pytest
from werkzeug.test import Client

from helpers.changes_of_tenant.flows import FLOWS, READ_ONLY
from helpers.disk_full import Answer, Mock
from helpers.tenant_client import claims_of
from mockidp.cli.serving.example import example_file
from mockidp.tenant.config.load import load_tenant
from mockidp.tenant.tenant import Tenant
from mockidp.web import endpoints, hosted
from mockidp.web.app import create_app

OWN, CUSTOM, OTHER = (
    "http://localhost:9400", "http://login.acme.test:9400", "http://id.brand.example:9400",
)  # fmt: skip
_RP_ID = re.compile(r'"(rpId|id|name)": ?"login\.acme\.test"')
"""The relying party of passkeys at the custom domain: a host without scheme and port."""
_JWT = re.compile(r"eyJ[\w-]+\.eyJ[\w-]+\.[\w-]*")
_DOMAINS = [{"domain": urlsplit(url).hostname} for url in (CUSTOM, OTHER)]


class MockAtDomain(Mock):
    """The example tenant at one of its domains. It keeps what it answered to apps and browsers."""

    def __init__(self, url):
        self.url = url
        self.texts = []
        self._tenant = Tenant(load_tenant(example_file("acme")))
        self._browser = Client(create_app(self._tenant), use_cookies=False)
        for domain in _DOMAINS:
            assert self.control("POST", "/custom-domains", domain).status == 200
        flags = {"tenant": {"flags": {"enable_custom_domain_in_emails": True}}}
        assert self.control("PATCH", "/tenant", flags).status == 200

    def send(self, method, path, body=None, *, content_type=None, **headers):
        form = "application/x-www-form-urlencoded"
        sent = self._browser.open(
            path, method=method, base_url=self.url, data=body, headers=headers,
            content_type=content_type or (form if body else None),
        )  # fmt: skip
        answer = Answer(
            SimpleNamespace(
                status=sent.status_code,
                headers=sent.headers,
                read=lambda: sent.data.decode(errors="replace").encode(),
            )
        )
        if not path.startswith("/_mockidp/v1"):
            self.texts += [answer.text, *(f"{name}: {one}" for name, one in sent.headers)]
        return answer

    def told(self):
        """Return all that it told apps, browsers and users, tokens without `aud` included."""
        mails = [one.text for one in self._tenant.outbox]
        told = [unquote(one) for one in (*self.texts, *mails)]
        tokens = [claims_of(jwt) for text in told for jwt in _JWT.findall(text)]
        return "\n".join([*told, *(str(one | {"aud": None}) for one in tokens)])


@pytest.mark.parametrize("url", [OWN, CUSTOM])
@pytest.mark.parametrize("kind", FLOWS, ids=" ".join)
def test_no_answer_mentions_another_domain(url, kind):
    mock = MockAtDomain(url)
    assert FLOWS[kind](mock)().status < 500
    told = mock.told()
    assert [one for one in (OWN, CUSTOM, OTHER) if one != url and one in told] == []
    rest = _RP_ID.sub("", told.replace(url, ""))
    assert [one["domain"] for one in _DOMAINS if one["domain"] in rest] == []


@pytest.mark.parametrize("url", [OWN, CUSTOM])
@pytest.mark.parametrize("endpoint", sorted(READ_ONLY))
def test_no_document_mentions_another_domain(url, endpoint):
    mock = MockAtDomain(url)
    routes = [one for one in (*endpoints.routes(), *hosted.routes()) if one.endpoint == endpoint]
    for route in routes:
        for method in route.methods:
            mock.send(method, route.path)
    told = mock.told()
    assert [one for one in (OWN, CUSTOM, OTHER) if one != url and one in told] == []
