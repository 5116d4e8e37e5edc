"""Decisions of the office about unanswered questions, and the trainings that followed from them."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from db.types import UtcDateTime

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "question_decision",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("commune", sa.String(length=64), nullable=False),
        sa.Column("question_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("verdict", sa.String(length=64), nullable=False),
        sa.Column("decided_by", sa.String(length=128), nullable=False),
        sa.Column("decided_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["unanswered_question.id"],
            name=op.f("fk_question_decision_question_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_decision")),
        sa.UniqueConstraint("question_id", name=op.f("uq_question_decision_question_id")),
    )
    with op.batch_alter_table("question_decision", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_question_decision_commune_decided_at"), ["commune", "decided_at"], unique=False
        )

    op.create_table(
        "learning_run",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("commune", sa.String(length=64), nullable=False),
        sa.Column("started_by", sa.String(length=128), nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=False),
        sa.Column("finished_at", UtcDateTime(), nullable=True),
        sa.Column("live_at", UtcDateTime(), nullable=True),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("model", sa.String(length=128), nullable=False),
        sa.Column("sentences", sa.Integer(), nullable=False),
        sa.Column("new_sentences", sa.Integer(), nullable=False),
        sa.Column("gate_before", sa.JSON(), nullable=False),
        sa.Column("gate_after", sa.JSON(), nullable=False),
        sa.Column("new_before", sa.JSON(), nullable=False),
        sa.Column("new_after", sa.JSON(), nullable=False),
        sa.Column("worse", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_learning_run")),
    )
    with op.batch_alter_table("learning_run", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_learning_run_commune_started_at"), ["commune", "started_at"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("learning_run", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_learning_run_commune_started_at"))

    op.drop_table("learning_run")
    with op.batch_alter_table("question_decision", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_question_decision_commune_decided_at"))

    op.drop_table("question_decision")
