"""The kiosk hears of lost phones."""

from alembic import op

from chassis.revocation_table import create_revocation_table

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    create_revocation_table(op)


def downgrade() -> None:
    raise NotImplementedError("The kiosk does not go back.")
