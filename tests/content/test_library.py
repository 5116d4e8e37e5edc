"""The content folder is taken over whole, or refused with file and line; a running bot keeps the last good version."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path

import pytest
import yaml

from content.article import HEADINGS, ContentError
from content.library import Library, LiveLibrary, read_library
from tests.conftest import ROOT
from tests.support.articles import ARTICLE, saved

OTHER = ARTICLE.replace("vneid.install", "vneid.forgot_password").replace("related: [vneid.forgot_password]\n", "")
DEADLINE_SECONDS = 10


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A content folder with one article; the other files are those that are shipped."""
    folder = tmp_path / "content"
    (folder / "communes").mkdir(parents=True)
    for file in [
        *(ROOT / "content").glob("*.yml"),
        *(ROOT / "content").glob("*.tsv"),
        ROOT / "content/communes/tan-loi.yml",
    ]:
        shutil.copy(file, folder / file.relative_to(ROOT / "content"))
    shutil.copytree(ROOT / "content" / "texts", folder / "texts")
    saved(folder / "topics")
    return folder


def problems(folder: Path) -> list[str]:
    with pytest.raises(ContentError) as refusal:
        read_library(folder)
    assert str(refusal.value).split("\n") == [str(problem) for problem in refusal.value.problems]
    return [str(problem) for problem in refusal.value.problems]


def only_problem(folder: Path) -> str:
    [problem] = problems(folder)
    return problem


def change(file: Path, old: str, new: str) -> int:
    """Changes a file in one place; the line of that place."""
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


def test_everything_is_read(folder: Path) -> None:
    library = read_library(folder)

    assert list(library.articles) == ["vneid.install"]
    assert list(library.communes) == ["tan-loi"]
    assert "chat.greet" in library.topics
    assert library.groups["vneid"][0] == "vneid.what"
    assert library.phrases.menu


def test_related_topics_without_an_article_yet_are_left_out(folder: Path) -> None:
    library = read_library(folder)
    assert library.related(library.articles["vneid.install"]) == []

    saved(folder / "topics", OTHER, "vneid/forgot_password.md")
    library = read_library(folder)
    assert [one.id for one in library.related(library.articles["vneid.install"])] == ["vneid.forgot_password"]


def test_a_group_holds_its_articles_in_the_order_of_the_topics(folder: Path) -> None:
    saved(folder / "topics", OTHER, "vneid/forgot_password.md")
    library = read_library(folder)

    assert [one.id for one in library.in_group("vneid")] == ["vneid.install", "vneid.forgot_password"]
    assert library.in_group("scam") == []
    assert library.in_group("nothing") == []


@pytest.mark.parametrize("name", ["topics.yml", "phrases.yml"])
def test_a_missing_file_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()
    assert only_problem(folder) == f"content/{name}:1: thiếu tệp này"


def test_a_folder_without_communes_is_refused(folder: Path) -> None:
    (folder / "communes/tan-loi.yml").unlink()
    assert only_problem(folder) == "content/communes:1: chưa có hồ sơ xã nào"


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    assert "content/topics.yml:1: thiếu tệp này" in problems(tmp_path / "content")


@pytest.mark.parametrize("name", ["topics.yml", "phrases.yml", "communes/tan-loi.yml"])
def test_yaml_that_is_none_is_told_with_its_line(folder: Path, name: str) -> None:
    with (folder / name).open("a", encoding="utf-8") as file:
        file.write("\nkhông: có: đâu\n")
    last = (folder / name).read_text(encoding="utf-8").count("\n")
    assert only_problem(folder).startswith(f"content/{name}:{last}: YAML sai")


def test_a_fault_in_the_topics_is_told_with_its_line(folder: Path) -> None:
    line = change(folder / "topics.yml", "{id: scam.report, title:", "{id: scam.report, titel:")
    assert only_problem(folder).startswith(f"content/topics.yml:{line}: scam.2.titel: ")


def test_a_group_without_topics_is_told_with_its_line(folder: Path) -> None:
    line = change(folder / "topics.yml", "skill:  ", "empty:\nskill:  ")
    assert only_problem(folder) == f"content/topics.yml:{line}: empty: phải là một danh sách"


def test_a_topic_named_twice_is_told_with_its_line(folder: Path) -> None:
    line = change(folder / "topics.yml", "{id: scam.report,", "{id: scam.victim,")
    assert only_problem(folder) == f"content/topics.yml:{line}: scam.victim có hai lần"


