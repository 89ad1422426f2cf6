"""Admins review products before buyers see them."""

import sqlalchemy as sa
from alembic import op

from shop_events.tables import Instant

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("products", sa.Column("approved", sa.String(64)))
    op.add_column("products", sa.Column("review_since", Instant))
    op.add_column("products", sa.Column("sent_back", sa.Text))
    waits = sa.text("review_since IS NOT NULL")
    op.create_index(
        "products_in_review",
        "products",
        ["review_since", "id"],
        postgresql_where=waits,
        sqlite_where=waits,
    )
