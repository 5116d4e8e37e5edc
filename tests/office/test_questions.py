"""Questions without a good answer: like ones are one decision, decisions are listed, a training is started once."""

from __future__ import annotations

import pytest

from db import learning
from db.engine import Database
from db.learning import IGNORE, Measured
from db.models import UnansweredQuestion
from db.office.models import OfficeRole
from office.site import LearningState
from tests.support.clock import NOON
from tests.support.office import Office, OfficeBrowser
from tests.support.rows import COMMUNE

PATH = "/office/cau-hoi"
PASSCODE = "quên mã passcode vneid thì làm sao"


@pytest.fixture
async def asked(database: Database) -> list[int]:
    """Two who ask the same, and one who asks for something else."""
    rows = [
        UnansweredQuestion(
            commune=COMMUNE, channel="web", text=text, reason="refused", topic="vneid.forgot_passcode", asked_at=NOON
        )
        for text in (PASSCODE, f"{PASSCODE} vậy", "giá vàng hôm nay <b>")
    ]
    async with database.transaction() as session:
        session.add_all(rows)
    return [row.id for row in rows]


@pytest.fixture
async def browser(office: Office) -> OfficeBrowser:
    return await office.signed_in(OfficeRole.EDITOR)


async def test_like_questions_are_decided_together_by_the_title_of_a_topic(
    office: Office, database: Database, browser: OfficeBrowser, asked: list[int]
) -> None:
    page = await browser.text(PATH)
    assert "3 câu trong 2 nhóm" in page
    assert "giá vàng hôm nay &lt;b&gt;" in page
    title = office.library.articles["vneid.forgot_passcode"].title
    page = await browser.follow(await browser.post(f"{PATH}/{asked[0]}", topic=title.upper()))
    assert "Đã xếp 2 câu" in page
    assert "1 câu trong 1 nhóm" in page
    async with database.snapshot() as session:
        assert {one.topic for one in await learning.sentences(session, COMMUNE)} == {"vneid.forgot_passcode"}
    decisions = await browser.text(f"{PATH}/quyet-dinh")
    assert "Cán bộ editor" in decisions
    assert title in decisions


@pytest.mark.parametrize("verdict", ["out_of_scope", IGNORE])
async def test_what_no_topic_answers_is_put_aside(
    database: Database, browser: OfficeBrowser, asked: list[int], verdict: str
) -> None:
    await browser.follow(await browser.post(f"{PATH}/{asked[2]}", verdict=verdict))
    async with database.snapshot() as session:
        assert [one.verdict for one in await learning.decided(session, COMMUNE)] == [verdict]


async def test_an_unknown_topic_changes_nothing(database: Database, browser: OfficeBrowser, asked: list[int]) -> None:
    page = await browser.follow(await browser.post(f"{PATH}/{asked[0]}", topic="nuôi cá"))
    assert "không có chủ đề “nuôi cá”" in page
    async with database.snapshot() as session:
        assert not await learning.decided(session, COMMUNE)


async def test_a_training_is_started_once_and_its_comparison_stays(
    office: Office, database: Database, browser: OfficeBrowser
) -> None:
    page = await browser.follow(await browser.post(f"{PATH}/hoc/bat-dau"))
    assert "Bot bắt đầu học" in page
    office.learning = LearningState(is_running=True)
    page = await browser.follow(await browser.post(f"{PATH}/hoc/bat-dau"))
    assert "Đang có một lần học chạy" in page
    assert "Đang học" in page
    assert office.learning_started_by == ["office:editor"]
    office.learning = LearningState()
    figures = {"n": 900, "top1_also": 0.951, "offered": 0.99, "wrong_outright": None, "in_scope_refused": 0.0}
    async with database.transaction() as session:
        run = await learning.begin_run(
            session, COMMUNE, by="office:editor", model="m", sentences=5, new_sentences=2, now=NOON
        )
        measured = Measured(figures, figures, figures, figures, [])
        await learning.finish_run(session, run, outcome="refused", reason="Kém đi 3 câu.", measured=measured, now=NOON)
    page = await browser.text(PATH)
    assert "Kém đi 3 câu." in page
    assert "95,1 %" in page
    assert "Đang học" not in page


async def test_a_viewer_decides_nothing(office: Office, asked: list[int]) -> None:
    viewer = await office.signed_in(OfficeRole.VIEWER)
    page = await viewer.text(PATH)
    assert "Xếp vào" not in page
    assert (await viewer.post(f"{PATH}/{asked[0]}", verdict=IGNORE)).status_code == 403
