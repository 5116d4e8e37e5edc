"""Whether a newly trained model may replace the one in use: on the gate, and on the sentences that were taught.

The gate is a fixed set of questions that no model is trained on. The rule: no fewer right outcomes on it than before,
no single figure of it worse by more than `TOLERANCE`, and no fewer right outcomes on the taught sentences.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.evaluation import Figures, Result, figures, miss_to_json
from db.learning import Measured

TOLERANCE = 0.01
"""How much worse (share, 0-1) a figure may be when the whole is not: single questions near a threshold tip over at
every training."""

NAMED = 3
"""So many questions that got worse are named in the reason."""

_HIGHER_IS_BETTER = {
    "top1_also": "hiểu đúng ngay",
    "offered": "đưa ra đúng chủ đề",
    "oos_recall": "nhận ra câu ngoài phạm vi",
}
_LOWER_IS_BETTER = {"wrong_outright": "trả lời nhầm bài", "in_scope_refused": "từ chối câu trong phạm vi"}


@dataclass(frozen=True, slots=True)
class Compared:
    """The results of two models on the same questions, in the same order."""

    before: Sequence[Result]
    after: Sequence[Result]

    @property
    def right_before(self) -> int:
        """How many questions came out right with the model in use."""
        return sum(map(is_right, self.before))

    @property
    def right_after(self) -> int:
        """How many questions come out right with the new model."""
        return sum(map(is_right, self.after))

    @property
    def worse(self) -> list[tuple[Result, Result]]:
        """What was right before and is not any more."""
        pairs = zip(self.before, self.after, strict=True)
        return [(before, after) for before, after in pairs if is_right(before) and not is_right(after)]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Both comparisons, and what follows."""

    gate: Compared
    new: Compared

    @property
    def refusal(self) -> str | None:
        """Why the new model must not be used, one sentence for the operator; None when it may."""
        reasons = []
        if self.gate.right_after < self.gate.right_before:
            total, now, then = len(self.gate.after), self.gate.right_after, self.gate.right_before
            reasons.append(f"trên {total} câu kiểm tra chỉ đúng {now}, trước là {then}")
        reasons += _fallen(figures(self.gate.before), figures(self.gate.after))
        if self.new.right_after < self.new.right_before:
            total, now, then = len(self.new.after), self.new.right_after, self.new.right_before
            reasons.append(f"trên {total} câu vừa dạy chỉ đúng {now}, trước là {then}")
        if not reasons:
            return None
        return f"Mô hình mới kém hơn nên không dùng: {'; '.join(reasons)}{_named([*self.new.worse, *self.gate.worse])}."

    def measured(self) -> Measured:
        """What is kept of it."""
        return Measured(
            gate_before=_kept(self.gate.before),
            gate_after=_kept(self.gate.after),
            new_before=_kept(self.new.before),
            new_after=_kept(self.new.after),
            worse=[
                miss_to_json(after) | {"before": list(before.topics or before.buttons)}
                for before, after in [*self.new.worse, *self.gate.worse]
            ],
        )


def is_right(result: Result) -> bool:
    """Whether the citizen got the right thing: in scope the right topic and no other article, else no article."""
    return not result.is_miss and not result.wrong_outright


def _kept(results: Sequence[Result]) -> dict[str, Any]:
    return {**figures(results).to_json(), "right": sum(map(is_right, results))}


def _fallen(before: Figures, after: Figures) -> list[str]:
    then, now = before.to_json(), after.to_json()
    fallen = []
    for names, sign in ((_HIGHER_IS_BETTER, 1), (_LOWER_IS_BETTER, -1)):
        for figure, name in names.items():
            old, new = then[figure], now[figure]
            if old is not None and new is not None and sign * (old - new) > TOLERANCE:
                fallen.append(f"{name} {_percent(old)} → {_percent(new)}")
    return fallen


def _named(worse: Sequence[tuple[Result, Result]]) -> str:
    if not worse:
        return ""
    shown = ", ".join(f"“{after.question.text}”" for _, after in worse[:NAMED])
    more = f" và {len(worse) - NAMED} câu khác" if len(worse) > NAMED else ""
    return f"; các câu kém đi: {shown}{more}"


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %".replace(".", ",")
