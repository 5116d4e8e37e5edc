"""How articles, menus and questions back are laid out."""

from __future__ import annotations

import pytest

from bot.channels.markup import split_reply, utf16_length
from bot.channels.telegram_messages import TEXT_LIMIT
from bot.citizen.presenter import MENU_PAGE, Presenter
from bot.messages import Reply
from content.article import HEADINGS
from content.library import Library
from tests.support.articles import COMMUNE, article, library_of


@pytest.fixture
def presenter(small: Library) -> Presenter:
    return Presenter(small, COMMUNE)


def labels(reply: Reply) -> list[list[str]]:
    return [[button.label for button in row] for row in reply.buttons]


def test_the_first_answer_is_the_summary_with_the_sides_below(small: Library, presenter: Presenter) -> None:
    reply = presenter.answer(small.articles["vneid.install"])

    assert reply.text == "**Tải và cài đặt VNeID**\n\nMở cửa hàng ứng dụng, gõ VNeID rồi bấm **Cài đặt**."
    assert labels(reply) == [["Các bước", "Lệ phí"], ["Ở đâu"], ["👍 Có ích", "👎 Chưa giúp được", "Nguồn (3)"]]


def test_sources_stand_below_with_their_dates_and_the_day_of_the_last_check(
    small: Library, presenter: Presenter
) -> None:
    assert presenter.answer(small.articles["vneid.install"]).note == (
        "Nguồn: [Báo số 1](https://bao.vn/1), 1/3/2026; [Báo số 2](https://bao.vn/2), 2/3/2026; và 1 nguồn khác."
        " Đã kiểm tra ngày 22/11/2026."
    )
    assert presenter.answer(small.articles["cccd.renew"]).note == (
        "Nguồn: [Báo số 1](https://bao.vn/1), 1/3/2026. Đã kiểm tra ngày 22/11/2026."
    )


def test_without_sources_nothing_is_said_of_them(small: Library, presenter: Presenter) -> None:
    assert presenter.answer(small.articles["help.human"]).note == ""


def test_brackets_in_a_source_s_title_break_no_link(library: Library) -> None:
    one = article("vneid.what", "VNeID là gì")
    source = one.sources[0].model_copy(update={"title": "Sổ tay [bản 2]", "date": None})
    reply = Presenter(library, COMMUNE).answer(one.model_copy(update={"sources": [source]}))
    assert reply.note.startswith("Nguồn: [Sổ tay (bản 2)](https://bao.vn/1). ")


def test_all_sources_come_in_a_list(small: Library, presenter: Presenter) -> None:
    reply = presenter.sources(small.articles["vneid.install"])
    assert reply.text == "**Tải và cài đặt VNeID**: nguồn của câu trả lời"
    assert reply.note.split("\n") == [
        "- [Báo số 1](https://bao.vn/1), 1/3/2026",
        "- [Báo số 2](https://bao.vn/2), 2/3/2026",
        "- [Báo số 3](https://bao.vn/3), 3/3/2026",
    ]


def test_who_asks_for_one_side_gets_it_at_once(small: Library, presenter: Presenter) -> None:
    reply = presenter.answer(small.articles["cccd.renew"], "Giấy tờ")
    assert reply.text == "**Đổi thẻ căn cước**\n\nĐổi thẻ căn cước mang thẻ cũ theo."
    assert labels(reply) == [["Các bước", "Thời gian"], ["👍 Có ích", "👎 Chưa giúp được"]]


@pytest.mark.parametrize("facet", ["Các bước", "Ở đâu", None])
def test_who_asks_how_or_for_a_side_that_is_not_there_gets_the_summary(
    small: Library, presenter: Presenter, facet: str | None
) -> None:
    renew = small.articles["cccd.renew"]
    assert presenter.answer(renew, facet) == presenter.answer(renew)


def test_an_emergency_gets_its_steps_at_once(small: Library, presenter: Presenter) -> None:
    reply = presenter.answer(small.articles["scam.victim"], "Giấy tờ")
    assert reply.text == "**Đã lỡ bị lừa**\n\nGọi ngay ngân hàng.\n\n1. Gọi ngân hàng.\n2. Báo công an."
    assert labels(reply)[0] == ["Giấy tờ"]


def test_a_section_names_itself_and_offers_the_others_and_what_people_ask_next(
    small: Library, presenter: Presenter
) -> None:
    reply = presenter.section(small.articles["vneid.install"], "Ở đâu")
    assert reply is not None
    assert reply.text == (
        "**Tải và cài đặt VNeID: ở đâu**\n\nCài VNeID ở nhà, hoặc nhờ Công an xã Tân Lợi (0251 3 123 456)."
    )
    assert labels(reply) == [["Các bước", "Lệ phí"], ["Quên mật khẩu VNeID"], ["Đổi thẻ căn cước"]]


def test_there_is_no_section_that_was_not_written(small: Library, presenter: Presenter) -> None:
    assert presenter.section(small.articles["vneid.install"], "Thời gian") is None


