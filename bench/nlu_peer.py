"""The peer of bench/nlu.py: TF-IDF over words + LinearSVC, as scikit-learn's documentation shows it.

Runs in Rasa's interpreter: `python nlu_peer.py TRAINING_FOLDER QUESTIONS.json` prints JSON with train_seconds, mb (peak
resident size), parse_ms and rankings.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path

import yaml
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.pipeline import make_pipeline
from sklearn.svm import LinearSVC


def main() -> None:
    """Trains, asks, prints."""
    folder, asked = Path(sys.argv[1]), Path(sys.argv[2])
    texts, intents = [], []
    for file in sorted(folder.glob("*.yml")):
        for entry in yaml.safe_load(file.read_text())["nlu"]:
            for line in entry["examples"].strip().splitlines():
                texts.append(line.removeprefix("- ").strip())
                intents.append(entry["intent"])
    begun = time.monotonic()
    model = make_pipeline(TfidfVectorizer(), LinearSVC()).fit(texts, intents)
    train_seconds = time.monotonic() - begun
    rankings, parse_ms = [], []
    for question in json.loads(asked.read_text()):
        started = time.perf_counter()
        margins = model.decision_function([question])[0]
        parse_ms.append(1000 * (time.perf_counter() - started))
        best = margins.argsort()[::-1][:10]
        rankings.append([(model.classes_[index], float(margins[index])) for index in best])
    mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"train_seconds": train_seconds, "mb": mb, "parse_ms": parse_ms, "rankings": rankings}))


if __name__ == "__main__":
    main()
