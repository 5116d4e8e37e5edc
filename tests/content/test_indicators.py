"""Indicators and plans are checked, and the five communes' plans say what their papers say."""

from __future__ import annotations

import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from pydantic import ValidationError

from content.article import ContentError
from content.indicators import Aim, Indicator, Plan, Target, Way, read_indicators
from content.library import Library, read_library
from content.periods import PeriodKind
from db.outreach.models import OutcomeCode
from tests.support.rasa import ROOT

COVERED = {"id": "x", "name": "X", "short": "X", "unit": "%", "numerator": "n", "denominator": "d", "how": "h"}


def test_a_coverage_indicator_names_the_outcome_that_sessions_add(library: Library) -> None:
    for indicator in library.indicators.values():
        assert indicator.outcome is None or indicator.outcome in set(OutcomeCode)
        assert (indicator.way is Way.COVERAGE) == (indicator.outcome is not None)


@pytest.mark.parametrize(
    "wrong",
    [
        {"way": "coverage"},
        {"way": "official", "outcome": "vneid_level2"},
        {"way": "official", "denominator": ""},
        {"way": "outreach", "unit": "người"},
    ],
)
def test_what_does_not_fit_together_is_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        Indicator.model_validate(COVERED | {"source": "s"} | wrong)


def test_values_are_written_with_their_unit(library: Library) -> None:
    shown = [library.indicators[one].show(Decimal("1234.25")) for one in ("vneid_account", "attendances")]
    assert shown == ["1.234,3 %", "1.234 lượt người"]


def test_an_id_that_stands_twice_is_told(tmp_path: Path) -> None:
    text = (ROOT / "content" / "indicators.yml").read_text()
    (tmp_path / "indicators.yml").write_text(text.replace("id: digital_identity", "id: vneid_account"))
    with pytest.raises(ContentError, match="vneid_account có hai lần"):
        read_indicators(tmp_path)


def test_a_target_twice_is_refused_and_horizons_come_in_their_order() -> None:
    later = Target(indicator="x", by=date(2030, 12, 31), value=100)
    sooner = Target(indicator="x", by=date(2027, 12, 31), value=50, aim=Aim.MORE_THAN)
    assert Plan(title="t", source="s", targets=(later, sooner)).targets_of("x") == (sooner, later)
    with pytest.raises(ValidationError, match="mục tiêu có hai lần"):
        Plan(title="t", source="s", targets=(later, later))


def test_a_target_of_an_unknown_indicator_is_told_with_its_place(tmp_path: Path) -> None:
    folder = tmp_path / "content"
    shutil.copytree(ROOT / "content", folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    profile = folder / "communes" / "tan-loi.yml"
    profile.write_text(profile.read_text().replace("indicator: payment_account", "indicator: payment_acount"))
    with pytest.raises(ContentError, match=r"tan-loi.yml:\d+: plan.targets: .*payment_acount"):
        read_library(folder)


def test_the_plans_of_the_five_communes(library: Library) -> None:
    plans = {slug: commune.plan for slug, commune in library.communes.items()}

    def targets(slug: str) -> dict[str, list[float]]:
        plan = plans[slug]
        assert plan is not None
        return {one.indicator: [target.value for target in plan.targets_of(one.indicator)] for one in plan.targets}

    assert targets("tan-loi")["vneid_account"] == [80]
    assert targets("tan-loi")["digital_signature"] == [50]
    assert len(targets("tan-loi")) == 11
    assert targets("tay-giang")["vneid_account"] == [50, 100]
    assert targets("sang-moc")["satisfaction_online"] == [98]
    assert targets("dak-to") == {"digital_identity": [100]}
    assert targets("nghia-dan") == {}
    due = {report.kind: (report.months_after, report.day) for report in plans["tay-giang"].reports}  # type: ignore[union-attr]
    assert (due[PeriodKind.QUARTER], due[PeriodKind.YEAR]) == ((0, 5), (-1, 20))
