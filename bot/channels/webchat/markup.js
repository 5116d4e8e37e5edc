// The tiny markup of the bot's answers: paragraphs, `1. ` and `- ` lists, **bold**, https addresses, telephone numbers;
// in the small print below them also [title](address), and http.
// parse() makes plain data of it, render() makes DOM nodes of that; nothing ever becomes HTML source.

const NUMBERED = /^\s*(\d{1,2})\.\s+(.*)$/;
const BULLET = /^\s*-\s+(.*)$/;
const INDENTED = /^\s{2,}\S/;

/** Blocks: {type: 'p', lines}, {type: 'ol', items: [{number, lines}]}, {type: 'ul', items: [{lines}]}. */
export function parse(source) {
  const blocks = [];
  let open = null; // the block that the next line may continue
  for (const line of source.replace(/\r\n?/g, '\n').split('\n')) {
    const last = blocks[blocks.length - 1];
    const numbered = NUMBERED.exec(line);
    const bullet = numbered ? null : BULLET.exec(line);
    if (numbered || bullet) {
      const type = numbered ? 'ol' : 'ul';
      const item = numbered ? { number: Number(numbered[1]), lines: [numbered[2]] } : { lines: [bullet[1]] };
      // Items with blank lines between them are still one list.
      if (last && last.type === type) last.items.push(item);
      else blocks.push({ type, items: [item] });
      open = blocks[blocks.length - 1];
    } else if (line.trim() === '') {
      open = null;
    } else if (open && open.items && INDENTED.test(line)) {
      open.items[open.items.length - 1].lines.push(line.trim());
    } else if (open && open.type === 'p') {
      open.lines.push(line.trim());
    } else {
      open = { type: 'p', lines: [line.trim()] };
      blocks.push(open);
    }
  }
  return blocks;
}

// --- inside a line ---

