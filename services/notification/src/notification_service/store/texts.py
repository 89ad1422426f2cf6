"""What a notice is made of, as text in a column and back."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from notification_service.domain.notice import Channel, Code, Facts, Line
from shop_events.values import Money


def from_facts(facts: Facts) -> str:
    """The text of ``facts``."""
    return json.dumps(
        {
            "lines": [[one.sku_id, one.quantity, _pair(one.payable)] for one in facts.lines],
            "shipping": _pair(facts.shipping),
            "amount": _pair(facts.amount),
            "on_delivery": facts.on_delivery,
            "reason": facts.reason,
            "carrier": facts.carrier,
            "waybill": facts.waybill,
            "waybill_version": facts.waybill_version,
        }
    )


def to_facts(text: str) -> Facts:
    """What `from_facts` wrote."""
    read: dict[str, Any] = json.loads(text)
    lines = tuple(
        Line(sku_id=sku_id, quantity=quantity, payable=Money(*payable))
        for sku_id, quantity, payable in read.pop("lines")
    )
    shipping, amount = _money(read.pop("shipping")), _money(read.pop("amount"))
    return Facts(lines=lines, shipping=shipping, amount=amount, **read)


def from_code(code: Code) -> str:
    """The text of ``code``."""
    return json.dumps(
        {
            "channel": code.channel,
            "address": code.address,
            "locale": code.locale,
            "expires_at": code.expires_at.isoformat(),
            "code": code.code,
            "link_token": code.link_token,
        }
    )


def to_code(text: str) -> Code:
    """What `from_code` wrote."""
    read: dict[str, Any] = json.loads(text)
    channel, expires_at = Channel(read.pop("channel")), read.pop("expires_at")
    return Code(channel=channel, expires_at=datetime.fromisoformat(expires_at), **read)


def _pair(money: Money | None) -> tuple[int, str] | None:
    return None if money is None else (money.minor, money.currency)


def _money(pair: list[Any] | None) -> Money | None:
    return None if pair is None else Money(*pair)
