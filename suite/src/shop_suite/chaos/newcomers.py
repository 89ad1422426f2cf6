"""The first purchase of a newcomer, walked while processes die; every service has a part in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, Final

from shop_events import new_id
from shop_suite.caller import Refused
from shop_suite.chaos.ways import PATIENCE_S, Way
from shop_suite.first_purchase import Facts, FirstPurchase, NeverCame
from shop_suite.road import Road
from shop_suite.services import NAMES
from shop_suite.town.logins import logins_in
from shop_suite.town.opening import open_corner_shop

MUGS: Final = 600_000  # enough for any number of newcomers
THOUGHT: Final = {"zh-CN": "下一窑的杯子", "en": "A cup of the next firing"}
SIGNED_OUT: Final = 401
# Who sent a mail and died of it may have sent it: for five minutes nobody else tries.
MAIL_COMES_WITHIN_S: Final = 4.0
MAIL_IS_SENT_AGAIN: Final = timedelta(minutes=5, seconds=5)


class Silent:
    """Listens to a story and tells nobody."""

    def step(self, words: str) -> None:
        """What somebody does now."""

    def answered(self, facts: Mapping[str, Any]) -> None:
        """What the shop answered."""


class Newcomer(FirstPurchase):
    """As patient as people are whose shop falls down and gets up again."""

    def __init__(self, way: Way) -> None:
        self._way = way
        self._road: Road = way.road()
        super().__init__(
            self._road.address, logins_in(way.folder), way.clock, Silent(), patience_s=PATIENCE_S
        )

    def walk(self) -> str:
        """As ever; the potter has a new thought first, and at last the newcomer signs out."""
        self._think_of_a_cup()
        order_id = super().walk()
        self._sign_out()
        return order_id

    def _think_of_a_cup(self) -> None:
        """A product of which she saw no answer is there when she comes again: its code is taken."""
        try:
            self._potter.post(
                "/catalog/products", {"titles": THOUGHT, "skus": [{"sku_code": new_id()}]}
            )
        except Refused as refused:
            if refused.code != "code_taken":
                raise

    def _register(self) -> None:
        """Whoever follows the link again, having seen no answer, is told that it is used up: then
        she can sign in, which is what she does next.
        """
        try:
            super()._register()
        except Refused as refused:
            if refused.code != "code_refused":
                raise

    def _letter(
        self, about: str, wanted: Callable[[Facts], bool], *, within_s: float | None = None
    ) -> dict[str, Any]:
        """A mail that does not come was cut off: she looks again after a while."""
        try:
            return super()._letter(about, wanted, within_s=MAIL_COMES_WITHIN_S)
        except NeverCame:
            self._way.clock.advance(MAIL_IS_SENT_AGAIN)
        return super()._letter(about, wanted, within_s=within_s)

    def _sign_out(self) -> None:
        sessions = self._ann.get("/auth/sessions")["items"]
        mine = next(one["id"] for one in sessions if one["current"])
        try:
            self._ann.ask("DELETE", f"/auth/sessions/{mine}")
        except Refused as refused:
            if refused.status != SIGNED_OUT:
                raise

    def _deliver(self, waybill: str) -> None:
        """What a push did not get through, carriers push again."""
        super()._deliver(waybill)
        self._road.trace(waybill, "signed")


def has_all_services(way: Way) -> bool:
    """Whether newcomers can buy in this town: some towns have nothing but the road."""
    return set(NAMES) <= way.audit.databases.keys()


def open_for_newcomers(way: Way) -> None:
    """Have the town sell what they want; nothing where they cannot come."""
    if has_all_services(way):
        open_corner_shop(way.road().address, way.folder, stock=MUGS)


def newcomer(way: Way) -> str:
    """Somebody registers, buys, and holds the parcel; the order's id.

    Raises:
        Refused, NeverCame: it did not end well.
    """
    return Newcomer(way).walk()
