"""Looks for rows that contradict each other. Each statement finds only what must not be."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from sqlalchemy import Connection, text

from catalog_service.store import words

_SHOWN: Final = """
    SELECT p.id FROM products p LEFT JOIN merchants m ON m.id = p.merchant_id
    WHERE p.status = 'published' AND COALESCE(m.active, :yes) AND EXISTS (
        SELECT 1 FROM skus s WHERE s.product_id = p.id AND s.active AND s.price IS NOT NULL)
"""
# A restatement that is still to come explains these; without one they must not be.
_SETTLED: Final = "AND NOT EXISTS (SELECT 1 FROM restatements)"

# What is wrong, in a sentence with the columns found, and how it is found.
_CONTRADICTIONS: Final[tuple[tuple[str, str], ...]] = (
    (
        "The product {id} is for sale and is not listed: nobody finds it.",
        f"""
        SELECT id FROM ({_SHOWN}) AS shown
        WHERE id NOT IN (SELECT product_id FROM listings) {_SETTLED}
        """,  # noqa: S608 - our own words
    ),
    (
        "The product {product_id} is listed and is not for sale.",
        f"SELECT product_id FROM listings WHERE product_id NOT IN ({_SHOWN}) {_SETTLED}",  # noqa: S608
    ),
    (
        "The product {id} is at version {version}, and its history ends at {known}.",
        """
        SELECT p.id, p.version, COALESCE(MAX(v.version), 0) AS known
        FROM products p LEFT JOIN product_versions v ON v.product_id = p.id
        GROUP BY p.id, p.version HAVING COALESCE(MAX(v.version), 0) <> p.version
        """,
    ),
    (
        "The product {id} is at version {version}, and was told {told} times.",
        """
        SELECT p.id, p.version, COALESCE(a.last, 0) AS told
        FROM products p LEFT JOIN aggregate_sequence a
            ON a.aggregatetype = 'catalog' AND a.aggregateid = p.id
        WHERE COALESCE(a.last, 0) <> p.version
        """,
    ),
    (
        "The product {id} lies in {category_path}, and its category in {path}.",
        f"""
        SELECT p.id, p.category_path, c.path FROM products p
        JOIN categories c ON c.id = p.category_id
        WHERE p.category_path <> c.path {_SETTLED}
        """,  # noqa: S608
    ),
    (
        "The product {id} counts {sales} sold, and its listing {listed}.",
        """
        SELECT p.id, p.sales, l.sales AS listed FROM products p
        JOIN listings l ON l.product_id = p.id WHERE l.sales <> p.sales
        """,
    ),
    (
        "The listing of {product_id} says in stock: {in_stock}, and its SKUs say otherwise.",
        """
        SELECT l.product_id, l.in_stock FROM listings l
        WHERE l.in_stock <> EXISTS (
            SELECT 1 FROM skus s JOIN stock t ON t.sku_id = s.id
            WHERE s.product_id = l.product_id AND s.active AND s.price IS NOT NULL
                AND t.band <> 'none')
        """,
    ),
    (
        "The listing of {product_id} costs {price_min} to {price_max}, its SKUs {low} to {high}.",
        """
        SELECT l.product_id, l.price_min, l.price_max, MIN(s.price) AS low, MAX(s.price) AS high
        FROM listings l JOIN skus s ON s.product_id = l.product_id
        WHERE s.active AND s.price IS NOT NULL
        GROUP BY l.product_id, l.price_min, l.price_max
        HAVING MIN(s.price) <> l.price_min OR MAX(s.price) <> l.price_max
        """,
    ),
    (
        "The product {id} is planned for {publish_at}, and no deadline will wake it.",
        """
        SELECT p.id, p.publish_at FROM products p WHERE p.publish_at IS NOT NULL
            AND NOT EXISTS (
                SELECT 1 FROM deadlines d WHERE d.kind = 'catalog.publish' AND d.key = p.id)
        """,
    ),
    (
        "The product {id} is {status} and waits in review since {review_since}.",
        """
        SELECT id, status, review_since FROM products
        WHERE (status = 'in_review') <> (review_since IS NOT NULL)
        """,
    ),
    (
        "The import {id} is {state}, and its file is gone.",
        """
        SELECT id, state FROM imports i WHERE state IN ('waiting', 'running')
            AND NOT EXISTS (SELECT 1 FROM import_pieces p WHERE p.import_id = i.id)
        """,
    ),
)


def contradictions(connection: Connection) -> Iterator[str]:
    """Each contradiction in a sentence."""
    for sentence, statement in _CONTRADICTIONS:
        given = {"yes": True} if ":yes" in statement else {}
        for row in connection.execute(text(statement), given):
            yield sentence.format(**row._mapping)  # noqa: SLF001 - SQLAlchemy's own public name
    for product_id in words.missing(connection):
        yield f"The product {product_id} is listed and has no words: no search finds it."
