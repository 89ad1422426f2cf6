"""The private keys that sign access tokens, and their rotation (SECURITY.md part 2).

They are PEM, one after the other; the first one signs, all are published. A line ``# kid: name``
before a key gives its id, which is else its thumbprint (RFC 7638). A file of them may be replaced
while the process runs:

    1. add the new key behind the old one, here and in the file of token keys that all services read
    2. when all have read that (seconds), put it first
    3. when the last token of the old one has ended (ten minutes), take the old one away
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from chassis.tokens import SigningKey
from chassis.watched_file import WatchedFile

_ONE_KEY: Final = re.compile(
    r"(?:^# kid: (?P<kid>\S{1,64})[ \t]*\r?\n)?"
    r"(?P<pem>^-----BEGIN [A-Z0-9 ]+-----$.*?^-----END [A-Z0-9 ]+-----$)",
    re.MULTILINE | re.DOTALL,
)


class SigningKeys:
    """The private keys of whoever issues tokens; never shown."""

    def __init__(self, now: Callable[[], tuple[SigningKey, ...]]) -> None:
        self._now = now

    @classmethod
    def of(cls, *keys: SigningKey) -> SigningKeys:
        """These, and no others ever."""
        return cls(lambda: keys)

    @classmethod
    def from_text(cls, text: str) -> SigningKeys:
        """The keys in a PEM text.

        Raises:
            ValueError: there is none, one is no Ed25519 key, or two have the same id.
        """
        return cls.of(*_keys_in(text))

    @classmethod
    def from_file(cls, path: Path) -> SigningKeys:
        """The keys in a file, as it is from time to time.

        Raises:
            OSError or ValueError: it cannot be read now.
        """
        return cls(WatchedFile(path, _keys_in).value)

    def signing(self) -> SigningKey:
        """The key that signs now."""
        return self._now()[0]

    def public(self) -> list[dict[str, object]]:
        """The JWKs of all of them: what was signed, is signed, and will be."""
        return [key.public() for key in self._now()]

    def __repr__(self) -> str:
        return f"SigningKeys({', '.join(key.name for key in self._now())})"


def pem_of(key: SigningKey) -> str:
    """The key as a file of keys has it, with its id. It is a secret."""
    pem = key.private.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return f"# kid: {key.name}\n{pem.decode()}"


def thumbprint(private: Ed25519PrivateKey) -> str:
    """The key's id where it was given none (RFC 7638, RFC 8037 section 2)."""
    public = SigningKey("", private).public()
    needed = {name: public[name] for name in ("crv", "kty", "x")}
    digest = hashlib.sha256(json.dumps(needed, separators=(",", ":")).encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _keys_in(text: str) -> tuple[SigningKey, ...]:
    keys = tuple(_key(found["kid"], found["pem"]) for found in _ONE_KEY.finditer(text))
    if not keys:
        raise ValueError("it holds no private key in PEM")
    if len({key.name for key in keys}) != len(keys):
        raise ValueError("two keys have the same id")
    return keys


def _key(name: str | None, pem: str) -> SigningKey:
    try:
        private = serialization.load_pem_private_key(pem.encode(), password=None)
    except (ValueError, TypeError) as error:
        raise ValueError("a key in it cannot be read") from error
    if not isinstance(private, Ed25519PrivateKey):
        raise ValueError("a key in it is no Ed25519 key")  # noqa: TRY004 - a setting's fault
    return SigningKey(name or thumbprint(private), private)
