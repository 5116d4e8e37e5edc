"""What the page makes of the small markup of the bot's answers, asked of the page's own module in a real Chromium."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.browser import Device, chromium
from tests.support.site import running_site

pytestmark = pytest.mark.servers

# Text as it is, links as {what is shown|where it leads}, bold as <b>...</b>.
SHOW = """async ([kind, line]) => {
  const markup = await import('/chat/markup.js');
  const show = (spans) => spans.map((span) => ({
    text: () => span.text, link: () => `{${span.text}|${span.href}}`, bold: () => `<b>${show(span.spans)}</b>`,
  })[span.type]()).join('');
  return show(markup[kind](line));
}"""
RENDER = """async ([kind, source]) => {
  const markup = await import('/chat/markup.js');
  const place = document.createElement('div');
  place.append(markup[kind](source));
  return place.innerHTML;
}"""
LISTED = """async ([kind, source]) => {
  const markup = await import('/chat/markup.js');
  return Array.from(markup[kind](source).querySelectorAll('*')).map((node) => (
    node.localName + (node.attributes.length ? `[${node.getAttributeNames().join(' ')}]` : '')
  )).join(', ');
}"""
TIMED = """async ([kind, line]) => {
  const markup = await import('/chat/markup.js');
  const start = performance.now();
  markup[kind](line);
  return performance.now() - start;
}"""

Ask = Callable[[str, str, str], str]


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ask]:
    """ask(script, function of the module, its argument)"""
    folder: Path = tmp_path_factory.mktemp("site")
    with running_site(folder) as site, chromium() as browser:
        page = Device(browser, site.address).open()
        yield lambda script, function, argument: str(page.evaluate(script, [function, argument]))


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        pytest.param(
            "Nguồn: [Nghị định 69/2024 (VBPL)](https://vbpl.vn/a?b=1), 4/12/2025; [Cổng](http://b.vn/); và 3 nguồn.",
            "Nguồn: {Nghị định 69/2024 (VBPL)|https://vbpl.vn/a?b=1}, 4/12/2025; {Cổng|http://b.vn/}; và 3 nguồn.",
            id="titles, dates and http",
        ),
        pytest.param(
            "[a](https://x.vn/S%E1%BB%95_(b)_c).", "{a|https://x.vn/S%E1%BB%95_(b)_c}.", id="brackets in pairs"
        ),
        pytest.param("[a](https://x.vn/(b(c)d)e)", "{a|https://x.vn/(b(c)d)e}", id="brackets in brackets"),
        pytest.param("[gọi 1900.0368](https://x.vn)", "{gọi 1900.0368|https://x.vn}", id="telephone in a title"),
        pytest.param("**[a](https://x.vn)**", "<b>{a|https://x.vn}</b>", id="bold link"),
        pytest.param("xem http://x.vn/a, rồi", "xem {http://x.vn/a|http://x.vn/a}, rồi", id="bare http"),
        pytest.param("[a](javascript:alert(1))", "[a](javascript:alert(1))", id="not a web address"),
        pytest.param("[a](https://)", "[a](https://)", id="no host"),
        pytest.param("[a] (b)", "[a] (b)", id="brackets only"),
    ],
)
def test_small_print_has_titled_links(ask: Ask, line: str, shown: str) -> None:
    assert ask(SHOW, "noteSpans", line) == shown


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        pytest.param("[a](https://x.vn)", "[a]({https://x.vn|https://x.vn})", id="titled link stays text"),
        pytest.param("http://x.vn", "http://x.vn", id="http is not tapped by accident"),
        pytest.param(
            "(https://x.vn/a_(b)).", "({https://x.vn/a_(b)|https://x.vn/a_(b)}).", id="address at a sentence's end"
        ),
        pytest.param("Bấm **Quên mật khẩu**", "Bấm <b>Quên mật khẩu</b>", id="bold"),
        pytest.param("Gọi **1900.0368**", "Gọi <b>{1900.0368|tel:19000368}</b>", id="bold telephone"),
        pytest.param("gọi 113 ngay", "gọi {113|tel:113} ngay", id="short telephone"),
        pytest.param("Điều 113, có 156 hộ", "Điều 113, có 156 hộ", id="numbers that nobody calls"),
        pytest.param("Nghị định 69/2024, ngày 15/3/2026", "Nghị định 69/2024, ngày 15/3/2026", id="decree and date"),
        pytest.param("căn cước 034567890123", "căn cước 034567890123", id="ID number"),
    ],
)
def test_answer_has_addresses_telephones_and_bold(ask: Ask, line: str, shown: str) -> None:
    assert ask(SHOW, "spans", line) == shown


def test_blocks_become_paragraphs_and_lists(ask: Ask) -> None:
    html = ask(RENDER, "render", "Mở đầu\ndòng hai\n\n3. Ba\n\n4. Bốn\n- một\n- hai")
    assert html == (
        '<p>Mở đầu<br>dòng hai</p><ol><li value="3">Ba</li><li value="4">Bốn</li></ol><ul><li>một</li><li>hai</li></ul>'
    )


@pytest.mark.parametrize("function", ["render", "renderNote"])
def test_nothing_becomes_html(ask: Ask, function: str) -> None:
    source = '<img src=x onerror=alert(1)> <b>x</b> [<i>](https://x.vn/"onclick="alert(1))'
    assert ask(LISTED, function, source) == "p, a[href target rel]"


def test_links_open_beside_the_chat_and_tell_nobody_where_they_come_from(ask: Ask) -> None:
    assert ask(RENDER, "renderNote", "[a](https://x.vn)") == (
        '<p><a href="https://x.vn" target="_blank" rel="noopener noreferrer">a</a></p>'
    )


@pytest.mark.parametrize("piece", ["[", "[a](https://x", "(", "**a", "1 ", "https://a", "gọi 113 hộ "])
def test_long_strange_text_does_not_hold_up_the_page(ask: Ask, piece: str) -> None:
    assert float(ask(TIMED, "noteSpans", (piece * 4000)[:4000])) < 1000
