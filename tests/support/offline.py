"""`python -m tests.support.offline FOLDER QUESTION`: runs the bot from start to end and prints, as JSON, what it said.

Meant for a network namespace of its own, which has a loopback, still off, and nothing else.
"""

from __future__ import annotations

import fcntl
import json
import signal
import socket
import struct
import sys
from pathlib import Path

from tests.support.processes import running_bot

# From <linux/sockios.h> and <linux/if.h>.
SIOCGIFFLAGS, SIOCSIFFLAGS = 0x8913, 0x8914
IFF_UP = 1
INTERFACE = "16sh14x"


def main() -> None:
    """Switches the loopback on, starts the bot, asks it, ends it."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        answer = fcntl.ioctl(any_socket, SIOCGIFFLAGS, struct.pack(INTERFACE, b"lo", 0))
        _, flags = struct.unpack(INTERFACE, answer)
        fcntl.ioctl(any_socket, SIOCSIFFLAGS, struct.pack(INTERFACE, b"lo", flags | IFF_UP))
    with running_bot(Path(sys.argv[1])) as bot:
        answers, health = bot.ask(sys.argv[2]), bot.health()
        bot.signal(signal.SIGTERM)
        code = bot.end(within=5)
    sys.stdout.write(json.dumps({"answers": answers, "health": health, "code": code}))


if __name__ == "__main__":
    main()
