import sqlalchemy as sa

from shop_events.tables import Instant

metadata = sa.MetaData()

shelf = sa.Table(
    "shelf",
    metadata,
    sa.Column("kind", sa.String(16), primary_key=True),
    sa.Column("left", sa.Integer, nullable=False),
)
sales = sa.Table(
    "sales",
    metadata,
    sa.Column("id", sa.String(36), primary_key=True),
    sa.Column("buyer", sa.String(64), nullable=False, index=True),
    sa.Column("mugs", sa.Integer, nullable=False),
    sa.Column("sold_at", Instant, nullable=False),
)
