// The conversation on the page: messages, buttons, the sign that an answer is coming, and where the page scrolls to.
// It shows what the store holds and changes only what differs, so that a focused button stays focused and a screen
// reader reads only what is new.

import { downloadLink, player } from './files.js';
import { render, renderNote } from './markup.js';

const NAMES = { user: 'Bạn', bot: 'Đại sứ số' };
const NEAR_END_PX = 80;
const MARGIN_PX = 14;

function element(tag, className, ...children) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  node.append(...children);
  return node;
}

function button(label, className) {
  const node = element('button', className, label);
  node.type = 'button';
  return node;
}

function startLine(entry) {
  const day = new Date(entry.at).toLocaleDateString('vi-VN');
  return element('p', 'start-line', element('span', '', `Cuộc trò chuyện mới, ngày ${day}`));
}

function choices(rows) {
  const group = element('div', 'choices');
  group.setAttribute('role', 'group');
  group.setAttribute('aria-label', 'Lựa chọn');
  rows.forEach((row) => {
    const line = element('div', 'choices-row');
    row.forEach(({ label, payload }) => {
      const choice = button(label, 'choice');
      choice.dataset.testid = 'button';
      choice.dataset.payload = payload;
      line.append(choice);
    });
    group.append(line);
  });
  return group;
}

function fileChoices(entry) {
  const line = element('div', 'choices-row');
  if (entry.document) line.append(downloadLink(entry.document));
  if (entry.takes_file) {
    const upload = button('📎 Gửi tệp Excel đã điền', 'choice');
    upload.dataset.upload = 'yes';
    upload.dataset.testid = 'upload';
    line.append(upload);
  }
  return element('div', 'choices', line);
}

function listen(entry) {
  const node = button('Nghe', 'listen');
  node.dataset.listen = entry.id;
  node.dataset.testid = 'listen';
  node.setAttribute('aria-label', 'Nghe câu trả lời này');
  node.setAttribute('aria-pressed', 'false');
  return node;
}

function image({ src, alt }) {
  const node = element('img', 'picture');
  node.src = src;
  node.alt = alt;
  return node;
}

function message(entry) {
  const name = element('span', 'visually-hidden', NAMES[entry.kind]);
  name.id = `name-${entry.id}`;
  const bubble = element('div', 'bubble', name);
  const node = element('article', `message message-${entry.kind}`, bubble);
  node.dataset.testid = `message-${entry.kind}`;
  node.setAttribute('aria-labelledby', name.id);
  if (entry.kind === 'user') {
    // As typed: what people paste here are often the very addresses and numbers that nobody should tap.
    bubble.append(element('div', 'text text-typed', entry.text));
    return node;
  }
  if (entry.picture) bubble.append(image(entry.picture));
  bubble.append(element('div', 'text', render(entry.text)));
  if (entry.clip) bubble.append(player(entry.clip, entry.text.split('\n')[0].replace(/\*\*/g, '')));
  if (entry.note) bubble.append(element('div', 'note', renderNote(entry.note)));
  if (!entry.clip) node.append(listen(entry));
  if (entry.document || entry.takes_file) node.append(fileChoices(entry));
  if (entry.buttons.length > 0) node.append(choices(entry.buttons));
  return node;
}

function heldLine(id) {
  const withdraw = button('Huỷ gửi', 'withdraw');
  withdraw.dataset.withdraw = id;
  return element('div', 'held', element('span', '', 'Chưa gửi được'), withdraw);
}

function dots() {
  const node = element('div', 'typing', element('span', 'visually-hidden', 'Đại sứ số đang trả lời'));
  node.dataset.testid = 'typing';
  for (let number = 0; number < 3; number += 1) node.append(element('span', 'dot'));
  return node;
}

/**
 * onPress(payload, label): a button of an answer. onWithdraw(id): "Huỷ gửi" under a message that is held back.
 * onUpload(): somebody wants to send a file. onListen(id): "Nghe" under an answer. onCame(entries): these answers are new.
 */
