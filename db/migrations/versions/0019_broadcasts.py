"""Subscriptions, broadcasts and their recipients; messages to many wait for all others."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from db.types import UtcDateTime

revision: str = "0019"
down_revision: str | None = "0018"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
PENDING = sa.text("delivered_at IS NULL AND given_up_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "broadcast",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("commune", sa.String(length=64), nullable=False),
        sa.Column("sort", sa.String(length=16), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("topic", sa.String(length=64), nullable=True),
        sa.Column("hamlet_ids", sa.JSON(), nullable=False),
        sa.Column("roles", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("created_by", sa.String(length=128), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("submitted_at", UtcDateTime(), nullable=True),
        sa.Column("scheduled_for", UtcDateTime(), nullable=True),
        sa.Column("approved_by", sa.String(length=128), nullable=True),
        sa.Column("approved_at", UtcDateTime(), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("final", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_broadcast")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_broadcast_commune_state"), "broadcast", ["commune", "state"])

    op.create_table(
        "subscription",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("commune", sa.String(length=64), nullable=False),
        sa.Column("conversation_id", BIG_ID, nullable=False),
        sa.Column("interest", sa.String(length=32), nullable=False),
        sa.Column("hamlet_id", BIG_ID, nullable=True),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name=op.f("fk_subscription_conversation_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["hamlet_id"], ["hamlet.id"], name=op.f("fk_subscription_hamlet_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscription")),
        sa.UniqueConstraint("conversation_id", "interest", name=op.f("uq_subscription_conversation_id_interest")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_subscription_commune_interest"), "subscription", ["commune", "interest"])
    op.create_index(op.f("ix_subscription_ended_at"), "subscription", ["ended_at"])
    op.create_index(op.f("ix_subscription_hamlet_id"), "subscription", ["hamlet_id"])

    op.create_table(
        "broadcast_recipient",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("commune", sa.String(length=64), nullable=False),
        sa.Column("broadcast_id", BIG_ID, nullable=False),
        sa.Column("conversation_id", BIG_ID, nullable=True),
        sa.Column("person", BIG_ID, nullable=True),
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("outbox_id", BIG_ID, nullable=True),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["broadcast_id"], ["broadcast.id"], name=op.f("fk_broadcast_recipient_broadcast_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversation.id"],
            name=op.f("fk_broadcast_recipient_conversation_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["outbox_id"], ["outbox_message.id"], name=op.f("fk_broadcast_recipient_outbox_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_broadcast_recipient")),
        sa.UniqueConstraint(
            "broadcast_id", "conversation_id", name=op.f("uq_broadcast_recipient_broadcast_id_conversation_id")
        ),
        sa.UniqueConstraint("broadcast_id", "person", name=op.f("uq_broadcast_recipient_broadcast_id_person")),
    )
    op.create_index(op.f("ix_broadcast_recipient_broadcast_id_state"), "broadcast_recipient", ["broadcast_id", "state"])
    op.create_index(op.f("ix_broadcast_recipient_conversation_id"), "broadcast_recipient", ["conversation_id"])
    op.create_index(op.f("ix_broadcast_recipient_outbox_id"), "broadcast_recipient", ["outbox_id"])

    with op.batch_alter_table("outbox_message", schema=None) as batch_op:
        batch_op.add_column(sa.Column("priority", sa.Integer(), server_default="0", nullable=False))
    op.create_index(
        "ix_outbox_message_to_send",
        "outbox_message",
        ["channel", "priority", "id"],
        sqlite_where=PENDING,
        postgresql_where=PENDING,
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_broadcast_recipient_outbox_id"), table_name="broadcast_recipient")
    op.drop_index(op.f("ix_broadcast_recipient_conversation_id"), table_name="broadcast_recipient")
    op.drop_index(op.f("ix_broadcast_recipient_broadcast_id_state"), table_name="broadcast_recipient")

    op.drop_table("broadcast_recipient")
    op.drop_index(op.f("ix_subscription_hamlet_id"), table_name="subscription")
    op.drop_index(op.f("ix_subscription_ended_at"), table_name="subscription")
    op.drop_index(op.f("ix_subscription_commune_interest"), table_name="subscription")

    op.drop_table("subscription")
    op.drop_index(op.f("ix_broadcast_commune_state"), table_name="broadcast")

    op.drop_table("broadcast")
    op.drop_index("ix_outbox_message_to_send", table_name="outbox_message")
    with op.batch_alter_table("outbox_message", schema=None) as batch_op:
        batch_op.drop_column("priority")
