"""The ids of what there is, a page at a time: for telling a new subscriber what is so."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, Select, bindparam, select

from logistics_service.store.tables import delivery_rates, stock_levels


def skus_after(connection: Connection, sku_id: str, *, at_most: int) -> list[str]:
    """SKUs that have a stock level, by id, after this one."""
    return _ids(connection, _SKUS, sku_id, at_most)


def rates_after(connection: Connection, rates_id: str, *, at_most: int) -> list[str]:
    """Merchants (and ``default``) that have delivery rates, by id, after this one."""
    return _ids(connection, _RATES, rates_id, at_most)


def _ids(connection: Connection, query: Select[str], after: str, at_most: int) -> list[str]:
    found = connection.execute(query, {"after": after, "at_most": at_most})
    return [str(one) for one in found.scalars()]


_SKUS: Final = (
    select(stock_levels.c.sku_id)
    .where(stock_levels.c.sku_id > bindparam("after"))
    .distinct()
    .order_by(stock_levels.c.sku_id)
    .limit(bindparam("at_most"))
)
_RATES: Final = (
    select(delivery_rates.c.rates_id)
    .where(delivery_rates.c.rates_id > bindparam("after"))
    .distinct()
    .order_by(delivery_rates.c.rates_id)
    .limit(bindparam("at_most"))
)
