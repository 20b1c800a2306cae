"""Whom a key's texts speak of, where that is another than the stream that they are in says."""

from alembic import op
from sqlalchemy import Column, Text, text

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column. Keys that were made before seal what they sealed, whoever it speaks of."""
    op.add_column("client_keys", Column("about", Text))
    named = text("about IS NOT NULL")
    op.create_index(
        "client_keys_about",
        "client_keys",
        ["about"],
        sqlite_where=named,
        postgresql_where=named,
    )
