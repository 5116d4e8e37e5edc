// One request to the server. Every way it can end becomes one of four outcomes; what follows from them is outbox.js's.

const TIMEOUT_MS = 30000;
const REFUSED = [400, 413, 415, 422];
const DEFAULT_PAUSE_S = 5;

/** No request lasts longer than this. */
export const LONGEST_REQUEST_MS = TIMEOUT_MS + 5000;

function withTimeout(promise, abort) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      if (abort) abort.abort();
      reject(new Error('timeout'));
    }, TIMEOUT_MS);
    promise.then(
      (value) => { clearTimeout(timer); resolve(value); },
      (error) => { clearTimeout(timer); reject(error); },
    );
  });
}

async function exchange(address, type, body, abort) {
  const response = await fetch(address, {
    method: 'POST',
    headers: { 'Content-Type': type },
    body,
    cache: 'no-store',
    credentials: 'same-origin',
    signal: abort ? abort.signal : undefined,
  });
  let json = null;
  try {
    json = await response.json();
  } catch (error) {
    // A proxy's error page, or a connection that broke off: judged by its status below.
  }
  return { response, json };
}

function retryAfterMs(response, fallbackSeconds) {
  const seconds = parseInt(response.headers.get('Retry-After'), 10);
  return 1000 * (seconds >= 0 ? Math.max(1, seconds) : fallbackSeconds);
}

/** What stops a request from outside; null where the browser is too old for it. */
export function stopper() {
  return window.AbortController ? new AbortController() : null;
}

/**
 * Sends `body` and answers
 *   {kind: 'answered', replies}      the server took it
 *   {kind: 'refused', message}       it never will; `message` is for the user, or null
 *   {kind: 'too_many', pause}        send again after `pause` ms
 *   {kind: 'unreachable', pause}     no connection or a broken server; not before `pause` ms
 */
export function post(body, abort) {
  return send('/api/chat', 'application/json', JSON.stringify(body), abort);
}

/** Sends a file as the message `id`; answers as `post` does. */
export function postFile(file, sender, id) {
  const query = { sender, message_id: id, name: file.name };
  const address = Object.keys(query).map((name) => `${name}=${encodeURIComponent(query[name])}`).join('&');
  return send(`/api/file?${address}`, 'application/octet-stream', file, stopper());
}

async function send(address, type, body, abort) {
  let response;
  let json;
  try {
    ({ response, json } = await withTimeout(exchange(address, type, body, abort), abort));
  } catch (error) {
    return { kind: 'unreachable', pause: 0 };
  }
  if (response.ok && json && Array.isArray(json.replies)) return { kind: 'answered', replies: json.replies };
  if (response.status === 429) return { kind: 'too_many', pause: retryAfterMs(response, DEFAULT_PAUSE_S) };
  const message = json && json.error && typeof json.error.message === 'string' ? json.error.message : null;
  const isRefusal = response.status >= 400 && response.status < 500;
  // A 403 or 404 without our server's own words comes from something in between (a café's Wi-Fi page, a proxy).
  if (REFUSED.includes(response.status) || (isRefusal && message)) return { kind: 'refused', message };
  return { kind: 'unreachable', pause: retryAfterMs(response, 0) };
}

/** Asks for notices after number `after`; null when there is no answer, which is no matter: it is asked again. */
export async function fetchNotices(sender, after) {
  try {
    const { response, json } = await withTimeout(
      exchange('/api/notices', 'application/json', JSON.stringify({ sender, after }), null), null,
    );
    return response.ok && json && Array.isArray(json.notices) ? json.notices : null;
  } catch (error) {
    return null;
  }
}
