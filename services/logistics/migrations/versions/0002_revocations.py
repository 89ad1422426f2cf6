"""Sessions whose access tokens count no more."""

from alembic import op

from chassis.revocation_table import create_revocation_table

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    create_revocation_table(op)
