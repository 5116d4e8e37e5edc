"""The figures of `daisuso evaluate` are those that somebody would count by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.citizen.decision import Way
from bot.citizen.desk import CitizenDesk
from bot.errors import OperatorError
from bot.evaluation import Question, Result, by_style, evaluate, figures, miss_to_json, read_questions
from bot.nlu import Guess, NluUnavailableError, Understanding
from content.library import Library
from tests.support.articles import COMMUNE, article, library_of


def asked(
    label: str,
    *,
    way: Way,
    topic: str | None = None,
    ranking: tuple[str, ...] = (),
    buttons: tuple[str, ...] = (),
    also: frozenset[str] = frozenset(),
    style: str = "",
) -> Result:
    topics = () if topic is None else (topic,)
    return Result(Question("câu hỏi", label, also, style), ranking, way, topics, buttons)


RIGHT = asked("a", way=Way.ANSWER, topic="a", ranking=("a", "b", "c"), style="plain")
ALSO_RIGHT = asked("a", way=Way.ANSWER, topic="b", ranking=("b", "a"), also=frozenset({"b"}), style="plain")
AMONG_BUTTONS = asked("a", way=Way.CLARIFY, buttons=("c", "a"), ranking=("c", "b", "a"), style="teencode")
WRONG_BUTTONS = asked("a", way=Way.CLARIFY, buttons=("c", "d"), ranking=("c", "d", "e"), style="teencode")
WRONG_OUTRIGHT = asked("a", way=Way.ANSWER, topic="c", ranking=("c", "a", "b"), style="teencode")
REFUSED = asked("a", way=Way.FALLBACK, ranking=("out_of_scope", "a", "b"))
GREETED = asked("chat.greet", way=Way.SMALL_TALK, topic="chat.greet", ranking=("chat.greet",))
OUTSIDE_REFUSED = asked("out_of_scope", way=Way.FALLBACK, ranking=("out_of_scope",), style="plain")
OUTSIDE_CLARIFIED = asked("out_of_scope", way=Way.CLARIFY, buttons=("a",), ranking=("a",))
OUTSIDE_GREETED = asked("out_of_scope", way=Way.SMALL_TALK, topic="chat.greet", ranking=("chat.greet",))
OUTSIDE_ANSWERED = asked("out_of_scope", way=Way.ANSWER, topic="a", ranking=("a",))
OUTSIDE_WARNED = asked("out_of_scope", way=Way.SCAM, topic="scam.check", ranking=("scam.check",))

INSIDE = [RIGHT, ALSO_RIGHT, AMONG_BUTTONS, WRONG_BUTTONS, WRONG_OUTRIGHT, REFUSED, GREETED]
OUTSIDE = [OUTSIDE_REFUSED, OUTSIDE_CLARIFIED, OUTSIDE_GREETED, OUTSIDE_ANSWERED, OUTSIDE_WARNED]


def test_the_figures_counted_by_hand() -> None:
    assert figures([*INSIDE, *OUTSIDE]).to_json() == {
        "n": 12,
        # of the 7 inside the field: RIGHT and GREETED; with `also` ALSO_RIGHT; in the first three all but WRONG_BUTTONS
        "top1": round(2 / 7, 4),
        "top1_also": round(3 / 7, 4),
        "top3_also": round(6 / 7, 4),
        # of all 12: those with a topic, those with buttons, those with neither
        "answered": round(7 / 12, 4),
        "clarified": round(3 / 12, 4),
        "refused": round(2 / 12, 4),
        # of the 7 inside the field: all but WRONG_BUTTONS, WRONG_OUTRIGHT and REFUSED; then each of those by itself
        "offered": round(4 / 7, 4),
        "wrong_outright": round(1 / 7, 4),
        "in_scope_refused": round(1 / 7, 4),
        # of the 5 outside: all but the two that got an article
        "oos_recall": round(3 / 5, 4),
    }


def test_a_share_over_no_rows_is_no_figure() -> None:
    inside_only, outside_only = figures([RIGHT]), figures([OUTSIDE_REFUSED])
    assert inside_only.oos_recall is None
    assert inside_only.top1 == 1.0
    assert outside_only.oos_recall == 1.0
    assert outside_only.top1 is None
    assert outside_only.wrong_outright is None
    assert figures([]).n == 0
    assert figures([]).answered is None


def test_styles_are_counted_each_for_itself() -> None:
    styles = by_style([*INSIDE, *OUTSIDE])
    assert list(styles) == ["plain", "teencode"]
    assert styles["plain"] == figures([RIGHT, ALSO_RIGHT, OUTSIDE_REFUSED])
    assert styles["teencode"] == figures([AMONG_BUTTONS, WRONG_BUTTONS, WRONG_OUTRIGHT])


def test_a_miss_leaves_the_citizen_without_the_right_thing_or_with_an_article_that_is_out_of_place() -> None:
    missed = [row for row in [*INSIDE, *OUTSIDE] if row.is_miss]
    assert missed == [WRONG_BUTTONS, WRONG_OUTRIGHT, REFUSED, OUTSIDE_ANSWERED, OUTSIDE_WARNED]


def test_a_wrong_answer_outright_is_one_to_a_question_inside_the_field() -> None:
    assert [row for row in [*INSIDE, *OUTSIDE] if row.wrong_outright] == [WRONG_OUTRIGHT]


def test_a_miss_is_told_with_what_is_needed_to_see_why() -> None:
    assert miss_to_json(WRONG_BUTTONS) == {
        "text": "câu hỏi",
        "label": "a",
        "also": [],
        "style": "teencode",
        "decision": "clarify",
        "topics": [],
        "buttons": ["c", "d"],
        "ranking": ["c", "d", "e"],
    }


# --- the real way of answering ----------------------------------------------------------------------------------------


class RankingNlu:
    """Ranks what it was told for a text; is down for others."""

    def __init__(self, rankings: dict[str, list[tuple[str, float]]]) -> None:
        self._rankings = rankings

    async def parse(self, text: str) -> Understanding:
        if text not in self._rankings:
            raise NluUnavailableError("Rasa is not running")
        return Understanding(tuple(Guess(intent, confidence) for intent, confidence in self._rankings[text]))


@pytest.fixture
def desk(library: Library) -> CitizenDesk:
    small = library_of(library, article("vneid.install", "Cài VNeID"), article("vneid.what", "VNeID là gì"))
    return CitizenDesk(lambda: small, COMMUNE.slug)


async def test_every_question_is_asked_in_a_conversation_of_its_own(desk: CitizenDesk) -> None:
    nlu = RankingNlu(
        {
            "cài vneid": [("vneid.install", 0.9)],
            "lệ phí bao nhiêu": [("out_of_scope", 0.9)],  # no follow-up to the answer before
            "vneid": [("vneid.what", 0.3), ("vneid.install", 0.28), ("chat.greet", 0.1)],
            "chào": [("chat.greet", 0.9)],
        }
    )
    questions = [
        Question("cài vneid", "vneid.install"),
        Question("lệ phí bao nhiêu", "out_of_scope"),
        Question("vneid", "vneid.install"),
        Question("chào", "chat.greet"),
    ]
    done: list[None] = []
    results = await evaluate(questions, desk, nlu, lambda: done.append(None))

    assert len(done) == 4
    assert [(result.way, result.topics, result.buttons) for result in results] == [
        (Way.ANSWER, ("vneid.install",), ()),
        (Way.FALLBACK, (), ()),
        (Way.CLARIFY, (), ("vneid.what", "vneid.install")),
        (Way.SMALL_TALK, ("chat.greet",), ()),
    ]
    assert results[2].ranking == ("vneid.what", "vneid.install", "chat.greet")
    assert not any(result.is_miss for result in results)


async def test_questions_are_masked_and_cut_like_a_citizen_s(desk: CitizenDesk) -> None:
    nlu = RankingNlu({"cccd [đã che]": [("vneid.install", 0.9)], "a" * 4000: [("vneid.what", 0.9)]})
    questions = [Question("cccd 079190012345", "vneid.install"), Question("a" * 4001, "vneid.what")]
    assert [result.topics for result in await evaluate(questions, desk, nlu, lambda: None)] == [
        ("vneid.install",),
        ("vneid.what",),
    ]


async def test_without_rasa_nothing_is_measured(desk: CitizenDesk) -> None:
    with pytest.raises(OperatorError, match="Rasa không trả lời nên không đo được"):
        await evaluate([Question("cài vneid", "vneid.install")], desk, RankingNlu({}), lambda: None)


# --- the file ---------------------------------------------------------------------------------------------------------


def write(folder: Path, text: str | bytes) -> Path:
    file = folder / "questions.tsv"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return file


def test_questions_are_read_with_all_that_their_columns_say(tmp_path: Path) -> None:
    file = write(
        tmp_path,
        "text\tlabel\talso\tstyle\n"
        "cài vneid\tvneid.install\tvneid.what, vneid.levels\tplain\n"
        'thời tiết "hôm nay\tout_of_scope\t\t\n',
    )
    assert read_questions(file) == [
        Question("cài vneid", "vneid.install", frozenset({"vneid.what", "vneid.levels"}), "plain"),
        Question('thời tiết "hôm nay', "out_of_scope"),
    ]


@pytest.mark.parametrize(
    "text", ["label\ttext\nvneid.install\tcài vneid\n", "\ufefftext\tlabel\r\ncài vneid\tvneid.install\r\n"]
)
def test_columns_come_in_any_order_and_from_windows(tmp_path: Path, text: str) -> None:
    assert read_questions(write(tmp_path, text)) == [Question("cài vneid", "vneid.install")]


@pytest.mark.parametrize("row", ["cài vneid", "cài vneid\t", "\tvneid.install", " \tvneid.install", "cài vneid\t "])
def test_a_row_that_lacks_something_is_told_with_its_line(tmp_path: Path, row: str) -> None:
    file = write(tmp_path, f"text\tlabel\n\nquên\tvneid.what\n\n{row}\n")
    with pytest.raises(OperatorError, match=r"questions\.tsv, dòng 5: cần cột text và label"):
        read_questions(file)


def test_a_file_without_the_columns_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match=r"dòng 2: cần cột text và label"):
        read_questions(write(tmp_path, "cài vneid,vneid.install\nquên,vneid.what\n"))


@pytest.mark.parametrize("text", ["", "text\tlabel\n"])
def test_a_file_without_questions_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(OperatorError, match="không có dòng nào"):
        read_questions(write(tmp_path, text))


@pytest.mark.parametrize("content", [b"text\tlabel\n\xff\xfe\tx\n", b"text\tlabel\n" + b"a" * 200_000 + b"\tx\n"])
def test_a_file_that_is_no_table_is_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(OperatorError, match="Không đọc được"):
        read_questions(write(tmp_path, content))


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match="Không đọc được"):
        read_questions(tmp_path / "questions.tsv")


def test_the_shipped_questions_are_about_topics_that_exist(library: Library) -> None:
    questions = read_questions(Path(__file__).parent.parent / "nlu" / "questions.tsv")
    named = {topic for question in questions for topic in question.accepted}
    assert named - library.topics.keys() == {"out_of_scope"}
