"""Asking a provider over the network: only public machines, no redirects, little data, not for long.

Whoever administers an organisation types the address, so it is treated like any other that comes from outside.
"""

from __future__ import annotations

import socket
import time
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from app.core.public_addresses import is_loopback, is_public, system_addresses

SECONDS_A_STEP = 5.0
SECONDS_IN_ALL = 10.0
LARGEST = 256 * 1024
AGENT = "Waymark"


class NotReached(requests.RequestException):
    """Nothing answers there, or nothing that may be asked."""


def prepared(session: requests.Session, *, local: bool) -> requests.Session:
    """Have `session` reach public HTTPS servers only; where Waymark itself is `local`, those of this machine too."""
    session.trust_env = False
    session.max_redirects = 0
    session.headers["User-Agent"] = AGENT
    session.adapters.clear()
    session.mount("https://", _Adapter(local=local))
    if local:
        session.mount("http://", _Adapter(local=True))
    return session


class _Adapter(HTTPAdapter):
    """Connects to checked addresses, and reads no more and no longer than it must."""

    def __init__(self, *, local: bool) -> None:
        self._local = local
        super().__init__(max_retries=0)

    def init_poolmanager(self, *arguments: Any, **options: Any) -> None:
        """Use connections that check where they lead."""
        super().init_poolmanager(*arguments, **options)
        self.poolmanager.pool_classes_by_scheme = _pools(local=self._local)

    def send(self, request: requests.PreparedRequest, *_arguments: Any, **options: Any) -> requests.Response:
        """Send, and read the whole answer within the limits."""
        options |= {"stream": True, "timeout": SECONDS_A_STEP, "proxies": {}}
        started = time.monotonic()
        response = super().send(request, **options)
        body = b""
        for chunk in response.iter_content(8192):
            body += chunk
            if len(body) > LARGEST or time.monotonic() - started > SECONDS_IN_ALL:
                response.close()
                raise NotReached("the answer is too large or too slow", request=request)
        response._content = body
        return response


def _pools(*, local: bool) -> dict[str, type[HTTPConnectionPool]]:
    class Plain(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            return _connected(self.host, self.port or 80, local=local)

    class Secure(HTTPSConnection):
        def _new_conn(self) -> socket.socket:
            return _connected(self.host, self.port or 443, local=local)

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls = Secure

    return {"http": PlainPool, "https": SecurePool}


def _connected(host: str, port: int, *, local: bool) -> socket.socket:
    """A connection to the very address that was checked."""
    addresses = system_addresses(host, port)
    if not addresses or not all(is_public(found, port) or (local and is_loopback(found)) for found in addresses):
        raise NotReached("not the address of a public web server")
    problem: OSError | None = None
    for address in addresses[:2]:
        try:
            return socket.create_connection((address, port), timeout=SECONDS_A_STEP)
        except OSError as error:
            problem = error
    raise NotReached("nothing answers") from problem
