"""Looks for rows that contradict each other. Each statement finds only what must not be."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from sqlalchemy import Connection, text

from logistics_service.domain.parcel import GONE
from logistics_service.store import fulfilments

_GONE: Final = ", ".join(f"'{state}'" for state in sorted(GONE))

# What is wrong, in a sentence with the columns found, and how it is found.
_CONTRADICTIONS: Final[tuple[tuple[str, str], ...]] = (
    (
        "S2: {sku_id} in {warehouse_id} counts {counted}; its movements sum to {summed}.",
        """
        SELECT * FROM (
            SELECT s.sku_id, s.warehouse_id,
                s.on_hand || '/' || s.held || '/' || s.allocated || '/' || s.safety
                    || ' v' || s.version AS counted,
                COALESCE(SUM(m.on_hand), 0) || '/' || COALESCE(SUM(m.held), 0) || '/'
                    || COALESCE(SUM(m.allocated), 0) || '/' || COALESCE(SUM(m.safety), 0)
                    || ' v' || COUNT(m.id) AS summed
            FROM stock_levels s LEFT JOIN movements m
                ON m.sku_id = s.sku_id AND m.warehouse_id = s.warehouse_id
            GROUP BY s.sku_id, s.warehouse_id, s.on_hand, s.held, s.allocated, s.safety, s.version
        ) AS sums WHERE counted <> summed
        """,
    ),
    (
        "S1: {sku_id} in {warehouse_id} has {on_hand} on hand and promised {promised}.",
        """
        SELECT sku_id, warehouse_id, on_hand, held + allocated AS promised FROM stock_levels
        WHERE on_hand < held + allocated OR held < 0 OR allocated < 0
        """,
    ),
    (
        "S3: {sku_id} in {warehouse_id} has {held} held, reservations hold {claimed}.",
        """
        SELECT s.sku_id, s.warehouse_id, s.held, COALESCE(r.units, 0) AS claimed
        FROM stock_levels s LEFT JOIN (
            SELECT sku_id, warehouse_id, SUM(quantity) AS units FROM reservations
            WHERE state = 'held' GROUP BY sku_id, warehouse_id
        ) r ON r.sku_id = s.sku_id AND r.warehouse_id = s.warehouse_id
        WHERE s.held <> COALESCE(r.units, 0)
        """,
    ),
    (
        "S3: {sku_id} in {warehouse_id} has {allocated} allocated, reservations claim {claimed}.",
        """
        SELECT s.sku_id, s.warehouse_id, s.allocated, COALESCE(r.units, 0) AS claimed
        FROM stock_levels s LEFT JOIN (
            SELECT sku_id, warehouse_id, SUM(quantity - consumed - released) AS units
            FROM reservations WHERE state = 'committed' GROUP BY sku_id, warehouse_id
        ) r ON r.sku_id = s.sku_id AND r.warehouse_id = s.warehouse_id
        WHERE s.allocated <> COALESCE(r.units, 0)
        """,
    ),
    (
        "S3: line {line_id} of the order {order_id} is {state} with {open} units open.",
        """
        SELECT order_id, line_id, state, quantity - consumed - released AS open FROM reservations
        WHERE (state IN ('consumed', 'released')) = (quantity - consumed - released > 0)
            OR (state = 'held' AND (fulfilment_id IS NOT NULL OR consumed + released > 0))
            OR (state IN ('committed', 'consumed') AND fulfilment_id IS NULL)
        """,
    ),
    (
        "F2: line {line_id} of the order {order_id} consumed {consumed}, parcels took {packed}.",
        f"""
        SELECT r.order_id, r.line_id, r.consumed, COALESCE(p.units, 0) AS packed
        FROM reservations r LEFT JOIN (
            SELECT b.order_id, l.line_id, SUM(l.quantity) AS units
            FROM parcels b JOIN parcel_lines l ON l.parcel_id = b.id
            WHERE b.state IN ({_GONE}) GROUP BY b.order_id, l.line_id
        ) p ON p.order_id = r.order_id AND p.line_id = r.line_id
        WHERE r.consumed <> COALESCE(p.units, 0)
        """,  # noqa: S608 - words of ours, none from outside
    ),
    (
        "F2: parcels took {units} of line {line_id} of the order {order_id}; ordered: {ordered}.",
        f"""
        SELECT b.order_id, l.line_id, SUM(l.quantity) AS units, COALESCE(o.quantity, 0) AS ordered
        FROM parcels b JOIN parcel_lines l ON l.parcel_id = b.id
            LEFT JOIN order_lines o ON o.order_id = b.order_id AND o.line_id = l.line_id
        WHERE b.state IN ({_GONE})
        GROUP BY b.order_id, l.line_id, o.quantity HAVING SUM(l.quantity) > COALESCE(o.quantity, 0)
        """,  # noqa: S608 - as above
    ),
    (
        "M4: units of line {line_id} of the order {order_id} have one number in {one} and {other}.",
        """
        SELECT a.order_id, k.line_id, a.id AS one, b.id AS other
        FROM parcels a JOIN parcel_lines k ON k.parcel_id = a.id
            JOIN parcels b ON b.order_id = a.order_id AND b.id > a.id
            JOIN parcel_lines l ON l.parcel_id = b.id AND l.line_id = k.line_id
        WHERE k.first_unit < l.first_unit + l.quantity
            AND l.first_unit < k.first_unit + k.quantity
        """,
    ),
    (
        "F2: the parcel {id} is {state}, and {moved} of its SKUs left the stock, not {packed}.",
        f"""
        SELECT * FROM (
            SELECT b.id, b.state,
                (SELECT COUNT(*) FROM movements m
                 WHERE m.cause = 'parcel:' || b.id AND m.type = 'shipped') AS moved,
                CASE WHEN b.state IN ({_GONE}) THEN
                    (SELECT COUNT(DISTINCT l.sku_id) FROM parcel_lines l WHERE l.parcel_id = b.id)
                ELSE 0 END AS packed
            FROM parcels b
        ) AS both_ways WHERE moved <> packed
        """,  # noqa: S608 - as above
    ),
    (
        "F1: the parcel {id} is {state} without carrier and waybill.",
        f"""
        SELECT id, state FROM parcels
        WHERE state IN ({_GONE}) AND (carrier IS NULL OR waybill IS NULL)
        """,  # noqa: S608 - as above
    ),
    (
        "F1: the parcel {id} is {state}, and its goods came back to the stock {times} times.",
        """
        SELECT * FROM (
            SELECT b.id, b.state, (SELECT COUNT(*) FROM movements m
                WHERE m.cause = 'parcel:' || b.id AND m.type = 'returned') AS times
            FROM parcels b
        ) AS back WHERE (times > 0) <> (state = 'returned_to_sender')
        """,
    ),
    (
        "S3: the order {id} reserves line {line_id} without having been placed.",
        """
        SELECT r.order_id AS id, r.line_id FROM reservations r LEFT JOIN orders o
            ON o.id = r.order_id WHERE o.id IS NULL OR NOT o.placed
        """,
    ),
    (
        "S3: the order {id} is cancelled, and line {line_id} still claims {units} units.",
        """
        SELECT o.id, r.line_id, r.quantity - r.consumed - r.released AS units
        FROM orders o JOIN reservations r ON r.order_id = o.id
        WHERE o.cancelled AND r.quantity - r.consumed - r.released > 0
        """,
    ),
    (
        "S3: the order {id} is confirmed, and line {line_id} is only held.",
        """
        SELECT o.id, r.line_id FROM orders o JOIN reservations r ON r.order_id = o.id
        WHERE o.confirmed AND r.state = 'held'
        """,
    ),
)


def contradictions(connection: Connection) -> Iterator[str]:
    """A sentence for each thing in these tables that must not be."""
    for sentence, statement in _CONTRADICTIONS:
        for row in connection.execute(text(statement)).mappings():
            yield sentence.format(**row)
    for fulfilment, written in fulfilments.all_with_status(connection):
        if fulfilment.status != written:
            yield f"The fulfilment {fulfilment.id} is {fulfilment.status}, written as {written}."
