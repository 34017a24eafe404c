"""The key of another tenant: every client that verifies signatures refuses its tokens.

The key is constant, so that wrong tokens are as repeatable as valid ones.
"""

from __future__ import annotations

from functools import cache

from cryptography.hazmat.primitives.asymmetric import rsa

_EXPONENT = 65537
_P = int(
    "d5d19fbc554e8995f645d0b7711a6a741c9ffe594545e6d0c69dabe9bc6ba038d899119910ca8204"
    "b73011d27468b878a6ed54fc905fdb984832a8a54a63942fdbaea519c9891c12ea7e44043b82e3a6"
    "c4bc089d4424a4c9adefddcf003dd49f4e074a80df6c854bc4e3e27753892cef81831c680d6c08c3"
    "20d7d9021d74ba79",
    16,
)
_Q = int(
    "cbe72ada93233c4d306154e0e18cc6f0124d5a47117e4e2054bb7cf806b9ade9011532b3b49f288f"
    "566c697003ddd8cd79c70d8567c24030e1727b84dc9ed5c057bd0d9deb85f39e7b7745887d9231fb"
    "7cbe490d9b44ee56a6be7e6dc61b8f502b992d2964cc9b2affeb391e4eeb5322cbaf492a9968c0f7"
    "fd2053a7d0c33dfd",
    16,
)


@cache
def foreign_private_key() -> rsa.RSAPrivateKey:
    """Return the key. It is in no JWKS."""
    d = pow(_EXPONENT, -1, (_P - 1) * (_Q - 1))
    numbers = rsa.RSAPrivateNumbers(
        p=_P,
        q=_Q,
        d=d,
        dmp1=rsa.rsa_crt_dmp1(d, _P),
        dmq1=rsa.rsa_crt_dmq1(d, _Q),
        iqmp=rsa.rsa_crt_iqmp(_P, _Q),
        public_numbers=rsa.RSAPublicNumbers(e=_EXPONENT, n=_P * _Q),
    )
    return numbers.private_key(unsafe_skip_rsa_key_validation=True)
