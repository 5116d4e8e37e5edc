"""The four pillars of a household, counted in its adults: five questions, a tap each.

The buttons hold the whole state: the answers so far, and which survey was the last one when this one began. So a last
button that is pressed twice, or weeks later, puts nothing in place of what was found since.
"""

from __future__ import annotations

from bot.messages import Button, Reply
from bot.service import Result, Service, Turn, payload
from bot.team.ids import read_id
from bot.team.log_form_steps import SURVEY, pillars_line
from db.outreach import hamlets, households
from db.outreach.households import Survey
from db.outreach.models import Household, Role

QUESTIONS = ("adults", "identity", "device", "skill", "account")
MOST_ADULTS = 12
A_ROW = 5


async def press(turn: Turn, words: str) -> Result | None:
    """ "12" begins with household 12; "12:<last survey>:3:0:..." are the answers so far."""
    texts = turn.library.texts.log_form
    if words == "x":
        return Result((Reply(texts.survey_cancelled),))
    numbers = [read_id(one) for one in words.split(":")]
    home = await _household(turn, numbers[0] or 0)
    if home is None:
        return Result((Reply(texts.gone_household),))
    if len(numbers) > 1 and numbers[1] != _last(home):
        return await _other_time(turn, home)
    told = [number for number in numbers[2:] if number is not None]
    if len(told) < len(numbers[2:]) or not _can_be(told):
        return Result((_question(turn, home, []),))
    if len(told) == len(QUESTIONS):
        return await _save(turn, home, told)
    return Result((_question(turn, home, told),))


def _can_be(told: list[int]) -> bool:
    """Whether buttons could have told that: no count is above the adults."""
    if not told:
        return True
    return len(told) <= len(QUESTIONS) and 1 <= told[0] <= MOST_ADULTS and max(told) == told[0]


def _question(turn: Turn, home: Household, told: list[int]) -> Reply:
    texts = turn.library.texts.log_form
    counts = range(told[0] + 1) if told else range(1, MOST_ADULTS + 1)
    choices = [Button(str(count), payload(SURVEY, home.id, _last(home), *told, count)) for count in counts]
    rows = [tuple(choices[start : start + A_ROW]) for start in range(0, len(choices), A_ROW)]
    back = (Button(texts.back_button, payload(SURVEY, home.id, _last(home), *told[:-1])),) if told else ()
    rows.append((*back, Button(texts.cancel_button, payload(SURVEY, "x"))))
    intro = "" if told else turn.say(texts.survey_intro, household=home.name) + "\n"
    return Reply(intro + getattr(texts, f"survey_{QUESTIONS[len(told)]}"), tuple(rows))


async def _save(turn: Turn, home: Household, told: list[int]) -> Result:
    adults, identity, device, skill, account = told
    found = Survey(
        max(home.people or 0, adults), adults, identity, device, skill, account, is_poor=home.is_poor,
        is_ethnic_minority=home.is_ethnic_minority, has_elderly=home.has_elderly, has_disabled=home.has_disabled,
    )  # fmt: skip
    await households.survey(turn.session, home, found, turn.actor, turn.now)
    saved = turn.library.texts.log_form.survey_saved
    return Result((Reply(f"{saved}\n{home.name}\n{await pillars_line(turn, home)}"),))


async def _other_time(turn: Turn, home: Household) -> Result:
    """For buttons of a survey that is over, or that another one overtook."""
    texts = turn.library.texts.log_form
    again = Button(texts.survey_again_button, payload(SURVEY, home.id))
    return Result((Reply(f"{texts.survey_other_time}\n{home.name}\n{await pillars_line(turn, home)}", ((again,),)),))


def _last(home: Household) -> int:
    """Names the household's last survey."""
    return int(home.surveyed_at.timestamp()) if home.surveyed_at else 0


async def _household(turn: Turn, household_id: int) -> Household | None:
    home = await households.by_id(turn.session, turn.commune.slug, household_id)
    hamlet = await hamlets.by_id(turn.session, turn.commune.slug, home.hamlet_id) if home else None
    return home if hamlet and turn.may_see(hamlet) else None


SERVICE = Service(SURVEY, Role.MEMBER, press)
