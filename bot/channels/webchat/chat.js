// The web chat, put together: what the user does goes to the outbox, what changes in the store goes to the view.

import * as store from './store.js';
import { createComposer } from './composer.js';
import { createDictation } from './dictation.js';
import { createUpload } from './files.js';
import { createMenu, createQuestion, createSizes } from './menu.js';
import { createOutbox } from './outbox.js';
import { createReader } from './speech.js';
import { createView } from './view.js';
import { watchNotices } from './notices.js';

const TYPING_AFTER_MS = 400;
const OPENED = 'Mở từ mã QR hoặc đường dẫn';
const CODE = /^[\w-]{1,64}$/;
const SAME_PRESS_MS = 700;
const OTHER_TAB_HEAD_START_MS = 5000;

const LOST = 'Mất kết nối. Tin nhắn đã được giữ lại và sẽ tự gửi khi có mạng.';
const REFUSED = 'Tin nhắn này chưa gửi được. Hãy sửa lại rồi gửi.';
const paused = (seconds) => `Máy chủ đang bận. Tin nhắn đã được giữ lại và sẽ tự gửi sau ${seconds} giây.`;

const at = (id) => document.getElementById(id);

let state = { name: 'idle' };
let refusal = '';
let hint = '';
let typingTimer = null;
let lastPress = { payload: null, time: 0 };

const outbox = createOutbox({ onChange: show, onState, onRefused });
const view = createView({
  log: at('log'), jump: at('jump'), onPress, onWithdraw, onUpload, onListen, onCame: (entries) => reader.came(entries),
});
const composer = createComposer({
  form: at('composer'), input: at('input'), counter: at('counter'), announcer: at('announcer'), onSend,
});

const upload = createUpload({ input: at('file'), onChange: show, tell: tellOfFile });
const reader = createReader({ log: at('log'), toggle: at('read-aloud'), announcer: at('announcer'), tell: tellOfVoice });
createDictation({ button: at('dictate'), composer, tell: tellOfVoice, onStart: reader.stop });

const isHeld = () => state.name === 'lost' || state.name === 'paused';

function show() {
  view.show(store.history(), isHeld());
}

function showStatus() {
  const connection = { lost: LOST, paused: paused(state.seconds) }[state.name] || '';
  const text = connection || refusal || hint;
  const status = at('status');
  if (status.textContent !== text) status.textContent = text; // the same again would be read aloud again
  status.classList.toggle('is-refusal', !connection && refusal !== '');
}

function onState(next) {
  const wasHeld = isHeld();
  state = next;
  clearTimeout(typingTimer);
  if (state.name === 'sending') typingTimer = setTimeout(() => view.setTyping(true), TYPING_AFTER_MS);
  else view.setTyping(false);
  showStatus();
  if (isHeld() || wasHeld) show();
}

function onRefused(entry, message) {
  refusal = message || REFUSED;
  if (entry.kind === 'user' && entry.payload === undefined) composer.giveBack(entry.text);
  showStatus();
}

function onUpload() {
  upload.choose();
}

function onListen(id) {
  reader.press(store.history().find((entry) => entry.id === id));
}

function tellOfFile(text) {
  refusal = text;
  showStatus();
}

function tellOfVoice(text) {
  hint = text;
  showStatus();
}

function push(entry) {
  refusal = '';
  hint = '';
  showStatus();
  outbox.push(entry);
  view.toEnd();
}

function onSend(text) {
  push({ kind: 'user', text });
}

function onPress(payload, label) {
  const isSamePress = payload === lastPress.payload && Date.now() - lastPress.time < SAME_PRESS_MS;
  const isWaiting = store.history().some((entry) => entry.waiting && entry.payload === payload);
  if (isSamePress || isWaiting) return;
  lastPress = { payload, time: Date.now() };
  push({ kind: 'user', text: label, payload });
}

function onWithdraw(id) {
  const entry = store.history().find((other) => other.id === id);
  outbox.withdraw(id);
  if (entry && entry.payload === undefined) composer.giveBack(entry.text);
}

function start() {
  const entries = store.history();
  const last = entries[entries.length - 1];
  if (last && last.kind === 'start' && last.waiting) return;
  reader.stop();
  push({ kind: 'start', at: Date.now() });
}

createSizes({ smaller: at('smaller'), larger: at('larger'), announcer: at('announcer'), onChange: composer.update });
createMenu({ toggle: at('menu-toggle'), items: at('menu-items') });
createQuestion({
  opener: at('erase'),
  dialog: at('erase-dialog'),
  returnFocusTo: at('menu-toggle'),
  onYes() {
    outbox.erase();
    start();
  },
});
at('new-conversation').addEventListener('click', start);

window.addEventListener('online', () => outbox.wake(Math.random() * 500));
document.addEventListener('visibilitychange', () => { if (!document.hidden) outbox.wake(0); });
store.onOtherTab(() => {
  show();
  // The tab that the user wrote in sends; this one only takes over when that one doesn't.
  outbox.wake(store.firstWaiting() ? OTHER_TAB_HEAD_START_MS : 0);
});

at('loading').remove();
at('send').disabled = false;
view.restore(store.history());
// A QR code or link leads here with a code; reloading the page must not follow it again.
const code = new URLSearchParams(window.location.search).get('s');
if (code) window.history.replaceState(null, '', window.location.pathname);
if (code && CODE.test(code)) push({ kind: 'user', text: OPENED, sent: `/start ${code}` });
else if (store.history().length > 0) outbox.wake(0);
else start();
watchNotices(show);
