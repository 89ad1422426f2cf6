"""Whether a town stands somewhere: asked before one is opened, audited or spoken to."""

from __future__ import annotations

import socket
from pathlib import Path
from tempfile import TemporaryFile
from typing import Final

import click

from shop_events.broker import BrokerUnavailable
from shop_events.local.claim import Claim

_PATIENCE_S: Final = 5.0


def must_be_free(bind: str) -> None:
    """Make sure that a town can open at this address.

    Raises:
        ClickException: it is no address, or somebody uses it.
    """
    host, port = _parts(bind)
    with socket.socket() as tried:
        # What was killed a moment ago leaves connections behind, and no listener.
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind((host, port))
        except OSError as error:
            raise click.ClickException(
                f"{bind} cannot be used: {error.strerror}. If the shop is open there already,"
                " close it; or open this one at another address (shop run --bind, serve --port)."
            ) from error


def must_answer(at: str) -> None:
    """Make sure that somebody listens at this address.

    Raises:
        ClickException: it is no address, or nobody does.
    """
    try:
        socket.create_connection(_parts(at), timeout=_PATIENCE_S).close()
    except OSError as error:
        raise click.ClickException(
            f"Nothing answers at {at}. Start the shop first: make run"
        ) from error


def must_be_nobodys(folder: Path) -> None:
    """Make sure that no town runs in this folder.

    Raises:
        ClickException: one does.
    """
    if not (folder / "broker.db").exists():
        return
    try:
        Claim(folder / "broker.db").let_go()
    except BrokerUnavailable as error:
        raise click.ClickException(str(error)) from error


def must_be_writable(folder: Path) -> None:
    """Make sure that the folder exists, or can be made.

    Raises:
        ClickException: it cannot be made, or nothing can be written there.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        TemporaryFile(dir=folder).close()
    except OSError as error:
        raise click.ClickException(
            f"Nothing can be kept in {folder}: {error.strerror}. Name another folder by --data."
        ) from error


def must_hold_a_town(folder: Path) -> None:
    """Make sure that this folder has the databases of a town, and that none runs in it.

    Raises:
        ClickException: there are none, or one does.
    """
    if not (folder / "broker.db").exists():
        raise click.ClickException(f"There is no town in {folder}.")
    must_be_nobodys(folder)


def _parts(address: str) -> tuple[str, int]:
    host, _, port = address.rpartition(":")
    if not host or not port.isdecimal() or int(port) > 65535:
        raise click.ClickException(f"{address} is no address; write it like 127.0.0.1:8000.")
    return host, int(port)
