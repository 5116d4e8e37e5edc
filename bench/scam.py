"""How well the scam check does on examples that it has not learnt: grouped cross-validation over scam_examples.tsv.

`python -m bench.scam` learns the tone from nine tenths and judges the rest, ten times; examples that share most of
their words stay together, so that no paraphrase is known already. The signs are the same every time: who looked at
the errors wrote them, so messages that nobody has looked at do worse than these figures.
`--errors` prints every miss and every honest text blamed, with what was found.
"""

from __future__ import annotations

import argparse
import random
import re
from collections.abc import Sequence
from pathlib import Path

from bot.citizen.scam_check import Danger, ScamCheck, Verdict
from bot.citizen.spelling import strip_diacritics
from bot.masking import mask
from content.scam import Example, read_official_domains, read_scam_signals

CONTENT = Path(__file__).resolve().parent.parent / "content"
FOLDS = 10
SAME_WORDS = 0.5
"""Two texts that share so much of their words belong to one group."""


def judged() -> list[tuple[Example, Verdict]]:
    """Every labelled example with the verdict of a check that did not learn it."""
    signals = read_scam_signals(CONTENT, ())
    domains = read_official_domains(CONTENT)
    labelled = [example for example in signals.examples if example.is_scam is not None]
    stories = [example for example in signals.examples if example.is_scam is None]
    folds = _folds(labelled)
    found = []
    for fold in range(FOLDS):
        learnt = [example for example, its in zip(labelled, folds, strict=True) if its != fold]
        check = ScamCheck(signals, domains, [*learnt, *stories])
        found += [
            (example, check.check(mask(example.text)))
            for example, its in zip(labelled, folds, strict=True)
            if its == fold
        ]
    return found


def _folds(examples: Sequence[Example]) -> list[int]:
    """The fold of each example; near copies share one."""
    words = [set(re.findall(r"\w+", strip_diacritics(example.text.lower()))) for example in examples]
    heads = list(range(len(examples)))
    for here in range(len(examples)):
        for before in range(here):
            if len(words[here] & words[before]) >= SAME_WORDS * len(words[here] | words[before]):
                heads[here] = heads[before]
                break
    dice = random.Random(3)  # noqa: S311 - no secret
    drawn = {head: dice.randrange(FOLDS) for head in sorted(set(heads))}
    return [drawn[head] for head in heads]


def main() -> None:
    """Prints the shares, and with --errors every error."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--errors", action="store_true", help="print every error")
    show_errors = parser.parse_args().errors
    found = judged()
    for is_scam, name in ((True, "scams"), (False, "honest texts")):
        verdicts = [(example, verdict) for example, verdict in found if example.is_scam is is_scam]
        flagged = sum(verdict.level is not Danger.NONE for _, verdict in verdicts)
        print(f"{name}: {flagged} of {len(verdicts)} flagged, {flagged / len(verdicts):.1%}")
        for example, verdict in verdicts if show_errors else ():
            if (verdict.level is Danger.NONE) is is_scam:
                print(f"  {example.text} | {'; '.join(f'{sign.name}: {sign.words}' for sign in verdict.signs)}")


if __name__ == "__main__":
    main()
