"""Drafts and versions of articles."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from db.types import UtcDateTime

revision: str = "0016"
down_revision: str | None = "0015"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "content_draft",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("commune", sa.String(length=64), nullable=False),
        sa.Column("article", sa.String(length=128), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("base_text", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("written_by", sa.String(length=128), nullable=False),
        sa.Column("written_at", UtcDateTime(), nullable=False),
        sa.Column("decided_by", sa.String(length=128), nullable=True),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("rolls_back", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_content_draft")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_content_draft_commune_article"), "content_draft", ["commune", "article"])


def downgrade() -> None:
    op.drop_index(op.f("ix_content_draft_commune_article"), table_name="content_draft")
    op.drop_table("content_draft")
