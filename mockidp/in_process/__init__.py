"""Requests to a tenant in the same process, without a socket.

The adapters of client libraries (`mockidp.clients.interception` for requests, `transport` for
httpx) turn a request into an `InProcessCall`, and connection faults into the library's exceptions.
"""

from __future__ import annotations
