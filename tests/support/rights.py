"""What a RabbitMQ is told of its users, as Erlang for its ``ctl("eval", ...)``.

rabbitmqctl's own words say the same, and each costs a second of processor time.
"""

INTERNAL = "rabbit_auth_backend_internal"


def adding_user(name: str, password: str) -> str:
    """There is a user of this name, who may do nothing yet."""
    return f"ok = {INTERNAL}:add_user({_text(name)}, {_text(password)}, {_text('test')})."


def deleting_user(name: str) -> str:
    """There is no such user any more."""
    return f"ok = {INTERNAL}:delete_user({_text(name)}, {_text('test')})."


def allowing(user: str, vhost: str, *, configure: str, write: str, read: str) -> str:
    """The user may do this, by the patterns of names, in the virtual host."""
    said = ", ".join(map(_text, (user, vhost, configure, write, read, "test")))
    return f"ok = {INTERNAL}:set_permissions({said})."


def allowing_topics(user: str, vhost: str, *, exchange: str, write: str) -> str:
    """The user may publish with routing keys of this pattern at the exchange, and read all."""
    said = ", ".join(map(_text, (user, vhost, exchange, write, ".*", "test")))
    return f"ok = {INTERNAL}:set_topic_permissions({said})."


def _text(given: str) -> str:
    escaped = given.replace("\\", "\\\\").replace('"', '\\"')
    return f'<<"{escaped}">>'
