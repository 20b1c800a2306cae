"""Where each view of the log stands, and what the views could not take."""

from alembic import op
from sqlalchemy import BigInteger, Column, Integer, Text

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the registry; the tables of the views are made when the views are."""
    op.create_table(
        "projections",
        Column("name", Text, primary_key=True),
        Column("generation", Integer, nullable=False),
        Column("shape", Integer, nullable=False),
        Column("position", BigInteger, nullable=False),
        Column("building", Integer),
        Column("building_position", BigInteger),
        Column("retired", Integer),
        Column("runner", Text),
        Column("updated_at", BigInteger, nullable=False),
    )
    op.create_table(
        "projections_set_aside",
        Column("view", Text, primary_key=True),
        Column("owner", Text, primary_key=True),
        Column("version", BigInteger, nullable=False),
        Column("position", BigInteger, nullable=False),
        Column("since", BigInteger, nullable=False),
        Column("error", Text, nullable=False),
    )
