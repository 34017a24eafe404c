"""Certificates of clients and of an authority, made by cryptography."""

import datetime as dt
import hashlib
from base64 import urlsafe_b64encode
from dataclasses import replace
from functools import cache
from urllib.parse import quote

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from helpers.acme import ACME, API, GRANTS, web_client
from mockidp.protocol.oauth.grant_types import AUTHORIZATION_CODE, CLIENT_CREDENTIALS, REFRESH_TOKEN
from mockidp.resources.client_credential import (
    ClientAuthenticationMethods,
    Credential,
    TlsClientAuth,
)
from mockidp.resources.client_grant import ClientGrant
from mockidp.resources.custom_domain import CustomDomain

DOMAIN, CNAME_KEY = "login.acme.test", "the-key-of-the-proxy"
SUBJECT = "C=XX\nO=Acme\nCN={}"
KEY = ec.generate_private_key(ec.SECP256R1())


def _name(common_name):
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "XX"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Acme"),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
        ]
    )


@cache
def certificate(common_name, *, issuer=None, is_ca=False):
    """Return a certificate as PEM: self-signed, or signed by the authority that `issuer` names."""
    now = dt.datetime.now(dt.UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(_name(common_name))
        .issuer_name(_name(issuer or common_name))
        .public_key(KEY.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=is_ca, path_length=None), critical=True)
        .sign(KEY, hashes.SHA256())
        .public_bytes(serialization.Encoding.PEM)
        .decode()
    )


def key_pem():
    """Return the private key of all certificates."""
    return KEY.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode()


def thumbprint(pem):
    """Return the thumbprint of a certificate (RFC 8705 3.1)."""
    der = x509.load_pem_x509_certificate(pem.encode()).public_bytes(serialization.Encoding.DER)
    return urlsafe_b64encode(hashlib.sha256(der).digest()).rstrip(b"=").decode()


def credential(kind, **fields):
    """Return a credential of a kind."""
    return Credential(name="its certificate", credential_type=kind, **fields)


def mtls_client(client_id, method, *credentials, **fields):
    """Return a client that authenticates with mutual TLS."""
    methods = ClientAuthenticationMethods(**{method: TlsClientAuth(credentials=credentials)})
    return web_client(
        client_id,
        grant_types=(AUTHORIZATION_CODE, REFRESH_TOKEN, CLIENT_CREDENTIALS),
        client_authentication_methods=methods,
        **fields,
    )


CLIENTS = (
    mtls_client(
        "selfsigned",
        "self_signed_tls_client_auth",
        credential("x509_cert", pem=certificate("selfsigned")),
    ),
    mtls_client(
        "signed",
        "tls_client_auth",
        credential("cert_subject_dn", subject_dn=SUBJECT.format("shop")),
    ),
)
DOCUMENT = replace(
    ACME,
    clients=(*ACME.clients, *CLIENTS),
    client_grants=(
        *GRANTS,
        *(ClientGrant(client_id=one.client_id, audience=API) for one in CLIENTS),
    ),
    custom_domains=(
        CustomDomain(domain=DOMAIN, type="self_managed_certs", cname_api_key=CNAME_KEY),
        CustomDomain(domain="other.acme.test"),
    ),
)


def proxied(pem, verified="FAILED:self signed certificate", **changed):
    """Return the headers of a proxy; None omits one."""
    headers = {
        "client-certificate": quote(pem, safe=""),
        "client-certificate-ca-verified": verified,
        "cname-api-key": CNAME_KEY,
    }
    headers |= {name.replace("_", "-"): value for name, value in changed.items()}
    return {name: value for name, value in headers.items() if value is not None}
