// What this device remembers: who it is, the conversation with what is still unsent, what is being typed, the size
// of the letters, and whose turn it is to send. Everything is read afresh from localStorage, because other tabs write
// there too; when localStorage is missing, full or broken, the same functions work in memory until the page closes.
//
// An entry of the conversation is one of
//   {kind: 'user',  id, at, text, payload?, sent?, waiting?}   `id` is the message_id; `payload` is set for a pressed
//                                                   button, `sent` when the text is sent in other words than shown
//   {kind: 'start', id, at, waiting?}               a conversation began (shown as a line, sent as payload "start")
//   {kind: 'bot',   id, text, note, buttons, document?, takes_file?, picture?, clip?}
//                                                   `document` is {name, key}, `picture` {src, alt}, `clip` {file}
// and `waiting` marks what the server has not answered yet.

const PREFIX = 'daisuso.';
const HISTORY_LIMIT = 200;
const HISTORY_LIMIT_WHEN_FULL = 40;
const LONGEST_WAIT_MS = 10 * 60 * 1000;

const memory = new Map(); // what localStorage would not take

function read(name) {
  if (memory.has(name)) return memory.get(name);
  try {
    return JSON.parse(localStorage.getItem(PREFIX + name));
  } catch (error) {
    return null;
  }
}

function writeToDisk(name, value) {
  try {
    localStorage.setItem(PREFIX + name, JSON.stringify(value));
    memory.delete(name);
    return true;
  } catch (error) {
    return false;
  }
}

function write(name, value) {
  if (!writeToDisk(name, value)) memory.set(name, value);
}

/** 128 random bits. Not crypto.randomUUID, which pages on a plain-http address of the local network don't have. */
export function randomId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

export function deviceId() {
  const known = read('device');
  if (typeof known === 'string' && /^[0-9a-f]{32}$/.test(known)) return known;
  const fresh = randomId();
  write('device', fresh);
  return fresh;
}

// --- the conversation ---

const isText = (value) => typeof value === 'string';

function cleanButtons(rows) {
  if (!Array.isArray(rows)) return [];
  return rows
    .filter(Array.isArray)
    .map((row) => row.filter((button) => button && isText(button.label) && isText(button.payload)))
    .filter((row) => row.length > 0);
}

function cleanDocument(file) {
  return file && isText(file.name) && /^[\w-]+$/.test(file.key) ? file : null;
}

function cleanPicture(picture) {
  return picture && isText(picture.alt) && /^data:image\/png;base64,[A-Za-z0-9+/=]+$/.test(picture.src) ? picture : null;
}

function cleanClip(clip) {
  return clip && /^[a-z0-9_.-]{1,64}\.ogg$/.test(clip.file) ? clip : null;
}

function cleanEntry(entry) {
  if (!entry || !isText(entry.id)) return null;
  if (entry.kind === 'start') return entry;
  if (!isText(entry.text)) return null;
  if (entry.kind === 'user') return entry;
  if (entry.kind !== 'bot') return null;
  return {
    ...entry,
    note: isText(entry.note) ? entry.note : null,
    buttons: cleanButtons(entry.buttons),
    document: cleanDocument(entry.document),
    picture: cleanPicture(entry.picture),
    clip: cleanClip(entry.clip),
  };
}

/** The conversation, oldest first. */
export function history() {
  const stored = read('history');
  return Array.isArray(stored) ? stored.map(cleanEntry).filter(Boolean) : [];
}

function newest(entries, limit) {
  let surplus = entries.length - limit;
  if (surplus <= 0) return entries;
  return entries.filter((entry) => entry.waiting || surplus-- <= 0);
}

function saveHistory(entries) {
  const kept = newest(entries, HISTORY_LIMIT);
  // No room: old answers go, what is not sent yet must stay.
  if (writeToDisk('history', kept) || writeToDisk('history', newest(kept, HISTORY_LIMIT_WHEN_FULL))) return;
  memory.set('history', kept);
}

export function add(entry) {
  saveHistory(history().concat(entry));
}

