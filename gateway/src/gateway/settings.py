"""What the gateway is told, from GATEWAY_* or SHOP_* variables (see `chassis.settings`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from chassis.settings import Env
from chassis.signing import SigningKeys
from chassis.tokens import KeySet
from gateway.routes import Limit


@dataclass(frozen=True, slots=True)
class Rate:
    """How many calls a minute; as many may come at once after a minute of none."""

    person: int  # who signed in, wherever they are
    address: int  # one network address, however many people are behind it


USUAL_RATES: Final[Mapping[Limit, Rate]] = {
    Limit.LOGIN: Rate(10, 10),
    Limit.CHECKOUT: Rate(30, 300),
    Limit.SEARCH: Rate(120, 600),
    Limit.USUAL: Rate(600, 3_000),
    Limit.PARTNER: Rate(6_000, 6_000),
}


class Rates:
    """The rates of every class of routes."""

    def __init__(self, changed: Mapping[Limit, Rate] | None = None) -> None:
        self._rates = {**USUAL_RATES, **(changed or {})}

    @classmethod
    def from_text(cls, text: str) -> Rates:
        """Read ``login=10/10,search=120/600``; classes that are not named keep their usual rate.

        Raises:
            ValueError: there is no such class, or it is not two whole numbers above 0.
        """
        return cls({Limit(name): _rate(value) for name, value in _pairs(text)})

    def of(self, limit: Limit) -> Rate:
        """The rates of a class."""
        return self._rates[limit]

    def __repr__(self) -> str:
        return ",".join(f"{one}={rate.person}/{rate.address}" for one, rate in self._rates.items())


class Upstreams:
    """Where each service answers."""

    def __init__(self, addresses: Mapping[str, str]) -> None:
        self.addresses: Final = dict(addresses)

    @classmethod
    def from_text(cls, text: str) -> Upstreams:
        """Read ``order=http://10.0.0.5:8000,payment=http://payment:8000``.

        Raises:
            ValueError: an address is none of plain HTTP, or has a path.
        """
        return cls({name: _address(value) for name, value in _pairs(text)})

    def __repr__(self) -> str:
        return ",".join(f"{name}={url}" for name, url in self.addresses.items())


@dataclass(frozen=True, kw_only=True)
class GatewaySettings:
    """All settings; those that can be wrong without anybody noticing have no default."""

    token_keys: KeySet  # whose access tokens count, as in every service
    upstreams: Upstreams
    counters: Path  # counters, shared by the gateway's processes on one host; may be lost
    signing_keys: SigningKeys | None = None  # what tells services that a call came this way
    limits: Rates = Rates()  # noqa: RUF009 - it never changes
    cors_origins: tuple[str, ...] = ()
    env: Env = Env.PROD
    token_issuer: str = "jishi-account"  # noqa: S105 - a name
    token_audience: str = "jishi-api"  # noqa: S105 - a name
    log_level: str = "INFO"
    web_bind: str = "127.0.0.1:8000"
    web_processes: int = 2
    web_threads: int = 16  # each waits for a service most of the time
    dev_clock_file: Path | None = None

    def __post_init__(self) -> None:
        if self.dev_clock_file is not None and self.env is not Env.DEV:
            raise ValueError("dev_clock_file is for a development shop alone (SHOP_ENV=dev).")
        if "*" in self.cors_origins:
            raise ValueError("cors_origins names origins one by one; * would open it to all.")


def _pairs(text: str) -> list[tuple[str, str]]:
    parts = [part.partition("=") for part in text.split(",") if part.strip()]
    return [(name.strip(), value.strip()) for name, _, value in parts]


def _rate(text: str) -> Rate:
    person, _, address = text.partition("/")
    if not (person.isdecimal() and address.isdecimal() and int(person) and int(address)):
        raise ValueError(f"{text!r} is no rate, which is a person's and an address's: 10/100")
    return Rate(int(person), int(address))


def _address(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme != "http" or not parts.hostname or parts.path.strip("/") or parts.query:
        raise ValueError(f"{text!r} is no address like http://order:8000")
    return f"http://{parts.netloc}"
