"""The signing keys of tenants without configured keys, generated once for the process.

Generating an RSA key takes 8 to 92 ms without holding the interpreter's lock, so the command line
starts it first and imports everything else meanwhile. This module therefore imports little.
"""

from __future__ import annotations

from functools import cache

from cryptography.hazmat.primitives.asymmetric import rsa

from mockidp.protocol.tokens.keys import generate_private_key


@cache
def make_private_keys() -> tuple[rsa.RSAPrivateKey, rsa.RSAPrivateKey]:
    """Return the current and the next key. Each call returns the same ones."""
    return generate_private_key(), generate_private_key()
