// Writes down what the user says, where the browser can. The words go into the field to be looked at, never out by
// themselves. The browser's maker may do the listening on its own servers: that is said before the first time.

import { hasSeenDictationNote, saveDictationNote } from './store.js';

const LANGUAGE = 'vi-VN';

const NOTE = 'Khi nói để gõ chữ, hãng làm trình duyệt có thể nghe và xử lý giọng nói. Đừng đọc số căn cước, mật khẩu, mã OTP. '
  + 'Đồng ý thì bấm hình micro lần nữa rồi nói.';
const LISTENING = 'Đang nghe, mời nói. Nói xong thì xem lại chữ rồi bấm Gửi.';
const FAILURES = {
  'not-allowed': 'Trình duyệt chưa được phép dùng micro. Cho phép micro ở cài đặt trang này, hoặc gõ bằng chữ.',
  'service-not-allowed': 'Trình duyệt này không cho nói để gõ chữ. Bấm hình micro trên bàn phím của máy, hoặc gõ bằng chữ.',
  'audio-capture': 'Máy này không có micro, hoặc ứng dụng khác đang dùng. Gõ bằng chữ giúp.',
  network: 'Cần có mạng thì mới nói để gõ chữ được. Gõ bằng chữ giúp.',
  'no-speech': 'Chưa nghe thấy gì. Bấm hình micro rồi nói gần máy hơn.',
  'language-not-supported': 'Trình duyệt này chưa nghe được tiếng Việt. Gõ bằng chữ giúp.',
};
const FAILED = 'Chưa nghe được. Bấm hình micro rồi nói lại, hoặc gõ bằng chữ.';

/** button: the microphone, shown where it works. tell(text): for the status line. onStart(): somebody begins to speak. */
export function createDictation({ button, composer, tell, onStart }) {
  const Recognition = window.SpeechRecognition || window.webkitSpeechRecognition;
  if (!Recognition) return;
  let running = null;
  button.hidden = false;

  function settle(text) {
    running = null;
    button.setAttribute('aria-pressed', 'false');
    tell(text);
  }

  function start() {
    const recognition = new Recognition();
    const before = composer.text();
    let failure = '';
    recognition.lang = LANGUAGE;
    recognition.interimResults = true;
    recognition.onresult = (event) => {
      const said = Array.from(event.results, (result) => result[0].transcript).join('').trim();
      if (running === recognition) composer.write([before, said].filter(Boolean).join(' '));
    };
    recognition.onerror = (event) => {
      if (event.error !== 'aborted') failure = FAILURES[event.error] || FAILED;
    };
    recognition.onend = () => {
      if (running !== recognition) return;
      settle(failure);
      composer.focus();
    };
    try {
      recognition.start();
    } catch (error) {
      tell(FAILED);
      return;
    }
    running = recognition;
    button.setAttribute('aria-pressed', 'true');
    onStart();
    tell(LISTENING);
  }

  button.addEventListener('click', () => {
    if (running) running.stop();
    else if (hasSeenDictationNote()) start();
    else {
      saveDictationNote();
      tell(NOTE);
    }
  });
  composer.onSubmit(() => {
    if (!running) return;
    const stopped = running;
    settle('');
    stopped.abort();
  });
}
