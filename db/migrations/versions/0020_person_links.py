"""Codes by which one person links two chats."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from db.types import UtcDateTime

revision: str = "0020"
down_revision: str | None = "0019"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "person_link",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("commune", sa.String(length=64), nullable=False),
        sa.Column("conversation_id", BIG_ID, nullable=False),
        sa.Column("opened_by_id", BIG_ID, nullable=True),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name=op.f("fk_person_link_conversation_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["opened_by_id"], ["conversation.id"], name=op.f("fk_person_link_opened_by_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_link")),
        sa.UniqueConstraint("commune", "code_hash", name=op.f("uq_person_link_commune_code_hash")),
        sqlite_autoincrement=True,
    )
    for column in ("conversation_id", "opened_by_id", "created_at"):
        op.create_index(op.f(f"ix_person_link_{column}"), "person_link", [column])
    op.create_table(
        "link_guess",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("commune", sa.String(length=64), nullable=False),
        sa.Column("conversation_id", BIG_ID, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name=op.f("fk_link_guess_conversation_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link_guess")),
    )
    op.create_index(op.f("ix_link_guess_commune_at"), "link_guess", ["commune", "at"])
    op.create_index(op.f("ix_link_guess_conversation_id"), "link_guess", ["conversation_id"])


def downgrade() -> None:
    op.drop_table("link_guess")
    op.drop_table("person_link")
