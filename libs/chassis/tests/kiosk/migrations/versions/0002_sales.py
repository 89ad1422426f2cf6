"""The kiosk writes down what it sells."""

import sqlalchemy as sa
from alembic import op

from shop_events.tables import Instant

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "sales",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("buyer", sa.String(64), nullable=False),
        sa.Column("mugs", sa.Integer, nullable=False),
        sa.Column("sold_at", Instant, nullable=False),
    )
    op.create_index("ix_sales_buyer", "sales", ["buyer"])


def downgrade() -> None:
    raise NotImplementedError("The kiosk does not go back.")
