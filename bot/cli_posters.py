"""`daisuso poster`: a poster or a sheet of name cards, as PDF, with a code of its own for each place where it hangs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from sqlalchemy.ext.asyncio import AsyncSession

from bot import app as application
from bot.cli_people import entrances_of
from bot.errors import OperatorError
from bot.terminal import err, or_exit, out, read_settings, with_database, write_file
from content.commune import Commune
from content.library import Library
from content.numbers import TIME_ZONE
from db.clock import utc_now
from db.engine import Database
from db.outreach import hamlets
from db.outreach.audit import OPERATOR
from db.outreach.models import Hamlet
from db.outreach.names import key
from db.reach import posters
from db.reach.posters import LONGEST_PLACE
from office.poster_facts import facts_of, opens_only_here
from office.poster_words import PosterFacts
from office.posters import Size, make_poster


def poster(
    file: Annotated[Path, typer.Option("--out", help="The PDF file to write.")],
    commune: Annotated[str, typer.Option("--commune", help="A commune's profile; else the configured one.")] = "",
    hamlet: Annotated[str, typer.Option("--hamlet", help="Where it hangs; else it is the whole commune's.")] = "",
    topic: Annotated[str, typer.Option("--topic", help="The article that it is about; else it is general.")] = "",
    place: Annotated[str, typer.Option("--place", help='The very place, as "Nhà văn hóa ấp 3": counted apart.')] = "",
    size: Annotated[Size, typer.Option("--size", case_sensitive=False, help="cards: ten name cards on A4.")] = Size.A4,
) -> None:
    """Print a poster with the QR code that leads into the chat; the office sees how many people each place brings.

    The same commune, hamlet, topic and place are the same poster, in whatever size.

    Example: daisuso poster --commune tan-loi --hamlet 3 --place "Nhà văn hóa ấp 3" --size a4 --out ap-phich.pdf
    """
    settings = read_settings()
    library: Library = or_exit(lambda: application.open_library(settings)).current
    profile = library.communes.get(commune or settings.commune)
    said = " ".join(place.split())

    async def prepare(database: Database) -> PosterFacts:
        if profile is None:
            raise OperatorError(f"Không có hồ sơ xã {commune}. Đang có: {', '.join(sorted(library.communes))}.")
        if topic and topic not in library.articles:
            raise OperatorError(f"Không có mục {topic}. Xem tên các mục trong thư mục content/topics.")
        if len(said) > LONGEST_PLACE:
            raise OperatorError(f"Tên nơi treo dài quá: nhiều nhất {LONGEST_PLACE} ký tự.")
        entrances = await entrances_of(settings, database)
        async with database.transaction() as session:
            home = await _hamlet(session, profile, hamlet) if hamlet else None
            made = await posters.find_or_make(
                session, profile.slug, hamlet_id=home.id if home else None, topic=topic or None, place=said,
                actor=OPERATOR, now=utc_now(),
            )  # fmt: skip
            facts = await facts_of(
                session, made.poster, commune=profile, library=library, link_addresses=entrances.addresses,
                site=entrances.site,
            )  # fmt: skip
        if opens_only_here((facts.address,), facts.site):
            err.print(
                "[yellow]Lưu ý:[/] mã này chỉ mở được trên máy này. "
                "Đặt DAISUSO_PUBLIC_URL hoặc DAISUSO_TELEGRAM_TOKEN rồi in lại."
            )
        elif profile.slug != settings.commune:
            err.print(f"[yellow]Lưu ý:[/] ở đây bot đang chạy cho {settings.commune}: mã của xã khác không mở được.")
        return facts

    facts: PosterFacts = with_database(settings, prepare)
    assert profile is not None, "that was looked at first"
    today = utc_now().astimezone(TIME_ZONE).date()
    write_file(file, make_poster(facts, size, commune=profile, texts=library.texts.posters, printed_on=today))
    out.print(escape(f"Đã ghi áp phích số {facts.number} vào {file}. Mã dẫn tới: {facts.address}"), soft_wrap=True)


async def _hamlet(session: AsyncSession, commune: Commune, name: str) -> Hamlet:
    if not await hamlets.all_of(session, commune.slug):
        await hamlets.load(session, commune.slug, commune.hamlets, utc_now())
    known = await hamlets.all_of(session, commune.slug)
    wanted = key(name)
    for one in known:
        if wanted in (key(one.name), key(f"{commune.hamlet_word} {one.name}")):
            return one
    there = ", ".join(one.name for one in known) or f"chưa có {commune.hamlet_word} nào"
    raise OperatorError(f"Không có {commune.hamlet_word} {name}. Đang có: {there}.")
