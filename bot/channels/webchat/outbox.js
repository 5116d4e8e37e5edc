// Sends what waits in the store: in order, one at a time, until the server has answered. A message keeps its id over
// failures, reloads and tabs, so the server acts on it once. It knows nothing of the page; it tells how things stand.

import * as store from './store.js';
import { LONGEST_REQUEST_MS, post, stopper } from './api.js';

const FIRST_RETRY_MS = 2000;
const LAST_RETRY_MS = 30000;

const TAB = store.randomId();

function backOff(failures) {
  const wait = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** (failures - 1));
  return wait * (0.8 + 0.4 * Math.random()); // so that a village doesn't come back in the same second
}

function bodyOf(entry) {
  const body = { sender: store.deviceId(), message_id: entry.id };
  if (Number.isFinite(entry.at)) body.sent_at = new Date(entry.at).toISOString();
  if (entry.kind === 'start') return { ...body, payload: 'start' };
  return entry.payload === undefined ? { ...body, text: entry.sent || entry.text } : { ...body, payload: entry.payload };
}

/**
 * onChange(): the conversation has changed.
 * onState({name, seconds}): 'idle', 'sending', 'lost' (no connection) or 'paused' (the server asked for `seconds`).
 * onRefused(entry, message): the server will not take `entry`; it is out of the conversation.
 */
export function createOutbox({ onChange, onState, onRefused }) {
  let isRunning = false;
  let timer = null;
  let failures = 0;
  let underWay = null; // {id, abort}

  function later(ms) {
    clearTimeout(timer);
    timer = setTimeout(run, ms);
  }

  async function run() {
    if (isRunning) return;
    isRunning = true;
    clearTimeout(timer);
    try {
      // With no pause between "nothing waits" and the end: what is pushed there would find us running, and stay.
      let entry = store.firstWaiting();
      while (entry && await send(entry)) entry = store.firstWaiting();
      if (!entry) {
        failures = 0;
        onState({ name: 'idle' });
      }
    } finally {
      isRunning = false;
    }
  }

  /** True when the next one may follow at once. */
  async function send(entry) {
    const { wait, paused } = store.takeTurn(TAB, LONGEST_REQUEST_MS);
    if (wait > 0) {
      if (paused) pause(wait);
      else later(wait);
      return false;
    }
    if (!failures) onState({ name: 'sending' });
    underWay = { id: entry.id, abort: stopper() };
    const outcome = await post(bodyOf(entry), underWay.abort);
    underWay = null;
    return settle(entry, outcome);
  }

  function settle(entry, outcome) {
    store.leaveTurn(TAB, outcome.kind === 'too_many' ? outcome.pause : 0);
    // Withdrawn or erased meanwhile, or answered through another tab.
    if (!store.isWaiting(entry.id)) return true;
    if (outcome.kind === 'too_many') {
      pause(outcome.pause);
      return false;
    }
    if (outcome.kind === 'unreachable') {
      failures += 1;
      onState({ name: 'lost' });
      later(Math.max(backOff(failures), outcome.pause));
      return false;
    }
    failures = 0;
    if (outcome.kind === 'answered') store.answer(entry.id, outcome.replies);
    else store.remove(entry.id);
    onChange();
    if (outcome.kind === 'refused') onRefused(entry, outcome.message);
    return true;
  }

  function pause(ms) {
    failures = 0;
    onState({ name: 'paused', seconds: Math.ceil(ms / 1000) });
    later(ms);
  }

  function forget(change) {
    change();
    onChange();
    if (underWay && underWay.abort && !store.isWaiting(underWay.id)) underWay.abort.abort();
    run();
  }

  // A page that goes away must not make the next one wait until its turn runs out.
  window.addEventListener('pagehide', () => store.leaveTurn(TAB));

  return {
    push(entry) {
      store.add({ at: Date.now(), ...entry, id: store.randomId(), waiting: true });
      onChange();
      run();
    },
    /** Takes a message back; if the server already has it, its answer will not be shown. */
    withdraw(id) {
      forget(() => store.remove(id));
    },
    erase() {
      forget(store.erase);
    },
    /** Tries again in `ms`, whatever the back-off says. */
    wake(ms) {
      later(ms);
    },
  };
}
