"""PostgreSQL's roles: two for each service and a database of its own (SECURITY.md part 8).

The owner makes tables, when a release is deployed. The service itself may read and change rows and
nothing else, in its own database and in no other.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
from collections.abc import Mapping
from typing import Final

_ROUNDS: Final = 4096


def owner(service: str) -> str:
    """The role that migrates the service's database."""
    return f"{service}_owner"


def roles_sql(passwords: Mapping[str, str]) -> str:
    """For psql, once, as a superuser: both roles and the database of every service.

    ``passwords`` are by role; the text holds their SCRAM verifiers only.
    """
    services = [role for role in passwords if owner(role) in passwords]
    return "\n".join(_of(service, passwords) for service in services)


def _of(service: str, passwords: Mapping[str, str]) -> str:
    mine, own = f'"{service}"', f'"{owner(service)}"'  # "order" is a word of SQL
    return f"""\
CREATE ROLE {own} LOGIN PASSWORD '{verifier(passwords[owner(service)])}';
CREATE ROLE {mine} LOGIN PASSWORD '{verifier(passwords[service])}';
CREATE DATABASE {mine} OWNER {own};
REVOKE ALL ON DATABASE {mine} FROM PUBLIC;
GRANT CONNECT ON DATABASE {mine} TO {mine};
\\connect {service}
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT ALL ON SCHEMA public TO {own};
GRANT USAGE ON SCHEMA public TO {mine};
ALTER DEFAULT PRIVILEGES FOR ROLE {own} IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {mine};
ALTER DEFAULT PRIVILEGES FOR ROLE {own} IN SCHEMA public
    GRANT USAGE, SELECT ON SEQUENCES TO {mine};
"""


def verifier(password: str) -> str:
    """What PostgreSQL keeps instead of the password: SCRAM-SHA-256 (RFC 5802, RFC 7677)."""
    salt = os.urandom(16)
    salted = hashlib.pbkdf2_hmac("sha256", password.encode(), salt, _ROUNDS)
    stored = hashlib.sha256(_keyed(salted, b"Client Key")).digest()
    keys = f"{_text(stored)}:{_text(_keyed(salted, b'Server Key'))}"
    return f"SCRAM-SHA-256${_ROUNDS}:{_text(salt)}${keys}"


def _keyed(key: bytes, words: bytes) -> bytes:
    return hmac.new(key, words, "sha256").digest()


def _text(value: bytes) -> str:
    return base64.b64encode(value).decode()
