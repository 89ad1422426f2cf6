"""The vocabulary: a field of this name means this, in every event that has it.

Two events that use one name for two things would be read wrongly by somebody. Where a name needs
more around it to be understood, the longer path (``stock.level_changed:version``) has its own row.
"""

from __future__ import annotations

from typing import Final

WORDS: Final = {
    "account.code_issued:address": "The mail address or phone number the message goes to.",
    "account.code_issued:code": "What the person is to type.",
    "account.code_issued:step": "Of a change of address: which of its messages.",
    "account.contact_changed:phone": "The person's proved number, as E.164 writes it.",
    "account_id": "Whose it is: the buyer's account. It never names the person.",
    "active": "Whether it can be bought at present.",
    "address": "Where the parcel goes, as the carrier is told.",
    "amount": "How much money this is about.",
    "asked_by": "Who wants it.",
    "at": "When it was so, by the clock of whoever saw it.",
    "available": "Units that can be sold now: on hand, and held for nobody.",
    "band": "The level in the words that buyers see.",
    "by": "Who said so: a person, or time itself.",
    "carrier": "Which carrier, by the code it has in our settings.",
    "cart_id": "Which cart.",
    "cash_on_delivery": "Whether the carrier takes cash at the door.",
    "category_path": "The categories it lies in, from the root to its own, by id.",
    "channel": "How somebody is reached: by mail or by phone.",
    "channels": "The ways to reach somebody that the account was opened with.",
    "code": "The reason as a stable word for programs.",
    "code_id": "Which message; sending it again with the same one is a repeat.",
    "days": "How long it takes at most, in days.",
    "delivery_method": "Which of the delivery methods the buyer chose.",
    "delivery_rates.changed:methods[].code": "What the buyer chooses it by: express, post.",
    "discount_share": "The part of all discounts that lies on this line.",
    "display_name": "What the person wants to be called.",
    "division_code": "The district it goes to, by its administrative code; never an address.",
    "divisions": "Prefixes of division codes; none: everywhere that no other zone names.",
    "dropped": "What did not fit in and is gone.",
    "email": "A mail address that was proved to be the person's.",
    "expires_at": "From then on it is no good any more.",
    "first": "What that costs.",
    "first_g": "The weight, in grams, that the first price covers.",
    "first_pieces": "How many units the first price covers; none: the weight counts.",
    "first_unit": "The number, from 0, of the first of these units of the line; the others follow.",
    "free_over": "From this much of a merchant's goods on it costs nothing.",
    "fulfilment_id": "One merchant's goods of one order from one warehouse.",
    "image": "The address of its picture, relative to the shop's.",
    "line_id": "One line of an order; it stays the same for the order's life.",
    "line_ids": "The lines of the order that this is about.",
    "lines": "The lines of the order that this is about, each as far as it is about it.",
    "link_token": "What a link in the message carries; good once.",
    "locale": "The language, as a BCP 47 tag: zh-CN, en.",
    "may_retry": "Whether the buyer may try to pay again.",
    "merchant_id": "Who sells it.",
    "method": "How the buyer pays.",
    "methods": "The ways to deliver, in the order people are offered them.",
    "name": "What people call it.",
    "number": "The order's number as people read it out; not an id.",
    "on_delivery": "Whether the money is still to be collected at the door.",
    "options": "The choices that make it this one, in the order people are asked.",
    "order_id": "Which order.",
    "parcel_id": "Which parcel.",
    "parcel_ids": "The parcels that this is about.",
    "pay_by": "When order will give up waiting for the money; nobody else ends the hold.",
    "payable": "What all units of the line cost together, discounts taken off.",
    "payment_id": "Which payment; one order may have several tries.",
    "payment_method": "How the buyer wants to pay.",
    "phone": "The recipient's number for the carrier.",
    "pick_up": "Whether the buyer fetches the goods.",
    "place": "A town or a depot, never an address.",
    "price": "What one unit costs now, before discounts.",
    "product_id": "Which product; its SKUs are what is bought.",
    "purpose": "What the message is for; it chooses the words.",
    "quantity": "How many units.",
    "rates_id": "Whose rates: a merchant's, or ``default``.",
    "reason": "Why, as a stable word for programs.",
    "recipient": "Who takes the parcel.",
    "referral_code": "Whose invitation was followed.",
    "refund_id": "Which refund; asking again with the same one changes nothing.",
    "session_ids": "The devices this is about; none: all of them.",
    "shares": "What part of the money belongs to which merchant and line; they sum to the whole.",
    "shares[].line_id": "The line the money belongs to; null: freight.",
    "shipping": "The freight.",
    "shortages": "What there is too little of.",
    "signed_at": "When the recipient signed.",
    "sku_id": "Which thing, down to size and colour.",
    "skus": "Every SKU it has.",
    "state": "Where the parcel is, in words that all carriers' codes are mapped to.",
    "status": "Where it stands, as a stable word.",
    "step": "What each further step costs, once begun.",
    "step_g": "The size of a further step of weight, in grams.",
    "step_pieces": "The size of a further step, in units; none: the weight counts.",
    "text": "The text in that language.",
    "titles": "Its name, once per language.",
    "total": "What the whole order costs, freight included.",
    "traceable": "Whether the way of the parcel can be followed.",
    "unit_price": "What one unit cost when it was ordered, before discounts.",
    "value": "The choice itself.",
    "version": "Grows with every change; an older one never replaces a newer one.",
    "volume_cm3": "What one unit takes up, in cubic centimetres, packed; 0: not said.",
    "volume_divisor": "Cubic centimetres that count as a kilogram; none: volume does not count.",
    "wanted": "How many units were asked for.",
    "warehouse_id": "Which warehouse it leaves from.",
    "waybill": "The carrier's number for the parcel.",
    "weight_g": "What one unit weighs, in grams, packed.",
    "why": "The reason as a stable word for programs.",
    "zones": "The regions it reaches, each with its prices.",
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
