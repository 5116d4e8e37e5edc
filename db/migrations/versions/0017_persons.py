"""Conversations of several channels may be one person's."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0017"
down_revision: str | None = "0016"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("conversation", sa.Column("person_id", BIG_ID, nullable=True))
    op.add_column("conversation", sa.Column("account_hash", sa.String(length=64), nullable=True))
    op.create_index(op.f("ix_conversation_person_id"), "conversation", ["person_id"])
    op.create_index(op.f("ix_conversation_commune_account_hash"), "conversation", ["commune", "account_hash"])


def downgrade() -> None:
    op.drop_index(op.f("ix_conversation_commune_account_hash"), table_name="conversation")
    op.drop_index(op.f("ix_conversation_person_id"), table_name="conversation")
    with op.batch_alter_table("conversation", schema=None) as batch_op:
        batch_op.drop_column("account_hash")
        batch_op.drop_column("person_id")
