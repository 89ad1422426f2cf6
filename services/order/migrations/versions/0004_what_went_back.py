"""How much of a refund went back, where people had paid a part of it back before."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column("order_refunds", sa.Column("went_back", sa.BigInteger))
