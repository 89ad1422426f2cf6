"""``python -m chassis <command> <module>:<service>``: how every process of the suite is started."""

from __future__ import annotations

import importlib
import os
import sys

import click

from chassis import logs
from chassis.runtime import Runtime
from chassis.service import Service
from chassis.settings import SettingsWrong, look
from chassis.snapshots import CannotTell, choose, tell
from chassis.web import WebProcess
from chassis.working import stop_when_told, work
from shop_events import BrokerUnavailable, TopologyMissing
from shop_events.snapshot import PER_SECOND, SnapshotStopped
from shop_events.topology import Topology, ground


class ServiceName(click.ParamType[Service]):
    """``order_service.service:service``; ``:service`` may be left out."""

    name = "module:service"

    def convert(
        self, value: str, param: click.Parameter | None, ctx: click.Context | None
    ) -> Service:
        """The service of this name."""
        module, _, attribute = str(value).partition(":")
        try:
            found = getattr(importlib.import_module(module), attribute or "service")
        except (ImportError, AttributeError) as error:
            self.fail(f"There is no service {value}: {error}", param, ctx)
        if not isinstance(found, Service):
            self.fail(f"{value} is a {type(found).__name__}, not a Service.", param, ctx)
        return found


one_service = click.argument("service", type=ServiceName())


@click.group()
def main() -> None:
    """Start a process of one service, or look after it."""


@main.command()
@one_service
def web(service: Service) -> None:
    """Answer HTTP until told to stop."""
    settings = _runtime(service, answers=True).settings
    WebProcess(settings, lambda: service.flask_app(service.runtime(answers=True))).run()


@main.command()
@one_service
def worker(service: Service) -> None:
    """Consume, relay, keep deadlines and do chores until told to stop."""
    stop = stop_when_told()
    runtime = _runtime(service)
    try:
        in_time = work(runtime, stop)
    except (SettingsWrong, BrokerUnavailable) as error:
        raise click.ClickException(str(error)) from error
    finally:
        runtime.close()
    sys.exit(0 if in_time else 1)


@main.command(name="migrate")
@one_service
def migrate_(service: Service) -> None:
    """Bring the database to the newest schema; does nothing when it is."""
    from chassis import migrate

    url = _runtime(service).settings.database_url.reveal()
    applied = migrate.upgrade(service, url)
    click.echo(f"{service.name}: {', '.join(applied) or 'nothing to do'}")


@main.command()
@one_service
def check(service: Service) -> None:
    """Print each setting, its source and what is wrong with it; secrets stay hidden."""
    found = look(service.settings, service=service.name, environ=os.environ, answers=True)
    for one in found:
        click.echo(str(one))
    if any(one.problem for one in found):
        sys.exit(2)
    service.flask_app(_runtime(service))


@main.command()
@one_service
@click.option("--to", "consumer", required=True, help="The service whose copy is new or lost.")
@click.option("--only", multiple=True, help="An event it hears, where several could be told.")
@click.option("--per-second", default=PER_SECOND, show_default=True, type=click.IntRange(1, 10_000))
def snapshot(service: Service, consumer: str, only: tuple[str, ...], per_second: int) -> None:
    """Tell one subscriber what is so at present, while everything goes on.

    Apply its topology first: from then on it hears what changes. Begin again whenever this was
    stopped; what it knows already changes nothing.
    """
    stop = stop_when_told()
    runtime = _runtime(service)
    try:
        states = choose(service.states, consumer=consumer, only=only)
        told = tell(runtime, states, consumer=consumer, per_second=per_second, stop=stop)
    except (SettingsWrong, BrokerUnavailable, CannotTell, SnapshotStopped) as error:
        raise click.ClickException(str(error)) from error
    finally:
        runtime.close()
    for name, count in told.items():
        click.echo(f"{consumer} was told {count} of {name}")
    sys.exit(1 if stop.is_set() else 0)


@main.group()
def topology() -> None:
    """The queues and bindings a service needs at the broker."""


@topology.command()
@one_service
def plan(service: Service) -> None:
    """Print what is needed; asks nobody."""
    for line in _needed(service).plan():
        click.echo(line)


@topology.command()
@one_service
def apply(service: Service) -> None:
    """Make what is needed exist."""
    runtime = _runtime(service)
    try:
        runtime.broker.apply(_needed(service))
    except (SettingsWrong, BrokerUnavailable, TopologyMissing) as error:
        raise click.ClickException(str(error)) from error
    finally:
        runtime.close()


@topology.command()
@one_service
def diff(service: Service) -> None:
    """Print what is needed and not there; exits with 1 when there is something."""
    runtime = _runtime(service)
    try:
        missing = runtime.broker.diff(_needed(service))
    except (SettingsWrong, BrokerUnavailable) as error:
        raise click.ClickException(str(error)) from error
    finally:
        runtime.close()
    for line in missing:
        click.echo(line)
    sys.exit(1 if missing else 0)


def _needed(service: Service) -> Topology:
    return ground() | service.topology()


def _runtime(service: Service, *, answers: bool = False) -> Runtime:
    try:
        runtime = service.runtime(answers=answers)
    except SettingsWrong as error:
        raise click.ClickException(str(error)) from error
    logs.setup(service.name, level=runtime.settings.log_level)
    return runtime
