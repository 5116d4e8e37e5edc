"""Official figures of the indicators."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from db.types import UtcDateTime

revision: str = "0012"
down_revision: str | None = "0011"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
OF_COMMUNE = sa.text("hamlet_id IS NULL")
OF_HAMLET = sa.text("hamlet_id IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        "official_figure",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("commune", sa.String(length=64), nullable=False),
        sa.Column("indicator", sa.String(length=64), nullable=False),
        sa.Column("hamlet_id", BIG_ID, nullable=True),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=True),
        sa.Column("total", sa.Integer(), nullable=True),
        sa.Column("hundredths", sa.Integer(), nullable=True),
        sa.Column("source", sa.String(length=256), nullable=False),
        sa.Column("entered_by", sa.String(length=128), nullable=False),
        sa.Column("entered_at", UtcDateTime(), nullable=False),
        sa.Column("withdrawn_at", UtcDateTime(), nullable=True),
        sa.Column("withdraw_reason", sa.String(length=256), nullable=False),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["hamlet_id"], ["hamlet.id"], name=op.f("fk_official_figure_hamlet_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_official_figure")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("official_figure", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_official_figure_hamlet_id"), ["hamlet_id"], unique=False)
        batch_op.create_index(
            "uq_official_figure_of_commune", ["commune", "indicator", "as_of"], unique=True, sqlite_where=OF_COMMUNE,
            postgresql_where=OF_COMMUNE,
        )  # fmt: skip
        batch_op.create_index(
            "uq_official_figure_of_hamlet", ["commune", "indicator", "hamlet_id", "as_of"], unique=True,
            sqlite_where=OF_HAMLET, postgresql_where=OF_HAMLET,
        )  # fmt: skip


def downgrade() -> None:
    op.drop_table("official_figure")
