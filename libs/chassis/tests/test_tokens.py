"""Only a token that our issuer signed, for us, for now, says who somebody is."""

import base64
import hashlib
import hmac
import json
from datetime import datetime, timedelta
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from chassis.identity import Identity, Role
from chassis.testing import merchant, shopper
from chassis.tokens import KeySet, SigningKey, TokenCheck, TokenRefused, key_set_of
from shop_events import ManualClock

KEY = SigningKey.generate("k1")
NEXT = SigningKey.generate("k2")
CLOCK = ManualClock()
CHECK = TokenCheck(
    keys=key_set_of(KEY, NEXT), issuer="jishi-account", audience="jishi-api", clock=CLOCK
)


def claims(**changed: Any) -> dict[str, Any]:
    now = int(CLOCK.now().timestamp())
    given = {
        "iss": "jishi-account",
        "aud": "jishi-api",
        "sub": "ann",
        "role": "shopper",
        "sid": "s1",
        "iat": now,
        "nbf": now,
        "exp": now + 600,
        **changed,
    }
    return {name: value for name, value in given.items() if value is not None}


def unpadded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def segment(part: dict[str, Any]) -> str:
    return unpadded(json.dumps(part).encode())


def signed(payload: dict[str, Any], **header: Any) -> str:
    headers = {"kid": "k1", "typ": "at+jwt", **header}
    return jwt.encode(payload, KEY.private, algorithm="EdDSA", headers=headers)


@pytest.mark.parametrize("key", [KEY, NEXT], ids=["the old key", "the new key"])
def test_during_a_rotation_tokens_of_both_keys_count(key: SigningKey) -> None:
    assert CHECK.identity(key.mint(shopper("ann"), now=CLOCK.now())) == shopper("ann")


def test_a_merchants_token_names_its_merchant() -> None:
    who = CHECK.identity(KEY.mint(merchant("mo", of="m-7"), now=CLOCK.now()))

    assert who.merchant_id == "m-7"
    with pytest.raises(TokenRefused):
        CHECK.identity(signed(claims(role="merchant")))
    with pytest.raises(TokenRefused):
        CHECK.identity(signed(claims(merchant_id="m-7")))


NOW = int(CLOCK.now().timestamp())
WRONG_CLAIMS = {
    "another issuer": {"iss": "somebody"},
    "no issuer": {"iss": None},
    "another audience": {"aud": "jishi-internal"},
    "a list of other audiences": {"aud": ["a", "b"]},
    "no audience": {"aud": None},
    "expired": {"iat": NOW - 700, "nbf": NOW - 700, "exp": NOW - 100},
    "no end": {"exp": None},
    "an end that is a text": {"exp": str(NOW + 600)},
    "an end that is true": {"exp": True},
    "an end beyond all time": {"exp": 10**18},
    "not yet": {"nbf": NOW + 100},
    "issued in the future": {"iat": NOW + 100, "exp": NOW + 200},
    "a life of a day": {"exp": NOW + 86_400},
    "an unknown role": {"role": "root"},
    "nobody": {"sub": ""},
    "no session": {"sid": None},
    "a subject that is a list": {"sub": ["ann"]},
}


@pytest.mark.parametrize("changed", WRONG_CLAIMS.values(), ids=WRONG_CLAIMS.keys())
def test_a_well_signed_token_with_a_wrong_claim_is_refused(changed: dict[str, Any]) -> None:
    with pytest.raises(TokenRefused):
        CHECK.identity(signed(claims(**changed)))


WRONG_HEADERS = {
    "an unknown key": {"kid": "k9"},
    "a path for a key": {"kid": "../../etc/passwd"},
    "no key": {"kid": ""},
    "the type of a refresh token": {"typ": "rt+jwt"},
    "the type of any token": {"typ": "JWT"},
    "something critical that we do not know": {"crit": ["exp"], "exp": 1},
}


@pytest.mark.parametrize("header", WRONG_HEADERS.values(), ids=WRONG_HEADERS.keys())
def test_a_token_with_a_wrong_header_is_refused(header: dict[str, Any]) -> None:
    with pytest.raises(TokenRefused):
        CHECK.identity(signed(claims(), **header))


def test_where_a_token_says_its_key_is_does_not_matter() -> None:
    thief = SigningKey.generate("k1")
    for where in (
        {"jku": "https://evil.example/jwks"},
        {"jwk": thief.public()},
        {"x5u": "https://e"},
    ):
        headers = {"kid": "k1", "typ": "at+jwt", **where}
        token = jwt.encode(claims(), thief.private, algorithm="EdDSA", headers=headers)
        with pytest.raises(TokenRefused):
            CHECK.identity(token)


def test_an_unsigned_token_is_refused() -> None:
    for algorithm in ("none", "None", "NONE"):
        header = {"alg": algorithm, "typ": "at+jwt", "kid": "k1"}
        with pytest.raises(TokenRefused):
            CHECK.identity(f"{segment(header)}.{segment(claims())}.")


