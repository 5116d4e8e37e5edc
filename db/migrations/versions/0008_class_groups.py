"""A head count at a class names the priority groups too."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0008"
down_revision: str | None = "0007"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

GROUPS = ("elderly", "poor", "ethnic_minority", "disabled")


def upgrade() -> None:
    with op.batch_alter_table("learning_class", schema=None) as batch_op:
        for group in GROUPS:
            batch_op.add_column(sa.Column(group, sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    with op.batch_alter_table("learning_class", schema=None) as batch_op:
        for group in GROUPS:
            batch_op.drop_column(group)
