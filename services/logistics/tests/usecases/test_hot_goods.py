"""Two workers hear of orders for the same few goods, in different order."""

from collections.abc import Sequence

import pytest
from sqlalchemy import event

from chassis.testing import Bench
from logistics_service.testing import LIN, MUG, TEA, AnOrder, a_line
from services.logistics.tests.town import Town, at_once
from shop_events import Event, new_id
from shop_events.broker import Delivery
from shop_events.consumer import Consumer
from shop_events.contracts.logistics import StockReserved
from shop_events.envelope import to_headers
from shop_events.testing.harness import envelop

ORDERS = 30

on_postgresql = pytest.mark.parametrize(
    "bench", [pytest.param("postgresql", marks=pytest.mark.servers)], indirect=True
)


class Silent:
    """An intake that gives nothing and takes every answer."""

    def __getattr__(self, name: str) -> object:
        return lambda *_, **__: None


@on_postgresql
def test_two_workers_do_not_lock_each_other_out_over_hot_goods(town: Town) -> None:
    """A batch would hold mugs for its first order while it waits for tea for its second."""
    bench, batch = town.bench, town.bench.runtime.settings.worker_batch
    town.stocks(2 * ORDERS, MUG)
    town.stocks(2 * ORDERS, TEA, of=LIN)
    locked_out: list[str] = []
    event.listen(
        bench.database.engine,
        "handle_error",
        lambda context: locked_out.append(str(context.original_exception)),
    )

    def work(*skus: str) -> None:
        orders = [AnOrder(new_id(), a_line("1", skus[number % 2])) for number in range(ORDERS)]
        hears(bench, [order.placed() for order in orders], batch=batch)

    at_once(lambda: work(MUG, TEA), lambda: work(TEA, MUG))

    assert locked_out == []
    assert len(town.said(StockReserved)) == 2 * ORDERS


def hears(bench: Bench, happened: Sequence[Event], *, batch: int) -> None:
    """What a worker does with what is in its queue, so many at a time."""
    consumer = Consumer(bench.database, bench.service.subscriptions, Silent())
    arrived = [delivery(bench, one) for one in happened]
    for first in range(0, len(arrived), batch):
        consumer.handle(arrived[first : first + batch])


def delivery(bench: Bench, happened: Event) -> Delivery:
    message = envelop(happened, event_id=new_id(), sequence=1, clock=bench.clock)
    return Delivery(
        queue="hot",
        routing_key=message.routing_key,
        exchange=message.exchange,
        headers=to_headers(message.envelope),
        body=message.body,
        redelivered=False,
        handle=None,
    )
