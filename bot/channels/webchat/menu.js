// The header's controls: the size of the letters, the small menu, and the question before everything is erased.

import { saveTextSize, textSize } from './store.js';

// What each size means for which part of the page stands in chat.css, under [data-size].
const SIZES_PERCENT = [90, 100, 115, 130, 150, 175, 200];
const NORMAL = SIZES_PERCENT.indexOf(100);

/** onChange(): the letters have another size. */
export function createSizes({ smaller, larger, announcer, onChange }) {
  let size = Math.min(Math.max(textSize(NORMAL), 0), SIZES_PERCENT.length - 1);

  function apply() {
    document.documentElement.dataset.size = SIZES_PERCENT[size];
    // Not `disabled`: that would throw the keyboard's focus away at the last step.
    smaller.setAttribute('aria-disabled', String(size === 0));
    larger.setAttribute('aria-disabled', String(size === SIZES_PERCENT.length - 1));
  }

  function step(by) {
    const next = size + by;
    if (next < 0 || next >= SIZES_PERCENT.length) return;
    size = next;
    saveTextSize(size);
    apply();
    announcer.textContent = `Cỡ chữ ${SIZES_PERCENT[size]} phần trăm`;
    onChange();
  }

  smaller.addEventListener('click', () => step(-1));
  larger.addEventListener('click', () => step(1));
  apply();
}

export function createMenu({ toggle, items }) {
  function setOpen(isOpen) {
    items.hidden = !isOpen;
    toggle.setAttribute('aria-expanded', String(isOpen));
  }

  toggle.addEventListener('click', () => setOpen(items.hidden));
  items.addEventListener('click', () => setOpen(false));
  document.addEventListener('click', (event) => {
    if (!items.hidden && !items.parentNode.contains(event.target)) setOpen(false);
  });
  items.parentNode.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || items.hidden) return;
    setOpen(false);
    toggle.focus();
  });
  items.parentNode.addEventListener('focusout', (event) => {
    if (event.relatedTarget && !items.parentNode.contains(event.relatedTarget)) setOpen(false);
  });
}

/** Asks with the page's own dialog, or the browser's where <dialog> is unknown; onYes() after "Xoá". */
export function createQuestion({ opener, dialog, returnFocusTo, onYes }) {
  opener.addEventListener('click', () => {
    if (dialog.showModal) {
      dialog.returnValue = ''; // Escape would leave the last answer standing
      dialog.showModal();
    } else if (window.confirm(dialog.querySelector('h2').textContent)) {
      onYes();
    }
  });
  dialog.addEventListener('close', () => {
    returnFocusTo.focus();
    if (dialog.returnValue === 'erase') onYes();
  });
}
