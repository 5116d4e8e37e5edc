"""Signing in and out, wrong passwords, codes of an authenticator app, one-time links."""

from __future__ import annotations

from datetime import timedelta

import pyotp
import pytest
from sqlalchemy import select, text

from db.office import accounts, setup_links
from db.office.models import OfficeAccount, OfficeRole
from db.outreach.models import AuditEntry
from office import attempts
from tests.support.clock import NOON, FakeClock
from tests.support.office import PASSWORD, Office
from tests.support.rows import COMMUNE

NEW = {"name": "Nguyễn Thu Hoài", "user_name": "Thu-Hoai", "password": PASSWORD, "again": PASSWORD}
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


async def audited(office: Office) -> list[tuple[str, str]]:
    """Who did what, in order."""
    async with office.database.snapshot() as session:
        entries = await session.scalars(select(AuditEntry).order_by(AuditEntry.id))
        return [(entry.actor, entry.action) for entry in entries]


async def use_codes(office: Office, account: OfficeAccount) -> pyotp.TOTP:
    """Switches codes on for an account."""
    async with office.database.transaction() as session:
        found = await accounts.by_id(session, COMMUNE, account.id)
        assert found
        accounts.set_totp(session, found, SECRET, "office:x", NOON)
    return pyotp.TOTP(SECRET)


class TestFirstRun:
    async def test_without_an_account_the_page_says_where_the_link_is(self, office: Office) -> None:
        browser = office.browser()
        assert "daisuso office setup" in await browser.follow(await browser.get("/office/"))

    async def test_the_link_makes_the_first_admin_and_signs_in(self, office: Office) -> None:
        browser, path = office.browser(), await office.link()
        assert "quản trị viên của xã Tân Lợi" in await browser.text(path)
        page = await browser.follow(await browser.post(path, **NEW))
        assert "Xin chào Nguyễn Thu Hoài" in page
        assert "Tài khoản văn phòng" in await browser.text("/office/cai-dat")
        assert await audited(office) == [
            ("set-up", "account.created"), ("office:thu-hoai", "account.password_set"),
        ]  # fmt: skip

    async def test_it_works_once(self, office: Office) -> None:
        path = await office.link()
        await office.browser().post(path, **NEW)
        assert (await office.browser().get(path)).status_code == 404
        assert (await office.browser().post(path, **NEW | {"user_name": "ke-la"})).status_code == 404

    async def test_it_ends_after_a_day_and_when_there_is_an_account(self, office: Office, clock: FakeClock) -> None:
        path = await office.link()
        clock.now += setup_links.GOOD_FOR - timedelta(seconds=1)
        assert (await office.browser().get(path)).status_code == 200
        clock.now += timedelta(seconds=1)
        assert (await office.browser().get(path)).status_code == 404

        path = await office.link()
        await office.account()
        assert (await office.browser().get(path)).status_code == 404
        assert (await office.browser().post(path, **NEW)).status_code == 404

    @pytest.mark.parametrize(
        ("wrong", "told"),
        [
            ({"again": "khác hẳn nhau rồi"}, "không giống nhau"),
            ({"password": "ngắn quá", "again": "ngắn quá"}, "ít nhất 10 ký tự"),
            ({"password": "111111111111", "again": "111111111111"}, "quá đơn giản"),
            ({"password": "thu-hoai123", "again": "thu-hoai123"}, "dễ đoán"),
            ({"password": "Matkhau@123", "again": "Matkhau@123"}, "dễ đoán"),
            ({"user_name": "Thu Hoài"}, "Tên đăng nhập gồm"),
            ({"name": " "}, "Xin ghi họ tên"),
        ],
    )
    async def test_what_is_not_good_enough_is_told_and_the_link_still_works(
        self, office: Office, wrong: dict[str, str], told: str
    ) -> None:
        browser, path = office.browser(), await office.link()
        response = await browser.post(path, **NEW | wrong)
        assert response.status_code == 422
        assert told in response.text
        assert (await browser.post(path, **NEW)).status_code == 303


