"""A reverse proxy that leads each browser back to the replica it came to first, by a cookie, as the cluster's ingress does.

One request a connection, then bytes both ways: so web sockets and uploads pass through unread.
"""

from __future__ import annotations

import re
import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import cycle

Address = tuple[str, int]


class Proxy(socketserver.ThreadingTCPServer):
    """Before replicas; without a cookie's name each request goes to the next. `led` lists which replica each request
    went to.
    """

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, replicas: list[Address], cookie: str | None) -> None:
        super().__init__(("127.0.0.1", 0), _Visit)
        self.replicas, self.cookie = replicas, cookie
        self.next, self.led = cycle(range(len(replicas))), list[int]()

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Visit(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        proxy = self.server
        assert isinstance(proxy, Proxy)
        with suppress(OSError):
            head, rest = _head(self.request)
            if not head:
                return
            known = re.search(rf"^cookie:.*\b{proxy.cookie}=(\d+)".encode(), head, re.MULTILINE | re.IGNORECASE)
            number = int(known[1]) if known else next(proxy.next)
            proxy.led.append(number)
            if b"upgrade: websocket" not in head.lower():
                head = re.sub(rb"(?im)^connection:.*\r\n", b"", head) + b"Connection: close\r\n"
            with socket.create_connection(proxy.replicas[number]) as replica:
                replica.sendall(head + b"\r\n" + rest)
                threading.Thread(target=_pour, args=(self.request, replica), daemon=True).start()
                head, rest = _head(replica)
                if proxy.cookie and not known:
                    head += f"Set-Cookie: {proxy.cookie}={number}; Path=/; SameSite=Lax\r\n".encode()
                self.request.sendall(head + b"\r\n" + rest)
                _pour(replica, self.request)


def _head(source: socket.socket) -> tuple[bytes, bytes]:
    """A message's first line and headers, without the empty line behind them, and what came with them."""
    data = b""
    while b"\r\n\r\n" not in data:
        more = source.recv(65536)
        if not more:
            return b"", b""
        data += more
    head, _, rest = data.partition(b"\r\n\r\n")
    return head + b"\r\n", rest


def _pour(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
    with suppress(OSError):
        target.shutdown(socket.SHUT_WR)


@contextmanager
def proxied(replicas: list[Address], cookie: str | None) -> Iterator[Proxy]:
    """A proxy at work."""
    with Proxy(replicas, cookie) as proxy:
        threading.Thread(target=proxy.serve_forever, daemon=True).start()
        yield proxy
        proxy.shutdown()
