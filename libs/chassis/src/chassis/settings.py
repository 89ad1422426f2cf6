"""Settings: one frozen class per service, read from the environment, all faults told at once.

    @dataclass(frozen=True, kw_only=True)
    class OrderSettings(ServiceSettings):
        unpaid_order_expires_after_s: int = 30 * 60

The field ``database_url`` of service ``order`` is read from the first of these that is set:

    ORDER_DATABASE_URL    or ORDER_DATABASE_URL_FILE, a file that holds it    this service alone
    SHOP_DATABASE_URL     or SHOP_DATABASE_URL_FILE                           every service
    the field's default   only where the default is safe

A type with a ``from_file`` (token keys) goes on watching its file: it may be replaced at any time.
"""

from __future__ import annotations

import dataclasses
import hmac
import types
import typing
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NoReturn, TypeVar

from chassis.tokens import KeySet

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

FOR_ALL: Final = "SHOP"
_FILE: Final = "_FILE"


class SettingsWrong(ValueError):
    """Settings are missing or unreadable; the message names every one of them."""

    def __init__(self, service: str, problems: Sequence[str]) -> None:
        lines = [f"The settings of {service} cannot be used:", *(f"  - {one}" for one in problems)]
        super().__init__("\n".join(lines))
        self.problems = tuple(problems)


class Secret:
    """A text that is used and never shown: printing, formatting or logging it gives ``***``."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """The text itself; for the one call that needs it."""
        return self._text

    def __repr__(self) -> str:
        return "***"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return format("***", spec)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        return hmac.compare_digest(self._text.encode(), other._text.encode())

    def __hash__(self) -> int:
        return hash((Secret, self._text))

    def __reduce__(self) -> NoReturn:
        raise TypeError("A secret is not pickled: it would be written out.")


class Env(StrEnum):
    """Where it runs. ``dev`` opens what must be open nowhere else (API.md, local development)."""

    DEV = "dev"
    PROD = "prod"


@dataclass(frozen=True, kw_only=True)
class ServiceSettings:
    """What every service is told. A service's own settings class extends it."""

    database_url: Secret
    token_keys: KeySet  # a JWKS of public keys: whose access tokens count
    broker_url: Secret | None = None  # the worker's; a web process never speaks to the broker
    env: Env = Env.PROD
    token_issuer: str = "jishi-account"  # noqa: S105 - a name
    token_audience: str = "jishi-api"  # noqa: S105 - a name
    gateway_keys: KeySet | None = None  # a JWKS; nothing under /api/v1 but by the gateway
    log_level: str = "INFO"
    database_pool_size: int = 8
    web_bind: str = "127.0.0.1:8000"
    web_processes: int = 2
    web_threads: int = 4
    worker_bind: str = ""  # where a worker tells its health; empty: nowhere
    dev_clock_file: Path | None = None  # only under env=dev: a clock all processes share
    worker_lanes: int = 1
    worker_batch: int = 50

    def __post_init__(self) -> None:
        if self.dev_clock_file is not None and self.env is not Env.DEV:
            raise ValueError("dev_clock_file is for a development shop alone (SHOP_ENV=dev).")


S = TypeVar("S", bound="DataclassInstance")


@dataclass(frozen=True, kw_only=True)
class Found:
    """One setting: where it came from, and its value or what is wrong with it."""

    name: str
    source: str
    value: object = None
    problem: str = ""

    def __str__(self) -> str:
        said = f"WRONG: {self.problem}" if self.problem else _shown(self.value)
        return f"{self.name:<32} {said}  ({self.source})"


def load(
    settings: type[S], *, service: str, environ: Mapping[str, str], answers: bool = False
) -> S:
    """The settings of ``service`` from the environment; of a process that ``answers`` HTTP.

    Raises:
        SettingsWrong: something required is missing, or a text is not of its field's type.
    """
    found = look(settings, service=service, environ=environ, answers=answers)
    problems = [one.problem for one in found if one.problem]
    if problems:
        raise SettingsWrong(service, problems)
    values: dict[str, Any] = {one.name: one.value for one in found}
    try:
        return settings(**values)
    except ValueError as error:
        raise SettingsWrong(service, [str(error)]) from error


