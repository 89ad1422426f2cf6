"""The `shop` command: everything one does with the town as a whole."""

from __future__ import annotations

import logging
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

import click

from shop_suite.services import NAMES

DATA: Final = Path("var/shop")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Jishi, the market town: run it, walk through it, put it to the test."""


@main.command()
@click.option("--data", type=click.Path(path_type=Path), default=DATA, show_default=True)
@click.option("--bind", default="127.0.0.1:8000", show_default=True)
@click.option("--goods/--no-goods", default=True, help="Open the demo shop in a fresh town.")
def run(data: Path, bind: str, *, goods: bool) -> None:
    """Run the whole town in one process. What it knows lies in --data and survives everything."""
    from shop_suite.run import OneProcess
    from shop_suite.standing import must_be_free, must_be_nobodys, must_be_writable
    from shop_suite.welcome import Opening

    must_be_free(bind)
    must_be_writable(data)
    must_be_nobodys(data)
    opening = Opening(bind, data, usual=DATA, goods=goods, say=click.echo)
    sys.argv = sys.argv[:1]  # gunicorn would read ours
    OneProcess(data, bind, when_ready=opening.begin).run()


@main.command()
@click.option("--postgres", envvar="SERVE_POSTGRES_URL", default="", help="postgresql+psycopg://…")
@click.option("--rabbit", envvar="SERVE_RABBIT_URL", default="", help="amqp://…")
@click.option("--own-servers", is_flag=True, help="Start both from this machine's programs.")
@click.option("--data", type=click.Path(path_type=Path), default=Path("var/serve"))
@click.option("--port", default=8000, show_default=True)
@click.option("--services", default=",".join(NAMES), help="Some of them; all unless said.")
@click.option("--goods/--no-goods", default=True, help="Open the demo shop in a fresh town.")
def serve(
    postgres: str,
    rabbit: str,
    data: Path,
    port: int,
    services: str,
    *,
    own_servers: bool,
    goods: bool,
) -> None:
    """Run every service as processes of its own, on PostgreSQL and RabbitMQ."""
    from chassis.working import stop_when_told
    from shop_suite import serve as serving
    from shop_suite.standing import must_be_free, must_be_writable
    from shop_suite.welcome import Opening

    if not own_servers and not (postgres and rabbit):
        words = "Give --postgres and --rabbit (SERVE_POSTGRES_URL, SERVE_RABBIT_URL)"
        raise click.UsageError(f"{words}, or --own-servers to start both here for this time.")
    must_be_free(f"127.0.0.1:{port}")
    with ExitStack() as lasts:
        if own_servers:  # what they hold ends with them, so what belongs to it does, too
            data = lasts.enter_context(_folder())
            servers = lasts.enter_context(serving.own_servers())
            click.echo(f"Your own programs may listen at {servers.rabbit} as long as it is open.")
        else:
            servers = serving.Servers(postgres, rabbit)
        must_be_writable(data)
        opening = Opening(f"127.0.0.1:{port}", data, usual=DATA, goods=goods, say=click.echo)
        some = services.split(",")
        if unknown := set(some) - set(NAMES):
            raise click.UsageError(f"There is no service {', '.join(sorted(unknown))}.")
        try:
            town = serving.Serving(data, servers, port=port, say=click.echo, services=some)
            town.run(stop_when_told(), when_ready=opening.begin)
        except serving.NOT_SERVED as error:
            raise click.ClickException(str(error)) from error


@main.command()
@click.option("--into", type=click.Path(path_type=Path), default=Path("var/compose"))
def prepare(into: Path) -> None:
    """Make the secrets, roles and rights that docker-compose.yml mounts; those there stay."""
    from shop_suite.deploy.secrets import prepare as make

    make(into, NAMES)
    click.echo(f"{into} has what the containers need. It is as secret as a password.")


@main.command(name="open")
@click.option("--at", default="127.0.0.1:8000", show_default=True, help="Where the town answers.")
@click.option("--data", type=click.Path(path_type=Path), default=DATA, show_default=True)
def open_(at: str, data: Path) -> None:
    """Open the demo shop in a development town that runs; --data keeps its passwords."""
    from shop_suite.standing import must_be_writable
    from shop_suite.welcome import Opening

    must_be_writable(data)
    Opening(at, data, usual=DATA, goods=True, say=click.echo).open_shop()


@main.command(name="import")
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--merchant", default="half-hill", show_default=True, help="Who sells it.")
@click.option("--at", default="127.0.0.1:8000", show_default=True, help="Where the town answers.")
@click.option("--data", type=click.Path(path_type=Path), default=DATA, show_default=True)
def import_(folder: Path, merchant: str, at: str, data: Path) -> None:
    """Import another shop's catalogue (categories.csv, products.csv, skus.csv) for a merchant."""
    from shop_suite.caller import Refused
    from shop_suite.catalogue_import import NotImported, hand_in, offers_in, problems_of
    from shop_suite.town.logins import NoSuchLogin, login_of
    from shop_suite.town.opening import signed_in

    try:
        clerk = signed_in(lambda _path: f"http://{at}", login_of(merchant, data))
        done = hand_in(clerk, offers_in(folder), click.echo)
    except (NoSuchLogin, NotImported, Refused, KeyError, OSError) as no:
        raise click.ClickException(str(no)) from no
    for line in problems_of(done):
        click.echo(line)
    click.echo(f"{done['created']} products are new, {done['changed']} changed.")


