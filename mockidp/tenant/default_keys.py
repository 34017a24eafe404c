"""The process's own signing keys: made once, and early.

TokenMethods an RSA key takes 8 to 92 ms and needs no lock of the interpreter, so the command line
begins with it and imports the rest meanwhile. This module imports nothing else for that.
"""

from __future__ import annotations

from functools import cache

from cryptography.hazmat.primitives.asymmetric import rsa

from mockidp.protocol.keys import generate_private_key


@cache
def make_private_keys() -> tuple[rsa.RSAPrivateKey, rsa.RSAPrivateKey]:
    """Return the current and the next key; the second call gives the same ones."""
    return generate_private_key(), generate_private_key()