class TestSigningIn:
    async def test_name_in_any_letters_and_password_let_in_to_the_page_that_was_wanted(self, office: Office) -> None:
        await office.account(user_name="thu-hoai")
        browser = office.browser()
        wanted = await browser.get("/office/cai-dat?x=1")
        assert wanted.headers["location"] == "/office/dang-nhap?next=/cai-dat%3Fx%3D1"
        assert 'name="next" value="/cai-dat?x=1"' in await browser.follow(wanted)
        response = await browser.sign_in(" Thu-Hoai ", next="/cai-dat?x=1")
        assert response.headers["location"] == "/office/cai-dat?x=1"
        assert await browser.follow(await browser.get("/office/dang-nhap"))

    @pytest.mark.parametrize("wanted", ["//evil.example", "https://evil.example", "/\\evil.example", "@evil.example"])
    async def test_it_leads_nowhere_else(self, office: Office, wanted: str) -> None:
        await office.account()
        response = await office.browser().sign_in("editor", next=wanted)
        assert response.headers["location"].startswith("/office/")

    async def test_wrong_name_and_wrong_password_are_told_alike(self, office: Office) -> None:
        await office.account()
        await office.account(user_name="chua-mo", password=False)
        told = set()
        for name, password in (
            ("editor", "sai"),
            ("khong-co", PASSWORD),
            ("chua-mo", ""),
            ("chua-mo", PASSWORD),
            ("", ""),
        ):
            response = await office.browser().sign_in(name, password)
            assert response.status_code == 403
            told.add(response.text.replace(f'value="{name}"', 'value=""'))
        assert len(told) == 1

    async def test_after_five_wrong_tries_even_the_right_password_has_to_wait(
        self, office: Office, clock: FakeClock
    ) -> None:
        await office.account()
        browser = office.browser()
        for _try in range(attempts.MOST_FOR_PAIR):
            assert (await browser.sign_in("editor", "sai")).status_code == 403
        response = await browser.sign_in("editor")
        assert response.status_code == 429
        assert "đợi 15 phút" in response.text
        assert (await office.browser("203.0.113.8").sign_in("editor")).status_code == 303  # the owner, elsewhere
        clock.now += attempts.WINDOW
        assert (await browser.sign_in("editor")).status_code == 303

    async def test_signing_out_ends_this_sign_in_alone(self, office: Office) -> None:
        browser = await office.signed_in()
        other = office.browser()
        await other.sign_in("editor")
        old = dict(browser.http.cookies)
        assert "Đã đăng xuất" in await browser.follow(await browser.post("/office/dang-xuat"))
        assert (await browser.get("/office/")).status_code == 303
        browser.http.cookies.update(old)  # a token that somebody copied is worth nothing either
        assert (await browser.get("/office/")).status_code == 303
        assert (await other.get("/office/")).status_code == 200

    async def test_neither_passwords_nor_tokens_stand_in_the_database(self, office: Office) -> None:
        path = await office.link()
        browser = office.browser()
        await browser.post(path, **NEW)
        tokens = [path.rpartition("/")[2], browser.http.cookies["daisuso-office"], PASSWORD]
        async with office.database.snapshot() as session:
            for table in ("office_account", "office_session", "office_link", "audit_entry"):
                rows = str((await session.execute(text(f"SELECT * FROM {table}"))).all())  # noqa: S608
                assert not [token for token in tokens if token in rows], table


class TestCodes:
    async def test_with_codes_on_the_password_alone_is_not_enough(self, office: Office, clock: FakeClock) -> None:
        codes = await use_codes(office, await office.account())
        browser = office.browser()
        assert (await browser.sign_in("editor")).status_code == 403
        assert (await browser.sign_in("editor", code="000000")).status_code == 403
        code = codes.at(clock.now)
        assert (await browser.sign_in("editor", code=f"{code[:3]} {code[3:]}")).status_code == 303

    async def test_a_code_counts_once_and_only_around_its_time(self, office: Office, clock: FakeClock) -> None:
        codes = await use_codes(office, await office.account())
        old = codes.at(clock.now - timedelta(seconds=90))
        assert (await office.browser().sign_in("editor", code=old)).status_code == 403
        late = codes.at(clock.now - timedelta(seconds=30))
        assert (await office.browser().sign_in("editor", code=late)).status_code == 303
        assert (await office.browser().sign_in("editor", code=late)).status_code == 403
        assert (await office.browser().sign_in("editor", code=codes.at(clock.now))).status_code == 303

    async def test_they_are_switched_on_with_a_first_code_and_off_with_the_password(
        self, office: Office, clock: FakeClock
    ) -> None:
        browser = await office.signed_in()
        assert 'src="data:image/png;base64,' in await browser.text("/office/toi/ma-xac-thuc")
        refused = await browser.post("/office/toi/ma-xac-thuc", secret=SECRET, code="123456")
        assert (refused.status_code, SECRET in refused.text) == (422, True)
        code = pyotp.TOTP(SECRET).at(clock.now)
        page = await browser.follow(await browser.post("/office/toi/ma-xac-thuc", secret=SECRET, code=code))
        assert "Đang bật" in page
        assert (await office.browser().sign_in("editor")).status_code == 403

        assert (await browser.post("/office/toi/tat-ma-xac-thuc", old="sai")).status_code == 422
        assert "Chưa bật" in await browser.follow(await browser.post("/office/toi/tat-ma-xac-thuc", old=PASSWORD))
        assert (await office.browser().sign_in("editor")).status_code == 303
        assert await audited(office) == [
            ("operator", "account.created"), ("office:editor", "account.signed_in"),
            ("office:editor", "account.totp_on"), ("office:editor", "account.totp_off"),
            ("office:editor", "account.signed_in"),
        ]  # fmt: skip

    async def test_a_new_link_answers_a_lost_telephone(self, office: Office) -> None:
        account = await office.account(OfficeRole.VIEWER)
        await use_codes(office, account)
        browser = office.browser()
        response = await browser.post(await office.link(account), password="cày sâu cuốc bẫm", again="cày sâu cuốc bẫm")
        assert response.status_code == 303
        assert (await office.browser().sign_in("viewer", "cày sâu cuốc bẫm")).status_code == 303
        assert (await office.browser().sign_in("viewer")).status_code == 403
