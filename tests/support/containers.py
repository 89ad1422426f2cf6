"""The shared servers as containers, where a Docker engine answers."""

from collections.abc import Callable

from testcontainers.community.postgres import PostgresContainer
from testcontainers.core.container import DockerContainer
from testcontainers.core.wait_strategies import LogMessageWaitStrategy

POSTGRES_IMAGE = "postgres:15"
RABBIT_IMAGE = "rabbitmq:3"


def start_postgres() -> tuple[str, Callable[[], None]]:
    """Its address, and what stops it."""
    container = PostgresContainer(POSTGRES_IMAGE, driver="psycopg")
    container.start()
    return str(container.get_connection_url()), container.stop


def start_rabbit() -> tuple[str, Callable[..., str], Callable[[], None]]:
    """Its address, what talks to rabbitmqctl in it, and what stops it."""
    started = LogMessageWaitStrategy("Server startup complete").with_startup_timeout(120)
    # Not testcontainers' own RabbitMqContainer: 4.15 waits in a way that it deprecates itself.
    container = DockerContainer(RABBIT_IMAGE).with_exposed_ports(5672).waiting_for(started)
    container.start()

    def ctl(*words: str) -> str:
        code, said = container.exec(["rabbitmqctl", "--quiet", *words])
        if code != 0:
            raise RuntimeError(f"rabbitmqctl {words[0]}: {said.decode()}")
        return str(said.decode())

    host, port = container.get_container_host_ip(), container.get_exposed_port(5672)
    return f"amqp://guest:guest@{host}:{port}/%2F", ctl, container.stop
