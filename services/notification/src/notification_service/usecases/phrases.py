"""The few words that all messages of a language share, and how it writes amounts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Final, Literal

from babel.numbers import format_currency
from babel.units import format_unit

from notification_service.domain.notice import Kind
from shop_events.values import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrases:
    """The words around a message."""

    shop: str
    code: str
    shipping: str
    total: str
    foot: str
    units: Literal["long", "short"]  # babel's data has no long ones in Chinese
    links: Mapping[Kind, str]


def _links(verify: str, reset: str, sessions: str, order: str) -> dict[Kind, str]:
    about_orders = (
        Kind.ORDER_CONFIRMED,
        Kind.ORDER_CANCELLED,
        Kind.PARCEL_SHIPPED,
        Kind.PARCEL_DELIVERED,
        Kind.REFUNDED,
        Kind.PAYMENT_UNEXPECTED,
    )
    return {
        Kind.VERIFY: verify,
        Kind.CHANGE_ADDRESS: verify,
        Kind.LEAVE_ADDRESS: verify,
        Kind.RESET_PASSWORD: reset,
        Kind.ALREADY_REGISTERED: reset,
        Kind.PASSWORD_CHANGED: reset,
        Kind.CONTACT_CHANGED: reset,
        Kind.NEW_DEVICE: sessions,
        **dict.fromkeys(about_orders, order),
    }


PHRASES: Final = {
    "zh-CN": Phrases(
        shop="集市",
        code="验证码",
        shipping="运费",
        total="合计",
        foot="此信由集市自动发出，请勿直接回复。",
        units="short",
        links=_links("确认地址", "重设密码", "查看登录设备", "查看订单"),
    ),
    "en": Phrases(
        shop="Jishi",
        code="Your code",
        shipping="Shipping",
        total="Total",
        foot="This message was sent by Jishi by itself; nobody reads the answers to it.",
        units="long",
        links=_links(
            "Confirm the address", "Set a new password", "Look at your devices", "See the order"
        ),
    ),
}


def time_left(left: timedelta, locale: str) -> str:
    """How long something is still good, in minutes, or in hours from two on."""
    minutes = max(1, left // timedelta(minutes=1))
    hours = minutes >= 2 * 60
    return format_unit(
        round(minutes / 60) if hours else minutes,
        "duration-hour" if hours else "duration-minute",
        length=PHRASES[locale].units,
        locale=_babel(locale),
    )


def money(amount: Money | None, locale: str) -> str:
    """The amount as readers of this language write it; nothing where there is none."""
    if amount is None:
        return ""
    return format_currency(Decimal(amount.amount), amount.currency, locale=_babel(locale))


def _babel(locale: str) -> str:
    """Our tag as babel spells it."""
    return locale.replace("-", "_")
