// Reads answers aloud with the voices that the device has. Nothing leaves the device for it unless its only Vietnamese
// voice is one of the browser maker's servers; then it hears the bot's words, never what the user wrote.

import { parse, spans } from './markup.js';
import { readsAloud, saveReadsAloud } from './store.js';

const LONGEST_PIECE = 180; // Chromium falls silent after some fifteen seconds of one utterance
const PICTURES = /[\p{Extended_Pictographic}\u{1F1E6}-\u{1F1FF}\u{FE0F}\u{200D}]/gu;
const SENTENCES = /[^.!?…:;]+[.!?…:;]*(?=\s|$)|\S+/g;

const NO_VOICE = 'Máy này chưa có giọng đọc tiếng Việt nên không đọc được. '
  + 'Cài giọng tiếng Việt ở phần Chuyển văn bản thành lời nói trong cài đặt của máy rồi mở lại trang.';
const READS = 'Từ nay trang tự đọc câu trả lời mới.';
const READS_NOT = 'Trang không tự đọc nữa.';

// A telephone number is told digit by digit, as people dictate it; an address is nothing to listen to.
function spokenSpan(span) {
  if (span.type === 'bold') return span.spans.map(spokenSpan).join('');
  if (span.type === 'text') return span.text;
  return span.href.startsWith('tel:') ? span.text.replace(/\D/g, '').split('').join(' ') : '';
}

const spokenLine = (line) => spans(line).map(spokenSpan).join('').replace(PICTURES, '').replace(/\s+/g, ' ').trim();

const inPieces = (line) => {
  const pieces = [];
  (line.match(SENTENCES) || []).forEach((sentence) => {
    const last = pieces.length - 1;
    if (last >= 0 && pieces[last].length + sentence.length < LONGEST_PIECE) pieces[last] += sentence;
    else pieces.push(sentence.trim());
  });
  return pieces;
};

/** What is read of an answer, in the pieces in which it is read: no markup, no emoji, no addresses. */
export function spoken(text) {
  const lines = [];
  parse(text).forEach((block) => {
    if (!block.items) lines.push(...block.lines);
    else block.items.forEach(({ number, lines: [first, ...more] }) => lines.push(number ? `${number}: ${first}` : first, ...more));
  });
  return lines.map(spokenLine).filter((line) => /[\p{L}\p{N}]/u.test(line)).flatMap(inPieces);
}

/** The best of these voices for Vietnamese: of this device rather than of a server; null when there is none. */
export function vietnameseVoice(voices) {
  const ours = voices.filter((voice) => /^vi([-_]|$)/i.test(voice.lang));
  return ours.find((voice) => voice.localService) || ours[0] || null;
}

/** log: where the buttons are. toggle: the menu's entry for reading by itself. tell(text): for the status line. */
export function createReader({ log, toggle, announcer, tell }) {
  const synthesis = window.speechSynthesis;
  let reading = null; // the entry that is being read
  let isAutomatic = readsAloud();
  let round = 0; // utterances of an earlier press report their end late

  function mark() {
    log.querySelectorAll('.listen').forEach((button) => {
      button.setAttribute('aria-pressed', String(button.dataset.listen === reading));
    });
  }

  function setOffered(isOffered) {
    log.classList.toggle('is-mute', !isOffered);
    toggle.hidden = !isOffered;
  }

  function stop() {
    round += 1;
    reading = null;
    if (synthesis) synthesis.cancel();
    mark();
  }

  function speak(entries) {
    const voice = vietnameseVoice(synthesis.getVoices());
    if (!voice) {
      tell(NO_VOICE);
      setOffered(false);
      return;
    }
    stop();
    const now = round;
    const pieces = entries.flatMap((entry) => spoken(entry.text).map((piece) => ({ id: entry.id, piece })));
    pieces.forEach(({ id, piece }, number) => {
      const utterance = new SpeechSynthesisUtterance(piece);
      utterance.voice = voice;
      utterance.lang = voice.lang.replace('_', '-');
      const settle = () => {
        if (now !== round) return;
        const next = pieces[number + 1];
        reading = next ? next.id : null;
        mark();
      };
      utterance.onend = settle;
      utterance.onerror = settle;
      if (number === 0) reading = id;
      synthesis.speak(utterance);
    });
    mark();
  }

  function showAutomatic() {
    toggle.setAttribute('aria-pressed', String(isAutomatic));
  }

  toggle.addEventListener('click', () => {
    isAutomatic = !isAutomatic;
    saveReadsAloud(isAutomatic);
    showAutomatic();
    if (!isAutomatic) stop();
    announcer.textContent = isAutomatic ? READS : READS_NOT;
  });
  showAutomatic();
  setOffered(Boolean(synthesis));
  if (synthesis) {
    // Voices may come later, or be installed while the page is open.
    if (synthesis.addEventListener) {
      synthesis.addEventListener('voiceschanged', () => {
        if (vietnameseVoice(synthesis.getVoices())) setOffered(true);
      });
    }
    window.addEventListener('pagehide', stop); // or it would go on talking without a page
  }

  return {
    /** The button under an answer: reads it, or stops when it is being read. */
    press(entry) {
      if (reading === entry.id) stop();
      else speak([entry]);
    },
    /** New answers have come. */
    came(entries) {
      if (isAutomatic && synthesis && entries.length > 0 && !document.hidden) speak(entries);
    },
    stop,
  };
}
