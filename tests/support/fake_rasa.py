"""A Rasa project that a real Python runs without Rasa: `launch.py` behaves as the model file tells it to.

A model file holds Python statements, which run at the start and at every question. They see `first` (is this the
start?), `count` (questions so far), `later(seconds)`, `hang()`, `leave(code)`, and may set the `status` of the answer.
What it trains is a model that does nothing special. Every question is understood as `TOPIC`.
"""

from __future__ import annotations

import sys
from pathlib import Path

TOPIC = "vneid.what"

LAUNCH = """
import json, os, signal, subprocess, sys, time
from http.server import BaseHTTPRequestHandler, HTTPServer

what, *arguments = sys.argv[1:]
if what == "train":
    open(os.path.join(*arguments) + ".tar.gz", "w").write("pass")
    sys.exit()

model, port = arguments
names = {"later": time.sleep, "leave": os._exit, "hang": signal.pause, "os": os, "signal": signal, "sys": sys}
names |= {"subprocess": subprocess, "count": 0, "first": True}
answer = json.dumps({"intent_ranking": [{"name": "TOPIC", "confidence": 0.99}]}).encode()

def behave():
    names["status"] = 200
    exec(open(model).read(), names)

class Rasa(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        names["first"] = False
        names["count"] += 1
        behave()
        right = self.path == "/model/parse?token=" + os.environ["RASA_TOKEN"]
        self.send_response(names["status"] if right else 401)
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_):
        pass

behave()
HTTPServer(("127.0.0.1", int(port)), Rasa).serve_forever()
""".replace("TOPIC", TOPIC)


def make_project(folder: Path, launch: str = LAUNCH) -> Path:
    """Makes the project; `launch` is its launch.py."""
    python = folder / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.symlink_to(sys.executable)
    (folder / "launch.py").write_text(launch)
    (folder / "components").mkdir()
    (folder / "components" / "classifier.py").write_text("C = 1\n")
    (folder / "data" / "nlu").mkdir(parents=True)
    (folder / "data" / "nlu" / "vneid.yml").write_text("nlu: []\n")
    (folder / "config.yml").write_text("pipeline: []\n")
    (folder / "domain.yml").write_text("intents: []\n")
    (folder / "requirements.lock").write_text("rasa==3.6.21\n")
    return folder
