"""``Prefer: wait=N`` (RFC 7240): hold an answer until the order has left ``placed``."""

from __future__ import annotations

from flask import Response, current_app

from chassis.requests import read
from chassis.waiting import hold
from order_service.http.views import order_view
from order_service.usecases.read_orders import is_settling, read_order


def when_settled(answer: Response, *, account_id: str, within_s: float) -> Response:
    """``answer`` with the order as it is once the stock has answered, or after ``within_s``."""
    if answer.status_code != 201:
        return answer
    order_id = str(answer.get_json()["id"])
    if not hold(lambda: not _is_settling(order_id), within_s=within_s):
        return answer
    with read() as connection:
        found = read_order(connection, order_id, account_id=account_id)
    answer.set_data(current_app.json.dumps(order_view(found)))
    answer.headers["Preference-Applied"] = "wait"
    return answer


def _is_settling(order_id: str) -> bool:
    with read() as connection:
        return is_settling(connection, order_id)
