"""Accounts of the office's page, their sign-ins and one-time links."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from db.models import BigId
from db.types import UtcDateTime

revision: str = "0009"
down_revision: str | None = "0008"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "office_account",
        sa.Column("id", BigId, nullable=False),
        sa.Column("commune", sa.String(64), nullable=False),
        sa.Column("user_name", sa.String(64), nullable=False),
        sa.Column("name", sa.String(128), nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("password_hash", sa.String(256), nullable=True),
        sa.Column("totp_secret", sa.String(64), nullable=True),
        sa.Column("totp_used_step", BigId, nullable=True),
        sa.Column("member_id", BigId, nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("created_by", sa.String(128), nullable=False),
        sa.Column("disabled_at", UtcDateTime(), nullable=True),
        sa.Column("signed_in_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_office_account_member_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_office_account")),
        sa.UniqueConstraint("commune", "user_name", name=op.f("uq_office_account_commune_user_name")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_office_account_member_id"), "office_account", ["member_id"])
    op.create_table(
        "office_session",
        sa.Column("id", BigId, nullable=False),
        sa.Column("commune", sa.String(64), nullable=False),
        sa.Column("account_id", BigId, nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("device", sa.String(64), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("last_seen_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("revoked_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["office_account.id"], name=op.f("fk_office_session_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_office_session")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_office_session_token_hash")),
    )
    op.create_index(op.f("ix_office_session_account_id"), "office_session", ["account_id"])
    op.create_index(op.f("ix_office_session_expires_at"), "office_session", ["expires_at"])
    op.create_table(
        "office_link",
        sa.Column("id", BigId, nullable=False),
        sa.Column("commune", sa.String(64), nullable=False),
        sa.Column("account_id", BigId, nullable=True),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("created_by", sa.String(128), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("used_at", UtcDateTime(), nullable=True),
        sa.Column("revoked_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["office_account.id"], name=op.f("fk_office_link_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_office_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_office_link_token_hash")),
    )
    op.create_index(op.f("ix_office_link_account_id"), "office_link", ["account_id"])
    op.create_index(op.f("ix_office_link_commune"), "office_link", ["commune"])


def downgrade() -> None:
    op.drop_table("office_link")
    op.drop_table("office_session")
    op.drop_table("office_account")