def test_steps_come_one_by_one_with_ways_forth_and_back(small: Library, presenter: Presenter) -> None:
    install = small.articles["vneid.install"]
    first, second, third = (presenter.step(install, number) for number in (1, 2, 3))
    assert first is not None
    assert second is not None
    assert third is not None

    assert first.text == "**Tải và cài đặt VNeID**: bước 1/3\n\nMở cửa hàng ứng dụng."
    assert labels(first) == [["Tiếp ›"]]
    assert second.text == "**Tải và cài đặt VNeID**: bước 2/3\n\nGõ **VNeID**."
    assert labels(second) == [["‹ Trước", "Tiếp ›"]]
    assert third.text.endswith("Bấm **Cài đặt**, chưa được thì hỏi tổ công nghệ số của ấp.")
    assert labels(third) == [["‹ Trước"], ["✓ Làm được rồi", "Chưa làm được"]]


@pytest.mark.parametrize("number", [0, 4, 99])
def test_there_is_no_step_before_the_first_or_after_the_last(small: Library, presenter: Presenter, number: int) -> None:
    assert presenter.step(small.articles["vneid.install"], number) is None


def test_an_article_without_steps_has_none(small: Library, presenter: Presenter) -> None:
    assert presenter.step(small.articles["vneid.forgot_password"], 1) is None


def test_only_a_guide_s_steps_come_one_by_one(small: Library, presenter: Presenter) -> None:
    guide, other = (presenter.answer(small.articles[topic]) for topic in ("vneid.install", "cccd.renew"))
    assert guide.buttons[0][0].payload == "g:vneid.install:1"
    assert other.buttons[0][0].payload == "s:cccd.renew:0"


def test_the_menu_shows_the_groups_that_have_articles(presenter: Presenter) -> None:
    assert labels(presenter.menu()) == [
        ["VNeID, căn cước, cư trú"],
        ["Lừa đảo, an toàn trên mạng"],
        ["Người hỗ trợ, về bot này"],
        ["📘 Bài học 5 phút"],
    ]


def test_a_long_group_has_pages(library: Library) -> None:
    many = library_of(library, *(article(f"vneid.t{n}", f"Bài {n}") for n in range(1, 12)))
    presenter = Presenter(many, COMMUNE)
    first, second = presenter.group("vneid", 0), presenter.group("vneid", MENU_PAGE)
    assert first is not None
    assert second is not None

    assert first.text == "**VNeID, căn cước, cư trú**: chọn một câu hỏi."
    assert labels(first) == [[f"Bài {n}"] for n in range(1, 9)] + [["‹ Các mục khác", "Xem tiếp ›"]]
    assert labels(second) == [[f"Bài {n}"] for n in range(9, 12)] + [["‹ Các mục khác"]]
    assert first.buttons[-1][1].payload == f"m:vneid:{MENU_PAGE}"


@pytest.mark.parametrize(("group", "first"), [("vneid", 8), ("vneid", 10**9), ("skill", 0), ("chat", 0), ("", 0)])
def test_there_is_no_page_without_articles(presenter: Presenter, group: str, first: int) -> None:
    assert presenter.group(group, first) is None


def test_quick_start_leaves_out_what_has_no_article_yet(presenter: Presenter) -> None:
    assert labels(presenter.greeting()) == [
        ["Tải và cài đặt VNeID"],
        ["Quên mật khẩu VNeID"],
        ["Đổi thẻ căn cước"],
        ["Kiểm tra dấu hiệu lừa đảo"],
        ["Đã lỡ bị lừa"],
        ["📘 Bài học 5 phút"],
        ["Xem các mục", "Gặp người hỗ trợ"],
    ]


def test_values_go_into_a_phrase_before_the_commune_s_names(presenter: Presenter) -> None:
    assert presenter.say("{title} ở {xa}", title="Lớp học") == "Lớp học ở xã Tân Lợi"


def test_every_shipped_answer_is_filled_in_and_fits_into_one_message_for_telegram(library: Library) -> None:
    presenter = Presenter(library, library.communes["tan-loi"])
    for one in library.articles.values():
        replies = [presenter.answer(one), presenter.sources(one)]
        replies += [reply for heading in HEADINGS if (reply := presenter.section(one, heading))]
        replies += [reply for number in range(1, 9) if (reply := presenter.step(one, number))]
        for reply in replies:
            assert "{" not in reply.text + reply.note, one.id
            assert len(split_reply(reply, TEXT_LIMIT)) == 1, one.id
            assert utf16_length(reply.note) < TEXT_LIMIT, one.id


def test_every_shipped_phrase_is_filled_in(library: Library) -> None:
    presenter = Presenter(library, library.communes["tan-loi"])
    sorts = library.phrases.attachments.model_dump()
    replies = [presenter.greeting(), presenter.help(), presenter.menu(), presenter.clarify([]), presenter.lost([])]
    replies += [presenter.with_quick_start(library.phrases.attachments.for_sort(sort)) for sort in sorts]
    replies += [presenter.with_ways_out(phrase) for phrase in library.phrases.small_talk.values()]
    replies += [page for group in library.groups if (page := presenter.group(group, 0))]
    replies += [presenter.with_ways_out(library.phrases.trouble), presenter.ask_to_forget()]
    for reply in replies:
        shown = reply.text + "".join(button.label for row in reply.buttons for button in row)
        assert "{" not in shown
