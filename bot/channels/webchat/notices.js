// Fetches what the bot has to say without being asked, while the page is looked at: somebody has taken a request, a class
// begins tomorrow. A device without a conversation has nothing to fetch.

import * as store from './store.js';
import { fetchNotices } from './api.js';

const EVERY_MS = 15000;

/** onChange(): something new stands in the store. */
export function watchNotices(onChange) {
  let isAsking = false;

  async function ask() {
    if (isAsking || document.hidden || store.history().length === 0) return;
    isAsking = true;
    const notices = await fetchNotices(store.deviceId(), store.lastNotice());
    isAsking = false;
    if (notices && notices.length > 0 && store.addNotices(notices)) onChange();
  }

  setInterval(ask, EVERY_MS);
  document.addEventListener('visibilitychange', ask);
  ask();
}
