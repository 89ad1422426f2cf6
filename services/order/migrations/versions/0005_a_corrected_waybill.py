"""How often a parcel's waybill was corrected: the last one stands, whatever is told when."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.add_column("order_parcels", sa.Column("waybill_version", sa.Integer))
