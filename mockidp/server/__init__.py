"""A keep-alive HTTP/1.1 server for one WSGI application, on http and https at once.

It knows nothing of identity providers. A connection has a thread for as long as it lasts, TLS
handshake included, so a client that hangs holds up no other; everything that a client sends
has a limit in size and in time. A small body is read before the application is called. A large
one is received as the application reads `wsgi.input`, so that what it refuses takes no memory; if
it leaves some of the body unread, the connection is closed after the answer. An answer is sent
when it is whole.

An application may spoil the delivery of its answer. `environ["mockidp.delivery"]` is a fresh
`Delivery` for every request; what the application sets there before it returns is done:

- `drop = True`: the connection ends without a byte of the answer;
- `truncate = 10`: the head goes out as it is, ten bytes of the body follow, the connection ends;
- `drip = 0.5`: half a second passes between two bytes of the body, unless the server is stopped.

The first goes before the others, which go together. A connection that ends so ends without TLS's
closing alert.
"""

from __future__ import annotations

from mockidp.server.address import Address, parse_address
from mockidp.server.connection import Timeouts
from mockidp.server.delivery import Delivery
from mockidp.server.http_server import Server

__all__ = ["Address", "Delivery", "Server", "Timeouts", "parse_address"]
