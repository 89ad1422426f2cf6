"""What can go wrong with goods and parcels, in the merchant's words.

LogisticsError                   409 unless stated
├── ShipmentNotFound             404
├── SkuNotFound                  404
├── WaybillNotFound              404
├── UnknownCarrier               422
├── ReasonMissing                422
├── QuantityMissing              422
├── CarrierUnclear               422
├── WaybillMalformed             422
├── RatesUnsound                 422
├── Stale                        412
├── BelowPromised                409
├── TooMuchStock                 409
├── FulfilmentOnHold             409
├── NothingToPack                409
├── NotPackable                  409
├── SeveralParcels               409
├── WaybillTaken                 409
├── AlreadyTraced                409
├── NotByCarrier                 409
├── NotByHand                    409
├── WrongPickUpCode              409
├── IllegalTransition            409
├── WebhookRefused               401
└── CarrierDoesNotAnswer         503
"""

from __future__ import annotations

from collections.abc import Iterable


class LogisticsError(Exception):
    """Something about goods or parcels cannot be done as asked."""

    code = "logistics_error"
    status = 409


class ShipmentNotFound(LogisticsError):
    """There is no such fulfilment or parcel, or it is somebody else's."""

    code = "shipment_not_found"
    status = 404

    def __init__(self, shipment_id: str) -> None:
        super().__init__(f"There is no shipment {shipment_id}.")
        self.shipment_id = shipment_id


class SkuNotFound(LogisticsError):
    """It is nobody's yet, or another merchant's."""

    code = "sku_not_found"
    status = 404

    def __init__(self, sku_id: str) -> None:
        super().__init__(f"There is no stock of {sku_id}.")
        self.sku_id = sku_id


class WaybillNotFound(LogisticsError):
    """No parcel of ours has this waybill, or it is somebody else's."""

    code = "waybill_not_found"
    status = 404

    def __init__(self, waybill: str) -> None:
        super().__init__(f"There is no parcel with the waybill {waybill}.")
        self.waybill = waybill


class UnknownCarrier(LogisticsError):
    """We have no contract with a carrier of this name."""

    code = "unknown_carrier"
    status = 422

    def __init__(self, carrier: str, known: Iterable[str]) -> None:
        ours = ", ".join(sorted(known))
        super().__init__(f"There is no carrier {carrier} here; only {ours}.")
        self.carrier = carrier
        self.errors = {"carrier": [f"Only {ours}."]}


class ReasonMissing(LogisticsError):
    """Counters are never put right in silence (S2)."""

    code = "reason_missing"
    status = 422

    def __init__(self, sku_id: str) -> None:
        super().__init__(f"An adjustment of {sku_id} needs a reason.")
        self.sku_id = sku_id
        self.errors = {"reason": ["An adjustment needs one."]}


class QuantityMissing(LogisticsError):
    """A movement moves something: one unit or more is received, and zero adjusts nothing."""

    code = "quantity_missing"
    status = 422

    def __init__(self, sku_id: str, quantity: int) -> None:
        super().__init__(f"{quantity} units of {sku_id} are no movement of this type.")
        self.sku_id = sku_id
        self.errors = {"quantity": ["One or more is received, and not zero adjusted."]}


class BelowPromised(LogisticsError):
    """What is held and allocated has been promised to buyers and must be there (S7)."""

    code = "on_hand_below_promised"

    def __init__(self, sku_id: str, on_hand: int, promised: int) -> None:
        super().__init__(
            f"There would be {on_hand} of {sku_id} on hand, and {promised} are promised."
        )
        self.sku_id = sku_id


class TooMuchStock(LogisticsError):
    """More units than a counter is made for; somebody mistyped, again and again."""

    code = "too_much_stock"

    def __init__(self, sku_id: str, most: int) -> None:
        super().__init__(f"No warehouse holds more than {most} units of {sku_id}.")
        self.sku_id = sku_id


class FulfilmentOnHold(LogisticsError):
    """The merchant stopped it; it is neither packed nor shipped until released."""

    code = "fulfilment_on_hold"

    def __init__(self, fulfilment_id: str) -> None:
        super().__init__(f"The fulfilment {fulfilment_id} is on hold.")
        self.fulfilment_id = fulfilment_id


class NothingToPack(LogisticsError):
    """Every unit is packed, shipped or cancelled already."""

    code = "nothing_to_pack"

    def __init__(self, fulfilment_id: str) -> None:
        super().__init__(f"Nothing of the fulfilment {fulfilment_id} is left to pack.")
        self.fulfilment_id = fulfilment_id


