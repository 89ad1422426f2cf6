"""Bodies as clients should send them, and what may stand in a field instead."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from tests.journeys.belongings import CARD, CATEGORY, HOME, TITLES, cny

Path = tuple[str | int, ...]
Values = tuple[Any, ...]

# More than nine thousand, fractions, texts: no number of pieces.
COUNTS: Final[Values] = (-1, 0, 1.5, 10_000, 2**63, 10**300, "2", "٢", True, None, [1], {})
# DOMAIN M1: a text with the currency's digits, and a currency that the shop knows.
AMOUNTS: Final[Values] = (
    *(19.9, "19.90", None, [], {}, {"amount": 1, "currency": "CNY"}),
    *({"amount": text, "currency": "CNY"} for text in ("-1.00", "1.001", "NaN", "1e3", "", "٣.00")),
    *({"amount": "1.00", "currency": code} for code in ("XXX", "cny", "", None)),
    {"amount": "9" * 40, "currency": "CNY"},
    {"amount": "1.00", "currency": "CNY", "minor": 1},
)
IDS: Final[Values] = ("", "x" * 65, "a b", "../..", "' OR 1=1 --", "١٢", 7, None, ["x"], {})
INSTANTS: Final[Values] = (
    *("yesterday", "2026-13-01T00:00:00Z", "2026-11-22T08:00:00", "2026-11-22", "", 1, None),
)
NAMES: Final[Values] = ("", " ", "x" * 201, "two\nlines", "\u2028", 7, None, ["x"])
WORDS: Final[Values] = ("gold", "", "CARD", 1, None, True, ["card"])
CODES: Final[Values] = ("", "31011", "x" * 6, "١٢٣٤٥٦", 310115, None, ["310115"])
TICKS: Final[Values] = (0, 1, "yes", "true", None, [], 1.0)

PROMOTION: Final = {
    "title": "满减",
    "benefit": "amount",
    "amount": cny("5.00"),
    "scope": "merchant",
    "total": 10,
    "claim_from": "2026-11-22T00:00:00Z",
    "claim_until": "2026-12-22T00:00:00Z",
    "use_from": "2026-11-22T00:00:00Z",
    "use_until": "2026-12-22T00:00:00Z",
}
PRODUCT: Final = {
    "titles": TITLES,
    "category": CATEGORY,
    "skus": [{"sku_code": "S-1", "price": cny("1.00"), "weight_g": 1, "active": True}],
}
RATES: Final = {
    "methods": [
        {
            "code": "express",
            "zones": [
                {
                    "divisions": [],
                    "first_g": 1_000,
                    "first": cny("8.00"),
                    "step_g": 500,
                    "step": cny("1.00"),
                }
            ],
            "days": 3,
            "traceable": True,
            "cash_on_delivery": True,
        }
    ]
}
REFUND: Final = {
    "order_id": "o-1",
    "reason": "a scratch",
    "shares": [{"merchant_id": "m-clay", "line_id": "1", "amount": cny("1.00")}],
}
RECEIVED: Final = {
    "parcel_id": "p-1",
    "lines": [{"order_line_id": "1", "received": 1, "condition": "good"}],
}
QUOTE: Final[dict[str, Any]] = {"lines": [{"sku_id": "s-1", "quantity": 1}], "address": HOME}


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A body that somebody sends, and the fields in which something else stands in turn."""

    who: str
    call: str
    body: Mapping[str, Any]
    wrong: Mapping[Path, Values]
    headers: Mapping[str, str] = field(default_factory=dict)

    def spoilt(self) -> Iterator[tuple[str, Any, Any]]:
        """The field, what stands there, and the whole body."""
        for path, values in self.wrong.items():
            for value in values:
                name = ".".join(str(part) for part in path)
                yield name, value, _put(self.body, path, value)


