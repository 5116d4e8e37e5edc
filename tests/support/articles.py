"""Small articles: as the files that a writer saves, and as the objects that are read from them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import MappingProxyType

from content.article import Article, Section, Source
from content.commune import Commune, Contact
from content.library import Library, Topic
from content.scam import read_official_domains, read_scam_signals

CONTENT = Path(__file__).resolve().parents[2] / "content"

ARTICLE = """\
---
id: vneid.install
title: Tải và cài đặt VNeID
summary: Mở cửa hàng ứng dụng, gõ VNeID rồi bấm **Cài đặt**.
questions:
  - Tải VNeID ở đâu
  - Cài VNeID thế nào
  - Làm sao có ứng dụng VNeID
  - Máy tôi chưa có VNeID
related: [vneid.forgot_password]
reviewed: 2026-11-22
review_by: 2027-05-22
sources:
  - {title: Hướng dẫn cài VNeID, url: "https://vneid.gov.vn/cai-dat", date: 2026-03-12}
---
## Các bước
1. Mở cửa hàng ứng dụng.
2. Gõ **VNeID**.
3. Bấm **Cài đặt**.

## Lệ phí
Cài VNeID không mất tiền.
"""

COMMUNE = Commune(
    slug="tan-loi",
    name="xã Tân Lợi",
    province="tỉnh Đồng Nai",
    hamlet_word="ấp",
    police=Contact(phone="0251 3 123 456"),
)


def saved(folder: Path, text: str = ARTICLE, place: str = "vneid/install.md") -> Path:
    """The file of an article, under a folder of topics."""
    file = folder / place
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file


def article(
    topic: str,
    title: str,
    *,
    summary: str = "Làm thế này là được.",
    sections: Mapping[str, str] = MappingProxyType({"Lưu ý": "Cứ từ từ mà làm."}),
    questions: Sequence[str] = (),
    related: Sequence[str] = (),
    sources: int = 1,
    urgent: bool = False,
    guide: bool = False,
) -> Article:
    """An article; its sources are numbered from 1."""
    return Article(
        id=topic,
        title=title,
        summary=summary,
        questions=[*questions, *(f"{title} {number}" for number in range(4 - len(questions)))],
        related=list(related),
        urgent=urgent,
        guide=guide,
        reviewed=date(2026, 11, 22),
        review_by=date(2027, 5, 22),
        sources=[
            Source(title=f"Báo số {n}", url=f"https://bao.vn/{n}", date=f"2026-03-{n:02}")
            for n in range(1, sources + 1)
        ],
        sections=tuple(Section(heading=heading, text=text) for heading, text in sections.items()),
    )


def library_of(shipped: Library, *articles: Article) -> Library:
    """The shipped library with these articles alone, in one commune. A topic's area is its group in the menu."""
    groups: dict[str, list[str]] = {}
    for one in articles:
        groups.setdefault(one.area, []).append(one.id)
    return replace(
        shipped,
        topics=MappingProxyType({one.id: Topic(id=one.id, title=one.title) for one in articles}),
        groups=MappingProxyType({group: tuple(topics) for group, topics in groups.items()}),
        articles=MappingProxyType({one.id: one for one in articles}),
        communes=MappingProxyType({COMMUNE.slug: COMMUNE}),
        scam_signals=read_scam_signals(CONTENT, ()),
        official_domains=read_official_domains(CONTENT),
    )
