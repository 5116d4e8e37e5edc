"""Outreach: hamlets, households, members, invitations, classes, the audit log."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from db.types import UtcDateTime

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "audit_entry",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("commune", sa.String(length=64), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("actor", sa.String(length=128), nullable=False),
        sa.Column("action", sa.String(length=48), nullable=False),
        sa.Column("subject", sa.String(length=32), nullable=False),
        sa.Column("subject_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("before", sa.JSON(), nullable=True),
        sa.Column("after", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_entry_commune_at"), ["commune", "at"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_entry_subject_subject_id"), ["subject", "subject_id"], unique=False)
    op.create_table(
        "hamlet",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("commune", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=128), nullable=False),
        sa.Column("name_key", sa.String(length=128), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("merged_into_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["merged_into_id"], ["hamlet.id"], name=op.f("fk_hamlet_merged_into_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hamlet")),
        sa.UniqueConstraint("commune", "name_key", name=op.f("uq_hamlet_commune_name_key")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("hamlet", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_hamlet_merged_into_id"), ["merged_into_id"], unique=False)
    op.create_table(
        "member",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("commune", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=128), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("joined_at", UtcDateTime(), nullable=False),
        sa.Column("removed_at", UtcDateTime(), nullable=True),
        sa.Column("monthly_target", sa.Integer(), nullable=True),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("member", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_member_commune_removed_at"), ["commune", "removed_at"], unique=False)
    op.create_table(
        "household",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("commune", sa.String(length=64), nullable=False),
        sa.Column("hamlet_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=128), nullable=False),
        sa.Column("name_key", sa.String(length=128), nullable=False),
        sa.Column("number", sa.String(length=16), nullable=True),
        sa.Column("adults", sa.Integer(), nullable=True),
        sa.Column("people", sa.Integer(), nullable=True),
        sa.Column("is_poor", sa.Boolean(), nullable=False),
        sa.Column("is_ethnic_minority", sa.Boolean(), nullable=False),
        sa.Column("has_elderly", sa.Boolean(), nullable=False),
        sa.Column("has_disabled", sa.Boolean(), nullable=False),
        sa.Column("identity", sa.Integer(), nullable=False),
        sa.Column("device", sa.Integer(), nullable=False),
        sa.Column("skill", sa.Integer(), nullable=False),
        sa.Column("account", sa.Integer(), nullable=False),
        sa.Column("surveyed_at", UtcDateTime(), nullable=True),
        sa.Column("merged_into_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("created_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["created_by_id"], ["member.id"], name=op.f("fk_household_created_by_id")),
        sa.ForeignKeyConstraint(["hamlet_id"], ["hamlet.id"], name=op.f("fk_household_hamlet_id")),
        sa.ForeignKeyConstraint(["merged_into_id"], ["household.id"], name=op.f("fk_household_merged_into_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_household")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("household", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_household_commune_hamlet_id"), ["commune", "hamlet_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_household_commune_name_key"), ["commune", "name_key"], unique=False)
        batch_op.create_index(batch_op.f("ix_household_created_by_id"), ["created_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_household_hamlet_id"), ["hamlet_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_household_merged_into_id"), ["merged_into_id"], unique=False)
    op.create_table(
        "invitation",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("commune", sa.String(length=64), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("hamlet_ids", sa.JSON(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("created_by", sa.String(length=128), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("revoked_at", UtcDateTime(), nullable=True),
        sa.Column("used_at", UtcDateTime(), nullable=True),
        sa.Column("used_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["used_by_id"], ["member.id"], name=op.f("fk_invitation_used_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_invitation_code_hash")),
    )
    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_invitation_used_by_id"), ["used_by_id"], unique=False)
    op.create_table(
        "learning_class",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("commune", sa.String(length=64), nullable=False),
        sa.Column("hamlet_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("starts_at", UtcDateTime(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("created_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("without_phone", sa.Integer(), nullable=False),
        sa.Column("reminded_at", UtcDateTime(), nullable=True),
        sa.Column("cancelled_at", UtcDateTime(), nullable=True),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["created_by_id"], ["member.id"], name=op.f("fk_learning_class_created_by_id")),
        sa.ForeignKeyConstraint(["hamlet_id"], ["hamlet.id"], name=op.f("fk_learning_class_hamlet_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_learning_class")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("learning_class", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_learning_class_commune_starts_at"), ["commune", "starts_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_learning_class_created_by_id"), ["created_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_learning_class_hamlet_id"), ["hamlet_id"], unique=False)
    op.create_table(
        "member_account",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("commune", sa.String(length=64), nullable=False),
        sa.Column("member_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("sender", sa.String(length=128), nullable=False),
        sa.Column("conversation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("linked_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversation.id"],
            name=op.f("fk_member_account_conversation_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_member_account_member_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member_account")),
        sa.UniqueConstraint("commune", "channel", "sender", name=op.f("uq_member_account_commune_channel_sender")),
    )
    with op.batch_alter_table("member_account", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_member_account_conversation_id"), ["conversation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_member_account_member_id"), ["member_id"], unique=False)
    op.create_table(
        "member_hamlet",
        sa.Column("member_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("hamlet_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("commune", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["hamlet_id"], ["hamlet.id"], name=op.f("fk_member_hamlet_hamlet_id")),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_member_hamlet_member_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("member_id", "hamlet_id", name=op.f("pk_member_hamlet")),
    )
    with op.batch_alter_table("member_hamlet", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_member_hamlet_hamlet_id"), ["hamlet_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("member_hamlet", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_member_hamlet_hamlet_id"))
    op.drop_table("member_hamlet")
    with op.batch_alter_table("member_account", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_member_account_member_id"))
        batch_op.drop_index(batch_op.f("ix_member_account_conversation_id"))
    op.drop_table("member_account")
    with op.batch_alter_table("learning_class", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_learning_class_hamlet_id"))
        batch_op.drop_index(batch_op.f("ix_learning_class_created_by_id"))
        batch_op.drop_index(batch_op.f("ix_learning_class_commune_starts_at"))
    op.drop_table("learning_class")
    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_invitation_used_by_id"))
    op.drop_table("invitation")
    with op.batch_alter_table("household", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_household_merged_into_id"))
        batch_op.drop_index(batch_op.f("ix_household_hamlet_id"))
        batch_op.drop_index(batch_op.f("ix_household_created_by_id"))
        batch_op.drop_index(batch_op.f("ix_household_commune_name_key"))
        batch_op.drop_index(batch_op.f("ix_household_commune_hamlet_id"))
    op.drop_table("household")
    with op.batch_alter_table("member", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_member_commune_removed_at"))
    op.drop_table("member")
    with op.batch_alter_table("hamlet", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_hamlet_merged_into_id"))
    op.drop_table("hamlet")
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_entry_subject_subject_id"))
        batch_op.drop_index(batch_op.f("ix_audit_entry_commune_at"))
    op.drop_table("audit_entry")
