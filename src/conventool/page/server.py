"""The server of the page: one address on this machine, with a token that changes each time; it ends with Ctrl-C."""

from __future__ import annotations

import secrets
import socket
import threading
import webbrowser
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import uvicorn

from conventool.core.errors import UsageError
from conventool.core.problems import Problem
from conventool.page.guard import Guard
from conventool.page.screens import Screens

__all__ = ["serve"]


def serve(template: str, folder: Path, scratch: Path, port: int, *, browser: bool, told: Callable[[str], None]) -> None:
    """Serve the page until Ctrl-C.

    Args:
        template: the one that screens begin with.
        folder: of the dossier: where documents are written.
        scratch: a private folder for what is sent to the page.
        port: where to listen; 0 for any that is free.
        browser: open it?
        told: is given the address, and how it ends, in French.

    Raises:
        UsageError: the port is taken.
    """
    with socket.socket() as listening:
        try:
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listening.bind(("127.0.0.1", port))
            listening.listen()  # who comes as soon as the address is told waits, and is not turned away
        except OSError as error:
            hint = "Donnez-en un autre, ou 0 pour n’importe lequel : --port 0"
            raise UsageError(Problem("usage", f"Le port {port} est déjà pris.", hint)) from error
        port, token = listening.getsockname()[1], secrets.token_urlsafe(16)
        screens = Screens(template, folder, scratch, f"/{token}")
        address = f"http://127.0.0.1:{port}/{token}/"
        told(f"Ouvrez cette adresse, que cette machine seule peut lire : {address}\nCtrl+C pour finir.")
        if browser:
            threading.Timer(0.5, webbrowser.open, [address]).start()
        config = uvicorn.Config(  # nothing that a person gave is logged
            Guard(screens.app, token, port), log_config=None, log_level="critical", access_log=False, lifespan="off",
            server_header=False, timeout_keep_alive=5, timeout_graceful_shutdown=3,
            h11_max_incomplete_event_size=64 * 1024,
        )  # fmt: skip
        with suppress(KeyboardInterrupt):  # that is how it ends
            uvicorn.Server(config).run(sockets=[listening])
        _end(screens, told)
        told("La page est fermée.")


def _end(screens: Screens, told: Callable[[str], None]) -> None:
    """Wait for the work that is going on: what was begun is ended whole, and its uploads are no longer needed."""
    going_on = [job for job in screens.jobs.values() if job.is_alive()]
    if going_on:
        told("Un travail est en cours : il est mené à son terme. Ctrl+C l’arrête.")
    for job in going_on:
        job.join()
