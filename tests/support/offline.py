"""`python -m tests.support.offline FOLDER`, in a network namespace of its own: starts the bot there and asks it something.

Prints the answer as JSON. The namespace has a loopback and nothing else.
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
    """Switches the loopback on, then runs the bot from its start to its end."""
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