export function remove(id) {
  saveHistory(history().filter((entry) => entry.id !== id));
}

export function firstWaiting() {
  return history().find((entry) => entry.waiting);
}

export function isWaiting(id) {
  return history().some((entry) => entry.id === id && entry.waiting);
}

/** Puts the replies right after their question, once, even when two tabs got the same answer. */
export function answer(id, replies) {
  const entries = history();
  const place = entries.findIndex((entry) => entry.id === id && entry.waiting);
  if (place < 0) return;
  const { waiting, ...question } = entries[place];
  const answers = replies
    .map((reply, number) => cleanEntry({ ...reply, kind: 'bot', id: `${id}-${number}` }))
    .filter(Boolean);
  entries.splice(place, 1, question, ...answers);
  saveHistory(entries);
}

/** The number of the last notice that is kept here; the server gives those after it. */
export function lastNotice() {
  const number = read('notice');
  return Number.isSafeInteger(number) && number > 0 ? number : 0;
}

/** Adds what came without a question, each once, even when two tabs got it. */
export function addNotices(notices) {
  const entries = history();
  const known = new Set(entries.map((entry) => entry.id));
  const fresh = notices
    .map((notice) => cleanEntry({ ...notice, kind: 'bot', id: `notice-${notice.number}` }))
    .filter((entry) => entry && !known.has(entry.id));
  if (fresh.length > 0) saveHistory(entries.concat(fresh));
  write('notice', Math.max(lastNotice(), ...notices.map((notice) => notice.number)));
  return fresh.length > 0;
}

/** Forgets the conversation and the device id, so that nothing ties the next one to it. */
export function erase() {
  write('history', []);
  write('notice', 0);
  write('device', randomId());
}

// --- what is being typed, in this tab only: phones put away pages that are out of sight ---

export function draft() {
  try {
    return sessionStorage.getItem(PREFIX + 'draft') || '';
  } catch (error) {
    return '';
  }
}

export function saveDraft(text) {
  try {
    sessionStorage.setItem(PREFIX + 'draft', text);
  } catch (error) {
    // Then it lives only as long as the page.
  }
}

// --- the size of the letters ---

export function textSize(fallback) {
  const size = read('size');
  return Number.isInteger(size) ? size : fallback;
}

export function saveTextSize(size) {
  write('size', size);
}

// --- voice ---

/** Whether new answers are read aloud by themselves. */
export const readsAloud = () => read('reads') === true;

export function saveReadsAloud(reads) {
  write('reads', reads);
}

/** Whether it was said who may listen when the user dictates. */
export const hasSeenDictationNote = () => read('dictation') === true;

export function saveDictationNote() {
  write('dictation', true);
}

// --- whose turn it is to send ---
// navigator.locks would be the tool, but plain-http addresses don't have it. This one can fail when two tabs ask in
// the same few milliseconds; then both send the same message_id, which the server answers with the same replies.

/**
 * Takes the turn for `duration` ms. Answers {wait: 0} when it is ours, otherwise how many ms to wait, and `paused`:
 * true when the server asked for the wait, false when another tab is sending.
 */
export function takeTurn(tab, duration) {
  const turn = read('turn') || {};
  const wait = turn.tab === tab ? 0 : turn.until - Date.now();
  // A longer wait than anyone can ask for means that the clock was set back.
  if (wait > 0 && wait <= LONGEST_WAIT_MS) return { wait, paused: turn.tab === '' };
  write('turn', { tab, until: Date.now() + duration });
  return { wait: 0, paused: false };
}

/** Gives the turn back; nobody may take it for the next `pause` ms. */
export function leaveTurn(tab, pause = 0) {
  const turn = read('turn') || {};
  if (turn.tab !== tab) return;
  write('turn', { tab: '', until: Date.now() + Math.min(pause, LONGEST_WAIT_MS) });
}

/** Calls back after another tab changed the conversation. */
export function onOtherTab(callback) {
  window.addEventListener('storage', (event) => {
    if (event.key === null || event.key === PREFIX + 'history') callback();
  });
}
