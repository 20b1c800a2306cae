"""Idempotency keys of imports, named by the version of the stream instead of by its content."""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Name the keys anew: a digest of the content let somebody try names on it.

    The request beside each is a digest made with a secret. So the same import again is found as
    before.
    """
    op.execute(
        "UPDATE idempotency_keys SET key = 'import:' || stream || ':' || (first_version - 1) "
        "WHERE key LIKE 'import:' || stream || ':%'"
    )
