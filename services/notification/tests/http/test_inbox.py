"""The inbox in the shop, what people choose, and the mailbox of a development shop."""

from __future__ import annotations

from pathlib import Path

import pytest

from chassis.settings import Env
from chassis.testing import Bench, admin, merchant, shopper
from notification_service import testing
from notification_service.domain.notice import SWITCHABLE
from notification_service.service import service
from notification_service.testing import MAIL, PHONE
from services.notification.tests.conftest import settings


def test_the_inbox_tells_what_the_mails_told_the_newest_first(office) -> None:
    office.hears(testing.mug())
    office.hears(testing.contact(email=None))
    office.hears(testing.confirmed())
    office.bench.advance(60)
    office.hears(testing.shipped())

    newest, oldest = office.inbox()

    assert newest["kind"] == "parcel_shipped"
    assert newest["subject"] == "A parcel of your order 261122MUG is on its way"
    assert "SW-77" in newest["text"]
    assert oldest["text"].splitlines()[-1] == "Total  CN¥44.80"
    assert "Ann" not in oldest["text"]
    assert (oldest["at"], oldest["read"], oldest["order_id"]) == (
        "2026-11-22T08:00:00Z",
        False,
        "o-1",
    )


def test_the_inbox_follows_its_reader_into_another_language(office) -> None:
    office.hears(testing.contact())
    office.hears(testing.confirmed())

    office.hears(testing.contact(locale="zh-CN", version=2))

    assert office.inbox()[0]["subject"] == "订单 261122MUG 已确认"


def test_a_long_inbox_comes_in_pages(office) -> None:
    office.hears(testing.contact())
    office.hears(testing.placed())
    for number in range(5):
        office.hears(testing.shipped(f"pa-{number}"))

    first = office.ann.get("/notifications?limit=3").get_json()
    rest = office.ann.get(f"/notifications?limit=3&cursor={first['next_cursor']}").get_json()

    assert len(first["items"]) == 3
    assert len(rest["items"]) == 2
    assert rest["next_cursor"] is None
    assert len({one["id"] for one in first["items"] + rest["items"]}) == 5


def test_what_was_read_stays_read(office) -> None:
    office.hears(testing.contact())
    office.hears(testing.confirmed())
    (unread,) = office.inbox()

    for _ in range(2):
        answer = office.ann.post(f"/notifications/{unread['id']}/read")
        assert answer.status_code == 200
        assert answer.get_json() == unread | {"read": True}

    assert office.inbox()[0]["read"]


@pytest.mark.parametrize("who", [shopper("bob"), merchant(), admin()])
def test_a_foreign_notification_is_answered_like_a_missing_one(small_office, who) -> None:
    small_office.hears(testing.contact())
    small_office.hears(testing.confirmed())
    theirs = small_office.inbox()[0]["id"]
    other = small_office.bench.client(who)

    foreign = other.post(f"/notifications/{theirs}/read")
    missing = other.post("/notifications/n-0/read")

    assert (foreign.status_code, missing.status_code) == (404, 404)
    kept = ("code", "title", "status", "type")
    assert [foreign.get_json()[one] for one in kept] == [missing.get_json()[one] for one in kept]
    assert not small_office.inbox()[0]["read"]


def test_a_code_cannot_be_read_as_a_notification_by_anybody(small_office) -> None:
    small_office.hears(testing.code())
    code_id = small_office.sends()[0].id.partition(".")[0]

    assert small_office.ann.post(f"/notifications/{code_id}/read").status_code == 404


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/notifications"),
        ("POST", "/notifications/n-1/read"),
        ("GET", "/notifications/preferences"),
        ("PUT", "/notifications/preferences"),
    ],
)
def test_who_is_not_signed_in_has_no_inbox(small_office, method: str, path: str) -> None:
    assert small_office.bench.client().send(method, path).status_code == 401


def test_everything_is_on_until_somebody_says_otherwise(office) -> None:
    before = office.ann.get("/notifications/preferences").get_json()["items"]

    assert [one["kind"] for one in before] == list(SWITCHABLE)
    assert all(one["email"] and one["sms"] and one["inbox"] for one in before)


def test_what_somebody_chooses_replaces_what_they_chose_before(office) -> None:
    def chooses(*items: dict[str, object]) -> dict[str, dict[str, bool]]:
        answer = office.ann.put("/notifications/preferences", {"items": list(items)})
        assert answer.status_code == 200
        assert office.ann.get("/notifications/preferences").get_json() == answer.get_json()
        return {one["kind"]: one for one in answer.get_json()["items"]}

    first = chooses({"kind": "refunded", "sms": False}, {"kind": "parcel_shipped", "email": False})
    then = chooses({"kind": "refunded", "email": False})

    assert not first["refunded"]["sms"]
    assert then["refunded"] == {"kind": "refunded", "email": False, "sms": True, "inbox": True}
    assert then["parcel_shipped"]["email"]


@pytest.mark.parametrize(
    "body",
    [
        {"items": [{"kind": "verify", "email": False}]},
        {"items": [{"kind": "new_device"}]},
        {"items": [{"kind": "refunded"}, {"kind": "refunded"}]},
        {"items": [{"kind": "weather"}]},
        {"items": [{"kind": "refunded", "email": "no"}]},
        {"items": [{"kind": "refunded", "email": 0}]},
        {"items": [{"kind": "refunded", "pigeon": True}]},
        {"items": [{"kind": "refunded"}] * 100},
        {"items": [["refunded"]]},
        {"items": None},
        {},
        {"items": [], "account_id": "bob"},
    ],
)
def test_a_choice_that_is_none_changes_nothing_and_names_the_field(small_office, body) -> None:
    small_office.ann.put(
        "/notifications/preferences", {"items": [{"kind": "refunded", "sms": False}]}
    )
    before = small_office.ann.get("/notifications/preferences").get_json()

    answer = small_office.ann.put("/notifications/preferences", body)

    assert answer.status_code == 422
    assert answer.get_json()["errors"]
    assert small_office.ann.get("/notifications/preferences").get_json() == before


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=101", "limit=x", "cursor=%00", "cursor=WyJcdTAwMDAiXQ==", "page=2"]
)
def test_a_bad_page_is_the_askers_mistake(small_office, query: str) -> None:
    assert small_office.ann.get(f"/notifications?{query}").status_code in (400, 422)


def test_the_mailbox_shows_what_its_reader_would_use(small_office) -> None:
    small_office.hears(testing.code())
    small_office.hears(testing.code("c-2", to=PHONE))
    small_office.sends()
    anybody = small_office.bench.client()

    both = anybody.get("/dev/mailbox").get_json()["items"]
    (mail,) = anybody.get("/dev/mailbox", query_string={"to": MAIL}).get_json()["items"]

    assert [one["to"] for one in both] == [PHONE, MAIL]
    assert both[0]["code"] == "483920"
    assert mail["links"] == ["https://shop.example/account/verify?token=token-marked"]
    assert mail["links"][0] in mail["text"]
    assert anybody.get("/dev/mailbox?to=nobody@example.com").get_json() == {"items": []}


def test_outside_a_development_shop_there_is_no_mailbox(tmp_path: Path) -> None:
    bench = Bench(
        service,
        settings(
            f"sqlite:///{tmp_path / 'empty.db'}",
            tmp_path,
            env=Env.PROD,
            pretend_mailbox=None,
            smtp_host="mail.example",
        ),
    )
    assert bench.client().get("/dev/mailbox").status_code == 404
    bench.close()
