// For browsers that come without voices and without a listener, as a headless Chromium does: the two interfaces of the
// Web Speech API, as its draft has them, with voices and words that the test gives (window.testVoice).
(() => {
  const said = [];
  const testVoice = { said, pending: [], voices: [], recognitions: [] };
  window.testVoice = testVoice;

  class Utterance {
    constructor(text) { Object.assign(this, { text, lang: '', voice: null, onend: null, onerror: null }); }
  }

  const synthesis = new EventTarget();
  let current = null;
  const next = () => {
    current = testVoice.pending.shift() || null;
    if (current) said.push({ text: current.text, lang: current.lang, voice: current.voice && current.voice.name });
  };
  synthesis.getVoices = () => testVoice.voices;
  synthesis.speak = (utterance) => {
    testVoice.pending.push(utterance);
    if (!current) next();
  };
  synthesis.cancel = () => {
    const cancelled = [current, ...testVoice.pending].filter(Boolean);
    testVoice.pending.length = 0;
    current = null;
    // Their errors are reported afterwards, as the draft says ("canceled", "interrupted").
    setTimeout(() => cancelled.forEach((one) => one.onerror && one.onerror({ error: 'interrupted' })));
  };
  Object.defineProperty(synthesis, 'speaking', { get: () => Boolean(current) });
  /** The voice has come to the end of what it was saying. */
  testVoice.finish = () => {
    const ended = current;
    next();
    if (ended && ended.onend) ended.onend({});
  };
  testVoice.install = (voices) => {
    testVoice.voices = voices;
    synthesis.dispatchEvent(new Event('voiceschanged'));
  };
  Object.defineProperty(window, 'speechSynthesis', { value: synthesis });
  window.SpeechSynthesisUtterance = Utterance;

  window.SpeechRecognition = class {
    constructor() { testVoice.recognitions.push(this); }

    start() { this.isOn = true; }

    stop() { this.end(); }

    abort() { this.fail('aborted'); }

    hear(...pieces) { this.onresult({ results: pieces.map((transcript) => [{ transcript }]) }); }

    fail(error) {
      if (this.onerror) this.onerror({ error });
      this.end();
    }

    end() {
      if (!this.isOn) return;
      this.isOn = false;
      if (this.onend) this.onend();
    }
  };
  window.webkitSpeechRecognition = window.SpeechRecognition;
})();
