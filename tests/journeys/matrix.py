"""Who gets what for whose id: a row for each id that a route takes.

The ids are the first household's: Ann bought, Mo sold. So Bob, who buys elsewhere, and Fay, who
sells elsewhere, are the strangers; to them a thing that is there answers like one that is not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from tests.journeys.townsfolk import PASSWORD

OK: Final = -1  # the row's ``ok``
LIKE_MISSING: Final = -2  # the row's ``missing``: what an id gives that nobody has

People = dict[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One way to name a thing to the shop; ``$name`` in query, body and headers is that id.

    ``ids``: what is named, by the name the route has for it; ``own``: what everybody has of his
    own, so that the foreign id is all that is wrong.
    """

    call: str
    who: People
    ids: Mapping[str, str] = field(default_factory=dict)
    own: Mapping[str, str] = field(default_factory=dict)
    query: str = ""
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    ok: int = 200
    missing: int = 404

    def expected(self, who: str) -> int:
        """The status that this person gets."""
        return {OK: self.ok, LIKE_MISSING: self.missing}.get(self.who[who], self.who[who])


def _people(*owners: str, strangers: str, others: int) -> People:
    """Those with an account and the right role are owners or strangers; Dan's is closed."""
    known = dict.fromkeys(owners, OK) | dict.fromkeys(strangers.split(), LIKE_MISSING)
    rest = {who: others for who in ("ann", "bob", "mo", "fay", "ada") if who not in known}
    return {**known, **rest, "nobody": 401, "dan": 401}


_BACK_OFFICE: Final = {"dan": 403}  # the door looks at the role before anybody knows the account
BUYERS: Final = _people("ann", strangers="bob", others=403)
ANY_BUYER: Final = _people("ann", "bob", strangers="", others=403)
SELLERS: Final = _people("mo", strangers="fay", others=403) | _BACK_OFFICE
EITHER: Final = _people("ann", "mo", strangers="bob fay", others=403)
ADMINS: Final = _people("ada", strangers="", others=403) | _BACK_OFFICE
BUYERS_AND_ADMINS: Final = _people("ann", "ada", strangers="bob", others=403)
SELLERS_AND_ADMINS: Final = _people("mo", "ada", strangers="fay", others=403) | _BACK_OFFICE
SELLERS_NOT_ADMINS: Final = _people("mo", strangers="fay ada", others=403) | _BACK_OFFICE
CONCERNED: Final = _people("ann", "mo", "ada", strangers="bob fay", others=403)
SELF: Final = _people("ann", strangers="bob mo fay ada", others=403)
SELF_OR_GUEST: Final = SELF | {"nobody": LIKE_MISSING}
EVERYBODY: Final = _people("ann", "bob", "mo", "fay", "ada", strangers="", others=0) | {
    "nobody": OK
}
NO_ONE: Final = SELF_OR_GUEST | {"ann": LIKE_MISSING}

ACCOUNT: Final = (
    Row(
        call="POST /account/identifiers",
        who=SELF,
        ids={"replaces": "email"},
        body={"email": "later@town.example", "password": PASSWORD, "replaces": "$replaces"},
        ok=202,
        missing=422,
    ),
    Row(
        call="DELETE /account/identifiers",
        who=SELF,
        ids={"email": "email"},
        body={"email": "$email", "password": PASSWORD},
        ok=409,  # it is the last one
    ),
    Row(
        call="PATCH /account/addresses/{address_id}",
        who=SELF,
        ids={"address_id": "address"},
        body={"line1": "2 Road"},
    ),
    Row(
        call="DELETE /account/addresses/{address_id}",
        who=SELF,
        ids={"address_id": "new address"},
        ok=204,
    ),
    Row(
        call="DELETE /auth/sessions/{session_id}",
        who=SELF,
        ids={"session_id": "new session"},
        ok=204,
    ),
    *(
        Row(
            call=f"POST /admin/accounts/{{account_id}}/{what}",
            who=ADMINS,
            ids={"account_id": "customer"},
        )
        for what in ("disable", "enable", "unlock")
    ),
    Row(
        call="PATCH /admin/merchants/{merchant_id}",
        who=ADMINS,
        ids={"merchant_id": "merchant"},
        body={"name": "Mo & Co"},
    ),
    Row(call="GET /merchants/{merchant_id}", who=EVERYBODY, ids={"merchant_id": "merchant"}),
)

