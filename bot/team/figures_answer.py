"""/chitieu and questions for figures: an indicator of the commune or of one's hamlets, with how it was counted."""

from __future__ import annotations

from collections.abc import Sequence

from bot.messages import Button, Kind, Picture, Reply
from bot.service import Result, Service, Turn, payload
from bot.team import access
from bot.team.figure_question import read_question
from bot.team.ids import read_id
from bot.team.places import by_full_name, full_name, known_places, own_hamlets
from bot.team.quick_log.places import HamletFinder
from bot.team.quick_log.words import tokens
from content.indicators import Indicator, Way
from content.numbers import day, number
from content.periods import Period, PeriodKind, period_of, read_period
from db.indicators import plan as plans
from db.indicators.progress import Progress
from db.indicators.values import Basis, Value, trend, values
from db.outreach import hamlets
from db.outreach.models import Hamlet, Role

NAME = "ct"
DEFAULT = "people_reached"
MONTHS_SHOWN = 6
A_ROW = 2


async def press(turn: Turn, words: str) -> Result | None:
    """Alone the choice of figures; "<indicator>:<period>:<hamlet>" one figure, with 0 for all that one may see."""
    name, _, rest = words.partition(":")
    code, _, place = rest.partition(":")
    indicator = turn.library.indicators.get(name)
    period, hamlet = _period(turn, code), await _hamlet(turn, place)
    if indicator is None or indicator.way is Way.OFFICIAL:
        return Result((_choice(turn, period, hamlet),))
    return Result((await _told(turn, indicator, period, hamlet),))


async def overhear(turn: Turn, text: str) -> Result | None:
    """Takes a text that asks for a figure beyond doubt: it names a place or a period, and what is asked is ours."""
    if turn.incoming.kind is not Kind.TEXT or turn.incoming.is_edit or turn.form or text.lstrip().startswith("/"):
        return None
    asked = read_question(text, turn.today, turn.commune.reporting_periods)
    if asked is None:
        return None
    named = HamletFinder(await known_places(turn)).find(tokens(text))
    is_placed = asked.of_commune or bool(named)
    if not is_placed and not (asked.period and asked.indicator):
        return None
    if not asked.period and not asked.indicator:
        return None
    hamlet = await by_full_name(turn, named[0].name) if named else None
    if (hamlet and not turn.may_see(hamlet)) or (asked.of_commune and not turn.may(access.EVERY_HAMLET)):
        return Result((Reply(turn.library.texts.figures.not_yours),))
    period = asked.period if asked.period and asked.period.first <= turn.today else _period(turn, "")
    indicator = turn.library.indicators[asked.indicator or DEFAULT]
    return Result((await _told(turn, indicator, period, hamlet),))


def _period(turn: Turn, code: str) -> Period:
    """The period of that code; this month when it is none, or has not begun."""
    present = period_of(turn.today, PeriodKind.MONTH, turn.commune.reporting_periods)
    try:
        asked = read_period(code, turn.commune.reporting_periods)
    except ValueError:
        return present
    return asked if asked.first <= turn.today else present


async def _hamlet(turn: Turn, number_: str) -> Hamlet | None:
    found = await hamlets.by_id(turn.session, turn.commune.slug, read_id(number_) or 0)
    return found if found and turn.may_see(found) else None


def _place(turn: Turn, hamlet: Hamlet | None) -> str:
    texts = turn.library.texts.figures
    if hamlet:
        return full_name(turn, hamlet)
    if turn.may(access.EVERY_HAMLET):
        return turn.say(texts.commune)
    return ", ".join(full_name(turn, one) for one in turn.own_hamlets) or texts.own


async def _ids(turn: Turn, hamlet: Hamlet | None) -> list[int] | None:
    """Which hamlets are counted; None for the whole commune."""
    if hamlet:
        return [hamlet.id]
    return None if turn.may(access.EVERY_HAMLET) else [one.id for one in await own_hamlets(turn)]


def _choice(turn: Turn, period: Period, hamlet: Hamlet | None) -> Reply:
    texts = turn.library.texts.figures
    offered = [one for one in turn.library.indicators.values() if one.way is not Way.OFFICIAL]
    buttons = [Button(one.short, _payload(one.id, period, hamlet)) for one in offered]
    rows = tuple(tuple(buttons[at : at + A_ROW]) for at in range(0, len(buttons), A_ROW))
    return Reply(turn.say(texts.choose, place=_place(turn, hamlet), period=period.name), rows)