def look(
    settings: type[S], *, service: str, environ: Mapping[str, str], answers: bool = False
) -> list[Found]:
    """Every setting of ``service`` with its source; what is wrong is told, not raised."""
    kinds = typing.get_type_hints(settings)
    found = [
        _find(field, kinds[field.name], service, environ) for field in dataclasses.fields(settings)
    ]
    return _behind_a_gateway(found, service) if answers else found


def _behind_a_gateway(found: list[Found], service: str) -> list[Found]:
    """Without the gateway's keys a service answers everybody (ADR 9): for development alone."""
    given = {one.name: one.value for one in found}
    if given["env"] is not Env.PROD:
        return found
    name = f"{service}_gateway_keys".upper().replace("-", "_")
    problem = f"{name} (or {FOR_ALL}_GATEWAY_KEYS) is not set: it would answer everybody."
    return [
        dataclasses.replace(one, source="missing", problem=problem)
        if one.name == "gateway_keys" and one.value is None and not one.problem
        else one
        for one in found
    ]


def _find(
    field: dataclasses.Field[Any], kind: Any, service: str, environ: Mapping[str, str]
) -> Found:
    names = [f"{who}_{field.name}".upper().replace("-", "_") for who in (service, FOR_ALL)]
    for name in names:
        both = [variable for variable in (name, name + _FILE) if environ.get(variable)]
        if len(both) > 1:
            problem = f"{both[0]} and {both[1]} are both set; which one counts?"
            return Found(name=field.name, source=name, problem=problem)
        if both:
            (variable,) = both
            given = environ[variable]
            return _read(field.name, kind, variable, Path(given) if variable != name else given)
    if field.default is not dataclasses.MISSING:
        return Found(name=field.name, source="default", value=field.default)
    if field.default_factory is not dataclasses.MISSING:
        return Found(name=field.name, source="default", value=field.default_factory())
    problem = f"{names[0]} (or {names[1]}) is not set."
    return Found(name=field.name, source="missing", problem=problem)


def _read(name: str, kind: Any, variable: str, text: str | Path) -> Found:
    try:
        if isinstance(text, Path) and (from_file := getattr(_plain(kind), "from_file", None)):
            return Found(name=name, source=variable, value=from_file(text))
        if isinstance(text, Path):
            text = text.read_text(encoding="utf-8").rstrip("\r\n")
        return Found(name=name, source=variable, value=_reader(kind)(text))
    except OSError as error:
        problem = f"{variable} names a file that cannot be read: {error.strerror}."
    except ValueError as error:
        # A secret's own text must not come out in the message of what is wrong with it.
        problem = f"{variable} is not readable" + ("." if _is_secret(kind) else f": {error}")
    return Found(name=name, source=variable, problem=problem)


def _reader(kind: Any) -> Callable[[str], Any]:
    kind = _plain(kind)
    if kind is bool:
        return _bool
    if kind == tuple[str, ...]:
        return lambda text: tuple(part.strip() for part in text.split(",") if part.strip())
    if hasattr(kind, "from_text"):
        return kind.from_text  # type: ignore[no-any-return]
    if kind in (str, int, float, Secret, Path) or issubclass(kind, Enum):
        return kind  # type: ignore[no-any-return]
    raise TypeError(f"A setting of type {kind!r} cannot be read: give it a from_text().")


def _plain(kind: Any) -> Any:
    """The type itself, of a setting that may be absent too."""
    if isinstance(kind, types.UnionType):
        (kind,) = [part for part in typing.get_args(kind) if part is not type(None)]
    return kind


def _bool(text: str) -> bool:
    if text.lower() in ("true", "false"):
        return text.lower() == "true"
    raise ValueError(f"{text!r} is neither true nor false.")


def _is_secret(kind: Any) -> bool:
    return Secret in (kind, *typing.get_args(kind))


def _shown(value: object) -> str:
    return repr(value) if isinstance(value, str) and not isinstance(value, Enum) else str(value)
