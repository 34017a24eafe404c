"""An authenticator in software: it creates passkeys and answers challenges, without a browser.

Spec: Web Authentication Level 2, 6.3.2 and 6.3.3; attestation `none`, 8.7.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePrivateKey,
)
from cryptography.hazmat.primitives.asymmetric.ec import generate_private_key as new_ec_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key as new_rsa_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_der_private_key,
)

from mockidp.errors import MockIdPError
from mockidp.protocol.tokens.base64url import base64url, unbase64url
from mockidp.protocol.webauthn.authenticator_data import (
    ATTESTED,
    BACKED_UP,
    BACKUP_ELIGIBLE,
    PRESENT,
    VERIFIED,
)
from mockidp.protocol.webauthn.cbor import encode_cbor
from mockidp.protocol.webauthn.ceremony import CREATE, EDDSA, ES256, GET, PUBLIC_KEY, RS256
from mockidp.protocol.webauthn.cose import dump_public_key

_FLAGS = PRESENT | VERIFIED | BACKUP_ELIGIBLE | BACKED_UP
AAGUID = "00000000-0000-0000-0000-000000000000"
"""The id of a model that does not tell it, as with attestation `none`."""
PrivateKey = EllipticCurvePrivateKey | Ed25519PrivateKey | RSAPrivateKey


@dataclass
class SoftwarePasskey:
    """A passkey that an authenticator holds. Binary values are in base64url."""

    id: str
    """The id of the credential."""
    rp_id: str
    """The relying party."""
    user_handle: str
    """The `user.id` of its user."""
    private_key: str
    """The private key, as PKCS #8."""
    sign_count: int = 0
    """How often it was used."""


@dataclass
class SoftwareAuthenticator:
    """An authenticator, which answers challenges as a browser with a platform authenticator does.

    Attributes:
        origin: Where the challenges are answered: the origin of the app's page.
        passkeys: The passkeys that it holds. A login uses the newest one of the relying party.
    """

    origin: str
    passkeys: list[SoftwarePasskey] = field(default_factory=list)

    def create(self, options: Mapping[str, Any]) -> dict[str, Any]:
        """Create a passkey, as navigator.credentials.create() does. Return it as JSON.

        Args:
            options: `authn_params_public_key` of a sign-up or an enrollment.

        Raises:
            MockIdPError: No algorithm is supported.
        """
        algorithms = [one["alg"] for one in options["pubKeyCredParams"]]
        key = new_key(algorithms)
        made = SoftwarePasskey(
            id=new_id(),
            rp_id=options["rp"]["id"],
            user_handle=options["user"]["id"],
            private_key=dump_private_key(key),
        )
        self.passkeys.append(made)
        credential_id = unbase64url(made.id)
        attested = (
            bytes(16)
            + len(credential_id).to_bytes(2)
            + credential_id
            + dump_public_key(key.public_key())
        )
        data = _authenticator_data(made, ATTESTED) + attested
        attestation = {"fmt": "none", "attStmt": {}, "authData": data}
        return _credential(
            made,
            clientDataJSON=base64url(self._client_data(CREATE, options)),
            attestationObject=base64url(encode_cbor(attestation)),
            transports=["internal"],
        )

    def get(self, options: Mapping[str, Any]) -> dict[str, Any]:
        """Answer a challenge, as navigator.credentials.get() does. Return the answer as JSON.

        Args:
            options: `authn_params_public_key` of a login.

        Raises:
            MockIdPError: It holds no passkey of the relying party.
        """
        held = [one for one in self.passkeys if one.rp_id == options["rpId"]]
        if not held:
            known = ", ".join(one.rp_id for one in self.passkeys) or "none"
            raise MockIdPError(
                f"The authenticator has no passkey of {options['rpId']}. Relying parties: {known}."
            )
        used = held[-1]
        used.sign_count += 1
        data = _authenticator_data(used, 0)
        client_data = self._client_data(GET, options)
        key = load_der_private_key(unbase64url(used.private_key), None)
        return _credential(
            used,
            authenticatorData=base64url(data),
            clientDataJSON=base64url(client_data),
            signature=base64url(_sign(key, data + hashlib.sha256(client_data).digest())),
            userHandle=used.user_handle,
        )

    def _client_data(self, kind: str, options: Mapping[str, Any]) -> bytes:
        values = {"type": kind, "challenge": options["challenge"], "origin": self.origin}
        return json.dumps(values | {"crossOrigin": False}).encode()


def new_id() -> str:
    """Return a random id of a credential."""
    return base64url(os.urandom(16))


def dump_private_key(key: PrivateKey) -> str:
    """Return a private key as PKCS #8 in base64url."""
    return base64url(key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()))


def new_key(algorithms: list[int]) -> PrivateKey:
    """Return a new key for the first algorithm that is supported.

    Raises:
        MockIdPError: None is.
    """
    for one in algorithms:
        if one == ES256:
            return new_ec_key(SECP256R1())
        if one == EDDSA:
            return Ed25519PrivateKey.generate()
        if one == RS256:
            return new_rsa_key(65537, 2048)
    raise MockIdPError(f"The authenticator has none of the algorithms {algorithms}.")


def _authenticator_data(passkey: SoftwarePasskey, flags: int) -> bytes:
    rp_id_hash = hashlib.sha256(passkey.rp_id.encode()).digest()
    return rp_id_hash + bytes([_FLAGS | flags]) + passkey.sign_count.to_bytes(4)


def _sign(key: Any, data: bytes) -> bytes:
    if isinstance(key, Ed25519PrivateKey):
        return key.sign(data)
    if isinstance(key, EllipticCurvePrivateKey):
        return key.sign(data, ECDSA(SHA256()))
    signature: bytes = key.sign(data, PKCS1v15(), SHA256())
    return signature


def _credential(passkey: SoftwarePasskey, **response: Any) -> dict[str, Any]:
    return {
        "id": passkey.id,
        "rawId": passkey.id,
        "type": PUBLIC_KEY,
        "authenticatorAttachment": "platform",
        "clientExtensionResults": {},
        "response": response,
    }
