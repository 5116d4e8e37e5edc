"""Outreach: support sessions, attendance, requests; notices in the outbox, stored edits in the inbox."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from db.types import UtcDateTime

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "class_attendance",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("commune", sa.String(length=64), nullable=False),
        sa.Column("class_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("conversation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("signed_up_at", UtcDateTime(), nullable=True),
        sa.Column("checked_in_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["class_id"], ["learning_class.id"], name=op.f("fk_class_attendance_class_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversation.id"],
            name=op.f("fk_class_attendance_conversation_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_class_attendance")),
        sa.UniqueConstraint("class_id", "person", name=op.f("uq_class_attendance_class_id_person")),
    )
    with op.batch_alter_table("class_attendance", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_class_attendance_conversation_id"), ["conversation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_class_attendance_person"), ["person"], unique=False)
    op.create_table(
        "support_session",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("commune", sa.String(length=64), nullable=False),
        sa.Column("origin", sa.String(length=200), nullable=False),
        sa.Column("source", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("hamlet_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("household_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("class_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("member_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("occurred_on", sa.Date(), nullable=False),
        sa.Column("logged_at", UtcDateTime(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("adults", sa.Integer(), nullable=False),
        sa.Column("elderly", sa.Integer(), nullable=False),
        sa.Column("poor", sa.Integer(), nullable=False),
        sa.Column("ethnic_minority", sa.Integer(), nullable=False),
        sa.Column("disabled", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("written_at", UtcDateTime(), nullable=False),
        sa.Column("voided_at", UtcDateTime(), nullable=True),
        sa.Column("void_reason", sa.String(length=256), nullable=False),
        sa.Column("void_written_at", UtcDateTime(), nullable=True),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["class_id"], ["learning_class.id"], name=op.f("fk_support_session_class_id")),
        sa.ForeignKeyConstraint(["hamlet_id"], ["hamlet.id"], name=op.f("fk_support_session_hamlet_id")),
        sa.ForeignKeyConstraint(["household_id"], ["household.id"], name=op.f("fk_support_session_household_id")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_support_session_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_support_session")),
        sa.UniqueConstraint("commune", "origin", name=op.f("uq_support_session_commune_origin")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("support_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_support_session_class_id"), ["class_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_support_session_commune_hamlet_id_occurred_on"),
            ["commune", "hamlet_id", "occurred_on"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_support_session_commune_occurred_on"), ["commune", "occurred_on"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_support_session_hamlet_id"), ["hamlet_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_support_session_household_id"), ["household_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_support_session_member_id"), ["member_id"], unique=False)
    op.create_table(
        "help_request",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("commune", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("hamlet_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("conversation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("topic", sa.String(length=64), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("taken_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("taken_at", UtcDateTime(), nullable=True),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
        sa.Column("reminded_at", UtcDateTime(), nullable=True),
        sa.Column("reminders", sa.Integer(), nullable=False),
        sa.Column("helped", sa.Boolean(), nullable=True),
        sa.Column("session_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name=op.f("fk_help_request_conversation_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["hamlet_id"], ["hamlet.id"], name=op.f("fk_help_request_hamlet_id")),
        sa.ForeignKeyConstraint(
            ["session_id"], ["support_session.id"], name=op.f("fk_help_request_session_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["taken_by_id"], ["member.id"], name=op.f("fk_help_request_taken_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_help_request")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("help_request", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_help_request_commune_state"), ["commune", "state"], unique=False)
        batch_op.create_index(batch_op.f("ix_help_request_conversation_id"), ["conversation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_help_request_hamlet_id"), ["hamlet_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_help_request_session_id"), ["session_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_help_request_taken_by_id"), ["taken_by_id"], unique=False)
    op.create_table(
        "session_outcome",
        sa.Column("session_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("commune", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"], ["support_session.id"], name=op.f("fk_session_outcome_session_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("session_id", "code", name=op.f("pk_session_outcome")),
    )
    op.create_table(
        "handover",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("commune", sa.String(length=64), nullable=False),
        sa.Column("request_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("member_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("citizen_conversation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("member_conversation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=False),
        sa.Column("last_message_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["citizen_conversation_id"],
            ["conversation.id"],
            name=op.f("fk_handover_citizen_conversation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["member_conversation_id"],
            ["conversation.id"],
            name=op.f("fk_handover_member_conversation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_handover_member_id")),
        sa.ForeignKeyConstraint(
            ["request_id"], ["help_request.id"], name=op.f("fk_handover_request_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handover")),
    )
    with op.batch_alter_table("handover", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_handover_citizen_conversation_id_ended_at"),
            ["citizen_conversation_id", "ended_at"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_handover_member_conversation_id_ended_at"),
            ["member_conversation_id", "ended_at"],
            unique=False,
        )
        batch_op.create_index(batch_op.f("ix_handover_member_id"), ["member_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_handover_request_id"), ["request_id"], unique=False)
    with op.batch_alter_table("inbox_message", schema=None, table_kwargs={"sqlite_autoincrement": True}) as batch_op:
        batch_op.add_column(sa.Column("edit_of", sa.String(length=128), nullable=True))
    with op.batch_alter_table("outbox_message", schema=None, table_kwargs={"sqlite_autoincrement": True}) as batch_op:
        batch_op.add_column(sa.Column("origin", sa.String(length=200), nullable=True))
        batch_op.alter_column("inbox_id", existing_type=sa.INTEGER(), nullable=True)
        batch_op.create_unique_constraint(batch_op.f("uq_outbox_message_commune_origin"), ["commune", "origin"])


def downgrade() -> None:
    op.execute("DELETE FROM outbox_message WHERE inbox_id IS NULL")  # notices, which the version before does not know
    with op.batch_alter_table("outbox_message", schema=None, table_kwargs={"sqlite_autoincrement": True}) as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_outbox_message_commune_origin"), type_="unique")
        batch_op.alter_column("inbox_id", existing_type=sa.INTEGER(), nullable=False)
        batch_op.drop_column("origin")
    with op.batch_alter_table("inbox_message", schema=None, table_kwargs={"sqlite_autoincrement": True}) as batch_op:
        batch_op.drop_column("edit_of")
    with op.batch_alter_table("handover", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_handover_request_id"))
        batch_op.drop_index(batch_op.f("ix_handover_member_id"))
        batch_op.drop_index(batch_op.f("ix_handover_member_conversation_id_ended_at"))
        batch_op.drop_index(batch_op.f("ix_handover_citizen_conversation_id_ended_at"))
    op.drop_table("handover")
    op.drop_table("session_outcome")
    with op.batch_alter_table("help_request", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_help_request_taken_by_id"))
        batch_op.drop_index(batch_op.f("ix_help_request_session_id"))
        batch_op.drop_index(batch_op.f("ix_help_request_hamlet_id"))
        batch_op.drop_index(batch_op.f("ix_help_request_conversation_id"))
        batch_op.drop_index(batch_op.f("ix_help_request_commune_state"))
    op.drop_table("help_request")
    with op.batch_alter_table("support_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_support_session_member_id"))
        batch_op.drop_index(batch_op.f("ix_support_session_household_id"))
        batch_op.drop_index(batch_op.f("ix_support_session_hamlet_id"))
        batch_op.drop_index(batch_op.f("ix_support_session_commune_occurred_on"))
        batch_op.drop_index(batch_op.f("ix_support_session_commune_hamlet_id_occurred_on"))
        batch_op.drop_index(batch_op.f("ix_support_session_class_id"))
    op.drop_table("support_session")
    with op.batch_alter_table("class_attendance", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_class_attendance_person"))
        batch_op.drop_index(batch_op.f("ix_class_attendance_conversation_id"))
    op.drop_table("class_attendance")