export function createView({ log, jump, onPress, onWithdraw, onUpload, onListen, onCame }) {
  const shown = new Map(); // entry id -> its element
  const typing = dots();
  let unseen = null; // start of an answer that came while the reader was elsewhere

  const isAtEnd = () => log.scrollHeight - log.scrollTop - log.clientHeight < NEAR_END_PX;

  function toEnd() {
    log.scrollTop = log.scrollHeight;
  }

  function toStartOf(node) {
    const before = node.previousElementSibling;
    const target = before && before.classList.contains('start-line') ? before : node;
    log.scrollTop += target.getBoundingClientRect().top - log.getBoundingClientRect().top - MARGIN_PX;
  }

  function setUnseen(node) {
    unseen = node;
    jump.hidden = !node;
  }

  log.addEventListener('scroll', () => {
    if (unseen && unseen.getBoundingClientRect().top < log.getBoundingClientRect().bottom - NEAR_END_PX) setUnseen(null);
  }, { passive: true });

  jump.addEventListener('click', () => {
    const target = unseen;
    setUnseen(null);
    if (target) toStartOf(target);
    log.focus({ preventScroll: true }); // the button is gone; leave the keyboard where the answer is
  });

  log.addEventListener('click', (event) => {
    const target = event.target.closest('button');
    if (!target) return;
    // The second half of a double click would otherwise press whatever has come under the finger by then.
    if (event.detail > 1) return;
    if (target.dataset.withdraw) onWithdraw(target.dataset.withdraw);
    else if (target.dataset.upload) onUpload();
    else if (target.dataset.listen) onListen(target.dataset.listen);
    else onPress(target.dataset.payload, target.textContent);
  });

  // The keyboard takes half the page: who was reading the end goes on reading the end.
  if (window.ResizeObserver) {
    let wasAtEnd = true;
    log.addEventListener('scroll', () => { wasAtEnd = isAtEnd(); }, { passive: true });
    new ResizeObserver(() => { if (wasAtEnd) toEnd(); }).observe(log);
  }

  function place(entries) {
    const ids = new Set(entries.map((entry) => entry.id));
    shown.forEach((node, id) => {
      if (ids.has(id)) return;
      node.remove();
      shown.delete(id);
      if (node === unseen) setUnseen(null);
    });
    const fresh = [];
    let next = log.firstElementChild;
    entries.forEach((entry) => {
      let node = shown.get(entry.id);
      if (!node) {
        node = entry.kind === 'start' ? startLine(entry) : message(entry);
        shown.set(entry.id, node);
        if (entry.kind === 'bot') fresh.push(node);
      }
      if (node === next) next = next.nextElementSibling;
      else log.insertBefore(node, next);
    });
    return fresh;
  }

  function markHeld(entries, isHeld) {
    entries.filter((entry) => entry.kind === 'user').forEach((entry) => {
      const node = shown.get(entry.id);
      const line = node.querySelector('.held');
      const wanted = isHeld && Boolean(entry.waiting);
      if (wanted && !line) node.append(heldLine(entry.id));
      if (!wanted && line) line.remove();
    });
  }

  return {
    /** Makes the page show `entries`; `isHeld`: what waits in them can't be sent just now. */
    show(entries, isHeld) {
      const wasAtEnd = isAtEnd();
      const fresh = place(entries);
      markHeld(entries, isHeld);
      if (fresh.length > 0) onCame(entries.filter((entry) => fresh.includes(shown.get(entry.id))));
      if (fresh.length > 0 && wasAtEnd) toStartOf(fresh[0]);
      else if (fresh.length > 0 && !unseen) setUnseen(fresh[0]);
      else if (wasAtEnd) toEnd();
    },
    /** Shows a conversation from before, without a screen reader reading all of it aloud. */
    restore(entries) {
      log.setAttribute('aria-live', 'off');
      place(entries);
      const answers = log.querySelectorAll('.message-user + .message-bot, .start-line + .message-bot');
      toEnd();
      if (answers.length > 0) toStartOf(answers[answers.length - 1]);
      setTimeout(() => log.setAttribute('aria-live', 'polite'), 1000);
    },
    setTyping(isTyping) {
      if (isTyping === typing.isConnected) return;
      const wasAtEnd = isAtEnd();
      if (isTyping) log.append(typing);
      else typing.remove();
      if (wasAtEnd) toEnd();
    },
    toEnd,
  };
}
