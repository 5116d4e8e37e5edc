"""Classes are listed by where they stand, opened from the page, and shown with their check-in code."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from db.engine import Database
from db.office.models import OfficeRole
from db.outreach import classes
from db.outreach.audit import OPERATOR
from db.outreach.models import LearningClass
from tests.support import outreach
from tests.support.clock import NOON
from tests.support.office import Office, OfficeBrowser
from tests.support.rows import COMMUNE, open_conversation

PATH = "/office/lop-hoc"


@pytest.fixture
async def browser(office: Office) -> OfficeBrowser:
    return await office.signed_in(OfficeRole.EDITOR)


@pytest.fixture
async def planned(database: Database) -> dict[str, LearningClass]:
    """A class to come, one that was held, one called off."""
    async with database.transaction() as session:
        place = await outreach.hamlet(session, "3")
        made = {}
        for name, hours in (("coming", 24), ("to_close", -3), ("cancelled", 48)):
            made[name] = await classes.create(
                session, commune=COMMUNE, hamlet_id=place.id, title=f"Lớp {name}", place="nhà văn hóa",
                starts_at=NOON + timedelta(hours=hours), created_by_id=None, actor=OPERATOR, now=NOON,
            )  # fmt: skip
        await classes.cancel(session, made["cancelled"], OPERATOR, NOON)
        await classes.check_in(session, made["to_close"], await open_conversation(session, "ba-an"), NOON)
        return made


@pytest.mark.parametrize("state", ["coming", "to_close", "cancelled"])
async def test_classes_are_listed_by_where_they_stand(
    browser: OfficeBrowser, planned: dict[str, LearningClass], state: str
) -> None:
    page = await browser.text(f"{PATH}?tinh_trang={state}")
    assert re.findall(rf'href="{PATH}/(\d+)"', page) == [str(planned[state].id)]


async def test_a_class_is_opened_from_the_page_by_the_clock_of_vietnam(
    browser: OfficeBrowser, database: Database
) -> None:
    async with database.transaction() as session:
        place = await outreach.hamlet(session, "3")
    await browser.get(PATH)
    opened = await browser.follow(
        await browser.post(PATH, hamlet=str(place.id), title="Cài VNeID", place="", starts_at="2026-12-01T19:00")
    )
    assert "19:00, 1/12/2026" in opened
    assert 'alt="Mã QR điểm danh lớp Cài VNeID"' in opened


@pytest.mark.parametrize(
    ("wrong", "said"),
    [({"hamlet": ""}, "chưa chọn nơi"), ({"title": ""}, "thiếu tên lớp"), ({"starts_at": "tối mai"}, "thiếu ngày giờ"),
     ({"starts_at": "2020-01-01T19:00"}, "đã qua")],
)  # fmt: skip
async def test_a_class_that_can_not_be_is_refused_and_keeps_what_was_typed(
    browser: OfficeBrowser, database: Database, wrong: dict[str, str], said: str
) -> None:
    async with database.transaction() as session:
        place = await outreach.hamlet(session, "3")
    await browser.get(PATH)
    typed = {"hamlet": str(place.id), "title": "Cài VNeID", "place": "đình", "starts_at": "2026-12-01T19:00"} | wrong
    response = await browser.post(PATH, **typed)
    assert response.status_code == 422
    assert said in response.text
    assert 'value="đình"' in response.text


async def test_who_checked_in_is_counted_on_its_page(browser: OfficeBrowser, planned: dict[str, LearningClass]) -> None:
    page = await browser.text(f"{PATH}/{planned['to_close'].id}")
    assert re.search(r"Điểm danh bằng mã QR</dt> ?<dd>1</dd>", page)
    assert "chưa được kết thúc" in page
