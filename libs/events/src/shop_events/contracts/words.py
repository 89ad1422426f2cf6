"""The vocabulary: a field of this name means this, in every event that has it.

Two events that use one name for two things would be read wrongly by somebody. Where a name needs
more around it to be understood, the longer path (``stock.level_changed:version``) has its own row.
"""

from __future__ import annotations

from typing import Final

WORDS: Final = {
    "account_id": "Whose it is: the buyer's account. It never names the person.",
    "address": "Where the parcel goes, as the carrier is told.",
    "amount": "How much money this is about.",
    "asked_by": "Who wants it.",
    "at": "When it was so, by the clock of whoever saw it.",
    "available": "Units that can be sold now: on hand, and held for nobody.",
    "band": "The level in the words that buyers see.",
    "by": "Who said so: a person, or time itself.",
    "carrier": "Which carrier, by the code it has in our settings.",
    "code": "The reason as a stable word for programs.",
    "delivery_method": "Which of the delivery methods the buyer chose.",
    "discount_share": "The part of all discounts that lies on this line.",
    "division_code": "The district it goes to, by its administrative code; never an address.",
    "first_unit": "The number, from 0, of the first of these units of the line; the others follow.",
    "fulfilment_id": "One merchant's goods of one order from one warehouse.",
    "line_id": "One line of an order; it stays the same for the order's life.",
    "line_ids": "The lines of the order that this is about.",
    "lines": "The lines of the order that this is about, each as far as it is about it.",
    "may_retry": "Whether the buyer may try to pay again.",
    "merchant_id": "Who sells it.",
    "method": "How the buyer pays.",
    "number": "The order's number as people read it out; not an id.",
    "on_delivery": "Whether the money is still to be collected at the door.",
    "order_id": "Which order.",
    "parcel_id": "Which parcel.",
    "parcel_ids": "The parcels that this is about.",
    "pay_by": "When order will give up waiting for the money; nobody else ends the hold.",
    "payable": "What all units of the line cost together, discounts taken off.",
    "payment_id": "Which payment; one order may have several tries.",
    "payment_method": "How the buyer wants to pay.",
    "phone": "The recipient's number for the carrier.",
    "place": "A town or a depot, never an address.",
    "quantity": "How many units.",
    "reason": "Why, as a stable word for programs.",
    "recipient": "Who takes the parcel.",
    "refund_id": "Which refund; asking again with the same one changes nothing.",
    "shares": "What part of the money belongs to which merchant and line; they sum to the whole.",
    "shares[].line_id": "The line the money belongs to; null: freight.",
    "shipping": "The freight.",
    "shortages": "What there is too little of.",
    "signed_at": "When the recipient signed.",
    "sku_id": "Which thing, down to size and colour.",
    "state": "Where the parcel is, in words that all carriers' codes are mapped to.",
    "total": "What the whole order costs, freight included.",
    "unit_price": "What one unit cost when it was ordered, before discounts.",
    "version": "Grows with every change; an older one never replaces a newer one.",
    "wanted": "How many units were asked for.",
    "warehouse_id": "Which warehouse it leaves from.",
    "waybill": "The carrier's number for the parcel.",
    "why": "The reason as a stable word for programs.",
}


def meaning(event: str, path: str) -> str:
    """What the field at ``path`` (``lines[].quantity``) of ``event`` means.

    Raises:
        KeyError: the vocabulary lacks the word.
    """
    name = path.rpartition(".")[2]
    for longer in (f"{event}:{path}", path, name):
        if longer in WORDS:
            return WORDS[longer]
    raise KeyError(f"The vocabulary has no word for {path} of {event}; see contracts.words.")
