"""Before people leave a town that others walk in: all that they ordered comes to its end."""

from __future__ import annotations

from typing import Any, Final

from tests.journeys.belongings import Household
from tests.journeys.townsfolk import Town

TO_SEND: Final = {"paid", "preparing"}
TO_PAY: Final = {"awaiting_payment"}


def wind_up(town: Town) -> None:
    """What was paid is sent and brought; what was not is cancelled."""
    for buyer, clerk in (("ann", "mo"), ("bob", "fay")):
        home = Household(town, buyer, clerk)
        for one in _orders(town, buyer):
            if one["status"] in TO_SEND:
                shipment = home.shipment_of(one["id"])
                town.get(clerk, f"POST /merchant/fulfilments/{shipment}/release")
                home.ship(shipment)
            elif one["status"] in TO_PAY:
                town.get(buyer, f"POST /orders/{one['id']}/cancel")
        town.rest()
        for one in _orders(town, buyer):
            for parcel in one["parcels"]:
                if parcel["state"] == "shipped":
                    home.carry(parcel["waybill"], parcel["carrier"])


def _orders(town: Town, buyer: str) -> list[Any]:
    found = town.get(buyer, "GET /orders?limit=100")["items"]
    return [town.get(buyer, f"GET /orders/{one['id']}") for one in found]
