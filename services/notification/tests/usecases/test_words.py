"""Every message in every language, with the worst that strangers may have typed."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from html.parser import HTMLParser

import pytest

from notification_service.domain.notice import ALWAYS, Channel, Code, Facts, Kind, Line, Notice
from notification_service.domain.person import Person
from notification_service.domain.wording import LOCALES, one_line
from notification_service.testing import START, cny
from notification_service.usecases.phrases import time_left
from notification_service.usecases.write_message import Background, Message, write
from shop_events.contracts.order import CancelReason

HOSTILE = (
    "<script>alert(1)</script>{{7*7}}{% raw %}\r\nBcc: all@example.com\r\n\r\n"
    'Click http://evil.example "><b>\u202egnp.exe\x00\x1b[2J'
)
EVERY = list(itertools.product(Kind, LOCALES))


def hostile(kind: Kind, locale: str, *, code: str | None = "483920") -> Message:
    """The message of this kind, all of its facts as hostile as can be."""
    about_account = kind in ALWAYS
    notice = Notice(
        id="n-1",
        cause="c",
        kind=kind,
        created_at=START,
        account_id=None if about_account else "ann",
        order_id=None if about_account else f"o-1/../{HOSTILE}",
        facts=Facts(
            lines=(Line(sku_id="sku-mug", quantity=2, payable=cny("39.80")),),
            shipping=cny("5.00"),
            amount=cny("44.80"),
            reason=HOSTILE,
            carrier=HOSTILE,
            waybill=HOSTILE,
        ),
        code=_code(locale, code) if about_account else None,
    )
    background = Background(
        person=Person(account_id="ann", locale=locale, display_name=HOSTILE, version=1),
        numbers={notice.order_id or "": HOSTILE},
        titles={"sku-mug": {locale: HOSTILE}},
        shop_url="https://shop.example",
    )
    return write(notice, background, now=START)


def _code(locale: str, code: str | None) -> Code:
    return Code(
        channel=Channel.EMAIL,
        address="ann@example.com",
        locale=locale,
        expires_at=START + timedelta(minutes=30),
        code=code,
        link_token=HOSTILE,
    )


class Tags(HTMLParser):
    """What a reader's mail program makes of the HTML: its tags, and where its links lead."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.links: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.links += [value or "" for name, value in attrs if name in ("href", "src")]


@pytest.mark.parametrize(("kind", "locale"), EVERY)
def test_no_text_of_a_stranger_becomes_markup_a_header_or_a_template(
    kind: Kind, locale: str
) -> None:
    message = hostile(kind, locale)

    assert message.subject
    assert message.subject == one_line(message.subject)
    read = Tags(message.html)
    assert not read.tags & {"script", "b", "img"}
    assert all(link.startswith("https://shop.example/") for link in read.links)
    assert "49" not in message.text.replace("483920", "")
    for text in (message.subject, message.text, message.html, message.sms, message.inbox):
        assert not set(text) & set("\r\x00\x1b\u202e")
        assert not any(line.startswith("Bcc:") for line in text.splitlines())


@pytest.mark.parametrize("locale", LOCALES)
def test_every_kind_has_words_of_its_own(locale: str) -> None:
    messages = [hostile(kind, locale) for kind in Kind]

    assert len({message.inbox for message in messages}) == len(Kind)
    assert all(message.text.strip() and message.sms for message in messages)


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("kind", [Kind.VERIFY, Kind.RESET_PASSWORD, Kind.CHANGE_ADDRESS])
def test_a_code_and_a_link_say_how_long_they_are_good_for(kind: Kind, locale: str) -> None:
    with_code, with_link = hostile(kind, locale), hostile(kind, locale, code=None)

    assert "483920" in with_code.text
    assert "483920" in with_code.html
    assert "483920" in with_code.sms
    assert with_link.link is not None
    assert with_link.link in with_link.text
    assert "30" in with_code.inbox


@pytest.mark.parametrize(
    ("left", "words", "zh"),
    [
        (timedelta(seconds=5), "1 minute", "1分钟"),
        (timedelta(minutes=29, seconds=59), "29 minutes", "29分钟"),
        (timedelta(hours=23, minutes=59), "24 hours", "24小时"),
    ],
)
def test_the_time_a_code_is_good_for_is_said_as_people_say_it(
    left: timedelta, words: str, zh: str
) -> None:
    assert (time_left(left, "en"), time_left(left, "zh-CN")) == (words, zh)


def plain(kind: Kind, locale: str, facts: Facts, code: Code | None) -> Message:
    """The message with facts in the reader's own language."""
    zh = locale == "zh-CN"
    order_id = None if kind in ALWAYS else "1"
    notice = Notice(
        id="n-1",
        cause="c",
        kind=kind,
        created_at=START,
        account_id="ann",
        order_id=order_id,
        facts=facts,
        code=code if kind in ALWAYS else None,
    )
    background = Background(
        person=Person(account_id="a", locale=locale, display_name="王" if zh else "Ann", version=1),
        numbers={"1": "261122"},
        titles={"sku-mug": {locale: "杯" if zh else "Mug"}},
        shop_url="https://shop.example",
    )
    return write(notice, background, now=START)


def variants(kind: Kind, locale: str) -> Iterator[Message]:
    """All that a message of this kind may say."""
    facts = Facts(
        lines=(Line(sku_id="sku-mug", quantity=2, payable=cny("1039.80")),),
        shipping=cny("5.00"),
        amount=cny("1044.80"),
        carrier="88",
        waybill="99",
    )
    code = replace(_code(locale, "483920"), link_token="7")
    if kind in ALWAYS:
        yield plain(kind, locale, facts, code)
        yield plain(kind, locale, facts, replace(code, link_token=None))
        later = START + timedelta(hours=24)
        yield plain(kind, locale, facts, replace(code, code=None, expires_at=later))
        return
    yield plain(kind, locale, replace(facts, on_delivery=True), None)
    for reason in CancelReason if kind is Kind.ORDER_CANCELLED else ("",):
        yield plain(kind, locale, replace(facts, reason=reason), None)


@pytest.mark.parametrize("locale", LOCALES)
def test_no_word_of_one_language_is_left_in_the_other(locale: str) -> None:
    foreign = re.compile("[A-Za-z]+" if locale == "zh-CN" else "[\u3000-\u9fff\uff00-\uffef]+")

    for message in itertools.chain.from_iterable(variants(kind, locale) for kind in Kind):
        html = re.sub(r"(?s)<[^>]*>", " ", message.html)
        for text in (message.subject, message.text, html, message.sms, message.inbox):
            said = text.replace(message.link or " ", " ")
            assert foreign.findall(said) == [], said


def test_a_reader_of_another_language_is_written_to_in_english() -> None:
    person = Person(account_id="ann", locale="fr-FR", display_name="Ann", version=1)
    notice = Notice(id="n", cause="c", kind=Kind.REFUNDED, created_at=START, order_id="o-1")
    background = Background(
        person=person, numbers={"o-1": "261122MUG"}, shop_url="https://shop.example"
    )

    assert write(notice, background, now=START).subject == "A refund for your order 261122MUG"
