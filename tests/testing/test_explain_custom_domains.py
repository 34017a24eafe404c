"""`explain` says which domain of a tenant issued a token."""

from mockidp import MockIdP

DOMAIN = "https://login.acme.example"


def reasons(idp, **options):
    return " ".join(
        idp.explain(idp.access_token(user="alice", audience="https://api/", **options)).reasons
    )


def test_a_token_of_a_custom_domain_is_explained():
    idp = MockIdP(url="http://localhost:9400")
    assert "Its issuer" not in reasons(idp)
    idp.add_custom_domain("login.acme.example")
    assert (
        f"Its issuer {DOMAIN}/ is the custom domain login.acme.example. An app or API that is "
        "configured with another domain of the tenant refuses it." in reasons(idp, url=DOMAIN)
    )
    assert "is the tenant's own domain" in reasons(idp)
