"""A request that comes twice has one effect and one answer."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import orjson
import pytest
import sqlalchemy as sa

from chassis import idempotency
from chassis.idempotency_table import first_answers
from chassis.routes import UndeclaredRoute
from chassis.testing import ISSUER_KEY, Bench, merchant, shopper
from libs.chassis.tests.kiosk.contracts import DeliveryArrived, SaleMade
from libs.chassis.tests.kiosk.store import sales, shelf
from libs.chassis.tests.processes import answers, buy, running
from tests.support import eventually


def left(bench: Bench) -> int:
    with bench.database.read() as connection:
        return int(connection.execute(sa.select(shelf.c.left)).scalar_one())


def test_the_first_answer_is_given_again_and_marked(bench: Bench) -> None:
    ann = bench.client(shopper("ann"))
    first = ann.post("/sales", {"mugs": 2}, key="k1")

    again = ann.post("/sales", {"mugs": 2}, key="k1")

    assert again.status_code == 201
    assert again.get_json() == first.get_json()
    assert again.headers["Location"] == first.headers["Location"]
    assert again.headers["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first.headers
    assert left(bench) == 8
    assert len(bench.said(SaleMade)) == 1


def test_where_a_key_may_be_left_out_each_call_counts_and_one_with_a_key_once(kiosk: Bench) -> None:
    potter = kiosk.client(merchant())

    def made(key: str = "") -> str:
        headers = {"Idempotency-Key": key} if key else {}
        return str(potter.post("/kiosks", {}, key="", headers=headers).get_json()["id"])

    assert made() != made()
    assert made("k1") == made("k1") != made("k2")


def test_a_route_that_heeds_a_key_without_saying_so_fails(kiosk: Bench) -> None:
    with pytest.raises(UndeclaredRoute, match="post_careless_sale lacks @heeds"):
        kiosk.client(shopper("ann")).post("/careless-sales", {}, key="k1")


def test_twenty_requests_at_once_with_one_key_have_one_effect(bench: Bench) -> None:
    app, barrier = bench.app, threading.Barrier(20)
    assert app

    def buy(_number: int) -> tuple[int, str]:
        ann = bench.client(shopper("ann"))
        barrier.wait(10)
        answer = ann.post("/sales", {"mugs": 1}, key="k1")
        return answer.status_code, answer.get_json().get("id") or answer.get_json()["code"]

    with ThreadPoolExecutor(20) as pool:
        answers = Counter(pool.map(buy, range(20)))

    with bench.database.read() as connection:
        (sale,) = connection.execute(sa.select(sales)).all()
    assert set(answers) <= {(201, sale.id), (409, "idempotency_key_in_use")}
    assert answers[201, sale.id] >= 1
    assert left(bench) == 9
    assert len(bench.said(SaleMade)) == 1


def test_a_key_held_by_another_process_is_in_use(large_kiosk: Bench) -> None:
    ann = large_kiosk.client(shopper("ann"))
    given = {"method": "POST", "headers": {"Idempotency-Key": "k1"}}
    with large_kiosk.app.test_request_context("/api/v1/sales", **given):
        asked = idempotency._asked("k1", "ann")

    with large_kiosk.database.begin() as tx:
        idempotency._lock(tx.connection, asked)
        refused = ann.post("/sales", {"mugs": 1}, key="k1")

    assert refused.get_json()["code"] == "idempotency_key_in_use"
    assert refused.headers["Retry-After"] == "1"
    assert ann.post("/sales", {"mugs": 1}, key="k1").status_code == 201


def test_twenty_requests_at_two_processes_with_one_key_have_one_effect(
    large_kiosk: Bench, free_port: int, tmp_path: Path
) -> None:
    environ = {
        "SHOP_ENV": "dev",
        "SHOP_TOKEN_KEYS": orjson.dumps({"keys": [ISSUER_KEY.public()]}).decode(),
        "KIOSK_DATABASE_URL": large_kiosk.runtime.settings.database_url.reveal(),
        "KIOSK_WEB_BIND": f"127.0.0.1:{free_port}",
        "KIOSK_WEB_THREADS": "10",
    }
    url, log = f"http://127.0.0.1:{free_port}", tmp_path / "web.log"

    with running("web", environ=environ, log=log), ThreadPoolExecutor(20) as pool:
        eventually(lambda: answers(f"{url}/health/ready"), within_s=30, message=log.read_text)
        told = list(pool.map(lambda _: buy(url, key="k1"), range(20)))

    with large_kiosk.database.read() as connection:
        (sale,) = connection.execute(sa.select(sales)).all()
    seen = {(status, answer.get("id") or answer["code"]) for status, answer in told}
    assert seen <= {(201, sale.id), (409, "idempotency_key_in_use")}
    assert (201, sale.id) in seen
    assert len(large_kiosk.said(SaleMade)) == 1


def test_the_key_with_another_body_is_refused(bench: Bench) -> None:
    ann = bench.client(shopper("ann"))
    ann.post("/sales", {"mugs": 2}, key="k1")

    refused = ann.post("/sales", {"mugs": 3}, key="k1")

    assert (refused.status_code, refused.get_json()["code"]) == (422, "idempotency_key_reused")
    assert left(bench) == 8


def test_the_same_body_written_otherwise_is_the_same_body(kiosk: Bench) -> None:
    ann = kiosk.client(shopper("ann"))
    first = ann.post("/sales", {"mugs": 2, "tip": None}, key="k1")

    again = ann.post(
        "/sales",
        data=b'{ "tip": null,\n "mugs": 2 }',
        content_type="application/json",
        key="k1",
    )

    assert again.get_json() == first.get_json()


def test_the_same_key_of_somebody_else_is_another_key(kiosk: Bench) -> None:
    mine = kiosk.client(shopper("ann")).post("/sales", {"mugs": 1}, key="k1").get_json()["id"]
    theirs = kiosk.client(shopper("bob")).post("/sales", {"mugs": 1}, key="k1").get_json()["id"]

    assert mine != theirs


def test_a_refusal_of_the_domain_is_kept_and_nothing_else_of_it(bench: Bench) -> None:
    ann = bench.client(shopper("ann"))
    first = ann.post("/sales", {"mugs": 11}, key="k1")
    bench.hears(DeliveryArrived(delivery_id="d1", mugs=10))

    again = ann.post("/sales", {"mugs": 11}, key="k1")

    assert (first.status_code, again.status_code) == (409, 409)
    assert again.get_json() == first.get_json()
    assert again.content_type == "application/problem+json"
    assert again.headers["Idempotency-Replayed"] == "true"
    assert bench.said(SaleMade) == []
    assert ann.post("/sales", {"mugs": 11}, key="k2").status_code == 201


def test_a_refusal_that_says_come_again_is_not_kept(kiosk: Bench) -> None:
    object.__setattr__(kiosk.runtime.settings, "opening", True)
    ann = kiosk.client(shopper("ann"))
    first = ann.post("/sales", {"mugs": 1}, key="k1")
    object.__setattr__(kiosk.runtime.settings, "opening", False)

    assert (first.status_code, first.headers["Retry-After"]) == (409, "3")
    assert ann.post("/sales", {"mugs": 1}, key="k1").status_code == 201


def test_what_broke_is_not_kept(kiosk: Bench) -> None:
    kiosk.app.config["PROPAGATE_EXCEPTIONS"] = False
    ann = kiosk.client(shopper("ann"))

    assert [ann.post("/sales", {"mugs": 7}, key="k1").status_code for _ in range(2)] == [500, 500]
    assert left(kiosk) == 10


def test_a_body_that_did_not_fit_is_not_kept(kiosk: Bench) -> None:
    ann = kiosk.client(shopper("ann"))

    assert ann.post("/sales", {"mugs": 0}, key="k1").status_code == 422
    assert ann.post("/sales", {"mugs": 1}, key="k1").status_code == 201


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({}, "idempotency_key_required"),
        ({"Idempotency-Key": ""}, "idempotency_key_invalid"),
        ({"Idempotency-Key": "k" * 256}, "idempotency_key_invalid"),
        ({"Idempotency-Key": "schlüssel"}, "idempotency_key_invalid"),
    ],
)
def test_without_a_proper_key_nothing_is_bought(
    kiosk: Bench, headers: dict[str, str], code: str
) -> None:
    refused = kiosk.client(shopper()).post("/sales", {"mugs": 1}, key="", headers=headers)

    assert (refused.status_code, refused.get_json()["code"]) == (400, code)
    assert left(kiosk) == 10


def test_a_key_of_255_characters_is_one(kiosk: Bench) -> None:
    assert kiosk.client(shopper()).post("/sales", {"mugs": 1}, key="k" * 255).status_code == 201


def test_answers_are_kept_for_a_day_and_not_for_ever(bench: Bench) -> None:
    bench.client(shopper()).post("/sales", {"mugs": 1}, key="k1")

    bench.clock.advance(timedelta(hours=24))
    assert idempotency.prune(bench.database) == 0

    bench.clock.advance(timedelta(hours=24, seconds=1))
    assert idempotency.prune(bench.database) == 1
    with bench.database.read() as connection:
        assert connection.execute(sa.select(first_answers)).all() == []
