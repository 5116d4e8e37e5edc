"""A commune's Official Account on Zalo: tokens, troubles, uploaded pictures."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from db.types import UtcDateTime

revision: str = "0022"
down_revision: str | None = "0021"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "zalo_account",
        sa.Column("commune", sa.String(length=64), nullable=False),
        sa.Column("oa_id", sa.String(length=64), nullable=False),
        sa.Column("access_token", sa.Text(), nullable=True),
        sa.Column("refresh_token", sa.Text(), nullable=True),
        sa.Column("expires_at", UtcDateTime(), nullable=True),
        sa.Column("refreshed_at", UtcDateTime(), nullable=True),
        sa.Column("consented_at", UtcDateTime(), nullable=True),
        sa.Column("claimed_at", UtcDateTime(), nullable=True),
        sa.Column("trouble", sa.String(length=32), nullable=True),
        sa.Column("trouble_detail", sa.String(length=300), nullable=True),
        sa.Column("trouble_at", UtcDateTime(), nullable=True),
        sa.Column("stopped_by", sa.String(length=300), nullable=True),
        sa.Column("stopped_at", UtcDateTime(), nullable=True),
        sa.Column("event_at", UtcDateTime(), nullable=True),
        sa.Column("refused_at", UtcDateTime(), nullable=True),
        sa.Column("refused_why", sa.String(length=32), nullable=True),
        sa.PrimaryKeyConstraint("commune", "oa_id", name=op.f("pk_zalo_account")),
    )
    op.create_table(
        "zalo_picture",
        sa.Column("commune", sa.String(length=64), nullable=False),
        sa.Column("oa_id", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("attachment_id", sa.Text(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("commune", "oa_id", "digest", name=op.f("pk_zalo_picture")),
    )
    op.create_index(op.f("ix_zalo_picture_expires_at"), "zalo_picture", ["expires_at"])


def downgrade() -> None:
    op.drop_index(op.f("ix_zalo_picture_expires_at"), table_name="zalo_picture")
    op.drop_table("zalo_picture")
    op.drop_table("zalo_account")