def test_a_fault_deep_in_the_phrases_is_told_with_its_line(folder: Path) -> None:
    line = change(folder / "phrases.yml", "  photo: |-", "  foto: |-")
    assert f"content/phrases.yml:{line}: attachments.foto: không có khoá này, xem lại chính tả" in problems(folder)


def test_a_phrase_written_twice_is_told_with_its_line(folder: Path) -> None:
    line = change(folder / "phrases.yml", "menu_next:", "menu: Lần nữa\nmenu_next:")
    first = change(folder / "phrases.yml", "menu: Bà con", "menu: Bà con")
    assert only_problem(folder) == f"content/phrases.yml:{line}: menu: đã có ở dòng {first}, chỉ ghi một lần"


def test_every_group_needs_its_title_in_the_menu(folder: Path) -> None:
    line = change(folder / "phrases.yml", "\ngroups:", "\ngroups:") + 1
    change(folder / "phrases.yml", "  skill: Học kỹ năng số\n", "")
    assert only_problem(folder) == f"content/phrases.yml:{line}: groups: còn thiếu skill"


def test_all_small_talk_needs_its_answer(folder: Path) -> None:
    change(folder / "topics.yml", "  - {id: chat.thanks}", "  - {id: chat.thanks}\n  - {id: chat.joke}")
    assert only_problem(folder).endswith(": small_talk: còn thiếu chat.joke")


def test_a_telephone_number_that_yaml_takes_for_a_figure_is_told_with_its_line(folder: Path) -> None:
    file = folder / "communes/tan-loi.yml"
    file.write_text(file.read_text(encoding="utf-8") + "police:\n  phone: 02513123456\n", encoding="utf-8")
    line = file.read_text(encoding="utf-8").count("\n")
    assert only_problem(folder) == (
        f"content/communes/tan-loi.yml:{line}: police.phone: phải là chữ (số điện thoại thì đặt trong ngoặc kép)"
    )


def test_a_commune_s_file_bears_its_name(folder: Path) -> None:
    (folder / "communes/tan-loi.yml").rename(folder / "communes/khac.yml")
    assert only_problem(folder).endswith(": slug là tan-loi nhưng tệp tên là khac.yml")


def test_a_fault_in_an_article_is_told_with_file_and_line(folder: Path) -> None:
    line = change(folder / "topics/vneid/install.md", "## Lệ phí", "## Giá")
    assert only_problem(folder).startswith(f'content/topics/vneid/install.md:{line}: tiêu đề "## Giá" không có')


def test_an_article_stands_where_its_id_says(folder: Path) -> None:
    saved(folder / "topics", ARTICLE, "scam/install.md")
    assert only_problem(folder) == (
        "content/topics/scam/install.md:2: id là vneid.install nhưng tệp nằm ở chỗ của scam.install"
    )


def test_an_article_is_about_a_known_topic(folder: Path) -> None:
    saved(folder / "topics", ARTICLE.replace("vneid.install", "vneid.unheard_of"), "vneid/unheard_of.md")
    assert only_problem(folder) == (
        "content/topics/vneid/unheard_of.md:2: id vneid.unheard_of không có trong topics.yml"
    )


@pytest.mark.parametrize(
    ("related", "complaint"),
    [("vneid.unheard_of", "không có trong topics.yml"), ("vneid.install", "là chính bài này")],
)
def test_related_topics_are_known_and_others(folder: Path, related: str, complaint: str) -> None:
    line = change(folder / "topics/vneid/install.md", "[vneid.forgot_password]", f"[{related}]")
    assert only_problem(folder) == f"content/topics/vneid/install.md:{line}: related: {related} {complaint}"


@pytest.mark.parametrize("name", ["{cong_an}", "{Xa}", "{}", "{lien he}"])
def test_a_placeholder_that_nobody_fills_is_told_with_its_line(folder: Path, name: str) -> None:
    line = change(folder / "topics/vneid/install.md", "không mất tiền", f"không mất tiền, hỏi {name}")
    assert only_problem(folder).startswith(f"content/topics/vneid/install.md:{line}: {name} không phải là chỗ điền: ")


def test_one_broken_file_does_not_put_the_blame_on_others(folder: Path) -> None:
    change(folder / "topics.yml", "vneid:", "vneid: [")
    assert only_problem(folder).startswith("content/topics.yml:")


def test_problems_of_all_files_are_told_at_once(folder: Path) -> None:
    change(folder / "topics/vneid/install.md", "## Lệ phí", "## Giá")
    change(folder / "phrases.yml", "menu_next:", "menu_nxt:")
    files = [problem.partition(":")[0] for problem in problems(folder)]
    assert files == ["content/phrases.yml", "content/phrases.yml", "content/topics/vneid/install.md"]