def _put(body: Any, path: Path, value: Any) -> Any:
    if not path:
        return value
    first, *rest = path
    if isinstance(body, list):
        return [_put(one, tuple(rest), value) if n == first else one for n, one in enumerate(body)]
    return {**body, first: _put(body.get(first, {}), tuple(rest), value)}


def _but(values: Values, *allowed: Any) -> Values:
    return tuple(one for one in values if not any(one is two or one == two for two in allowed))


# A row of a catalogue in CSV, and what may be there instead of a catalogue.
COLUMNS: Final = b"product_id,title_zh,sku_code,price,options\n"
FILES: Final = {
    "nothing": b"",
    "a picture": b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40,
    "utf-16": "product_id,sku_code\nA,B\n".encode("utf-16"),
    "half a character": COLUMNS + "E1,杯子".encode()[:-1] + b",E1-1,9.90,\n",
    "no columns": b"E1,E1-1\nE2,E2-1\n",
    "a column twice": b"product_id,sku_code,price,price\nE1,E1-1,1.00,2.00\n",
    "a formula": COLUMNS + b'E1,"=HYPERLINK(""http://a.example"")",E1-1,9.90,\n',
    "a cell of 10 MB": COLUMNS + b"E1," + b"x" * 10_000_000 + b",E1-1,9.90,\n",
    "an open quote": COLUMNS + b'E1,"x,E1-1,9.90,\n' * 50,
    "prices that are none": COLUMNS + b"E1,x,E1-1,-1.00,\nE2,x,E2-1,1e9,\nE3,x,E3-1,NaN,\n",
    "a NUL": COLUMNS + b"E1,a\x00b,E1-1,9.90,\n",
    "more cells than columns": COLUMNS + b"E1,x,E1-1,9.90,,,,,,,,,,\n",
}
LINE: Final = ("lines", 0)
FORMS: Final = (
    Form(
        who="ann",
        call="POST /cart/lines",
        body={"sku_id": "s-1", "quantity": 1},
        wrong={("sku_id",): IDS, ("quantity",): COUNTS},
    ),
    Form(
        who="ann",
        call="PATCH /cart/lines/x-1",
        body={},
        wrong={("sku_id",): IDS, ("quantity",): COUNTS, ("selected",): TICKS},
    ),
    Form(
        who="ann",
        call="POST /checkout/quotes",
        body=QUOTE,
        wrong={
            (*LINE, "sku_id"): IDS,
            (*LINE, "quantity"): (*COUNTS, 100),
            ("lines",): ([], {}, None, "s-1", [1], QUOTE["lines"] * 51),
            ("coupon_codes",): ("x", {}, [""], ["a b"], [7], ["c-1", "c-1"], ["c-1"] * 21),
            ("address", "recipient"): ("", " ", "x" * 101, 7, None),
            ("address", "phone"): ("", "abc", "1" * 40, 7, None),
            ("address", "country"): ("US", "", 7),
            ("address", "division_code"): ("", "x", 310115, None),
            ("address", "line1"): ("", "  ", "x" * 201, 7, None),
        },
    ),
    Form(
        who="ann",
        call="POST /orders",
        body={"quote_id": "q-1", "payment_method": "card"},
        wrong={
            ("quote_id",): IDS,
            ("payment_method",): WORDS,
            ("note",): ("x" * 501, 7, ["x"]),
            ("accept_changes",): ("all", {}, [""], [7], ["x"] * 102),
        },
    ),
    Form(
        who="ann",
        call="POST /orders/x-1/confirm-receipt",
        body=RECEIVED,
        wrong={
            (*LINE, "received"): _but(COUNTS, 0),
            (*LINE, "condition"): WORDS,
            (*LINE, "order_line_id"): ("", "x" * 9, 7, None),
            ("parcel_id",): _but(IDS, None),
        },
    ),
    Form(
        who="ann",
        call="POST /payments",
        body={"order_id": "o-1", **CARD},
        wrong={
            ("order_id",): IDS,
            ("method",): WORDS,
            ("card_token",): ("4111111111111111", "tok visa", "", "x" * 129, 7),
            ("return_url",): ("javascript:alert(1)", "ftp://a.b/", "nowhere", "", 7),
        },
    ),
    Form(
        who="ann",
        call="POST /account/addresses",
        body=HOME,
        wrong={
            ("recipient",): NAMES,
            ("line1",): NAMES,
            ("phone",): ("", "110", "abc", "+1", 7, None),
            ("division_code",): CODES,
            ("country",): ("US", "", 7),
            ("postal_code",): ("", "1", "x" * 6, 200000),
            ("is_default",): TICKS,
        },
    ),
    Form(
        who="ann",
        call="PATCH /account/me",
        body={},
        wrong={("display_name",): _but(NAMES, None), ("locale",): ("fr", "", 7)},
    ),
    Form(
        who="mo",
        call="POST /promotions",
        body=PROMOTION,
        wrong={
            ("amount",): _but(AMOUNTS, None),
            ("min_spend",): _but(AMOUNTS, None),
            ("total",): _but(COUNTS, 10_000),
            ("per_user",): COUNTS,
            ("percent",): (-1, 101, 1.5, "10", True),
            ("benefit",): WORDS,
            ("scope",): WORDS,
            ("claim_from",): INSTANTS,
            ("use_until",): INSTANTS,
            ("title",): ("", "x" * 61, 7, None),
        },
    ),
    Form(
        who="mo",
        call="POST /catalog/products",
        body=PRODUCT,
        wrong={
            ("skus", 0, "price"): _but(AMOUNTS, None),
            ("skus", 0, "weight_g"): _but(COUNTS, 0, 10_000),
            ("skus", 0, "active"): TICKS,
            ("skus", 0, "sku_code"): ("", "a b", "x" * 65, "=1+1", 7, None),
            ("titles", "zh-CN"): ("", "  ", "x" * 201, 7),
            ("images",): (["x"], ["0" * 63], "0" * 64, [7]),
            ("category",): ("Cups", "a--b", "", 7),
        },
    ),
    Form(
        who="mo",
        call="POST /stock/s-1/movements",
        body={"type": "received", "quantity": 1, "reason": "delivery"},
        wrong={
            ("quantity",): _but(COUNTS, 10_000, -1, 0),
            ("type",): (*WORDS, "shipped", "reserved"),
            ("reason",): ("x" * 501, 7, None),
        },
    ),
    Form(
        who="mo",
        call="POST /shipments/x-1/pack",
        body={"lines": [{"line_id": "1", "quantity": 1}]},
        wrong={(*LINE, "quantity"): COUNTS, (*LINE, "line_id"): IDS, ("lines",): ([], {}, "1")},
    ),
    Form(
        who="mo",
        call="POST /shipments/x-1/ship",
        body={"carrier": "pretend"},
        wrong={("carrier",): ("", "UPS", "a b", 7), ("waybill",): ("", "a b", "x" * 65, 7)},
    ),
    Form(
        who="mo",
        call="POST /refunds",
        body=REFUND,
        wrong={
            ("shares", 0, "amount"): AMOUNTS,
            ("shares", 0, "merchant_id"): IDS,
            ("shares",): ([], {}, None, [1]),
            ("reason",): ("", "x" * 201, "card 4111 1111 1111 1111", 7, None),
            ("order_id",): IDS,
        },
    ),
    Form(
        who="mo",
        call="PUT /merchant/delivery-rates",
        body=RATES,
        headers={"If_Match": "*"},
        wrong={
            ("methods", 0, "zones", 0, "first"): AMOUNTS,
            ("methods", 0, "zones", 0, "step_g"): _but(COUNTS, 10_000),
            ("methods", 0, "days"): _but(COUNTS, 0),
            ("methods", 0, "code"): WORDS,
            ("methods", 0, "traceable"): TICKS,
            ("methods",): ([], {}, None),
        },
    ),
)
