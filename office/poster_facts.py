"""What a stored poster says when it is printed: its code with the links, its hamlet of today, its article."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy.ext.asyncio import AsyncSession

from content.commune import Commune
from content.library import Library
from db import links
from db.links import Sort
from db.outreach import hamlets
from db.reach.models import Poster
from office.poster_words import PosterFacts, telegram_in, typed_site


async def facts_of(
    session: AsyncSession,
    poster: Poster,
    *,
    commune: Commune,
    library: Library,
    link_addresses: Callable[[str], tuple[str, ...]],
    site: str,
) -> PosterFacts:
    """For `office.posters.make_poster`. The session must be one that writes: a commune's first code makes its key."""
    code = await links.make(session, commune.slug, Sort.POSTER, poster.id)
    addresses = link_addresses(code)
    place = await hamlets.by_id(session, commune.slug, poster.hamlet_id) if poster.hamlet_id else None
    return PosterFacts(
        address=addresses[0], site=site, telegram=telegram_in(addresses),
        hamlet=f"{commune.hamlet_word} {place.name}" if place else "",
        article=library.articles.get(poster.topic) if poster.topic else None, number=poster.id, place=poster.place,
    )  # fmt: skip


def opens_only_here(addresses: tuple[str, ...], site: str) -> bool:
    """Whether a printed code would lead nobody anywhere: the programme has no public address and no bot yet."""
    return telegram_in(addresses) is None and not typed_site(site)
