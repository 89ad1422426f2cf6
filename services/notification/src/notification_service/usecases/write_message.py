"""The words of a notice: subject, text and HTML for a mail, one line for an SMS, the inbox.

Each kind has one template a language: its first line is the subject, the rest the paragraphs.
Around them stands one layout for all: greeting, code, link, lines and foot. Texts of strangers
are values of a template and never a template, lie on one line, and are escaped in HTML.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from notification_service.domain.notice import Facts, Line, Notice
from notification_service.domain.person import Person
from notification_service.domain.wording import locale_for, one_line
from notification_service.usecases.links import link_of
from notification_service.usecases.phrases import PHRASES, Phrases, money, time_left

_TEMPLATES: Final = Environment(
    loader=PackageLoader("notification_service", "usecases/templates"),
    autoescape=select_autoescape(("html",), default=False),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Background:
    """What a message needs besides its notice: whom it is for, and what things are called."""

    person: Person | None = None
    numbers: Mapping[str, str] = field(default_factory=dict)
    titles: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    shop_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A notice in words. ``inbox`` is the text without greeting and foot."""

    locale: str
    subject: str
    text: str
    html: str
    sms: str
    inbox: str
    link: str | None
    code: str | None


def write(notice: Notice, background: Background, *, now: datetime) -> Message:
    """The notice in the reader's language. ``now`` tells how long a code is still good."""
    locale = locale_for(_locale(notice, background))
    phrases = PHRASES[locale]
    facts = {**_facts(notice, background, locale), "time_left": _time_left(notice, locale, now)}
    kind = _TEMPLATES.get_template(f"{locale}/{notice.kind}.txt")
    subject, _, body = kind.render(facts).strip().partition("\n")
    layout = {
        **facts,
        "subject": one_line(subject),
        "paragraphs": [" ".join(part.split()) for part in body.split("\n\n") if part.strip()],
        "phrases": phrases,
        "link_label": phrases.links.get(notice.kind, ""),
        "sums": list(_sums(notice.facts, phrases, locale)),
    }
    return Message(
        locale=locale,
        subject=layout["subject"],
        text=_TEMPLATES.get_template("mail.txt").render(layout),
        html=_TEMPLATES.get_template("mail.html").render(layout),
        sms=_TEMPLATES.get_template("sms.txt").render(layout),
        inbox=_TEMPLATES.get_template("inbox.txt").render(layout),
        link=facts["link"],
        code=facts["code"],
    )


def _locale(notice: Notice, background: Background) -> str:
    if notice.code is not None:
        return notice.code.locale
    return background.person.locale if background.person else ""


def _facts(notice: Notice, background: Background, locale: str) -> dict[str, Any]:
    facts, code = notice.facts, notice.code
    return {
        "name": one_line(background.person.display_name) if background.person else "",
        "locale": locale,
        "number": one_line(background.numbers.get(notice.order_id or "", "")),
        "amount": money(facts.amount, locale),
        "on_delivery": facts.on_delivery,
        "reason": facts.reason,
        "carrier": one_line(facts.carrier or ""),
        "waybill": one_line(facts.waybill or ""),
        "code": one_line(code.code) if code and code.code else None,
        "link": link_of(notice, background.shop_url),
        "lines": [_line(one, background, locale) for one in facts.lines],
    }


def _line(line: Line, background: Background, locale: str) -> dict[str, Any]:
    by_locale = background.titles.get(line.sku_id, {})
    title = by_locale.get(locale) or next(iter(by_locale.values()), line.sku_id)
    return {
        "title": one_line(title),
        "quantity": line.quantity,
        "amount": money(line.payable, locale),
    }


def _sums(facts: Facts, phrases: Phrases, locale: str) -> Iterator[tuple[str, str]]:
    """The rows below the lines: freight and the whole, where the event named both."""
    if facts.lines and facts.shipping is not None and facts.amount is not None:
        yield phrases.shipping, money(facts.shipping, locale)
        yield phrases.total, money(facts.amount, locale)


def _time_left(notice: Notice, locale: str, now: datetime) -> str:
    return time_left(notice.code.expires_at - now, locale) if notice.code else ""
