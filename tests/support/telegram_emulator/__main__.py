"""``python -m tests.support.telegram_emulator --port 9100``: the emulator to play with by hand, until Ctrl+C."""

import argparse
import contextlib
import sys
import threading

from .emulator import TEST_TOKEN, TelegramEmulator
from .playing import ACTIONS


def main() -> None:
    """Serves, prints the two addresses for the bot's settings, waits to be interrupted."""
    parser = argparse.ArgumentParser(prog="python -m tests.support.telegram_emulator")
    parser.add_argument("--port", type=int, default=9100, help="0 takes a free one")
    parser.add_argument("--token", default=TEST_TOKEN)
    arguments = parser.parse_args()
    with TelegramEmulator(arguments.token, port=arguments.port or None) as telegram:
        origin = telegram.base_url.removesuffix("/bot")
        lines = [
            f"base_url      {telegram.base_url}",
            f"base_file_url {telegram.base_file_url}",
            f"as a person: POST {origin}/user/{{{','.join(ACTIONS)}}}, GET {origin}/user/messages?chat_id=",
        ]
        sys.stdout.write("\n".join(lines) + "\n")
        sys.stdout.flush()
        with contextlib.suppress(KeyboardInterrupt):
            threading.Event().wait()


if __name__ == "__main__":
    main()
