"""What a service's ``http`` room is made of."""

from chassis.http.blueprint import Blueprint, raw_body
from chassis.http.fields import (
    Answer,
    Body,
    Id,
    Instant,
    MoneyField,
    Quantity,
    Query,
    StrictBoolean,
    StrictInteger,
)
from chassis.http.paging import PageQuery, page
from chassis.http.streaming import body_pieces

__all__ = [
    "Answer",
    "Blueprint",
    "Body",
    "Id",
    "Instant",
    "MoneyField",
    "PageQuery",
    "Quantity",
    "Query",
    "StrictBoolean",
    "StrictInteger",
    "body_pieces",
    "page",
    "raw_body",
]