async def _told(turn: Turn, indicator: Indicator, period: Period, hamlet: Hamlet | None) -> Reply:
    texts = turn.library.texts.figures
    ids, until = await _ids(turn, hamlet), min(turn.today, period.last)
    slug = turn.commune.slug
    found = (await values(turn.session, slug, [indicator], period=period, as_of=until, hamlet_ids=ids))[indicator.id]
    title = turn.say(
        texts.title, name=indicator.name, place=_place(turn, hamlet), period=period.name, first=day(period.first),
        last=day(period.last),
    )  # fmt: skip
    lines = [title, *_lines(turn, indicator, found)]
    if indicator.way is Way.COVERAGE and ids is None and turn.commune.plan:
        goals = turn.commune.plan.targets_of(indicator.id)
        progress = await plans.against_plan(turn.session, slug, {indicator.id: found}, goals, until)
        lines += _against(turn, indicator, progress.get(indicator.id, ()))
    moves = [Button(texts.before_button, _payload(indicator.id, period.previous, hamlet))]
    if period.last < turn.today:
        moves.append(Button(texts.after_button, _payload(indicator.id, period.next, hamlet)))
    others = (Button(texts.others_button, payload(NAME, "x", period.code, hamlet.id if hamlet else 0)),)
    picture = await _trend(turn, indicator, period, ids)
    return Reply("\n".join(lines), (tuple(moves), others), indicator.how, picture)


def _lines(turn: Turn, indicator: Indicator, found: Value) -> list[str]:
    texts = turn.library.texts.figures
    if indicator.way is Way.OUTREACH:
        return [turn.say(texts.plain, value=indicator.show(found.numerator or 0))]
    lines = []
    if found.value is not None and found.numerator is not None and found.denominator is not None:
        shown = {"numerator": number(found.numerator), "denominator": number(found.denominator)}
        lines.append(turn.say(texts.share, value=indicator.show(found.value), **shown))
    elif found.value is not None:
        lines.append(turn.say(texts.plain, value=indicator.show(found.value)))
    elif found.learned:
        told = {"since": number(found.since), "learned": number(found.learned)}
        lines.append(turn.say(texts.recorded_and_learned, **told))
    elif found.numerator:
        lines.append(turn.say(texts.recorded, numerator=number(found.numerator)))
    else:
        lines.append(texts.unknown)
    if found.basis is Basis.OFFICIAL_AND_OUTREACH and found.as_of:
        official = texts.official if found.since else texts.official_alone
        lines.append(turn.say(official, as_of=day(found.as_of), since=number(found.since)))
        if found.learned:
            lines.append(turn.say(texts.learned, learned=number(found.learned)))
    if found.in_period is not None:
        lines.append(turn.say(texts.in_period, count=number(found.in_period)))
    if found.learned_in_period:
        lines.append(turn.say(texts.learned_in_period, count=number(found.learned_in_period)))
    return lines


def _against(turn: Turn, indicator: Indicator, goals: Sequence[Progress]) -> list[str]:
    """How the commune stands to the next horizon of its plan."""
    texts = turn.library.texts.figures
    ahead = [goal for goal in goals if not goal.is_over] or list(goals[-1:])
    if not ahead:
        return []
    goal = ahead[0]
    state = (
        "unknown" if goal.is_met is None else "met" if goal.is_met else "over" if goal.is_over
        else "lags" if goal.lags else "open"
    )  # fmt: skip
    told = turn.say(
        texts.target, target=indicator.show(goal.target), by=day(goal.by), state=texts.states[state]
    )  # fmt: skip
    return [told, turn.say(texts.missing, people=number(goal.people_missing))] if goal.people_missing else [told]


async def _trend(turn: Turn, indicator: Indicator, period: Period, ids: list[int] | None) -> Picture | None:
    """The last months as bars; None when fewer than two of them have a value."""
    texts = turn.library.texts.figures
    months = [period_of(min(turn.today, period.last), PeriodKind.MONTH, period.calendar)]
    while len(months) < MONTHS_SHOWN:
        months.insert(0, months[0].previous)
    past = (await trend(turn.session, turn.commune.slug, [indicator], months, hamlet_ids=ids))[indicator.id]
    known = [(month.name.capitalize(), float(one.value)) for month, one in zip(months, past, strict=True)
             if one.value is not None]  # fmt: skip
    if len(known) < 2 or not any(value for _, value in known):
        return None
    words = "; ".join(turn.say(texts.trend_text, period=name, value=indicator.show(value)) for name, value in known)
    title = turn.say(texts.trend_title, name=indicator.short)
    return Picture("bars", title, tuple(name for name, _ in known), tuple(value for _, value in known), text=words)


def _payload(indicator: str, period: Period, hamlet: Hamlet | None) -> str:
    return payload(NAME, indicator, period.code, hamlet.id if hamlet else 0)


SERVICE = Service(NAME, Role.MEMBER, press, overhear=overhear, commands=("/chitieu",))
