"""Requests to a tenant inside the process: what a server does, without a socket.

A client library's adapter (`mockidp.clients.interception` for requests, `transport` for httpx)
turns the library's request into a WSGI call, and a fault of the connection into the library's own
exception.
"""

from __future__ import annotations
