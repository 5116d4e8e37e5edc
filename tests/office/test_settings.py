"""The page of settings says what is missing in the commune's profile, and what deadlines hold."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

from content.commune import Contact
from content.library import Library
from db.office.models import OfficeRole
from tests.support.office import Office
from tests.support.rows import COMMUNE


async def test_contacts_that_the_profile_lacks_are_named(office: Office, library: Library) -> None:
    commune = library.communes[COMMUNE].model_copy(update={"police": Contact(phone="0271 123 456")})
    office.library = replace(library, communes=MappingProxyType(dict(library.communes) | {COMMUNE: commune}))
    browser = await office.signed_in(OfficeRole.VIEWER)
    page = await browser.text("/office/cai-dat")
    assert "của: UBND xã, Trung tâm Phục vụ hành chính công." in page
    assert "0271 123 456" in page
    assert "4 giờ chưa ai nhận" in page
    assert "từ ngày 15 tháng trước" in page
