// Files: links to those that answers bring, and the button that sends one. A file can't wait in the store as texts do:
// it is sent at once, or chosen again. Sent again, the same file keeps its id, so the server acts on it once.

import * as store from './store.js';
import { postFile } from './api.js';

const MAX_BYTES = 2 * 1024 * 1024;

const SENDING = 'Đang gửi tệp…';
const UNREACHABLE = 'Chưa gửi được tệp vì mất kết nối. Khi có mạng, bấm gửi lại.';
const TOO_LARGE = 'Tệp lớn quá 2 MB nên chưa gửi. Xoá bớt hình và trang tính thừa, hoặc chia thành hai tệp.';
const REFUSED = 'Tệp này chưa gửi được. Chọn tệp Excel (.xlsx) rồi gửi lại.';

/** The link under an answer that brings a file. */
export function downloadLink({ name, key }) {
  const link = document.createElement('a');
  link.className = 'choice document';
  link.href = `/api/document/${key}`;
  link.download = name;
  link.textContent = `📄 Tải về: ${name}`;
  link.dataset.testid = 'document';
  return link;
}

/** The player of a recording, with a link beside it for browsers that can't play it. */
export function player({ file }, title) {
  const node = document.createElement('div');
  node.className = 'recording';
  const audio = document.createElement('audio');
  audio.controls = true;
  audio.preload = 'none';
  audio.src = `/am-thanh/${file}`;
  audio.setAttribute('aria-label', title);
  const link = document.createElement('a');
  link.href = audio.src;
  link.download = file;
  link.textContent = 'Tải bản đọc về máy';
  node.append(audio, link);
  return node;
}

/** onChange(): the conversation has changed. tell(text): how it stands, for the status line. Answers choose(). */
export function createUpload({ input, onChange, tell }) {
  const ids = new Map(); // what was tried -> the id under which it was sent
  let isSending = false;

  async function send(file) {
    if (file.size > MAX_BYTES) {
      tell(TOO_LARGE);
      return;
    }
    isSending = true;
    tell(SENDING);
    const fingerprint = [file.name, file.size, file.lastModified].join('/');
    const id = ids.get(fingerprint) || store.randomId();
    ids.set(fingerprint, id);
    const outcome = await postFile(file, store.deviceId(), id);
    isSending = false;
    if (outcome.kind !== 'answered') {
      tell(outcome.kind === 'refused' ? outcome.message || REFUSED : UNREACHABLE);
      return;
    }
    ids.delete(fingerprint); // sent once more on purpose, it is another message
    tell('');
    store.add({ kind: 'user', id, text: `📎 ${file.name}`, waiting: true });
    store.answer(id, outcome.replies);
    onChange();
  }

  input.addEventListener('change', () => {
    const file = input.files[0];
    input.value = ''; // or choosing the same file again would tell nobody
    if (file && !isSending) send(file);
  });

  return { choose() { if (!isSending) input.click(); } };
}
