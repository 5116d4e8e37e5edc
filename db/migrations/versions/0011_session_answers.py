"""Which message answered which question about a support session."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from db.types import UtcDateTime

revision: str = "0011"
down_revision: str | None = "0010"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "session_answer",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("commune", sa.String(length=64), nullable=False),
        sa.Column("origin", sa.String(length=200), nullable=False),
        sa.Column("session_id", BIG_ID, nullable=False),
        sa.Column("wants", sa.String(length=16), nullable=False),
        sa.Column("written_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"], ["support_session.id"], name=op.f("fk_session_answer_session_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session_answer")),
        sa.UniqueConstraint("commune", "origin", name=op.f("uq_session_answer_commune_origin")),
    )
    with op.batch_alter_table("session_answer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_session_answer_session_id"), ["session_id"], unique=False)


def downgrade() -> None:
    op.drop_table("session_answer")
