// The note saves itself while one writes, and is kept on this device until the server has it.
"use strict";
{
  const form = document.querySelector("[data-note]");
  const state = document.querySelector("[data-note-state]");
  const other = document.querySelector("[data-note-other]");
  const paper = document.querySelector("[data-note-paper]");
  const PAUSE = 1000;

  const words = form?.elements.words;
  const shown = form?.elements.shown;
  const key = `unsent note ${form?.getAttribute("action")}`;
  let saved = words?.value;
  let timer;
  let saving = false;

  function draft() {
    try {
      return JSON.parse(localStorage.getItem(key));
    } catch {
      return null;
    }
  }

  function keepDraft() {
    try {
      if (words.value === saved) localStorage.removeItem(key);
      else localStorage.setItem(key, JSON.stringify({ words: words.value, shown: shown.value }));
    } catch {
      // Then it is kept as long as the page.
    }
  }

  function say(text, trouble = false) {
    if (state.textContent !== text) state.textContent = text;
    state.classList.toggle("trouble", trouble);
  }

  function showReplaced(text) {
    other.querySelector("pre").textContent += (other.hidden ? "" : "\n\n") + text;
    other.hidden = false;
    say(form.dataset.replaced);
  }

  async function save() {
    clearTimeout(timer);
    if (saving || words.value === saved) return;
    saving = true;
    const text = words.value;
    try {
      const answer = await fetch(form.getAttribute("action"), {
        method: "POST",
        keepalive: text.length < 20_000,
        headers: { Accept: "application/json" },
        body: new URLSearchParams({ words: text, shown: shown.value }),
      });
      if (answer.status >= 500 || answer.status === 429) throw new Error(`status ${answer.status}`);
      const told = await answer.json();
      if (answer.ok) {
        saved = text;
        shown.value = told.shown;
        say(form.dataset.saved);
        if (told.replaced) showReplaced(told.replaced);
      } else {
        say(told.message, true);
      }
    } catch {
      say(form.dataset.unsaved, true);
      timer = setTimeout(save, 10_000);
    } finally {
      saving = false;
      keepDraft();
    }
    if (saved === text && words.value !== saved) save();
  }

  if (form) {
    const kept = draft();
    if (kept && kept.words !== saved) {
      words.value = kept.words;
      shown.value = kept.shown; // so that a change made elsewhere meanwhile is noticed
      save();
    }
    words.addEventListener("input", () => {
      paper.textContent = words.value;
      keepDraft();
      say("");
      clearTimeout(timer);
      timer = setTimeout(save, PAUSE);
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (words.value === saved) say(form.dataset.saved);
      save();
    });
    document.addEventListener("visibilitychange", () => document.hidden && save());
    addEventListener("pagehide", save);
    addEventListener("online", save);
  }
}
