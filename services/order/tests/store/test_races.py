"""Two transactions of one order at once: one waits, and neither locks the other out."""

from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta

from sqlalchemy import text

from chassis.testing import Bench
from order_service.store import orders
from order_service.testing import Shop, a_mug
from order_service.usecases.take_payment import take_payment
from shop_events.contracts.order import OrderConfirmed
from shop_events.testing.waiting import eventually


def is_waited_for(bench: Bench, working: Future[None]) -> bool:
    """Whether somebody waits for a lock of this database; SQLite lets nobody in so far."""
    if not bench.database.is_postgres:
        return True
    with bench.database.read() as connection:
        waiting = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
        return bool(connection.execute(waiting).scalar_one()) or working.done()


def test_o9_money_and_the_deadline_that_meet_do_not_lock_each_other_out(
    bench: Bench, shop: Shop
) -> None:
    order_id = shop.places(a_mug())
    shop.reserves(order_id)
    total = shop.total(order_id)
    bench.clock.advance(timedelta(minutes=30))

    with ThreadPoolExecutor(1) as pool:
        with bench.database.begin(publishes=(OrderConfirmed,)) as tx:
            orders.lock(tx.connection, order_id)
            deadline = pool.submit(bench.advance, 0)
            eventually(lambda: is_waited_for(bench, deadline))
            take_payment(tx, order_id, "pay-1", total)
        deadline.result(timeout=15)

    assert shop.status(order_id) == "paid"
