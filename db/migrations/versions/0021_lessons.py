"""Pocket lessons: progress, the course, and who counts by consent."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from db.types import UtcDateTime

revision: str = "0021"
down_revision: str | None = "0020"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "lesson_progress",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("commune", sa.String(length=64), nullable=False),
        sa.Column("conversation_id", BIG_ID, nullable=False),
        sa.Column("lesson", sa.String(length=20), nullable=False),
        sa.Column("card", sa.Integer(), nullable=False),
        sa.Column("right", sa.JSON(), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.Column("finished_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name=op.f("fk_lesson_progress_conversation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lesson_progress")),
        sa.UniqueConstraint("conversation_id", "lesson", name=op.f("uq_lesson_progress_conversation_id_lesson")),
    )  # fmt: skip
    op.create_table(
        "lesson_course",
        sa.Column("conversation_id", BIG_ID, nullable=False),
        sa.Column("commune", sa.String(length=64), nullable=False),
        sa.Column("wants_reminder", sa.Boolean(), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=True),
        sa.Column("reminded_at", UtcDateTime(), nullable=True),
        sa.Column("reminders", sa.Integer(), nullable=False),
        sa.Column("finished_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name=op.f("fk_lesson_course_conversation_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("conversation_id", name=op.f("pk_lesson_course")),
    )
    op.create_table(
        "counted_learner",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("commune", sa.String(length=64), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("hamlet_id", BIG_ID, nullable=False),
        sa.Column("finished_on", sa.Date(), nullable=False),
        sa.Column("agreed_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["hamlet_id"], ["hamlet.id"], name=op.f("fk_counted_learner_hamlet_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_counted_learner")),
        sa.UniqueConstraint("commune", "person", name=op.f("uq_counted_learner_commune_person")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_counted_learner_hamlet_id"), "counted_learner", ["hamlet_id"])


def downgrade() -> None:
    for table in ("counted_learner", "lesson_course", "lesson_progress"):
        op.drop_table(table)
