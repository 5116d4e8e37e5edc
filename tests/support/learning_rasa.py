"""A Rasa project that really learns, without Rasa: a text means what the training sentence most like it means.

Likeness is the share of common words. Training takes the time of starting Python, so that a whole round of learning can
be tested in seconds; the processes, files and requests are those of the real one.
"""

from __future__ import annotations

from pathlib import Path

import yaml

from tests.support.fake_rasa import make_project

LAUNCH = f"""
import sys
sys.path.insert(0, {str(Path(yaml.__file__).parent.parent)!r})
import glob, json, os, re
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
import yaml

def words(text):
    return set(re.findall(r"\\w+", text.lower()))

def likeness(one, other):
    return len(one & other) / len(one | other)

what, *arguments = sys.argv[1:]
if what == "train":
    folder, name, *data = arguments
    learned = []
    for file in sorted(glob.glob(os.path.join(data[0] if data else "data", "**", "*.yml"), recursive=True)):
        for intent in yaml.safe_load(open(file))["nlu"]:
            learned += [(example["text"], intent["intent"]) for example in intent["examples"]]
    json.dump(learned, open(os.path.join(folder, name) + ".tar.gz", "w"))
    sys.exit()

model, port = arguments
learned = [(words(text), intent) for text, intent in json.load(open(model))]

class Rasa(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.answer(200, {{}})

    def do_POST(self):
        asked = words(json.loads(self.rfile.read(int(self.headers["Content-Length"])))["text"])
        best = max(learned, key=lambda known: likeness(asked, known[0]))
        intent = best[1] if likeness(asked, best[0]) > 0.3 else "out_of_scope"
        right = self.path == "/model/parse?token=" + os.environ["RASA_TOKEN"]
        self.answer(200 if right else 401, {{"intent_ranking": [{{"name": intent, "confidence": 0.95}}]}})

    def answer(self, status, body):
        body = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass

ThreadingHTTPServer(("127.0.0.1", int(port)), Rasa).serve_forever()
"""


def make_learning_project(folder: Path, shipped: dict[str, list[str]]) -> Path:
    """Makes the project with these training sentences by topic."""
    project = make_project(folder, LAUNCH)
    (project / "domain.yml").write_text(yaml.safe_dump({"intents": [*shipped, "out_of_scope"]}))
    ship(project, shipped)
    return project


def ship(project: Path, shipped: dict[str, list[str]]) -> None:
    """Changes the shipped training sentences."""
    nlu = [
        {"intent": topic, "examples": [{"text": text} for text in sentences]} for topic, sentences in shipped.items()
    ]
    (project / "data" / "nlu" / "vneid.yml").write_text(yaml.safe_dump({"nlu": nlu}, allow_unicode=True))
