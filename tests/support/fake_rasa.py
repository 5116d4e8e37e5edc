"""A Rasa project that a real Python runs without Rasa: `launch.py` behaves as the model file tells it to.

A model file holds Python statements, which run at the start and at every question. They see `first` (is this the start?),
`count` (questions so far), `later(seconds)`, `hang()` and `leave(code)`; and they may set the answer's `status`.
"""

from __future__ import annotations

import sys
from pathlib import Path

LAUNCH = """
import json, os, signal, subprocess, sys, time
from http.server import BaseHTTPRequestHandler, HTTPServer

what, *arguments = sys.argv[1:]
names = {"later": time.sleep, "leave": os._exit, "hang": signal.pause, "os": os, "signal": signal, "sys": sys}
names |= {"subprocess": subprocess, "arguments": arguments, "count": 0, "first": True}

def behave():
    names["status"] = 200
    exec(open(arguments[0]).read(), names)

class Rasa(BaseHTTPRequestHandler):
    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        names["first"] = False
        names["count"] += 1
        behave()
        right = self.path == "/model/parse?token=" + os.environ["RASA_TOKEN"]
        self.send_response(names["status"] if right else 401)
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_):
        pass

behave()
HTTPServer(("127.0.0.1", int(arguments[1])), Rasa).serve_forever()
"""


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