def test_a_token_signed_with_the_public_key_as_a_password_is_refused() -> None:
    public = KEY.private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    header = {"alg": "HS256", "typ": "at+jwt", "kid": "k1"}
    text = f"{segment(header)}.{segment(claims())}"
    signature = hmac.new(public, text.encode(), hashlib.sha256).digest()

    with pytest.raises(TokenRefused):
        CHECK.identity(f"{text}.{unpadded(signature)}")


def test_a_claim_that_stands_twice_is_refused() -> None:
    payload = json.dumps(claims())[:-1] + ', "sub": "ada"}'
    token = jwt.PyJWS().encode(
        payload.encode(), KEY.private, algorithm="EdDSA", headers={"kid": "k1", "typ": "at+jwt"}
    )

    with pytest.raises(TokenRefused, match="twice"):
        CHECK.identity(token)


@pytest.mark.parametrize("text", ["", ".", "..", "a.b.c", "é.b.c", "x" * 10_000, "e30.e30.e30"])
def test_what_is_no_token_is_refused(text: str) -> None:
    with pytest.raises(TokenRefused):
        CHECK.identity(text)


def test_a_changed_token_is_refused() -> None:
    token = signed(claims())
    head, body, signature = token.split(".")
    with pytest.raises(TokenRefused):
        CHECK.identity(f"{head}.{segment(claims(role='admin'))}.{signature}")
    assert CHECK.identity(f"{head}.{body}.{signature}") == Identity(
        subject="ann", role=Role.SHOPPER, session_id="s1"
    )


def test_clocks_may_differ_by_half_a_minute_and_not_more() -> None:
    token = KEY.mint(shopper(), now=CLOCK.now() - timedelta(minutes=10, seconds=29))
    assert CHECK.identity(token)

    older = KEY.mint(shopper(), now=CLOCK.now() - timedelta(minutes=10, seconds=31))
    with pytest.raises(TokenRefused, match="expired"):
        CHECK.identity(older)


def test_an_es256_token_counts_by_its_key() -> None:
    private = ec.generate_private_key(ec.SECP256R1())
    public = jwt.algorithms.ECAlgorithm.to_jwk(private.public_key(), as_dict=True)
    keys = KeySet.from_text(json.dumps({"keys": [{**public, "kid": "e1"}]}))
    check = TokenCheck(keys=keys, issuer="jishi-account", audience="jishi-api", clock=CLOCK)

    token = jwt.encode(claims(), private, algorithm="ES256", headers={"kid": "e1", "typ": "at+jwt"})

    assert check.identity(token).subject == "ann"


class LostPhone:
    """A deny list with one session on it."""

    def revoked(self, identity: Identity, *, issued_at: datetime) -> bool:
        return identity.session_id == "session-of-ann"


def test_a_revoked_session_is_refused_where_a_deny_list_is_given() -> None:
    check = TokenCheck(
        keys=CHECK.keys,
        issuer="jishi-account",
        audience="jishi-api",
        clock=CLOCK,
        deny_list=LostPhone(),
    )

    assert check.identity(KEY.mint(shopper("bob"), now=CLOCK.now()))
    with pytest.raises(TokenRefused, match="revoked"):
        check.identity(KEY.mint(shopper("ann"), now=CLOCK.now()))


NO_KEY_SETS = {
    "not JSON": "keys",
    "no list": '{"keys": {}}',
    "a nameless key": json.dumps({"keys": [{**KEY.public(), "kid": None}]}),
    "a key twice": json.dumps({"keys": [KEY.public(), KEY.public()]}),
    "a private key": json.dumps({"keys": [{**KEY.public(), "d": "c2VjcmV0"}]}),
    "a shared secret": json.dumps({"keys": [{"kty": "oct", "k": "c2VjcmV0", "kid": "k1"}]}),
    "a key that is none": json.dumps({"keys": [{**KEY.public(), "x": "!"}]}),
}


@pytest.mark.parametrize("text", NO_KEY_SETS.values(), ids=NO_KEY_SETS.keys())
def test_a_key_set_that_cannot_be_trusted_keeps_the_service_from_starting(text: str) -> None:
    with pytest.raises(ValueError, match=r"key|JWKS"):
        KeySet.from_text(text)


def test_a_token_that_was_good_is_checked_again_each_time() -> None:
    clock = ManualClock()
    check = TokenCheck(
        keys=key_set_of(KEY), issuer="jishi-account", audience="jishi-api", clock=clock
    )
    token = KEY.mint(shopper("ann"), now=clock.now())
    assert check.identity(token) == check.identity(token) == shopper("ann")
    clock.advance(timedelta(minutes=11))

    with pytest.raises(TokenRefused, match="expired"):
        check.identity(token)


def test_however_many_tokens_come_few_are_remembered() -> None:
    check = TokenCheck(
        keys=key_set_of(KEY), issuer="jishi-account", audience="jishi-api", clock=CLOCK
    )
    for number in range(1_100):
        check.identity(KEY.mint(shopper(f"s{number}"), now=CLOCK.now()))

    assert len(check._known) == 100
