"""A service that was given its settings: database, broker, keys and clock, none of them connected.

Web process, worker, commands and tests make one each, and hand it to whoever needs it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import Dialect

from chassis.brokers import connect_broker
from chassis.gateway import GatewayCheck
from chassis.revocation import deny_list_of
from chassis.settings import ServiceSettings, SettingsWrong
from chassis.tokens import TokenCheck
from shop_events import Broker, Clock, Database, SystemClock, Tx

if TYPE_CHECKING:
    from chassis.service import Service

S = TypeVar("S", bound=ServiceSettings)
T = TypeVar("T")

# By the dialect, which an engine keeps for life: a pool is another one after `forget_connections`.
_by_dialect: WeakKeyDictionary[Dialect, Runtime] = WeakKeyDictionary()


class Runtime:
    """One service at work. What is given may be shared by several."""

    def __init__(
        self,
        service: Service,
        settings: ServiceSettings,
        *,
        clock: Clock | None = None,
        broker: Broker | None = None,
        database: Database | None = None,
        outside: object = None,
    ) -> None:
        """``database``: one opened before, with this clock; otherwise the settings' own."""
        self.service = service
        self.settings = settings
        self.clock: Clock = clock or SystemClock()
        self.database = database or Database(
            settings.database_url.reveal(),
            service=service.name,
            clock=self.clock,
            pool_size=settings.database_pool_size,
        )
        self.tokens = TokenCheck(
            keys=settings.token_keys,
            issuer=settings.token_issuer,
            audience=settings.token_audience,
            clock=self.clock,
            deny_list=deny_list_of(self.database, service.subscriptions),
        )
        self.gateway = (
            GatewayCheck(settings.gateway_keys, service=service.name)
            if settings.gateway_keys
            else None
        )
        self._own_database = database is None
        self._broker = broker
        self._own_broker = broker is None
        self._given_outside = outside
        # How many answers may be held at once, see chassis.waiting.
        self.places_to_wait = threading.BoundedSemaphore(max(1, settings.web_threads // 2))
        _by_dialect[self.database.engine.dialect] = self

    @property
    def broker(self) -> Broker:
        """The broker; made when first asked for, which a web process never does.

        Raises:
            SettingsWrong: there is no ``broker_url``.
        """
        if self._broker is None:
            if self.settings.broker_url is None:
                name = self.service.name
                raise SettingsWrong(name, [f"{name.upper()}_BROKER_URL is not set."])
            self._broker = connect_broker(self.settings.broker_url.reveal(), clock=self.clock)
        return self._broker

    @cached_property
    def outside(self) -> object:
        """The service's clients for what is not ours (banks, carriers, mail)."""
        if self._given_outside is not None:
            return self._given_outside
        return self.service.outside(self.settings) if self.service.outside else None

    def settings_as(self, kind: type[S]) -> S:
        """The settings, as the service's own class.

        Raises:
            TypeError: they are of another class.
        """
        return _of_kind(self.settings, kind)

    def outside_as(self, kind: type[T]) -> T:
        """What is outside, as the service's own class.

        Raises:
            TypeError: it is of another class, or there is nothing.
        """
        return _of_kind(self.outside, kind)

    def close(self) -> None:
        """Let go of every connection made here; what was given stays open."""
        if self._own_database:
            self.database.close()
        if self._broker is not None and self._own_broker:
            self._broker.close()


def runtime_of(tx: Tx) -> Runtime:
    """The runtime whose database ``tx`` runs in: a handler has nothing but its tx.

    Raises:
        LookupError: the database was not made by a runtime.
    """
    try:
        return _by_dialect[tx.connection.engine.dialect]
    except KeyError:
        raise LookupError("This transaction's database belongs to no runtime.") from None


def settings_of(tx: Tx, kind: type[S]) -> S:
    """The service's settings, for a handler or a deadline."""
    return runtime_of(tx).settings_as(kind)


def _of_kind(value: Any, kind: Callable[..., T]) -> T:
    if not isinstance(value, kind):  # type: ignore[arg-type]
        raise TypeError(f"Expected a {kind!r}, this service has a {type(value).__name__}.")
    return value  # type: ignore[no-any-return]
