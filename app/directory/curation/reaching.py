"""Whether a web address answers, without being led to any machine that is not public.

Every name is resolved here, every address it has is checked, and the connection goes to the checked address itself: a
name that says something else a moment later changes nothing. One redirect is followed, and checked like the first.
"""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPResponse
from urllib.parse import SplitResult, urljoin, urlsplit

from app.core.public_addresses import PORTS, is_public, system_addresses

SECONDS_A_STEP = 5
SECONDS_A_REQUEST = 8
AGENT = "Waymark link check"
REDIRECTS = frozenset({301, 302, 303, 307, 308})
# A site that asks for a sign-in or turns programs away is there; these say that the page is not.
GONE = frozenset({404, 410})

Resolve = Callable[[str, int], list[str]]
MayConnect = Callable[[str, int], bool]


class NotReached(Exception):
    """Nothing answers there, or nothing that may be asked."""


@dataclass(frozen=True, slots=True)
class Ways:
    """How names become addresses, and which addresses may be connected to."""

    resolve: Resolve
    may_connect: MayConnect


PUBLIC_WEB = Ways(system_addresses, is_public)


def answers(url: str, ways: Ways = PUBLIC_WEB) -> bool:
    """Whether a page is there: HEAD is asked first, GET where that is not liked."""
    return any(_is_there(method, url, ways) for method in ("HEAD", "GET"))


def _is_there(method: str, url: str, ways: Ways) -> bool:
    try:
        status, onward = _ask(method, url, ways)
        if status in REDIRECTS and onward:
            status, _onward = _ask(method, urljoin(url, onward), ways)
    except (NotReached, OSError, HTTPException, ValueError):
        return False
    if method == "HEAD":
        return status < 400
    return status < 500 and status not in GONE


def _ask(method: str, url: str, ways: Ways) -> tuple[int, str]:
    """The status and, of a redirect, where to. The body is never read."""
    parts = urlsplit(url)
    host, port = _host_and_port(parts)
    connection = _to_checked_address(parts.scheme, host, port, ways)
    over = threading.Timer(SECONDS_A_REQUEST, _shut, [connection.sock])
    over.start()
    try:
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request(method, target, headers={"User-Agent": AGENT, "Accept": "*/*", "Connection": "close"})
        response: HTTPResponse = connection.getresponse()
        return response.status, response.getheader("Location") or ""
    finally:
        over.cancel()
        connection.close()


def _host_and_port(parts: SplitResult) -> tuple[str, int]:
    if parts.scheme not in PORTS or not parts.hostname or parts.username is not None:
        raise NotReached("not a web address")
    host = parts.hostname
    return host if ":" in host else host.encode("idna").decode("ascii"), parts.port or PORTS[parts.scheme]


def _to_checked_address(scheme: str, host: str, port: int, ways: Ways) -> HTTPConnection:
    addresses = ways.resolve(host, port)
    if not addresses or not all(ways.may_connect(address, port) for address in addresses):
        raise NotReached("not a public address")
    connection = HTTPConnection(host, port, timeout=SECONDS_A_STEP)
    connection.sock = _first_that_opens(addresses, port)
    if scheme == "https":
        connection.default_port = PORTS["https"]  # so that the Host header names no port
        try:
            connection.sock = ssl.create_default_context().wrap_socket(connection.sock, server_hostname=host)
        except BaseException:
            connection.close()
            raise
    return connection


def _first_that_opens(addresses: list[str], port: int) -> socket.socket:
    problem: OSError | None = None
    for address in addresses[:2]:
        try:
            return socket.create_connection((address, port), timeout=SECONDS_A_STEP)
        except OSError as error:
            problem = error
    raise NotReached("nothing answers") from problem


def _shut(sock: socket.socket | None) -> None:
    """End a connection that drips on and on; whoever reads from it gets an error."""
    if sock is not None:
        try:
            sock.shutdown(socket.SHUT_RDWR)
        except OSError:
            return
