"""A keep-alive HTTP/1.1 server for one WSGI application, on http and https at once.

It knows nothing of identity providers. A connection has a thread for as long as it lasts, TLS
handshake included, so a client that hangs holds up no other; everything that a client sends
has a limit in size and in time. A request's body is read before the application is called, and
an answer is sent when it is whole: bodies are small here, and neither side can stall the other.
"""

from __future__ import annotations

from mockidp.server.address import Address, parse_address
from mockidp.server.connection import Patience
from mockidp.server.http_server import Server

__all__ = ["Address", "Patience", "Server", "parse_address"]
