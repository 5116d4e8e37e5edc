"""The recordings that articles name: found in content/audio, and checked to be what every channel can play.

Telegram plays a voice message only from OGG with OPUS; browsers and telephones play the same. How long one lasts is
read from the file itself (RFC 3533, RFC 7845): no library is needed for two numbers.
"""

from __future__ import annotations

import struct
from collections.abc import Collection, Iterator
from pathlib import Path

from content.article import Article, Problem, read_text

FOLDER = "audio"
MOST_BYTES = 1024 * 1024
"""What Telegram shows as a voice message; more comes as a file to download."""
MOST_SECONDS = 5 * 60
TYPE = "audio/ogg"

_PAGE = struct.Struct("<4sBBqIIIB")
"""Of an OGG page: magic, version, flags, granule position, stream, number, checksum, segments."""
_OPUS_PER_SECOND = 48_000


def problems_of(
    article: Article, file: Path, shown_as: Path, folder: Path, languages: Collection[str]
) -> Iterator[Problem]:
    """What is wrong with an article's recordings; `folder` is content/, `languages` those that have a name."""
    lines = read_text(file, shown_as).split("\n")

    def at(words: str) -> int:
        return next((number for number, line in enumerate(lines, start=1) if words in line), 1)

    for recording in article.audio:
        if recording.language not in languages:
            reason = f"audio: chưa có tên cho tiếng {recording.language}, thêm vào languages trong texts/audio.yml"
            yield Problem(shown_as, at(recording.file), reason)
        if fault := fault_of(folder / FOLDER / recording.file):
            yield Problem(shown_as, at(recording.file), f"audio: {recording.file}: {fault}")
    if len({recording.file for recording in article.audio}) < len(article.audio):
        yield Problem(shown_as, at("audio:"), "audio: có tệp được ghi hai lần")


def fault_of(file: Path) -> str | None:
    """Why a recording can't be used, for whoever put it there; None when it can."""
    try:
        size = file.stat().st_size
        content = file.read_bytes() if size <= MOST_BYTES else b""
    except OSError:
        return f"thiếu tệp này trong thư mục {FOLDER}"
    if size > MOST_BYTES:
        return f"nặng {size / MOST_BYTES:.1f} MB, nhiều nhất 1 MB: cắt ngắn hoặc nén lại 16-24 kbit/s"
    seconds = opus_seconds(content)
    if seconds is None:
        return "không phải âm thanh OGG/OPUS: đổi bằng ffmpeg -i vao.mp3 -c:a libopus -b:a 24k -ac 1 ra.ogg"
    if seconds > MOST_SECONDS:
        return f"dài {seconds / 60:.1f} phút, nhiều nhất {MOST_SECONDS // 60} phút: tách thành bài ngắn hơn"
    return None


def opus_seconds(content: bytes) -> float | None:
    """How long an OGG/OPUS file plays; None when it is none, or breaks off before its end."""
    pages = list(_pages(content))
    if not pages or not pages[0][1].startswith(b"OpusHead") or len(pages[0][1]) < 12:
        return None
    skipped = int.from_bytes(pages[0][1][10:12], "little")
    is_whole = pages[-1][2] and sum(page[3] for page in pages) == len(content)
    last = max(position for position, *_ in pages)
    return (last - skipped) / _OPUS_PER_SECOND if is_whole and last > skipped else None


def _pages(content: bytes) -> Iterator[tuple[int, bytes, bool, int]]:
    """Each page's position, content, whether it is the last of the stream, and its whole length."""
    start = 0
    while start + _PAGE.size <= len(content):
        magic, _, flags, position, _, _, _, segments = _PAGE.unpack_from(content, start)
        body = start + _PAGE.size + segments
        end = body + sum(content[start + _PAGE.size : body])
        if magic != b"OggS" or end > len(content):
            return
        yield position, content[body:end], bool(flags & 4), end - start
        start = end
