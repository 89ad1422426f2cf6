"""The kiosk opens."""

import sqlalchemy as sa
from alembic import op

from chassis.idempotency_table import create_idempotency_table
from shop_events.schema import create_event_tables

revision = "0001"
down_revision = None


def upgrade() -> None:
    create_event_tables(op)
    create_idempotency_table(op)
    shelf = op.create_table(
        "shelf",
        sa.Column("kind", sa.String(16), primary_key=True),
        sa.Column("left", sa.Integer, nullable=False),
    )
    op.bulk_insert(shelf, [{"kind": "mug", "left": 10}])


def downgrade() -> None:
    raise NotImplementedError("The kiosk does not go back.")
