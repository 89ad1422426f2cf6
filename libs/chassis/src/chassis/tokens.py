"""Access tokens: JWT signed with EdDSA or ES256 (SECURITY.md part 2, ASVS 9.1 and 9.2).

A service checks every token itself with public keys it was given, so a call that reaches it past
the gateway gains nothing. Whatever a token says about where to find a key is ignored.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final, Protocol

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from jwt.algorithms import OKPAlgorithm

from chassis.identity import Identity, Role
from chassis.strict_json import BadJson, read_object
from chassis.watched_file import WatchedFile
from shop_events.clock import Clock

TYPE: Final = "at+jwt"  # RFC 9068; a refresh or internal token has another and is no access token
LEEWAY: Final = timedelta(seconds=30)
LONGEST_LIFE: Final = timedelta(minutes=10)  # a deny list is kept no longer than this
_ALGORITHMS: Final = {("OKP", "Ed25519"): "EdDSA", ("EC", "P-256"): "ES256"}
_PRIVATE: Final = {"d", "p", "q", "k"}
_REMEMBERED: Final = 1_000  # tokens of people who ask again and again; about a megabyte


class TokenRefused(Exception):
    """The token does not count; the message says why, for the log and not for the caller."""


class DenyList(Protocol):
    """Sessions that were revoked although their tokens still live."""

    def revoked(self, identity: Identity, *, issued_at: datetime) -> bool:
        """Whether a token issued then for this identity no longer counts."""


class KeySet:
    """Public keys by their id. A token's ``kid`` can only choose among these."""

    def __init__(self, now: Callable[[], Mapping[str, jwt.PyJWK]]) -> None:
        """``now`` gives the keys as they are now."""
        self._now = now

    @classmethod
    def of(cls, keys: Mapping[str, jwt.PyJWK]) -> KeySet:
        """These, and no others ever."""
        return cls(lambda: keys)

    @classmethod
    def from_text(cls, text: str) -> KeySet:
        """The keys of a JWKS document.

        Raises:
            ValueError: it is none, a key is of another kind, private, nameless or there twice.
        """
        return cls.of(_public_keys_in(text))

    @classmethod
    def from_file(cls, path: Path) -> KeySet:
        """The keys of a JWKS document in a file, as it is from time to time: keys rotate.

        Raises:
            OSError or ValueError: it cannot be read now.
        """
        return cls(WatchedFile(path, _public_keys_in).value)

    def find(self, name: object) -> jwt.PyJWK | None:
        """The key of this id."""
        return self._now().get(name) if isinstance(name, str) else None

    def __repr__(self) -> str:
        return f"KeySet({', '.join(sorted(self._now())) or 'empty: every token is refused'})"


@dataclass(frozen=True, slots=True)
class Verified:
    """What a token claims, and the key that signed it."""

    claims: Mapping[str, Any]
    key_name: str
    key: jwt.PyJWK


@dataclass(frozen=True, kw_only=True)
class TokenCheck:
    """Says who a token belongs to, or refuses it.

    A signature that was good stays good while its key is in the set: what such a token claims is
    remembered, and its times and the deny list are looked at anew each time it comes.
    """

    keys: KeySet
    issuer: str
    audience: str
    clock: Clock
    deny_list: DenyList | None = None
    _known: dict[str, Verified] = field(default_factory=dict, init=False, repr=False, compare=False)

    def identity(self, token: str) -> Identity:
        """Who ``token`` was issued for.

        Raises:
            TokenRefused: anything at all is wrong with it.
        """
        try:
            claims = self._claims(token)
            who, issued_at = _identity(claims), self._instants(claims)
        except (BadJson, jwt.PyJWTError, KeyError, ValueError, TypeError) as error:
            raise TokenRefused(f"{type(error).__name__}: {error}") from error
        if self.deny_list is not None and self.deny_list.revoked(who, issued_at=issued_at):
            raise TokenRefused(f"Session {who.session_id} was revoked.")
        return who

    def _claims(self, token: str) -> Mapping[str, Any]:
        known = self._known.get(token)
        if known is not None and self.keys.find(known.key_name) is known.key:
            return known.claims
        found = verified(token, keys=self.keys, kind=TYPE)
        audience = found.claims["aud"]
        if found.claims["iss"] != self.issuer:
            raise ValueError("The token has another issuer.")
        if self.audience not in (audience if isinstance(audience, list) else [audience]):
            raise ValueError("The token is for somebody else.")
        if len(self._known) >= _REMEMBERED:
            self._known.clear()
        self._known[token] = found
        return found.claims

    def _instants(self, claims: Mapping[str, Any]) -> datetime:
        """Check the times; returns when it was issued."""
        now = self.clock.now()
        issued, expires = instant(claims, "iat"), instant(claims, "exp")
        begins = instant(claims, "nbf") if "nbf" in claims else issued
        if now >= expires + LEEWAY:
            raise ValueError("The token has expired.")
        if now < begins - LEEWAY or now < issued - LEEWAY:
            raise ValueError("The token is not valid yet.")
        if expires - issued > LONGEST_LIFE:
            raise ValueError("The token lives longer than an access token may.")
        return issued


