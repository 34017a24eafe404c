"""An HTTP/1.1 server with persistent connections for one WSGI application, on http and https.

It knows nothing about identity providers. Each connection has its own thread, from the TLS
handshake on, so a client that hangs does not delay others. Everything that a client sends has a
limit in size and in time. A small body is received before the application is called. A large one
is received as the application reads `wsgi.input`, so a body that the application refuses takes no
memory; if part of it is unread, the connection is closed after the response. A response is sent
when it is complete.

An application can disrupt the delivery of its response. `environ["mockidp.delivery"]` is a new
`Delivery` for each request, whose attributes the application may set before it returns:

- `drop = True` closes the connection without a response;
- `truncate = 10` sends the head unchanged and ten bytes of the body, and closes the connection;
- `drip = 0.5` waits half a second between two bytes of the body, unless the server stops.

An application that waits for something asks `is_awaited()` whether its client still waits. It does
not once the server stops.

`drop` overrides the others, which can be combined. Dropped and truncated connections end without
TLS's closing alert.
"""

from __future__ import annotations

from mockidp.server.address import Address, parse_address
from mockidp.server.connection import Timeouts
from mockidp.server.delivery import Delivery
from mockidp.server.http_server import Server

__all__ = ["Address", "Delivery", "Server", "Timeouts", "parse_address"]
