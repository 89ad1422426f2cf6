"""Who gets past the door, and to what."""

from datetime import timedelta

import pytest
from werkzeug.wrappers import Response

from chassis.testing import ISSUER_KEY, admin, merchant, shopper
from gateway.routes import NoSuchMethod, NoSuchPath, Route, Table
from gateway.table import ANYONE
from tests.support.doors import ROUTES, Town


def test_what_is_not_in_the_table_is_nowhere(town: Town) -> None:
    lost = town.ask("GET", "/cups")

    assert (lost.status_code, lost.get_json(force=True)["code"]) == (404, "not_found")
    assert lost.content_type == "application/problem+json"
    assert not town.shelf.asked


def test_another_method_is_refused_with_those_that_there_are(town: Town) -> None:
    refused = town.ask("PUT", "/mugs/m1")

    assert refused.status_code == 405
    assert refused.headers["Allow"] == "DELETE, GET, HEAD, OPTIONS"
    assert not town.shelf.asked


def test_whoever_asks_for_the_methods_is_told_them(town: Town) -> None:
    told = town.ask("OPTIONS", "/mugs")

    assert (told.status_code, told.headers["Allow"]) == (204, "GET, HEAD, OPTIONS, POST")


@pytest.mark.parametrize("path", ["/mugs/..", "/mugs/%2e%2e", "//mugs", "/mugs/.", "/mugs/a/b"])
def test_a_path_that_somebody_on_the_way_could_read_otherwise_leads_nowhere(
    town: Town, path: str
) -> None:
    assert town.ask("GET", f"/api/v1{path}").status_code == 404
    assert not town.shelf.asked


def test_a_slash_at_the_end_is_left_out(town: Town) -> None:
    town.ask("GET", "/mugs/m1/")

    assert town.shelf.last.path == "/api/v1/mugs/m1"


def test_a_word_counts_before_a_parameter(town: Town) -> None:
    assert town.ask("GET", "/mugs/mine").status_code == 401
    assert town.ask("GET", "/mugs/m1").status_code == 200


def test_two_rows_for_one_call_are_refused() -> None:
    one = Route("GET", "/mugs/{mug_id}", "shelf", ANYONE)
    with pytest.raises(ValueError, match="two rows"):
        Table([one, Route("GET", "/mugs/{name}", "cellar", ANYONE)])


def test_a_path_of_several_rows_knows_the_methods_of_all() -> None:
    table = Table(
        [
            Route("GET", "/a/{b}/c", "x", ANYONE),
            Route("POST", "/a/b/{c}", "x", ANYONE),
            Route("PUT", "/a/b/d", "x", ANYONE),
        ]
    )

    assert table.find("GET", "/api/v1/a/b/c").path == "/a/{b}/c"
    assert table.find("HEAD", "/api/v1/a/x/c").method == "GET"
    with pytest.raises(NoSuchMethod, match="GET, HEAD, OPTIONS, POST"):
        table.find("DELETE", "/api/v1/a/b/c")
    with pytest.raises(NoSuchPath):
        table.find("GET", "/api/v1/a/b")


def test_routes_for_development_are_there_in_development_alone(tmp_path: object) -> None:
    table = Table(one for one in ROUTES if not one.dev)

    with pytest.raises(NoSuchPath):
        table.find("POST", "/api/v1/dev/toys")


def test_somebody_without_a_token_is_asked_for_one_and_goes_no_further(town: Town) -> None:
    refused = town.ask("POST", "/mugs")

    assert (refused.status_code, refused.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert not town.shelf.asked


def test_a_wrong_role_never_reaches_a_service(town: Town) -> None:
    refused = town.ask("DELETE", "/mugs/m1", shopper("ann"))

    assert (refused.status_code, refused.get_json(force=True)["code"]) == (403, "not_allowed")
    assert not town.shelf.asked
    assert town.ask("DELETE", "/mugs/m1", merchant()).status_code == 200
    assert town.ask("DELETE", "/mugs/m1", admin()).status_code == 200


@pytest.mark.parametrize("header", ["Bearer nonsense", "Basic YTpi", "Bearer", ""])
def test_a_token_that_is_none_is_refused_where_anyone_may_come_too(town: Town, header: str) -> None:
    refused = town.ask("GET", "/mugs", headers={"Authorization": header})

    assert (refused.status_code, refused.get_json(force=True)["code"]) == (401, "token_refused")
    assert not town.shelf.asked


def test_a_token_ends_while_the_clock_goes_on(town: Town) -> None:
    token = ISSUER_KEY.mint(shopper("ann"), now=town.clock.now())
    bearer = {"Authorization": f"Bearer {token}"}
    assert town.ask("GET", "/mugs/mine", headers=bearer).status_code == 200
    town.clock.advance(timedelta(seconds=700))

    assert town.ask("GET", "/mugs/mine", headers=bearer).status_code == 401


def test_a_signed_call_is_handed_on_whatever_it_has_for_a_token(town: Town) -> None:
    came = town.ask("POST", "/webhooks/bank", headers={"Authorization": "Signature abc"})

    assert came.status_code == 200
    assert town.shelf.last.headers["Authorization"] == "Signature abc"


def test_the_service_gets_the_token_and_decides_for_itself(town: Town) -> None:
    town.shelf.answer = lambda _request: Response(
        b'{"code": "token_refused"}', 401, content_type="application/problem+json"
    )
    refused = town.ask("GET", "/mugs/mine", shopper("ann"))

    assert town.shelf.last.headers["Authorization"].startswith("Bearer ")
    assert (refused.status_code, refused.data) == (401, b'{"code": "token_refused"}')
