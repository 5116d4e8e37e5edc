// Where the user writes: a box that grows with the text, the counter, and which key sends.

import { draft, saveDraft } from './store.js';

const MAX_CHARACTERS = 4000;
const COUNT_FROM = 3500;

const number = (value) => String(value).replace(/\B(?=(\d{3})+$)/g, '.');

/** As the server counts: code points of the composed form (some keyboards send letter and tone mark apart). */
const tidy = (text) => text.normalize('NFC').trim();
const lengthOf = (text) => Array.from(text).length;

/** Enter is for a new line where the keyboard is on the screen: there, sending by accident is too easy. */
const hasRealKeyboard = () => window.matchMedia('(hover: hover) and (pointer: fine)').matches;

/** onSend(text): a text of 1 to 4,000 characters. */
export function createComposer({ form, input, counter, announcer, onSend }) {
  let wasTooLong = false;

  function grow() {
    input.style.height = 'auto';
    input.style.height = `${input.scrollHeight + input.offsetHeight - input.clientHeight}px`;
  }

  function count() {
    const length = input.value.length < COUNT_FROM ? 0 : lengthOf(tidy(input.value));
    const surplus = length - MAX_CHARACTERS;
    input.setAttribute('aria-invalid', String(surplus > 0));
    counter.classList.toggle('is-over', surplus > 0);
    if (surplus > 0) counter.textContent = `Dài quá ${number(surplus)} ký tự. Hãy bớt lại rồi gửi.`;
    else counter.textContent = length >= COUNT_FROM ? `${number(length)} / ${number(MAX_CHARACTERS)} ký tự` : '';
    // Once, and not at every key.
    if (surplus > 0 && !wasTooLong) announcer.textContent = counter.textContent;
    wasTooLong = surplus > 0;
  }

  function update() {
    grow();
    count();
    saveDraft(input.value);
  }

  function setValue(text) {
    input.value = text;
    update();
  }

  const submitted = [];

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    submitted.forEach((callback) => callback());
    const text = tidy(input.value);
    if (!text || lengthOf(text) > MAX_CHARACTERS) {
      input.focus();
      return;
    }
    setValue('');
    // On a phone the keyboard goes away, so that the answer has the whole screen.
    if (hasRealKeyboard()) input.focus();
    else input.blur();
    onSend(text);
  });

  input.addEventListener('keydown', (event) => {
    // 229: this Enter ends a word of an input method (Telex, VNI), it isn't meant for us.
    const isComposing = event.isComposing || event.keyCode === 229;
    if (event.key !== 'Enter' || event.shiftKey || isComposing || !hasRealKeyboard()) return;
    event.preventDefault();
    if (!event.repeat) form.querySelector('[type=submit]').click();
  });

  input.addEventListener('input', update);
  window.addEventListener('resize', grow);
  window.addEventListener('pageshow', update); // some browsers fill in by themselves what was typed before
  setValue(input.value || draft());

  return {
    /** Gives an unsent text back, in front of what has been typed since. */
    giveBack(text) {
      setValue(input.value ? `${text}\n${input.value}` : text);
      if (hasRealKeyboard()) input.focus();
    },
    update,
    text: () => input.value.trim(),
    /** Puts a text in the place of what stands there. */
    write: setValue,
    focus() { input.focus(); },
    /** Calls back before a text is sent. */
    onSubmit(callback) { submitted.push(callback); },
  };
}
