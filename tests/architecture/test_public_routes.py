"""The gateway's table and the services' own routes say the same."""

import re
from collections.abc import Iterator

from flask import Flask

from chassis.routes import PREFIX, Declared, Door, routes_of
from gateway.routes import Route, Who
from gateway.table import ROUTES
from shop_suite.services import NAMES, load_services

Call = tuple[str, str, str]  # service, method, path


def declared() -> Iterator[tuple[Call, Declared, bool]]:
    """Every route of every service; the last is whether it is for development alone."""
    for service in load_services():
        public = [(one, PREFIX + (one.url_prefix or ""), False) for one in service.blueprints]
        at_root = [(one, one.url_prefix, False) for one in service.root_blueprints]
        dev = [(one, PREFIX + (one.url_prefix or ""), True) for one in service.dev_blueprints]
        for blueprint, prefix, for_dev in (*public, *at_root, *dev):
            app = Flask(service.name, static_folder=None)
            app.register_blueprint(blueprint, url_prefix=prefix)
            for path, methods, said in routes_of(app):
                template = re.sub(r"<(?:[^:<>]+:)?([^<>]+)>", r"{\1}", path)
                for method in methods:
                    yield (service.name, method, template), said, for_dev


SERVICES = {call: (said, for_dev) for call, said, for_dev in declared()}
TABLE = {(row.to, row.method, row.address): row for row in ROUTES}


def who(said: Declared) -> Who:
    return said.roles if said.door is Door.ROLES else said.door


def test_every_route_of_a_service_has_its_row_in_gateway_table_py() -> None:
    assert not sorted(SERVICES.keys() - TABLE.keys())


def test_every_row_of_the_table_leads_to_a_route() -> None:
    assert not sorted(TABLE.keys() - SERVICES.keys())


def test_no_call_has_two_rows() -> None:
    assert len(TABLE) == len(ROUTES)
    assert len({(row.method, row.address) for row in ROUTES}) == len(ROUTES)


def both() -> Iterator[tuple[Call, Declared, bool, Route]]:
    for call in SERVICES.keys() & TABLE.keys():
        yield call, *SERVICES[call], TABLE[call]


def test_door_and_service_let_the_same_people_in() -> None:
    assert not [call for call, said, _, row in both() if who(said) != row.who]


def test_door_and_service_take_bodies_of_the_same_size() -> None:
    assert not [call for call, said, _, row in both() if said.at_most != row.body_bytes]
    assert not [call for call, said, _, row in both() if said.streamed and not row.streamed]


def test_what_is_for_development_is_so_on_both_sides() -> None:
    assert not [call for call, _, for_dev, row in both() if for_dev != row.dev]


def test_the_table_knows_no_service_that_nobody_runs() -> None:
    assert {row.to for row in ROUTES} <= set(NAMES)
