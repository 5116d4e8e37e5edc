"""/thongke: a member's own figures of a reporting month, and those of the hamlets, as the office sees them."""

from __future__ import annotations

from bot.messages import Button, Picture, Reply
from bot.pictures import number
from bot.service import Result, Service, Turn, payload
from bot.team.places import full_name
from content.periods import Period, PeriodKind, period_of, read_period
from db.outreach import figures
from db.outreach.figures import Figures, Scope
from db.outreach.models import Role

NAME = "tk"
MOST_HAMLETS = 6


async def press(turn: Turn, words: str) -> Result | None:
    """The month of today, or the one that a button names ("2026-10")."""
    calendar = turn.commune.reporting_periods
    try:
        period = read_period(words, calendar) if words else period_of(turn.today, PeriodKind.MONTH, calendar)
    except ValueError:
        period = period_of(turn.today, PeriodKind.MONTH, calendar)
    own = await figures.count(turn.session, _scope(turn, period, turn.staff.id))
    before = await figures.count(turn.session, _scope(turn, period.previous, turn.staff.id))
    return Result((await _told(turn, period, own, before),))


async def say(turn: Turn, _text: str) -> Result | None:
    """Asked in words: this month."""
    return await press(turn, "")


async def _told(turn: Turn, period: Period, own: Figures, before: Figures) -> Reply:
    texts = turn.library.texts.work
    lines = [
        turn.say(texts.stats_title, period=period.name.capitalize(), first=_day(period.first), last=_day(period.last)),
        turn.say(texts.stats_own, **_shown(own)) if own.sessions else texts.stats_none,
    ]
    if turn.staff.monthly_target:
        lines.append(turn.say(texts.stats_target, target=turn.staff.monthly_target, households=own.households))
    if before.sessions:
        lines.append(turn.say(texts.stats_before, **_shown(before)))
    by_hamlet = await figures.count_by_hamlet(turn.session, _scope(turn, period, None))
    for hamlet in turn.own_hamlets[:MOST_HAMLETS]:
        shown = _shown(by_hamlet.get(hamlet.id, Figures()))
        lines.append(turn.say(texts.stats_hamlet, hamlet=full_name(turn, hamlet), **shown))
    moves = [Button(texts.before_button, payload(NAME, period.previous.code))]
    if period.last < turn.today:
        moves.append(Button(texts.after_button, payload(NAME, period.next.code)))
    note = turn.library.texts.work.stats_how
    return Reply("\n".join(lines), (tuple(moves),), note, _chart(turn, period, own))


def _chart(turn: Turn, period: Period, own: Figures) -> Picture | None:
    texts, names = turn.library.texts.work, turn.library.texts.log.outcomes
    bars = [(names[code.value], count) for code, count in own.outcomes.items() if count]
    if not bars:
        return None
    bars.sort(key=lambda bar: -bar[1])
    words = "; ".join(turn.say(texts.chart_text, name=name, count=number(count)) for name, count in bars)
    title = turn.say(texts.chart_title, period=period.name.capitalize())
    return Picture("bars", title, tuple(name for name, _ in bars), tuple(count for _, count in bars), text=words)


def _scope(turn: Turn, period: Period, member_id: int | None) -> Scope:
    return Scope(turn.commune.slug, period.first, period.last, member_id=member_id)


def _shown(found: Figures) -> dict[str, str]:
    return {name: number(getattr(found, name)) for name in ("sessions", "attendances", "people", "households")}


def _day(day: object) -> str:
    return f"{day:%d/%m/%Y}"


SERVICE = Service(NAME, Role.MEMBER, press, say=say, commands=("/thongke",), intents=("team.my_stats",))
