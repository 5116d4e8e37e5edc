"""Posters, who scanned them, and whom the chat helped."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from db.types import UtcDateTime

revision: str = "0018"
down_revision: str | None = "0017"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "poster",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("commune", sa.String(length=64), nullable=False),
        sa.Column("hamlet_id", BIG_ID, nullable=True),
        sa.Column("topic", sa.String(length=64), nullable=True),
        sa.Column("place", sa.String(length=128), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("created_by", sa.String(length=128), nullable=False),
        sa.Column("retired_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["hamlet_id"], ["hamlet.id"], name=op.f("fk_poster_hamlet_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_poster")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_poster_commune_retired_at"), "poster", ["commune", "retired_at"])
    op.create_index(op.f("ix_poster_hamlet_id"), "poster", ["hamlet_id"])
    op.create_table(
        "poster_scan",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("commune", sa.String(length=64), nullable=False),
        sa.Column("poster_id", BIG_ID, nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("first_at", UtcDateTime(), nullable=False),
        sa.Column("last_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["poster_id"], ["poster.id"], name=op.f("fk_poster_scan_poster_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_poster_scan")),
        sa.UniqueConstraint("poster_id", "person", name=op.f("uq_poster_scan_poster_id_person")),
    )
    op.create_index(op.f("ix_poster_scan_person"), "poster_scan", ["person"])
    op.create_table(
        "chat_place",
        sa.Column("conversation_id", BIG_ID, nullable=False),
        sa.Column("commune", sa.String(length=64), nullable=False),
        sa.Column("hamlet_id", BIG_ID, nullable=False),
        sa.Column("opened_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name=op.f("fk_chat_place_conversation_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["hamlet_id"], ["hamlet.id"], name=op.f("fk_chat_place_hamlet_id")),
        sa.PrimaryKeyConstraint("conversation_id", name=op.f("pk_chat_place")),
    )
    op.create_index(op.f("ix_chat_place_hamlet_id"), "chat_place", ["hamlet_id"])
    op.create_table(
        "chat_person",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("commune", sa.String(length=64), nullable=False),
        sa.Column("session_id", BIG_ID, nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"], ["support_session.id"], name=op.f("fk_chat_person_session_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chat_person")),
        sa.UniqueConstraint("session_id", "person", name=op.f("uq_chat_person_session_id_person")),
    )
    op.create_index(op.f("ix_chat_person_person"), "chat_person", ["person"])


def downgrade() -> None:
    for table in ("chat_person", "chat_place", "poster_scan", "poster"):
        op.drop_table(table)
