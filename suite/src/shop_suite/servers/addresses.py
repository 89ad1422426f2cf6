"""Addresses of databases: other names on the same server, made and dropped."""

from urllib.parse import quote, urlsplit, urlunsplit

import psycopg
from psycopg import sql


def create_database(server: str, name: str) -> str:
    """Make an empty database and return its address. ``server`` is any database's address there."""
    _on_server(server, "CREATE DATABASE {}", name)
    return at_path(server, name)


def drop_database(server: str, name: str) -> None:
    """Throw a database away, whoever is connected to it."""
    _on_server(server, "DROP DATABASE IF EXISTS {} WITH (FORCE)", name)


def at_path(url: str, name: str) -> str:
    """The same address with another database, or another virtual host, at its end."""
    return urlunsplit(urlsplit(url)._replace(path="/" + quote(name, safe="")))


def for_psycopg(url: str) -> str:
    """The address without SQLAlchemy's driver name, as libpq reads it."""
    return url.replace("postgresql+psycopg://", "postgresql://", 1)


def _on_server(server: str, statement: str, name: str) -> None:
    with psycopg.connect(for_psycopg(server), autocommit=True, connect_timeout=10) as connection:
        connection.execute(sql.SQL(statement).format(sql.Identifier(name)))
