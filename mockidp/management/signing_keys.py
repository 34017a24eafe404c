"""The keys that sign tokens.

Auth0: a rotation makes the next key the current one. Only a previous key can be revoked. Source:
docs/fidelity.md.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from mockidp.management.operation import Call, Operation
from mockidp.management.refusals import not_found
from mockidp.protocol.errors.refusal import ApiRefusal
from mockidp.protocol.tokens.keys import CERTIFICATE_NAME, TenantKey
from mockidp.x509.formats import to_fingerprint, to_pem, to_pkcs7

_READ = ("read:signing_keys",)
_WRITE = ("create:signing_keys", "update:signing_keys")


def _list(call: Call) -> Any:
    current, following, *previous = call.tenant.keys.published
    return [
        _show(current, "current"),
        _show(following, "next"),
        *(_show(one, "previous") for one in previous),
    ]


def _get(call: Call) -> Any:
    found = next((one for one in _list(call) if one["kid"] == call.id), None)
    with call.tenant.trace.check("key", kid=call.id, found=found is not None):
        if found is None:
            raise _no_key(call)
    return found


def _rotate(call: Call) -> Any:
    kid = call.tenant.rotate_keys()
    call.tenant.trace.note(kid=kid)
    return _named(call.tenant.keys.current)


def _revoke(call: Call) -> Any:
    key = call.tenant.keys.find(call.id)
    with call.tenant.trace.check("key", kid=call.id, found=key is not None):
        if key is None:
            raise _no_key(call)
    existed = call.tenant.revoke_key(call.id)
    with call.tenant.trace.check("previous_key", kid=call.id):
        if not existed:
            raise ApiRefusal(
                HTTPStatus.BAD_REQUEST,
                "Only a previous signing key can be revoked.",
                error_code="operation_not_supported",
                hint=f"The key {call.id} is the current or the next key. Rotate the keys first.",
            )
    return _named(key)


def _no_key(call: Call) -> ApiRefusal:
    known = ", ".join(key.kid for key in call.tenant.keys.published)
    return not_found(
        "The signing key does not exist.",
        code="inexistent_signing_key",
        hint=f"No key has the kid {call.id!r}, or it was revoked. Known: {known}.",
    )


def _named(key: TenantKey) -> dict[str, Any]:
    return {"cert": _certificate(key), "kid": key.kid}


def _show(key: TenantKey, standing: str) -> dict[str, Any]:
    fingerprint = to_fingerprint(key.certificate).decode()
    return {
        "kid": key.kid,
        "cert": _certificate(key),
        "pkcs7": _with_crlf(to_pkcs7(key.certificate)),
        "current": standing == "current",
        "next": standing == "next",
        "previous": standing == "previous",
        "fingerprint": fingerprint,
        "thumbprint": fingerprint.replace(":", ""),
        "revoked": False,
    }


def certificates_of(key: TenantKey) -> dict[str, str]:
    """Return the certificates of a key, as each client has them."""
    return {
        "cert": _certificate(key),
        "pkcs7": _with_crlf(to_pkcs7(key.certificate)),
        "subject": f"/CN={CERTIFICATE_NAME}",
    }


def _certificate(key: TenantKey) -> str:
    return _with_crlf(to_pem(key.certificate))


def _with_crlf(pem: bytes) -> str:
    return pem.decode().replace("\n", "\r\n")


OPERATIONS = (
    Operation(
        title="Get all Application Signing Keys", method="GET", path="/keys/signing", scopes=_READ,
        handler=_list,
    ),
    Operation(
        title="Get an Application Signing Key by its key id", method="GET",
        path="/keys/signing/{id}", scopes=_READ, handler=_get,
    ),
    Operation(
        title="Rotate the Application Signing Key", method="POST", path="/keys/signing/rotate",
        scopes=_WRITE, handler=_rotate, status=HTTPStatus.CREATED,
    ),
    Operation(
        title="Revoke an Application Signing Key by its key id", method="PUT",
        path="/keys/signing/{id}/revoke", scopes=_WRITE, handler=_revoke,
    ),
)  # fmt: skip
