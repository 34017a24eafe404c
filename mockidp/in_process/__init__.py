"""A tenant that is asked inside the process: what a server does, without a socket.

A face over a client library (`mockidp.interception` over requests, `transport` over httpx) turns
the library's request into a WSGI call, and what a fault does to the connection into the library's
own exception.
"""

from __future__ import annotations
