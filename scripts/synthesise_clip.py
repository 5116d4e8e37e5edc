"""Reads an article aloud with espeak-ng into content/audio/<id>.vi.ogg: what it says at first, its steps, its warning.

    python scripts/synthesise_clip.py scam.fake_police

Wants the programmes espeak-ng and opusenc (Debian: apt install espeak-ng opus-tools). A machine's voice is better than
nothing for who can't read; a person's is better still: docs/content-format.md says how a recording is put in its place.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from content.article import Article
from content.audio import FOLDER, fault_of
from content.library import read_library

CONTENT = Path(__file__).resolve().parent.parent / "content"
READ = ("Các bước", "Cảnh báo")
WORDS_A_MINUTE, KILOBITS = 135, 16
"""Slower than espeak-ng speaks by itself; speech of one voice needs no more."""

_SAID = {
    "{xa}": "xã", "{thon}": "thôn", "{cong_an_xa}": "công an xã", "{to_cong_nghe}": "tổ công nghệ số",
    "{trung_tam}": "trung tâm phục vụ hành chính công xã", "{lien_he}": "Hỏi thêm ở trụ sở xã.",
    "OTP": "ô tê pê", "VNeID": "vi en i đi", "SIM": "xim", "link": "đường dẫn",
}  # fmt: skip
"""A recording is one for all communes, and a Vietnamese voice reads no English."""


def spoken(article: Article) -> str:
    """What is read, without marks that only the eye needs."""
    sections = [section.text for heading in READ if (section := article.section(heading))]
    text = "\n\n".join([f"{article.title}.", article.summary, *sections])
    for written, said in _SAID.items():
        text = text.replace(written, said)
    return re.sub(r"\*\*|https?://\S+", "", re.sub(r"^(\d+)\. ", r"Bước \1. ", text, flags=re.MULTILINE))


def synthesise(text: str, file: Path) -> None:
    """Speaks a text into a file."""
    voice = ["espeak-ng", "-v", "vi", "-s", str(WORDS_A_MINUTE), "--stdin", "--stdout"]
    wave = subprocess.run(voice, input=text.encode(), stdout=subprocess.PIPE, check=True).stdout
    encoder = ["opusenc", "--quiet", "--bitrate", str(KILOBITS), "--speech", "--serial", "1", "-", str(file)]
    subprocess.run(encoder, input=wave, check=True)


def main() -> None:
    """Makes the recording of the article whose id is given."""
    if len(sys.argv) != 2 or sys.argv[1] not in (articles := read_library(CONTENT).articles):
        sys.exit("Cách dùng: python scripts/synthesise_clip.py MÃ_BÀI, ví dụ scam.fake_police")
    article = articles[sys.argv[1]]
    file = CONTENT / FOLDER / f"{article.id}.vi.ogg"
    file.parent.mkdir(exist_ok=True)
    synthesise(spoken(article), file)
    if fault := fault_of(file):
        sys.exit(f"{file}: {fault}")
    print(f"{file}: {file.stat().st_size // 1024} KB")


if __name__ == "__main__":
    main()
