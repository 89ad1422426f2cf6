"""Who issues the town's access tokens until the account service does: a key of its own.

Only a development shop has it. It lies beside the shop's data, readable by its owner alone.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from chassis.identity import Identity, Role
from chassis.tokens import SigningKey

FILE: Final = "token-key.pem"
NAME: Final = "dev-key"
GATEWAY_FILE: Final = "gateway-key.pem"
GATEWAY_NAME: Final = "dev-gateway-key"


def key_in(folder: Path) -> SigningKey:
    """The key kept in ``folder``, made if there is none."""
    return _key_in(folder / FILE, NAME)


def gateway_key_in(folder: Path) -> SigningKey:
    """The gateway's own, by which services know that a call came through it."""
    return _key_in(folder / GATEWAY_FILE, GATEWAY_NAME)


def _key_in(path: Path, name: str) -> SigningKey:
    if not path.exists():
        made = Ed25519PrivateKey.generate().private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        with os.fdopen(os.open(path, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600), "wb") as file:
            file.write(made)
    private = serialization.load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(private, Ed25519PrivateKey):
        raise TypeError(f"{path} holds no Ed25519 key.")
    return SigningKey(name, private)


def public_text(key: SigningKey) -> str:
    """The JWKS that services are given."""
    return json.dumps({"keys": [key.public()]})


def shopper(account_id: str) -> Identity:
    """Somebody who buys."""
    return Identity(subject=account_id, role=Role.SHOPPER, session_id=f"of-{account_id}")


def merchant(merchant_id: str) -> Identity:
    """Somebody who sells for ``merchant_id``."""
    return Identity(
        subject=f"clerk-of-{merchant_id}",
        role=Role.MERCHANT,
        session_id=f"of-{merchant_id}",
        merchant_id=merchant_id,
    )
