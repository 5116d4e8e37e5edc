"""Which communes hold demo data."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from db.types import UtcDateTime

revision: str = "0013"
down_revision: str | None = "0012"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "demo_fill",
        sa.Column("commune", sa.String(length=64), nullable=False),
        sa.Column("filled_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("commune", name=op.f("pk_demo_fill")),
    )


def downgrade() -> None:
    op.drop_table("demo_fill")
