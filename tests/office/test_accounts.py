"""One's own account, and the accounts as an admin manages them."""

from __future__ import annotations

import re

from sqlalchemy import select

from db.office.models import OfficeRole
from db.outreach.models import AuditEntry
from tests.support.office import PASSWORD, Office
from tests.support.outreach import member

OTHER = "một câu khác dễ nhớ"


class TestOwn:
    async def test_a_new_password_signs_the_other_devices_out(self, office: Office) -> None:
        browser, other = await office.signed_in(), office.browser()
        await other.sign_in("editor")
        assert "Chrome, Android" in await browser.text("/office/toi")
        page = await browser.follow(
            await browser.post("/office/toi/mat-khau", old=PASSWORD, password=OTHER, again=OTHER)
        )
        assert "Đã đổi mật khẩu" in page
        assert (await other.get("/office/")).status_code == 303
        assert (await other.sign_in("editor")).status_code == 403
        assert (await other.sign_in("editor", OTHER)).status_code == 303

    async def test_it_is_changed_only_by_who_knows_the_old_one(self, office: Office) -> None:
        browser = await office.signed_in()
        for _try in range(5):
            response = await browser.post("/office/toi/mat-khau", old="sai", password=OTHER, again=OTHER)
            assert (response.status_code, "hiện tại chưa đúng" in response.text) == (422, True)
        response = await browser.post("/office/toi/mat-khau", old=PASSWORD, password=OTHER, again=OTHER)
        assert "Đã thử sai nhiều lần" in response.text

    async def test_signing_out_everywhere_else(self, office: Office) -> None:
        browser, other = await office.signed_in(), office.browser()
        await other.sign_in("editor")
        await browser.follow(await browser.post("/office/toi/dang-xuat-noi-khac"))
        assert (await other.get("/office/")).status_code == 303


class TestAdmin:
    async def test_a_new_account_begins_with_a_link_that_is_shown_once(self, office: Office) -> None:
        admin = await office.signed_in(OfficeRole.ADMIN)
        response = await admin.post("/office/tai-khoan", name="Lê Văn An", user_name="van-an", role="viewer")
        assert response.status_code == 200
        found = re.search(r'value="http://office.example(/office/mo/[^"]+)"', response.text)
        assert found
        assert "data:image/png;base64," in response.text
        assert found[1] not in await admin.text("/office/tai-khoan/2")
        assert "Chưa mở đường dẫn" in await admin.text("/office/tai-khoan")

        invited = office.browser()
        assert "Lê Văn An" in await invited.text(found[1])
        await invited.follow(await invited.post(found[1], password=OTHER, again=OTHER))
        assert (await invited.get("/office/tai-khoan")).status_code == 403

    async def test_a_newer_link_takes_the_older_ones_place(self, office: Office) -> None:
        admin = await office.signed_in(OfficeRole.ADMIN)
        account = await office.account()
        old = await office.link(account)
        assert (await admin.post(f"/office/tai-khoan/{account.id}/duong-dan")).status_code == 200
        assert (await office.browser().get(old)).status_code == 404

    async def test_a_name_in_use_is_refused_and_what_was_typed_stays(self, office: Office) -> None:
        admin = await office.signed_in(OfficeRole.ADMIN)
        response = await admin.post("/office/tai-khoan", name="Người khác", user_name="ADMIN")
        assert (response.status_code, "đã có người dùng" in response.text) == (422, True)
        assert 'value="Người khác"' in response.text

    async def test_roles_count_at_once(self, office: Office) -> None:
        admin, editor = await office.signed_in(OfficeRole.ADMIN), await office.signed_in(OfficeRole.EDITOR)
        assert (await editor.get("/office/tai-khoan")).status_code == 403
        page = await admin.follow(await admin.post("/office/tai-khoan/2/vai-tro", role="admin"))
        assert "Đã đổi vai trò của Cán bộ editor" in page
        assert (await editor.get("/office/tai-khoan")).status_code == 200
        assert (await admin.post("/office/tai-khoan/2/vai-tro", role="king")).status_code == 422

    async def test_the_last_admin_stays_one(self, office: Office) -> None:
        admin = await office.signed_in(OfficeRole.ADMIN)
        await office.account(OfficeRole.ADMIN, "chua-mo", password=False)  # could not sign in yet
        for path, form in (("vai-tro", {"role": "viewer"}), ("khoa", {})):
            page = await admin.follow(await admin.post(f"/office/tai-khoan/1/{path}", **form))
            assert "quản trị viên duy nhất" in page
        await office.account(OfficeRole.ADMIN, "hai")
        assert (await admin.post("/office/tai-khoan/1/vai-tro", role="viewer")).status_code == 303
        assert (await admin.get("/office/tai-khoan")).status_code == 403

    async def test_locked_links_die_and_opened_again_the_old_password_works(self, office: Office) -> None:
        admin, editor = await office.signed_in(OfficeRole.ADMIN), await office.account()
        link = await office.link(editor)
        await admin.follow(await admin.post("/office/tai-khoan/2/khoa"))
        assert "Đã khoá" in await admin.text("/office/tai-khoan")
        assert (await office.browser().get(link)).status_code == 404
        await admin.follow(await admin.post("/office/tai-khoan/2/mo-lai"))
        assert (await office.browser().sign_in("editor")).status_code == 303

    async def test_an_account_may_be_a_member_of_the_chat_too(self, office: Office) -> None:
        admin = await office.signed_in(OfficeRole.ADMIN)
        async with office.database.transaction() as session:
            person = await member(session, "Chị Hoa")
        page = await admin.follow(await admin.post("/office/tai-khoan/1/thanh-vien", member=str(person.id)))
        assert re.search(rf'<option value="{person.id}" selected>Chị Hoa', page)
        page = await admin.follow(await admin.post("/office/tai-khoan/1/thanh-vien", member="99"))
        assert "Không tìm thấy thành viên" in page
        await admin.follow(await admin.post("/office/tai-khoan/1/thanh-vien", member=""))
        async with office.database.snapshot() as session:
            entries = await session.scalars(select(AuditEntry).where(AuditEntry.action == "account.member_linked"))
            assert [(one.actor, one.before, one.after) for one in entries] == [
                ("office:admin", {"member_id": None}, {"member_id": person.id}),
                ("office:admin", {"member_id": person.id}, {"member_id": None}),
            ]