def verified(token: str, *, keys: KeySet, kind: str) -> Verified:
    """What a token of this ``kind`` claims, once its signature is known to be of one of ``keys``.

    Raises:
        BadJson, PyJWTError, KeyError, ValueError or TypeError: it is no such token.
    """
    header = read_object(_unpadded(token.partition(".")[0]))
    key = keys.find(header.get("kid"))
    if key is None:
        raise ValueError("No key of this set has the token's kid.")
    if header.get("alg") != key.algorithm_name or header.get("typ") != kind:
        raise ValueError("The token's alg or typ is not what its key signs.")
    payload = jwt.PyJWS().decode(token, key, algorithms=[str(key.algorithm_name)])
    return Verified(read_object(payload), str(header["kid"]), key)


def instant(claims: Mapping[str, Any], name: str) -> datetime:
    """The instant that a claim tells in seconds.

    Raises:
        KeyError, TypeError or ValueError: there is none.
    """
    value = claims[name]
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(f"{name} is not a number.")
    try:
        return datetime.fromtimestamp(value, tz=UTC)
    except (OverflowError, OSError) as error:
        raise ValueError(f"{name} is no instant.") from error


@dataclass(frozen=True)
class SigningKey:
    """A private key that issues access tokens: of the account service, the demo, a test."""

    name: str
    private: Ed25519PrivateKey

    @classmethod
    def generate(cls, name: str = "key-1") -> SigningKey:
        """A new key."""
        return cls(name, Ed25519PrivateKey.generate())

    def public(self) -> dict[str, object]:
        """The JWK by which others check what this key signed."""
        public = OKPAlgorithm.to_jwk(self.private.public_key(), as_dict=True)
        return {**public, "kid": self.name, "use": "sig", "alg": "EdDSA"}

    def mint(
        self,
        who: Identity,
        *,
        now: datetime,
        issuer: str = "jishi-account",
        audience: str = "jishi-api",
        life: timedelta = LONGEST_LIFE,
    ) -> str:
        """An access token for ``who``."""
        claims = {
            "iss": issuer,
            "aud": audience,
            "sub": who.subject,
            "role": who.role.value,
            "sid": who.session_id,
            "iat": int(now.timestamp()),
            "nbf": int(now.timestamp()),
            "exp": int((now + life).timestamp()),
        }
        if who.merchant_id:
            claims["merchant_id"] = who.merchant_id
        headers = {"kid": self.name, "typ": TYPE}
        return jwt.encode(claims, self.private, algorithm="EdDSA", headers=headers)


def key_set_of(*keys: SigningKey) -> KeySet:
    """The public halves of these."""
    return KeySet.of({key.name: jwt.PyJWK(key.public(), "EdDSA") for key in keys})


def _public_keys_in(text: str) -> Mapping[str, jwt.PyJWK]:
    keys: dict[str, jwt.PyJWK] = {}
    for one in _keys_in(text):
        name = one.get("kid")
        algorithm = _ALGORITHMS.get((str(one.get("kty")), str(one.get("crv"))))
        if not isinstance(name, str) or not name or name in keys:
            raise ValueError("each key in a key set has an id (kid) of its own")
        if algorithm is None or _PRIVATE & one.keys():
            raise ValueError(f"the key {name[:32]!r} is no public Ed25519 or P-256 key")
        try:
            keys[name] = jwt.PyJWK(one, algorithm)
        except jwt.PyJWTError as error:
            raise ValueError(f"the key {name[:32]!r} cannot be read") from error
    return keys


def _keys_in(text: str) -> list[dict[str, Any]]:
    try:
        keys = read_object(text.encode()).get("keys")
    except BadJson as error:
        raise ValueError("it is not a JWKS document") from error
    if not isinstance(keys, list) or not all(isinstance(one, dict) for one in keys):
        raise ValueError("a JWKS document has a list of keys")
    return keys


def _identity(claims: Mapping[str, Any]) -> Identity:
    merchant = claims.get("merchant_id")
    return Identity(
        subject=_word(claims["sub"]),
        role=Role(claims["role"]),
        session_id=_word(claims["sid"]),
        merchant_id=None if merchant is None else _word(merchant),
    )


def _word(value: object) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= 64:
        raise ValueError("An id in the token is not a text of 1 to 64 characters.")
    return value


def _unpadded(part: str) -> bytes:
    try:
        return base64.b64decode(part + "=" * (-len(part) % 4), altchars=b"-_", validate=True)
    except binascii.Error as error:
        raise ValueError("The token's header is not base64url.") from error
