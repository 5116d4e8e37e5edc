"""A broadcast goes out when a second person has approved it; the page says whom it reaches, and how far it is."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from db.broadcasts import audience, broadcasts, copies, subscriptions
from db.broadcasts.letter import letter_of
from db.broadcasts.models import Broadcast, Interest
from db.engine import Database
from db.office.models import OfficeRole
from db.outreach import classes
from db.outreach.audit import OPERATOR
from tests.support import outreach
from tests.support.clock import NOON, FakeClock
from tests.support.office import Office, OfficeBrowser
from tests.support.rows import COMMUNE, open_conversation

PATH = "/office/tin-canh-bao"
TEXT = "Có kẻ giả công an gọi đòi **cập nhật VNeID**. Bác cúp máy, báo công an xã."


@pytest.fixture
async def writer(office: Office) -> OfficeBrowser:
    return await office.signed_in(OfficeRole.EDITOR, "hanh")


@pytest.fixture
async def second(office: Office) -> OfficeBrowser:
    return await office.signed_in(OfficeRole.EDITOR, "tam")


@pytest.fixture
async def places(database: Database) -> dict[str, int]:
    """Two hamlets, by name; two people of hamlet 3 want scam alerts, one of them has blocked us; one of 5 too."""
    async with database.transaction() as session:
        found = {name: (await outreach.hamlet(session, name)).id for name in ("3", "5")}
        for who, place in (("ba-an", "3"), ("ong-binh", "3"), ("chi-lan", "5")):
            talk = await open_conversation(session, who)
            await subscriptions.subscribe(session, talk, Interest.SCAM_ALERTS, now=NOON, hamlet_id=found[place])
            talk.blocked_at = NOON if who == "ong-binh" else None
    return found


async def written(browser: OfficeBrowser, *, send: bool = True, **fields: object) -> tuple[str, str]:
    """Writes a broadcast; gives its path and what the page says."""
    await browser.get(f"{PATH}/moi")
    form = {"sort": "scam_alert", "text": TEXT} | fields | ({"send": "true"} if send else {})
    response = await browser.post(f"{PATH}/moi", **form)
    return response.headers["location"], await browser.follow(response)


def version_in(page: str) -> str:
    found = re.search(r'name="seen" value="([^"]*)"', page)
    assert found, page
    return found[1]


async def begun(database: Database, path: str) -> Broadcast:
    """What the sender does first with an approved one: chooses the recipients."""
    async with database.transaction() as session:
        broadcast = await broadcasts.find(session, COMMUNE, int(path.rpartition("/")[2]))
        assert broadcast
        found = await audience.reach(session, COMMUNE, letter_of(broadcast), NOON)
        broadcasts.begin(session, broadcast, count=found.count, now=NOON)
        await copies.choose(session, broadcast, found.copies, NOON)
        return broadcast


async def test_nobody_approves_what_they_wrote_and_a_second_person_does(
    writer: OfficeBrowser, second: OfficeBrowser, places: dict[str, int]
) -> None:
    path, page = await written(writer, hamlet=str(places["3"]))
    assert "Đã gửi chờ duyệt" in page
    assert "Bạn viết tin này nên không tự duyệt được" in page
    page = await writer.follow(await writer.post(f"{path}/duyet", seen=""))
    assert "vừa được sửa lại" in page
    page = await second.text(path)
    assert "Tới được 1 người" in page
    assert "1 người đã chặn bot" in page
    assert "3 người đã đăng ký loại tin này" in page
    assert "Người viết không tự duyệt được" in await writer.follow(
        await writer.post(f"{path}/duyet", seen=version_in(page))
    )
    page = await second.follow(await second.post(f"{path}/duyet", seen=version_in(page)))
    assert "Bot bắt đầu gửi" in page
    assert "Cán bộ tam duyệt" in page


async def test_what_was_mended_after_somebody_looked_is_looked_at_again(
    writer: OfficeBrowser, second: OfficeBrowser, clock: FakeClock
) -> None:
    path, _ = await written(writer)
    seen = version_in(await second.text(path))
    assert "thiếu lý do" in await second.follow(await second.post(f"{path}/tra-lai", reason=""))
    page = await second.follow(await second.post(f"{path}/tra-lai", reason="Thiếu số của công an xã"))
    assert "Lý do trả lại: Thiếu số của công an xã" in page
    clock.advance(minutes=1)
    page = await writer.follow(await writer.post(path, sort="scam_alert", text=f"{TEXT} Số 113.", send="true"))
    assert "Số 113" in page
    assert "Xem bản mới rồi hãy duyệt" in await second.follow(await second.post(f"{path}/duyet", seen=seen))


async def test_only_the_writer_takes_it_back(writer: OfficeBrowser, second: OfficeBrowser) -> None:
    path, _ = await written(writer)
    await second.get(path)
    assert "Chỉ người viết" in await second.follow(await second.post(f"{path}/lay-ve"))
    page = await writer.follow(await writer.post(f"{path}/lay-ve"))
    assert "bị trả lại" in page
    assert "Gửi chờ duyệt" in page


async def test_the_page_renews_itself_while_it_is_sent_and_stops_it(
    writer: OfficeBrowser, second: OfficeBrowser, database: Database, places: dict[str, int]
) -> None:
    path, _ = await written(writer)
    await second.post(f"{path}/duyet", seen=version_in(await second.text(path)))
    broadcast = await begun(database, path)
    async with database.transaction() as session:
        broadcast = await session.merge(broadcast)
        await copies.hand_over(session, broadcast, lambda _: {"text": TEXT, "note": None, "buttons": []}, 1, NOON)
    response = await writer.get(path, **{"HX-Request": "true"})
    assert "<h1" not in response.text
    assert 'hx-trigger="every 3s"' in response.text
    assert "0 / 2 người đã nhận" in response.text
    page = await writer.follow(await writer.post(f"{path}/dung", reason="Sai số điện thoại"))
    assert "2 người chưa nhận" in page
    assert "Lý do dừng: Sai số điện thoại" in page
    assert "every 3s" not in page
    assert (await writer.get(path, **{"HX-Request": "true"})).headers["HX-Refresh"] == "true"
    assert "không làm được nữa" in await writer.follow(await writer.post(f"{path}/dung"))


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"text": " "}, "chưa có lời tin"),
        ({"text": "a" * 1501}, "dài quá 1.500 ký tự"),
        ({"sort": "spam"}, "chưa chọn loại tin"),
        ({"topic": "no.such"}, "bài đính kèm không còn"),
        ({"send_at": "mai"}, "ngày giờ gửi chưa đúng"),
        ({"send_at": "2020-01-01T08:00"}, "giờ gửi đã qua"),
        ({"role": "king"}, "nhóm người nhận"),
        ({"hamlet": "987654321"}, "nơi không còn"),
    ],
)
async def test_what_can_not_be_taken_is_said_and_what_was_typed_stays(
    writer: OfficeBrowser, fields: dict[str, str], said: str
) -> None:
    await writer.get(f"{PATH}/moi")
    response = await writer.post(f"{PATH}/moi", **({"sort": "scam_alert", "text": TEXT} | fields))
    assert response.status_code == 422
    assert said in response.text
    assert ("cúp máy" in response.text) or "text" in fields


async def test_it_can_wait_for_its_hour(writer: OfficeBrowser, second: OfficeBrowser) -> None:
    path, page = await written(writer, send_at="2026-12-24T08:00")
    assert "hẹn gửi từ 08:00, 24/12/2026" in page
    page = await second.follow(await second.post(f"{path}/duyet", seen=version_in(await second.text(path))))
    assert "Tin sẽ gửi từ 08:00, 24/12/2026" in page
    assert "every 3s" not in page


async def test_at_night_the_page_says_that_it_waits_for_the_morning(
    writer: OfficeBrowser, second: OfficeBrowser, clock: FakeClock
) -> None:
    path, _ = await written(writer)
    clock.advance(hours=10, minutes=30)
    assert "tin chờ tới 6 giờ 30 sáng mới gửi" in await second.text(path)


async def test_a_notice_of_a_class_begins_with_its_time_and_place(writer: OfficeBrowser, database: Database) -> None:
    async with database.transaction() as session:
        place = await outreach.hamlet(session, "3")
        planned = await classes.create(
            session, commune=COMMUNE, hamlet_id=place.id, title="Cài VNeID", place="nhà văn hóa",
            starts_at=NOON + timedelta(hours=24), created_by_id=None, actor=OPERATOR, now=NOON,
        )  # fmt: skip
    assert f'href="{PATH}/moi?lop={planned.id}"' in await writer.text(f"/office/lop-hoc/{planned.id}")
    page = await writer.text(f"{PATH}/moi?lop={planned.id}")
    assert "Mời bác tới **Cài VNeID** lúc" in page
    assert 'value="class_notice" selected' in page
    assert "nhà văn hóa, ấp 3" in page


async def test_an_alert_begins_with_an_article(writer: OfficeBrowser) -> None:
    assert f'href="{PATH}/moi?bai=scam.prize"' in await writer.text("/office/noi-dung/scam.prize")
    page = await writer.text(f"{PATH}/moi?bai=scam.prize")
    assert '<option value="scam.prize" selected' in page


async def test_the_list_shows_how_far_each_is_and_who_asked_to_be_told(
    writer: OfficeBrowser, places: dict[str, int]
) -> None:
    assert "Không có tin nào" in await writer.text(PATH)
    path, _ = await written(writer)
    page = await writer.text(f"{PATH}?tinh_trang=waiting")
    assert f'href="{path}"' in page
    assert "Có kẻ giả công an gọi đòi cập nhật VNeID" in page
    assert "3 người đã đăng ký" in page
    assert path not in await writer.text(f"{PATH}?tinh_trang=over")


async def test_without_subscribers_the_page_tells_how_people_subscribe(office: Office) -> None:
    viewer = await office.signed_in(OfficeRole.VIEWER)
    page = await viewer.text(PATH)
    assert "Chưa có ai đăng ký nhận tin" in page
    assert "/nhantin" in page
    assert "Viết tin mới" not in page


async def test_the_preview_follows_what_is_typed_and_keeps_nothing(writer: OfficeBrowser) -> None:
    await writer.get(f"{PATH}/moi")
    response = await writer.post(f"{PATH}/xem-truoc", sort="scam_alert", text="Kẻ gian", topic="scam.prize")
    assert response.status_code == 200
    assert "Kẻ gian" in response.text
    assert "<html" not in response.text
    assert "Không có tin nào" in await writer.text(PATH)
