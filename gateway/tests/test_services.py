"""Services that are slow, down, or speak for a long time, in this process and over HTTP."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from werkzeug.wrappers import Request, Response

from chassis.testing import shopper
from gateway.breaker import FAILURES, REST_S, Breaker
from gateway.over_http import OverHttp
from gateway.upstream import InProcess
from tests.support.doors import Shelf, Town, served


@pytest.fixture
def far(tmp_path: Path) -> Iterator[Town]:
    """A town whose service is behind HTTP."""
    shelf = Shelf()
    with served(shelf) as address:
        upstream = OverHttp(address, connections=4)
        town = Town(tmp_path, upstream)
        town.shelf = shelf
        yield town
        town.close()
        upstream.close()


def test_over_http_a_call_arrives_as_it_was_sent(far: Town) -> None:
    answer = far.ask(
        "POST",
        "/mugs?größe=1&a=%2F",
        shopper("ann"),
        data=b'{"mugs": 3}',
        content_type="application/json",
        headers={"Prefer": "wait=5"},
    )

    asked = far.shelf.last
    assert (answer.status_code, answer.data) == (200, b'{"mugs": 3}')
    assert (asked.path, asked.args["größe"], asked.args["a"]) == ("/api/v1/mugs", "1", "/")
    assert (asked.get_data(), asked.headers["Prefer"]) == (b'{"mugs": 3}', "wait=5")
    assert asked.headers["X-Deadline-Ms"] == "500"
    assert "gzip" not in asked.headers.get("Accept-Encoding", "")


@pytest.mark.parametrize("name", ["a b", "a%2523", "茶杯", "a;b", "q?x"])
def test_over_http_a_name_arrives_as_it_was_meant(far: Town, name: str) -> None:
    far.ask("GET", f"/api/v1/mugs/{name.replace('?', '%3F')}")

    assert far.shelf.last.path == f"/api/v1/mugs/{name.replace('%25', '%')}"


def test_an_address_that_no_service_reads_is_refused_as_too_long(far: Town) -> None:
    refused = far.ask("GET", f"/mugs?q={'茶' * 600}")

    assert (refused.status_code, refused.get_json(force=True)["code"]) == (414, "address_too_long")


def test_a_redirect_of_a_service_is_not_followed(far: Town) -> None:
    far.shelf.answer = lambda _request: Response(
        b"", 302, {"Location": "http://169.254.169.254/latest"}
    )

    assert far.ask("GET", "/mugs").status_code == 302
    assert len(far.shelf.asked) == 1


@pytest.mark.parametrize("where", ["near", "far"])
def test_large_bodies_pass_piece_by_piece_both_ways(where: str, town: Town, far: Town) -> None:
    asked = town if where == "near" else far

    def weigh(request: Request) -> Response:
        size = sum(len(piece) for piece in iter(lambda: request.stream.read(50_000), b""))
        return Response((b"x" * 100_000 for _ in range(size // 100_000)), mimetype="text/plain")

    asked.shelf.answer = weigh
    answer = asked.ask("POST", "/pictures", data=b"y" * 2_500_000)

    assert len(answer.data) == 2_500_000


def test_what_a_service_says_bit_by_bit_is_handed_on_at_once(far: Town) -> None:
    go_on = threading.Event()

    def news() -> Iterator[bytes]:
        yield b"first"
        assert go_on.wait(10)
        yield b"second"

    far.shelf.answer = lambda _request: Response(news(), mimetype="text/event-stream")
    answer = far.ask("GET", "/news", buffered=False)
    pieces = answer.iter_encoded()

    assert next(pieces) == b"first"
    go_on.set()
    assert next(pieces) == b"second"
    answer.close()


def test_a_slow_service_is_waited_for_until_the_deadline_and_no_longer(far: Town) -> None:
    let_go = threading.Event()

    def slowly(_request: Request) -> Response:
        let_go.wait(10)
        return Response(b"late")

    far.shelf.answer = slowly
    started = time.monotonic()
    answer = far.ask("POST", "/mugs", shopper("ann"), data=b"{}")
    let_go.set()

    assert (answer.status_code, answer.get_json(force=True)["code"]) == (504, "too_slow")
    assert "Idempotency-Key" in answer.get_json(force=True)["detail"]
    assert 0.4 < time.monotonic() - started < 5
    assert len(far.shelf.asked) == 1


def test_a_service_that_is_not_there_is_named(town: Town) -> None:
    answer = town.ask("GET", "/gone")

    assert (answer.status_code, answer.get_json(force=True)["code"]) == (503, "unavailable")
    assert "cellar" in answer.get_json(force=True)["detail"]
    assert int(answer.headers["Retry-After"]) >= 1


def test_a_service_whose_process_has_ended_is_down_and_not_slow(tmp_path: Path) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))  # and does not listen
        town = Town(tmp_path, OverHttp("http://{}:{}".format(*nobody.getsockname())))
        answer = town.ask("POST", "/mugs", shopper("ann"), data=b"{}")
        town.close()

    assert (answer.status_code, answer.get_json(force=True)["code"]) == (503, "unavailable")
    assert "does not answer" in answer.get_json(force=True)["detail"]


class HangsUp:
    """Takes calls, and ends the connection without a word; the ones after ``times`` it answers."""

    def __init__(self, times: int) -> None:
        self._left = times
        self.calls = 0
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            with connection:
                connection.recv(65_536)
                self.calls += 1
                self._left -= 1
                if self._left < 0:
                    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")

    def close(self) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()


@contextmanager
def before(partner: HangsUp, folder: Path) -> Iterator[Town]:
    upstream = OverHttp(partner.address)
    town = Town(folder, upstream)
    try:
        yield town
    finally:
        town.close()
        upstream.close()
        partner.close()


def test_what_only_reads_is_asked_once_more_when_the_connection_broke(tmp_path: Path) -> None:
    partner = HangsUp(1)
    with before(partner, tmp_path) as town:
        assert town.ask("GET", "/mugs").status_code == 200
        assert partner.calls == 2


def test_what_only_reads_is_asked_no_third_time(tmp_path: Path) -> None:
    partner = HangsUp(5)
    with before(partner, tmp_path) as town:
        assert town.ask("GET", "/mugs").status_code == 503
        assert partner.calls == 2


def test_a_write_is_never_asked_twice(tmp_path: Path) -> None:
    partner = HangsUp(1)
    with before(partner, tmp_path) as town:
        answer = town.ask("POST", "/mugs", shopper("ann"), data=b"{}")
        calls = partner.calls

    assert (answer.status_code, calls) == (503, 1)
    assert "broke off" in answer.get_json(force=True)["detail"]


def test_after_failures_in_a_row_a_service_is_left_in_peace_for_a_while(tmp_path: Path) -> None:
    partner = HangsUp(1_000)
    with before(partner, tmp_path) as town:
        for _ in range(FAILURES):
            town.ask("POST", "/mugs", shopper("ann"), data=b"{}")
        spared = town.ask("POST", "/mugs", shopper("ann"), data=b"{}")
        calls = partner.calls

    assert calls == FAILURES
    assert (spared.status_code, spared.headers["Retry-After"]) == (503, str(round(REST_S)))


def test_after_its_rest_one_call_tries_and_the_others_wait_for_it() -> None:
    now = [100.0]
    breaker = Breaker(now=lambda: now[0])
    for _ in range(FAILURES):
        breaker.failed()
    assert breaker.wait_s() == REST_S
    now[0] += REST_S

    assert [breaker.wait_s(), breaker.wait_s()] == [0.0, REST_S]
    breaker.failed()
    assert breaker.wait_s() == REST_S
    now[0] += REST_S
    assert breaker.wait_s() == 0.0
    breaker.succeeded()
    assert [breaker.wait_s(), breaker.wait_s()] == [0.0, 0.0]


def test_a_failure_now_and_then_leaves_the_breaker_closed() -> None:
    breaker = Breaker()
    for _ in range(3 * FAILURES):
        breaker.failed()
        breaker.succeeded()

    assert breaker.wait_s() == 0.0


def test_an_answer_of_503_is_an_answer(town: Town) -> None:
    town.shelf.answer = lambda _request: Response(b"{}", 503)
    answers = [town.ask("GET", "/mugs").data for _ in range(2 * FAILURES)]

    assert answers == [b"{}"] * 2 * FAILURES


def test_no_more_connections_are_opened_than_there_may_be(tmp_path: Path) -> None:
    let_go = threading.Event()
    shelf = Shelf()

    def slowly(_request: Request) -> Response:
        let_go.wait(10)
        return Response(b"{}")

    shelf.answer = slowly
    with served(shelf) as address:
        upstream = OverHttp(address, connections=1)
        town = Town(tmp_path, upstream)
        first = threading.Thread(target=lambda: town.ask("POST", "/pictures", data=b""))
        first.start()
        while not shelf.asked:
            first.join(0.01)
        second = town.ask("POST", "/mugs", shopper("ann"), data=b"{}")
        let_go.set()
        first.join(10)
        town.close()
        upstream.close()

    assert (second.status_code, len(shelf.asked)) == (504, 1)


def test_a_fault_of_the_gateway_itself_is_told_as_one_and_no_more(tmp_path: Path) -> None:
    def broken(_environ: object, _start_response: object) -> list[bytes]:
        raise RuntimeError("a secret word")

    town = Town(tmp_path, InProcess(broken))
    answer = town.ask("GET", "/mugs")
    town.close()

    assert (answer.status_code, answer.get_json(force=True)["code"]) == (500, "internal_error")
    assert "secret" not in answer.text
