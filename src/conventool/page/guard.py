"""Who may speak with the page: a browser on this machine that knows its address; and how much it may send."""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import Mapping

from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["MOST_BYTES", "WRONG", "Guard", "RefusedError"]

MOST_BYTES = 200 * 2**20
"""Of one request: some hundreds of returned PDF files."""
_MOST_AT_ONCE = 24
_LONGEST_WAIT = 30.0
"""Seconds without a byte of a request that has begun."""
_PAGE = "<!doctype html><html lang=fr><title>Refusé</title><main><h1>Refusé</h1><p>{}</p></main>"
_HEADERS = (
    (b"content-security-policy", b"default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
     b"connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"cache-control", b"no-store"),
)  # fmt: skip


class RefusedError(HTTPException):
    """A request that is not answered, with its status and why, in French."""


WRONG = RefusedError(500, "Le programme s’est trompé ; vos données n’y sont pour rien.")


class Guard:
    """Lets through to an application only what its own pages send.

    Args:
        app: the application; it sees paths without the token.
        token: what the address must begin with.
        port: where the page listens.
    """

    def __init__(self, app: ASGIApp, token: str, port: int) -> None:
        self._app = app
        self._prefix = f"/{token}"
        self._hosts = frozenset(f"{name}:{port}".encode() for name in ("127.0.0.1", "localhost"))
        self._active = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it (ASGI 3)."""
        if scope["type"] != "http":
            return
        begun = False

        async def sending(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                message["headers"] = [*message["headers"], *_HEADERS]
            await send(message)

        self._active += 1
        try:
            self._admit(scope)
            inner = {**scope, "path": scope["path"].removeprefix(self._prefix), "root_path": self._prefix}
            inner["raw_path"] = inner["path"].encode()
            await self._app(inner, _bounded(receive), sending)
        except Exception as error:  # what a person gave is neither shown nor logged
            if not begun:
                told = error if isinstance(error, RefusedError) else WRONG
                page = HTMLResponse(_PAGE.format(told.detail), told.status_code, {"connection": "close"})
                await page(scope, receive, sending)
        finally:
            self._active -= 1

    def _admit(self, scope: Scope) -> None:
        headers: Mapping[bytes, bytes] = dict(scope["headers"])
        if headers.get(b"host") not in self._hosts:
            raise RefusedError(421, "Cette page ne répond qu’à cette machine.")
        path: str = scope["path"]
        if not hmac.compare_digest(path[: len(self._prefix)].encode(), self._prefix.encode()) or not path.startswith(
            f"{self._prefix}/"
        ):
            raise RefusedError(404, "Ouvrez l’adresse entière que « conventool page » a donnée.")
        if scope["method"] not in {"GET", "HEAD"}:
            origin = headers.get(b"origin", b"")
            if origin.removeprefix(b"http://") not in self._hosts:
                raise RefusedError(403, "Cette demande vient d’une autre page.")
        if int(headers.get(b"content-length", b"0") or 0) > MOST_BYTES:
            raise RefusedError(413, f"Cet envoi dépasse {MOST_BYTES // 2**20} Mo : partagez-le.")
        if self._active > _MOST_AT_ONCE:
            raise RefusedError(503, "Trop de demandes à la fois : réessayez dans un instant.")


def _bounded(receive: Receive) -> Receive:
    """The same messages, which must come in time and not be too many bytes, whatever the headers said."""
    received = 0

    async def receiving() -> Message:
        nonlocal received
        try:
            message = await asyncio.wait_for(receive(), _LONGEST_WAIT)
        except TimeoutError as error:
            raise RefusedError(408, "L’envoi s’est arrêté en route : recommencez.") from error
        received += len(message.get("body", b""))
        if received > MOST_BYTES:
            raise RefusedError(413, f"Cet envoi dépasse {MOST_BYTES // 2**20} Mo : partagez-le.")
        return message

    return receiving
