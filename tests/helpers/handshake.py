"""A TLS handshake in memory, with a strict client."""

import ssl


def shake_hands(server, client, name):
    """Do a handshake between two contexts. Return the certificate that the client received."""
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    theirs = client.wrap_bio(to_client, to_server, server_hostname=name)
    ours = server.wrap_bio(to_server, to_client, server_side=True)
    for _ in range(3):
        for side in (theirs, ours):
            try:
                side.do_handshake()
            except ssl.SSLWantReadError:
                continue
    return theirs.getpeercert()


def strict_client(**trust):
    """Return a client context with the checks of Python 3.13."""
    context = ssl.create_default_context(**trust)
    context.verify_flags |= ssl.VERIFY_X509_STRICT | ssl.VERIFY_X509_PARTIAL_CHAIN
    return context
