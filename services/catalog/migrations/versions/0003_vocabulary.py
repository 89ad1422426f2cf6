"""Words of listings, so that one typed wrongly is understood.

Listings of before are learnt from when they are put next.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table("vocabulary", sa.Column("word", KEY, primary_key=True))
    op.create_table(
        "vocabulary_keys",
        sa.Column("key", KEY, primary_key=True),
        sa.Column("word", KEY, primary_key=True),
    )