const ADDRESS = /https:\/\/[^\s<>"“”*]+/;
const ADDRESS_IN_NOTE = /https?:\/\/[^\s<>"“”*]+/;
// The address may hold brackets in pairs, one pair within another: https://vi.wikipedia.org/wiki/M%C3%A3_(OTP)
const TITLED_ADDRESS = /\[([^[\]]+)\]\((https?:\/\/(?:[^\s()]|\((?:[^\s()]|\([^\s()]*\))*\))+)\)/;
const AFTER_ADDRESS = /[.,;:!?'’)\]»…]$/;

function withoutTrailingPunctuation(address) {
  let end = address;
  while (AFTER_ADDRESS.test(end)) {
    const isClosedInside = end.endsWith(')') && end.split('(').length >= end.split(')').length;
    if (isClosedInside) break;
    end = end.slice(0, -1);
  }
  return end;
}

function isAddress(text) {
  try {
    return new URL(text).hostname !== '';
  } catch (error) {
    return false;
  }
}

// Written as people write them: 1900.0368, 1900 0368, 1800 54 54 99, 0912 345 678, 0912.345.678, (0208) 3855 123,
// +84 912 345 678. The first group has at least three digits, which 03.02.2026 doesn't have.
const SERVICE = '1[89]00[ .]?(?:\\d{6}|\\d{4}|\\d{3}[ .]\\d{3}|\\d{2}[ .]\\d{2}(?:[ .]\\d{2})?)';
const AREA = '\\(0\\d{2,3}\\)[ .]?\\d(?:[ .-]?\\d){6,7}';
const NATIONAL = '0\\d{2}(?:[ .-]?\\d){7,8}(?!\\d)';
const INTERNATIONAL = '\\+84(?:[ .-]?\\d){9,10}(?!\\d)';
const SHORT = '11[1-5]|156|1022';
const TELEPHONE = new RegExp(`${SERVICE}|${AREA}|${NATIONAL}|${INTERNATIONAL}|${SHORT}`);

// A neighbour that makes it part of something longer: an account, an ID number in groups, a decimal, an e-mail address.
const GLUED_BEFORE = /[\p{L}\p{N}_@#$+]$|\d[.,:-]$|(?:^|\D)\d{3}\s$/u;
const GLUED_AFTER = /^(?:[\p{L}\p{N}_@%]|[.,:-]\d|\s\d{3}(?!\d))/u;

// Three digits can be anything, so a short number is one to call only where the words around it say so.
const SLASH_BEFORE = /\/$/;
const SLASH_AFTER = /^\//;
const CALLING = /(?:gọi|điện|nhắn|nhấn|bấm|tổng đài|đường dây|hotline|liên hệ|báo|công an|cấp cứu|cứu hộ|cứu hoả|cứu hỏa|chữa cháy|phản ánh)(?:[^.!?\n]|\.\d){0,60}$/iu;
const STANDS_ALONE = /^\s*(?:$|[.,;:!?)–-]|(?:hoặc|hay|và|để|ngay|nếu|khi)(?!\p{L}))/u;
const NUMBERED_THING = /(?:bước|điều|khoản|luật|nghị định|quyết định|thông tư|công văn|kế hoạch|trang|mẫu|thôn|ấp|bản|xóm|tổ|hộ|ngõ|nhà|phòng|năm|khoảng|hơn|gần|có|còn|được)(?: số)?\s*$/iu;
const COUNTED = /^\s*(?:%|(?:đồng|đ|nghìn|ngàn|triệu|tỷ|tỉ|người|hộ|lượt|ngày|giờ|phút|giây|tháng|năm|tuổi|km|kg|m|m2|cm|xã|phường|thôn|ấp|bản|trang|lần|câu|điểm|thủ tục|trường hợp|ký tự|công dân|hồ sơ)(?!\p{L}))/iu;

function isTelephone(text, before, after) {
  if (GLUED_BEFORE.test(before) || GLUED_AFTER.test(after)) return false;
  const digits = text.replace(/\D/g, '').replace(/^84/, '0');
  if (digits.length >= 8) return /^(?:0[35789]\d{8}|02\d{8,9}|1[89]00(?:\d{4}|\d{6}))$/.test(digits);
  if (SLASH_BEFORE.test(before) || SLASH_AFTER.test(after)) return false; // 115/2015
  if (NUMBERED_THING.test(before) || COUNTED.test(after)) return false;
  return CALLING.test(before) || STANDS_ALONE.test(after);
}

const withoutStars = (text) => text.replace(/\*\*/g, '');

/** Where `pattern` first matches in line[from, to) so that `accept` makes a span of it; null if nowhere. */
function find(line, from, to, pattern, accept) {
  const search = new RegExp(pattern.source, pattern.flags + 'g');
  const part = line.slice(0, to);
  search.lastIndex = from;
  for (let match = search.exec(part); match; match = search.exec(part)) {
    const span = accept(match[0], match.index);
    if (span) return { start: match.index, end: match.index + match[0].length, ...span };
  }
  return null;
}

function findBold(line, from, to, finders) {
  return find(line, from, to, /\*\*(?=\S)(.+?)\*\*/, (text, start) => (
    { type: 'bold', spans: spansBetween(line, start + 2, start + text.length - 2, finders) }
  ));
}

const addressFinder = (pattern) => (line, from, to) => find(line, from, to, pattern, (text, start) => {
  const address = withoutTrailingPunctuation(text);
  return isAddress(address) && { type: 'link', text: address, href: address, end: start + address.length };
});

function findTitledAddress(line, from, to) {
  return find(line, from, to, TITLED_ADDRESS, (source) => {
    const [, title, href] = TITLED_ADDRESS.exec(source);
    return isAddress(href) && { type: 'link', text: withoutStars(title), href };
  });
}

function findTelephone(line, from, to) {
  return find(line, from, to, TELEPHONE, (text, start) => {
    const before = withoutStars(line.slice(0, start));
    const after = withoutStars(line.slice(start + text.length));
    return isTelephone(text, before, after) && { type: 'link', text, href: 'tel:' + text.replace(/[^\d+]/g, '') };
  });
}

const IN_TEXT = [findBold, addressFinder(ADDRESS), findTelephone];
const IN_NOTE = [findTitledAddress, findBold, addressFinder(ADDRESS_IN_NOTE), findTelephone];

function spansBetween(line, from, to, finders) {
  const found = finders.map((finder) => finder(line, from, to, finders)).filter(Boolean);
  if (found.length === 0) return from < to ? [{ type: 'text', text: line.slice(from, to) }] : [];
  const { start, end, ...span } = found.reduce((first, other) => (other.start < first.start ? other : first));
  const before = from < start ? [{ type: 'text', text: line.slice(from, start) }] : [];
  return before.concat(span, spansBetween(line, end, to, finders));
}

/** Spans of a line: {type: 'text', text}, {type: 'link', text, href} and {type: 'bold', spans}. */
export function spans(line) {
  return spansBetween(line, 0, line.length, IN_TEXT);
}

/** The same for a line of small print, where titles can be links. */
export function noteSpans(line) {
  return spansBetween(line, 0, line.length, IN_NOTE);
}

// --- DOM ---

function renderSpan(span) {
  if (span.type === 'text') return document.createTextNode(span.text);
  if (span.type === 'bold') {
    const strong = document.createElement('strong');
    strong.append(...span.spans.map(renderSpan));
    return strong;
  }
  const link = document.createElement('a');
  link.href = span.href;
  link.textContent = span.text;
  if (span.href.startsWith('tel:')) {
    link.className = 'telephone';
  } else {
    link.target = '_blank';
    link.rel = 'noopener noreferrer';
  }
  return link;
}

function renderLines(parent, lines, spansOf) {
  lines.forEach((line, number) => {
    if (number > 0) parent.append(document.createElement('br'));
    parent.append(...spansOf(line).map(renderSpan));
  });
  return parent;
}

function renderBlock(block, spansOf) {
  const element = document.createElement(block.type);
  if (block.type === 'p') return renderLines(element, block.lines, spansOf);
  block.items.forEach((item) => {
    const li = document.createElement('li');
    if (item.number !== undefined) li.value = item.number; // a guide shows step 3 alone, as 3
    element.append(renderLines(li, item.lines, spansOf));
  });
  return element;
}

function renderBlocks(source, spansOf) {
  const fragment = document.createDocumentFragment();
  fragment.append(...parse(source).map((block) => renderBlock(block, spansOf)));
  return fragment;
}

/** The answer as a fragment of DOM nodes. */
export function render(source) {
  return renderBlocks(source, spans);
}

/** The small print below an answer as a fragment of DOM nodes. */
export function renderNote(source) {
  return renderBlocks(source, noteSpans);
}
