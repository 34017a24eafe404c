"""The subject of a certificate, and whether it has signed itself.

Spec: RFC 5280 4.1.2.4 and 4.1.2.6; RFC 4514 3 (names of attributes).
Auth0: a subject is text with one attribute in each line, in the order of the certificate.
"""

from __future__ import annotations

from mockidp.x509.der import Element, read_der

_NAMES = {
    "550403": "CN", "550404": "SN", "550405": "serialNumber", "550406": "C", "550407": "L",
    "550408": "ST", "550409": "street", "55040a": "O", "55040b": "OU", "55040c": "title",
    "55042a": "GN", "550461": "organizationIdentifier", "55040f": "businessCategory",
    "0992268993f22c640101": "UID", "0992268993f22c640119": "DC",
    "2a864886f70d010901": "emailAddress",
}  # fmt: skip
"""Short names, as OpenSSL and Node print them, by the object identifier in hexadecimal."""
_VERSION, _BMP_STRING = 0xA0, 0x1E


def subject_of(certificate: bytes) -> str:
    """Return the subject of a certificate, with an attribute in each line.

    Raises:
        ValueError: It is not a certificate.
    """
    return _as_text(_names_of(certificate)[1])


def is_self_issued(certificate: bytes) -> bool:
    """Return whether issuer and subject of a certificate are the same.

    Raises:
        ValueError: It is not a certificate.
    """
    issuer, subject = _names_of(certificate)
    return issuer.content == subject.content


def _names_of(certificate: bytes) -> tuple[Element, Element]:
    """Return issuer and subject."""
    try:
        (whole,) = read_der(certificate)
        fields = read_der(read_der(whole.content)[0].content)
        issuer = 3 if fields[0].tag == _VERSION else 2  # version 1 has no field for its version
        return fields[issuer], fields[issuer + 2]
    except IndexError:
        raise ValueError("not a certificate") from None


def _as_text(name: Element) -> str:
    sets = (read_der(one.content) for one in read_der(name.content))
    return "\n".join(" + ".join(_attribute(one) for one in attributes) for attributes in sets)


def _attribute(attribute: Element) -> str:
    kind, value = read_der(attribute.content)
    encoding = "utf-16-be" if value.tag == _BMP_STRING else "utf-8"
    name = _NAMES.get(kind.content.hex(), kind.content.hex())
    return f"{name}={value.content.decode(encoding, 'replace')}"
