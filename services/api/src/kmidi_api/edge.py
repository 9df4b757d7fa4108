"""What stands around every request: the size of its body, what is counted, what a browser may do with the answer."""

from __future__ import annotations

import time

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .metrics import Metrics
from .problems import problem

METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
HEADERS = [
    (b"x-content-type-options", b"nosniff"),
    (b"cache-control", b"no-store"),
    (b"referrer-policy", b"no-referrer"),
]


class _TooLarge(Exception):
    """The body goes on past the limit."""


class Edge:
    """ASGI middleware: bodies above the limit get 413, what fails gets 500, answers carry HEADERS, requests are counted.

    HEAD is answered wherever GET is (RFC 9110, 9.1): the server sends no body with it.
    """

    def __init__(self, app: ASGIApp, *, metrics: Metrics, max_body_bytes: int) -> None:
        self.app, self.metrics, self.limit = app, metrics, max_body_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        method, began, status, length = scope["method"], time.perf_counter(), 0, 0
        if method == "HEAD":
            scope = {**scope, "method": "GET"}

        async def counted() -> Message:
            nonlocal length
            message = await receive()
            length += len(message.get("body", b""))
            if length > self.limit:
                raise _TooLarge
            return message

        async def marked(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message = {**message, "headers": [*message["headers"], *HEADERS]}
            await send(message)

        try:
            if self._declared(scope) > self.limit:
                raise _TooLarge
            await self.app(scope, counted, marked)
        except _TooLarge:
            refusal = problem(413, f"the body has more than {self.limit} bytes; legal: up to {self.limit}")
            await refusal.response({"connection": "close"})(scope, receive, marked)
        except Exception:
            if not status:
                bug = problem(500, "kmidi has a bug here; the server's log says where")
                await bug.response({"connection": "close"})(scope, receive, marked)
            raise
        finally:
            route = getattr(scope.get("route"), "path", "none")
            method = method if method in METHODS else "other"
            self.metrics.requests.labels(method, route, str(status or 500)).inc()
            self.metrics.seconds.labels(method, route).observe(time.perf_counter() - began)

    @staticmethod
    def _declared(scope: Scope) -> int:
        for name, value in scope["headers"]:
            if name == b"content-length" and value.isdigit():
                return int(value)
        return 0
