"""/thongke: a member's own figures of a reporting month, and those of the hamlets, as the office sees them."""

from __future__ import annotations

from bot.messages import Button, Picture, Reply
from bot.service import Result, Service, Turn, payload
from bot.team import access
from bot.team.places import full_name
from content.numbers import day, number
from content.periods import Period, PeriodKind, period_of, read_period
from db.outreach import figures
from db.outreach.figures import Figures, Scope
from db.outreach.models import Role

NAME = "tk"
MOST_HAMLETS = 6
MONTHS_SHOWN = 4


async def press(turn: Turn, words: str) -> Result | None:
    """The month of today, or the one that a button names ("2026-10")."""
    return Result((await _told(turn, _period(turn, words)),))


async def say(turn: Turn, _text: str) -> Result | None:
    """Asked in words: this month."""
    return await press(turn, "")


def _period(turn: Turn, words: str) -> Period:
    """The period that is asked for; this month when it is none, or has not begun."""
    calendar = turn.commune.reporting_periods
    this_month = period_of(turn.today, PeriodKind.MONTH, calendar)
    try:
        asked = read_period(words, calendar)
    except ValueError:
        return this_month
    return asked if asked.first <= turn.today else this_month


async def _told(turn: Turn, period: Period) -> Reply:
    texts = turn.library.texts.work
    own = await figures.count(turn.session, _scope(turn, period, turn.staff.id))
    before = await figures.count(turn.session, _scope(turn, period.previous, turn.staff.id))
    title = turn.say(texts.stats_title, period=period.name.capitalize(), first=day(period.first), last=day(period.last))
    lines = [title, turn.say(texts.stats_own, **_shown(own)) if own.sessions else texts.stats_none]
    if own.outcomes:
        lines.append(turn.say(texts.stats_outcomes, outcomes=_outcomes(turn, own)))
    if target := _target(turn, period):
        text = texts.stats_target_met if own.households >= target else texts.stats_target
        left = number(target - own.households)
        lines.append(turn.say(text, target=number(target), households=number(own.households), left=left))
    if before.sessions:
        lines.append(turn.say(texts.stats_before, **_shown(before)))
    lines += ["", *await _of_places(turn, period)]
    moves = [Button(texts.before_button, payload(NAME, period.previous.code))]
    if period.last < turn.today:
        moves.append(Button(texts.after_button, payload(NAME, period.next.code)))
    picture = await _trend(turn, period, target) if target else _chart(turn, period, own)
    return Reply("\n".join(lines).rstrip(), (tuple(moves),), texts.stats_how, picture)


async def _of_places(turn: Turn, period: Period) -> list[str]:
    """What everybody together did: in each of the member's hamlets, and for the office in the commune."""
    texts, every = turn.library.texts.work, _scope(turn, period, None)
    by_hamlet = await figures.count_by_hamlet(turn.session, every)
    lines = [
        turn.say(texts.stats_hamlet, hamlet=full_name(turn, one), **_shown(by_hamlet.get(one.id, Figures())))
        for one in turn.own_hamlets[:MOST_HAMLETS]
    ]
    if turn.may(access.EVERY_HAMLET):
        lines.append(turn.say(texts.stats_commune, **_shown(await figures.count(turn.session, every))))
    return lines


def _chart(turn: Turn, period: Period, own: Figures) -> Picture | None:
    """What people achieved with the member's help; None when that is nothing."""
    texts = turn.library.texts.work
    bars = _achieved(turn, own)
    if not bars:
        return None
    words = "; ".join(turn.say(texts.chart_text, name=name, count=number(count)) for name, count in bars)
    title = turn.say(texts.chart_title, period=period.name.capitalize())
    return Picture("bars", title, tuple(name for name, _ in bars), tuple(count for _, count in bars), text=words)


async def _trend(turn: Turn, period: Period, target: int) -> Picture:
    """Households visited in the last months beside the target."""
    texts, months = turn.library.texts.work, [period]
    while len(months) < MONTHS_SHOWN:
        months.insert(0, months[0].previous)
    visited = [(await figures.count(turn.session, _scope(turn, one, turn.staff.id))).households for one in months]
    names = tuple(one.name.capitalize() for one in months)
    words = "; ".join(
        turn.say(texts.trend_text, period=name, count=number(count))
        for name, count in zip(names, visited, strict=True)
    )  # fmt: skip
    return Picture("bars", texts.trend_title, names, tuple(visited), target=target, text=words)


def _target(turn: Turn, period: Period) -> int | None:
    """Households to visit in that period, where the commune sets it for this member: it does so for months."""
    return turn.staff.monthly_target if period.kind is PeriodKind.MONTH else None


def _achieved(turn: Turn, own: Figures) -> list[tuple[str, int]]:
    names = turn.library.texts.log.outcomes
    found = [(names[code.value], count) for code, count in own.outcomes.items() if count]
    return sorted(found, key=lambda one: (-one[1], one[0]))


def _outcomes(turn: Turn, own: Figures) -> str:
    return " · ".join(f"{name}: {number(count)}" for name, count in _achieved(turn, own))


def _scope(turn: Turn, period: Period, member_id: int | None) -> Scope:
    return Scope(turn.commune.slug, period.first, period.last, member_id=member_id)


def _shown(found: Figures) -> dict[str, str]:
    return {name: number(getattr(found, name)) for name in ("sessions", "attendances", "people", "households")}


SERVICE = Service(NAME, Role.MEMBER, press, say=say, commands=("/thongke",), intents=("team.my_stats",))
