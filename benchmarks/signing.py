"""Bare RSA-2048 signing, the upper limit for a server that signs tokens."""

import os
import subprocess
import sys
import time
from pathlib import Path

from scratch import Scratch

_LENGTH = 600
"""Approximate number of bytes of a token's header and payload."""


class Signer:
    """A process on the servers' core that signs on request."""

    def __init__(self, scratch: Scratch, core: int) -> None:
        self._process = subprocess.Popen(
            (scratch.python, Path(__file__), str(core)),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def per_second(self, seconds: float) -> float:
        """Sign for the given time and return the signatures per second."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(f"{seconds}\n")
        self._process.stdin.flush()
        return float(self._process.stdout.readline())

    def stop(self) -> None:
        """End the process by closing its input."""
        self._process.communicate(timeout=10)


def _sign_on_request() -> None:
    from cryptography.hazmat.primitives.asymmetric import padding, rsa
    from cryptography.hazmat.primitives.hashes import SHA256

    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    message, scheme, digest = b"x" * _LENGTH, padding.PKCS1v15(), SHA256()
    for line in sys.stdin:
        until, count = (started := time.perf_counter()) + float(line), 0
        while (now := time.perf_counter()) < until:
            key.sign(message, scheme, digest)
            count += 1
        print(count / (now - started), flush=True)


if __name__ == "__main__":
    os.sched_setaffinity(0, {int(sys.argv[1])})
    _sign_on_request()