@main.command()
@click.argument("who", default="shopper")
@click.option("--at", default="127.0.0.1:8000", show_default=True, help="Where the town answers.")
@click.option("--data", type=click.Path(path_type=Path), default=DATA, show_default=True)
def token(who: str, at: str, data: Path) -> None:
    """Sign in to a running development town and print the access token, good for ten minutes.

    WHO is shopper, admin, a merchant's id or an e-mail address, as `shop run` tells them.
    """
    from shop_suite.caller import Refused
    from shop_suite.standing import must_answer
    from shop_suite.town.logins import NoSuchLogin, login_of
    from shop_suite.town.opening import token_of

    must_answer(at)
    try:
        click.echo(token_of(lambda _path: f"http://{at}", login_of(who, data)))
    except (NoSuchLogin, Refused) as no:
        raise click.ClickException(str(no)) from no


@main.group()
def admin() -> None:
    """Who runs the shop."""


@admin.command()
@click.option("--data", type=click.Path(path_type=Path), default=DATA, show_default=True)
@click.option("--database", envvar="ACCOUNT_DATABASE_URL", default="", help="Instead of --data.")
def create(data: Path, database: str) -> None:
    """Print the token that makes its bearer the first admin: once, within the hour."""
    from account_service.domain.errors import AdminExists
    from shop_suite.admins import NotMigrated, token_for_database, token_for_folder

    try:
        made = token_for_database(database) if database else token_for_folder(data)
    except (AdminExists, NotMigrated) as error:
        raise click.ClickException(str(error)) from error
    click.echo("POST /api/v1/auth/first-admin {token, email, password, display_name}, with token:")
    click.echo(made)


@main.command()
@click.option(
    "--orders",
    default=200,
    show_default=True,
    type=click.IntRange(0),
    help="Real purchases to replay after it.",
)
def demo(orders: int) -> None:
    """Place, pay, ship and deliver over HTTP; then replay real purchases and check the books."""
    from shop_suite.demo import tell

    _quieten()
    with _folder() as folder:
        if not tell(folder, orders=orders, say=click.echo):
            sys.exit(1)


@main.command()
@click.option(
    "--orders", default=None, type=click.IntRange(1), help="How many; all 69,659 unless said."
)
@click.option("--people", default=4, show_default=True, help="How many buy at once.")
def replay(orders: int | None, people: int) -> None:
    """Replay real purchases on their own dates, and prove the books to the cent."""
    from shop_suite.demo import replay_here

    _quieten()
    with _folder() as folder:
        if not replay_here(folder, orders=orders, people=people, say=click.echo):
            sys.exit(1)


@main.command()
@click.option("--data", type=click.Path(path_type=Path), default=DATA, show_default=True)
def audit(data: Path) -> None:
    """Prove money, stock and events of a stopped town from its databases."""
    from shop_suite.audit.town import audit_folder
    from shop_suite.standing import must_hold_a_town

    must_hold_a_town(data)
    problems = 0
    for problem in audit_folder(data):
        problems += 1
        click.echo(problem)
    if problems:
        sys.exit(f"{problems} counter-examples.")
    click.echo("Nothing lost, nothing twice, nothing half done.")


@main.command()
@click.option("--kills", default=300, show_default=True, help="Random kills after the matrix.")
@click.option("--seed", default=0, help="0: a new one, which is printed.")
@click.option("--on", type=click.Choice(["embedded", "deployed", "both"]), default="both")
def chaos(kills: int, seed: int, on: str) -> None:
    """Kill the town's own processes at every step and at random; count what was lost."""
    from shop_suite.chaos import run_chaos

    sys.exit(0 if run_chaos(kills=kills, seed=seed, on=on, say=click.echo) else 1)


@main.command()
@click.option("--orders", default=5_000, show_default=True)
@click.option("--only", default="", help="One question by its name.")
def bench(orders: int, only: str) -> None:
    """How fast, on this machine: questions, floors, answers, caveats (see bench/README.md)."""
    from shop_suite.bench import run_bench

    sys.exit(0 if run_bench(orders=orders, only=only, say=click.echo) else 1)


@main.command()
def docs() -> None:
    """Write docs/events and docs/flows anew, from the declarations in the code."""
    from shop_suite.docs import write_docs

    write_docs(Path.cwd())


def _quieten() -> None:
    """Where time jumps by days, services rightly sound alarms; the books are proved at the end."""
    logging.basicConfig(level=logging.CRITICAL)


@contextmanager
def _folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="jishi-") as folder:
        yield Path(folder)
