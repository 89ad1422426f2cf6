"""How much room a unit takes up, for freight by volume; 0: its merchant did not say."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.add_column("skus", sa.Column("volume_cm3", sa.Integer, nullable=False, server_default="0"))
