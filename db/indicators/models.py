"""The table of official figures: what the owner of an indicator says about a commune or hamlet on a day."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import Date, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from db.models import NO_ID_TWICE, Base, BigId
from db.outreach.models import Hamlet

_OF_COMMUNE = text("hamlet_id IS NULL")
_OF_HAMLET = text("hamlet_id IS NOT NULL")


class OfficialFigure(Base):
    """An official figure: `count` of `total`, or only a share where the owner gives no more.

    There is one for each indicator, place and day; a correction changes it, and the audit log keeps what it was.
    """

    __tablename__ = "official_figure"
    __table_args__ = (
        Index("uq_official_figure_of_commune", "commune", "indicator", "as_of", unique=True,
              sqlite_where=_OF_COMMUNE, postgresql_where=_OF_COMMUNE),
        Index("uq_official_figure_of_hamlet", "commune", "indicator", "hamlet_id", "as_of", unique=True,
              sqlite_where=_OF_HAMLET, postgresql_where=_OF_HAMLET),
        NO_ID_TWICE,
    )  # fmt: skip

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    commune: Mapped[str] = mapped_column(String(64))
    indicator: Mapped[str] = mapped_column(String(64))
    """Its id in content/indicators.yml."""
    hamlet_id: Mapped[int | None] = mapped_column(ForeignKey("hamlet.id"), index=True)
    """None: the whole commune. A hamlet that was merged keeps its figures: they are about what it was."""
    as_of: Mapped[date] = mapped_column(Date)
    """The day of which the figure tells."""
    count: Mapped[int | None]
    total: Mapped[int | None]
    hundredths: Mapped[int | None]
    """A share without count and total, in hundredths of a percent: 8730 is 87,3 %."""
    source: Mapped[str] = mapped_column(String(256))
    entered_by: Mapped[str] = mapped_column(String(128))
    """As in the audit log; of the last correction."""
    entered_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    """Since then it counts nowhere."""
    withdraw_reason: Mapped[str] = mapped_column(String(256), default="")
    is_demo: Mapped[bool] = mapped_column(default=False)

    hamlet: Mapped[Hamlet | None] = relationship()

    @property
    def percent(self) -> Decimal | None:
        """The share in percent, given or computed; None for a count without a total."""
        if self.hundredths is not None:
            return Decimal(self.hundredths) / 100
        return Decimal(self.count * 100) / self.total if self.count is not None and self.total else None
