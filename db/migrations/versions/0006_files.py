"""Files: what replies bring, a reference to what people send, sheets that wait, and rows that were imported."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from db.types import UtcDateTime

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "outgoing_document",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("commune", sa.String(length=64), nullable=False),
        sa.Column("conversation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=128), nullable=False),
        sa.Column("media_type", sa.String(length=128), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversation.id"],
            name=op.f("fk_outgoing_document_conversation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outgoing_document")),
        sa.UniqueConstraint("key", name=op.f("uq_outgoing_document_key")),
    )
    with op.batch_alter_table("outgoing_document", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_outgoing_document_conversation_id"), ["conversation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_outgoing_document_created_at"), ["created_at"], unique=False)

    op.create_table(
        "waiting_sheet",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("commune", sa.String(length=64), nullable=False),
        sa.Column("conversation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=128), nullable=False),
        sa.Column("rows", sa.JSON(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name=op.f("fk_waiting_sheet_conversation_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waiting_sheet")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("waiting_sheet", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_waiting_sheet_conversation_id"), ["conversation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_waiting_sheet_created_at"), ["created_at"], unique=False)

    op.create_table(
        "imported_row",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("commune", sa.String(length=64), nullable=False),
        sa.Column("mark", sa.String(length=80), nullable=False),
        sa.Column("digest", sa.String(length=32), nullable=False),
        sa.Column("session_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("household_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("occurred_on", sa.Date(), nullable=False),
        sa.Column("batch", sa.String(length=32), nullable=False),
        sa.Column("imported_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"], ["support_session.id"], name=op.f("fk_imported_row_session_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imported_row")),
        sa.UniqueConstraint("commune", "mark", "digest", name=op.f("uq_imported_row_commune_mark_digest")),
    )
    with op.batch_alter_table("imported_row", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_imported_row_commune_batch"), ["commune", "batch"], unique=False)
        batch_op.create_index(batch_op.f("ix_imported_row_commune_digest"), ["commune", "digest"], unique=False)
        batch_op.create_index(batch_op.f("ix_imported_row_session_id"), ["session_id"], unique=False)

    with op.batch_alter_table("inbox_message", schema=None) as batch_op:
        batch_op.add_column(sa.Column("file", sa.JSON(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("inbox_message", schema=None) as batch_op:
        batch_op.drop_column("file")

    with op.batch_alter_table("imported_row", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_imported_row_session_id"))
        batch_op.drop_index(batch_op.f("ix_imported_row_commune_digest"))
        batch_op.drop_index(batch_op.f("ix_imported_row_commune_batch"))

    op.drop_table("imported_row")
    with op.batch_alter_table("waiting_sheet", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_waiting_sheet_created_at"))
        batch_op.drop_index(batch_op.f("ix_waiting_sheet_conversation_id"))

    op.drop_table("waiting_sheet")
    with op.batch_alter_table("outgoing_document", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_outgoing_document_created_at"))
        batch_op.drop_index(batch_op.f("ix_outgoing_document_conversation_id"))

    op.drop_table("outgoing_document")