def test_what_an_editor_leaves_while_somebody_types_is_not_read(folder: Path) -> None:
    (folder / "topics/vneid/.#install.md").symlink_to("lan@xa.12345")
    saved(folder / "topics", "nửa chừng", "vneid/.install.md")
    assert list(read_library(folder).articles) == ["vneid.install"]


# --- what is shipped --------------------------------------------------------------------------------------------------


def test_the_shipped_content_has_an_article_or_an_answer_for_every_topic(library: Library) -> None:
    listed = yaml.safe_load((ROOT / "content/topics.yml").read_text(encoding="utf-8"))
    topics = {group: [topic["id"] for topic in members] for group, members in listed.items()}

    in_the_menu = {group: [one.id for one in library.in_group(group)] for group in library.phrases.groups}
    assert in_the_menu == {group: members for group, members in topics.items() if group != "chat"}
    assert set(library.phrases.small_talk) == set(topics["chat"])


def test_the_shipped_quick_start_and_the_way_to_a_person_exist(library: Library) -> None:
    assert [topic for topic in library.phrases.quick_start if topic not in library.articles] == []
    assert "help.human" in library.articles


def test_only_the_emergency_is_urgent(library: Library) -> None:
    assert [one.id for one in library.articles.values() if one.urgent] == ["scam.victim"]
    assert library.articles["scam.victim"].section("Các bước") is not None


def test_headings_keep_their_numbers_because_old_buttons_carry_them() -> None:
    assert HEADINGS[:7] == ("Các bước", "Giấy tờ", "Lệ phí", "Thời gian", "Ở đâu", "Lưu ý", "Cảnh báo")


# --- while the bot runs -----------------------------------------------------------------------------------------------


def test_a_change_is_taken_over(folder: Path) -> None:
    live = LiveLibrary(folder)
    change(folder / "topics/vneid/install.md", "không mất tiền", "miễn phí")

    assert live.reload()
    fee = live.current.articles["vneid.install"].section("Lệ phí")
    assert fee is not None
    assert fee.text == "Cài VNeID miễn phí."
    assert live.problems == []


def test_a_broken_file_leaves_the_last_good_version_in_use_and_says_why(folder: Path) -> None:
    live = LiveLibrary(folder)
    good = live.current
    line = change(folder / "topics/vneid/install.md", "## Lệ phí", "## Giá")

    assert not live.reload()
    assert live.current is good
    assert [(str(problem.file), problem.line) for problem in live.problems] == [
        ("content/topics/vneid/install.md", line)
    ]

    change(folder / "topics/vneid/install.md", "## Giá", "## Lệ phí")
    assert live.reload()
    assert live.problems == []


def test_a_commune_in_use_can_t_be_taken_away_from_a_running_bot(folder: Path) -> None:
    shutil.copy(ROOT / "content/communes/dak-to.yml", folder / "communes/dak-to.yml")
    live = LiveLibrary(folder)
    (folder / "communes/tan-loi.yml").unlink()

    assert not live.reload()
    assert [str(problem) for problem in live.problems] == ["content/communes/tan-loi.yml:1: thiếu tệp này"]
    assert "tan-loi" in live.current.communes


def test_without_a_first_good_version_there_is_nothing_to_run_on(folder: Path) -> None:
    change(folder / "topics/vneid/install.md", "## Lệ phí", "## Giá")
    with pytest.raises(ContentError):
        LiveLibrary(folder)


async def test_files_are_followed_while_they_change(folder: Path) -> None:
    live = LiveLibrary(folder)
    changes = live.follow()
    file = folder / "topics/vneid/install.md"
    broken, mended = ARTICLE.replace("## Lệ phí", "## Giá"), ARTICLE.replace("không mất tiền", "miễn phí")

    async def next_change_after_saving(text: str) -> bool:
        # The watch begins at an unknown moment after it is asked for: save again until it is noticed.
        noticed = asyncio.ensure_future(anext(changes))
        async with asyncio.timeout(DEADLINE_SECONDS):
            while not noticed.done():
                file.write_text(text, encoding="utf-8")
                await asyncio.wait([noticed], timeout=0.2)
        return noticed.result()

    async with asyncio.timeout(DEADLINE_SECONDS):
        while await next_change_after_saving(broken):
            pass
        assert "vneid.install" in live.current.articles
        assert live.problems != []

        while not await next_change_after_saving(mended):
            pass
        fee = live.current.articles["vneid.install"].section("Lệ phí")
        assert fee is not None
        assert fee.text == "Cài VNeID miễn phí."
    await changes.aclose()  # type: ignore[attr-defined]