class NotPackable(LogisticsError):
    """More was to be packed than is left, or a line that is not in the fulfilment (F2)."""

    code = "not_packable"

    def __init__(self, fulfilment_id: str, line_id: str, wanted: int, left: int) -> None:
        super().__init__(
            f"Line {line_id} of {fulfilment_id} has {left} units to pack, and not {wanted}."
        )
        self.fulfilment_id = fulfilment_id


class SeveralParcels(LogisticsError):
    """The fulfilment has several parcels waiting; one must be named."""

    code = "several_parcels"

    def __init__(self, fulfilment_id: str, parcel_ids: Iterable[str]) -> None:
        ours = ", ".join(parcel_ids)
        super().__init__(
            f"Several parcels of {fulfilment_id} wait for a carrier, name one: {ours}."
        )
        self.fulfilment_id = fulfilment_id


class WaybillTaken(LogisticsError):
    """A carrier gives each waybill to one parcel, and a parcel has one."""

    code = "waybill_taken"

    def __init__(self, carrier: str, waybill: str) -> None:
        super().__init__(f"The waybill {waybill} of {carrier} belongs to another parcel.")
        self.waybill = waybill


class CarrierUnclear(LogisticsError):
    """The carrier is not named, and the waybill does not tell it."""

    code = "carrier_unclear"
    status = 422

    def __init__(self, shipment_id: str) -> None:
        super().__init__(f"A carrier must take {shipment_id}, and none is named.")
        self.errors = {"carrier": ["Name one, or a waybill that tells it."]}


class WaybillMalformed(LogisticsError):
    """The carrier's waybills look otherwise; somebody mistyped."""

    code = "waybill_malformed"
    status = 422

    def __init__(self, carrier: str, waybill: str) -> None:
        super().__init__(f"{waybill} is no waybill of {carrier}.")
        self.errors = {"waybill": [f"This is no waybill of {carrier}."]}


class AlreadyTraced(LogisticsError):
    """Its carrier has told of it under its waybill, which therefore was right."""

    code = "already_traced"

    def __init__(self, parcel_id: str) -> None:
        super().__init__(f"The parcel {parcel_id} was seen under its waybill; it stays.")


class NotByCarrier(LogisticsError):
    """The buyer fetches these goods: they are handed over and not shipped."""

    code = "not_by_carrier"

    def __init__(self, shipment_id: str) -> None:
        super().__init__(f"{shipment_id} is fetched by its buyer: hand it over.")


class NotByHand(LogisticsError):
    """A carrier brings these goods, and it alone says that they arrived."""

    code = "not_by_hand"

    def __init__(self, shipment_id: str) -> None:
        super().__init__(f"{shipment_id} is neither fetched nor brought by its seller.")


class WrongPickUpCode(LogisticsError):
    """Whoever stands there does not have the buyer's code."""

    code = "wrong_pick_up_code"

    def __init__(self, shipment_id: str) -> None:
        super().__init__(f"This is not the code of {shipment_id}.")
        self.errors = {"code": ["This is not its code."]}


class RatesUnsound(LogisticsError):
    """By these rates a parcel would have two prices, or none that can be said."""

    code = "rates_unsound"
    status = 422

    def __init__(self, problems: Iterable[str]) -> None:
        found = list(problems)
        super().__init__(" ".join(found))
        self.errors = {"methods": found}


class Stale(LogisticsError):
    """It was changed since the caller read it."""

    code = "precondition_failed"
    status = 412

    def __init__(self, what: str, version: int) -> None:
        super().__init__(f"{what} has version {version} by now; read it again.")


class IllegalTransition(LogisticsError):
    """The state it is in does not lead there."""

    code = "illegal_transition"

    def __init__(self, what: str, now: str, wanted: str, legal: Iterable[str]) -> None:
        ways = ", ".join(sorted(legal)) or "nothing: it is over"
        super().__init__(f"{what} is {now} and cannot become {wanted}; only {ways}.")


class WebhookRefused(LogisticsError):
    """The push is not, or not provably, from the carrier; or it is too old. Never says which."""

    code = "webhook_refused"
    status = 401

    def __init__(self, carrier: str) -> None:
        super().__init__(f"This push cannot be taken for one of {carrier}.")


class CarrierDoesNotAnswer(LogisticsError):
    """Whether a waybill was drawn is not known. Shipping again is safe: one parcel, one waybill."""

    code = "carrier_does_not_answer"
    status = 503

    def __init__(self, carrier: str, parcel_id: str) -> None:
        super().__init__(f"{carrier} does not answer for the parcel {parcel_id}; try again.")
        self.parcel_id = parcel_id
