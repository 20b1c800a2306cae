"""The keys that personal data is sealed with, wrapped by a master key that is not here."""

from alembic import op
from sqlalchemy import BigInteger, Column, LargeBinary, Text, text

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table. What was stored before it stays as it is, and readable."""
    op.create_table(
        "client_keys",
        Column("id", LargeBinary, primary_key=True),
        Column("owner", Text, nullable=False),
        Column("kind", Text, nullable=False),
        Column("wrapped", LargeBinary),
        Column("master", Text, nullable=False),
        Column("made_at", BigInteger, nullable=False),
        Column("destroyed_at", BigInteger),
    )
    op.create_index("client_keys_owner", "client_keys", ["owner"])
    destroyed = text("destroyed_at IS NOT NULL")
    op.create_index(
        "client_keys_destroyed",
        "client_keys",
        ["destroyed_at"],
        sqlite_where=destroyed,
        postgresql_where=destroyed,
    )
    op.create_index("client_keys_master", "client_keys", ["master"])