CATALOG: Final = (
    Row(call="GET /catalog/categories/{slug}", who=EVERYBODY, ids={"slug": "category"}),
    Row(
        call="PUT /catalog/categories/{slug}",
        who=ADMINS,
        ids={"slug": "category"},
        body={"titles": {"zh-CN": "杯子", "en": "Cups"}},
    ),
    Row(
        call="POST /admin/products/{product_id}/approve",
        who=ADMINS,
        ids={"product_id": "product"},
        headers={"If_Match": "*"},
        ok=409,  # it does not wait for a review
    ),
    Row(
        call="POST /admin/products/{product_id}/send-back",
        who=ADMINS,
        ids={"product_id": "product"},
        body={"reason": "Whose mug is that?"},
        ok=409,
    ),
    Row(call="GET /catalog/media/{digest}", who=EVERYBODY, ids={"digest": "picture"}),
    Row(call="GET /catalog/products/{product_id}", who=EVERYBODY, ids={"product_id": "product"}),
    Row(call="GET /catalog/products/{product_id}", who=NO_ONE, ids={"product_id": "draft"}),
    Row(
        call="GET /catalog/products",
        who=EVERYBODY,
        ids={"merchant_id": "merchant"},
        query="merchant_id=$merchant_id",
    ),
    Row(call="GET /catalog/imports/{import_id}", who=SELLERS, ids={"import_id": "import"}),
    Row(
        call="PATCH /catalog/products/{product_id}",
        who=SELLERS,
        ids={"product_id": "draft"},
        body={"brand": "Clay"},
    ),
    Row(
        call="DELETE /catalog/products/{product_id}",
        who=SELLERS,
        ids={"product_id": "new draft"},
    ),
    Row(
        call="POST /catalog/products/{product_id}/publish",
        who=SELLERS,
        ids={"product_id": "product"},
    ),
    Row(
        call="GET /catalog/products/{product_id}/versions",
        who=SELLERS,
        ids={"product_id": "product"},
    ),
    Row(call="GET /merchant/products/{product_id}", who=SELLERS, ids={"product_id": "product"}),
    Row(
        call="POST /merchant/products/bulk",
        who=SELLERS,
        ids={"product_id": "product"},
        body={"changes": [{"product_id": "$product_id", "status": "published"}]},
    ),
    Row(
        call="POST /merchant/products/bulk",
        who=SELLERS,
        ids={"sku_id": "sku"},
        own={"product_id": "product"},
        body={
            "changes": [
                {
                    "product_id": "$product_id",
                    "prices": [
                        {"sku_id": "$sku_id", "price": {"amount": "20.00", "currency": "CNY"}}
                    ],
                }
            ]
        },
        missing=422,
    ),
)

CART: Final = (
    Row(
        call="POST /cart/lines",
        who=EVERYBODY,
        ids={"sku_id": "sku"},
        body={"sku_id": "$sku_id", "quantity": 1},
    ),
    Row(
        call="POST /cart/lines",
        who=NO_ONE,
        ids={"sku_id": "hidden_sku"},
        body={"sku_id": "$sku_id", "quantity": 1},
    ),
    Row(
        call="PATCH /cart/lines/{line_id}",
        who=SELF_OR_GUEST,
        ids={"line_id": "line"},
        body={"quantity": 2},
    ),
    Row(
        call="PATCH /cart/lines/{line_id}",
        who=SELF_OR_GUEST,
        ids={"line_id": "line"},
        own={"token": "cart_token"},
        headers={"X_Cart_Token": "$token"},
        body={"quantity": 2},
    ),
    Row(
        call="DELETE /cart/lines/{line_id}",
        who=SELF_OR_GUEST,
        ids={"line_id": "line"},
        ok=204,
    ),
)
