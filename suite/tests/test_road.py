"""Who walks the road is as patient as a carrier's own system."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import TYPE_CHECKING

import orjson

from chassis.tokens import SigningKey
from shop_events import ManualClock
from shop_suite.embedded import Served
from shop_suite.road import Road

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

WINDOW_S = 300


class SlowDoor:
    """Falls down with the first push for ten minutes, and takes none that is older than five."""

    def __init__(self, clock: ManualClock) -> None:
        self.taken: list[str] = []
        self.asked = 0
        self._clock = clock

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        body = orjson.loads(environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])))
        self.asked += 1
        if self.asked == 1:
            self._clock.advance(timedelta(minutes=10))
            return _answer(start, "503 Service Unavailable", {"code": "unavailable"})
        signed_at = int(environ["HTTP_X_WEBHOOK_TIMESTAMP"])
        if abs(self._clock.now().timestamp() - signed_at) > WINDOW_S:
            return _answer(start, "401 Unauthorized", {"code": "webhook_refused"})
        self.taken.append(body["event_id"])
        return _answer(start, "200 OK", {})


def _answer(start: StartResponse, status: str, body: dict[str, str]) -> Iterable[bytes]:
    start(status, [("Content-Type", "application/json")])
    return [orjson.dumps(body)]


def test_a_push_that_grew_old_while_the_town_was_down_is_signed_anew() -> None:
    clock = ManualClock()
    door = SlowDoor(clock)
    with Served(door) as served:
        road = Road(key=SigningKey.generate(), clock=clock, address=lambda _path: served.url)

        road.trace("W-1", "signed", event_id="e-1")

    assert door.taken == ["e-1"]
    assert door.asked == 3
