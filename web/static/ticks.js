// Checklists: a tick counts at once, is kept on this device, and is sent until the server has it. Without this
// script each tick is a form of its own.
"use strict";
{
  const PREFIX = "unsent ticks ";
  const lists = [...document.querySelectorAll("[data-checklist]")];
  const said = lists[0]?.dataset ?? {}; // what to say, in the language of the page
  const here = lists[0]?.querySelector("form").getAttribute("action");
  const memory = new Map(); // where storage is full or forbidden, ticks live as long as the page
  let sending = false;
  let tries = 0;
  let timer;

  // ---- What has not been sent: by checklist, each item and whether it is done. ----

  function unsent(action) {
    if (memory.has(action)) return memory.get(action);
    try {
      return new Map(JSON.parse(localStorage.getItem(PREFIX + action) ?? "[]"));
    } catch {
      return new Map();
    }
  }

  function keep(action, ticks) {
    try {
      if (ticks.size) localStorage.setItem(PREFIX + action, JSON.stringify([...ticks]));
      else localStorage.removeItem(PREFIX + action);
      memory.delete(action);
    } catch {
      memory.set(action, ticks);
    }
  }

  function next() {
    const actions = new Set(memory.keys());
    try {
      for (const key of Object.keys(localStorage)) if (key.startsWith(PREFIX)) actions.add(key.slice(PREFIX.length));
    } catch {
      // Nothing is stored, then.
    }
    for (const action of actions) for (const [item, done] of unsent(action)) return { action, item, done };
    return null;
  }

  function settle({ action, item, done }) {
    const ticks = unsent(action);
    if (ticks.get(item) === done) ticks.delete(item); // else it was changed meanwhile
    keep(action, ticks);
  }

  // ---- What the page shows. ----

  const formOf = (item) => document.getElementById(`tick-${item}`)?.form;
  const isDone = (button) => button.getAttribute("aria-checked") === "true";

  function show(item, done) {
    const form = formOf(item);
    if (!form) return;
    form.querySelector(".tick").setAttribute("aria-checked", String(done));
    form.elements.done.value = done ? "0" : "1";
  }

  function count() {
    let total = 0;
    for (const list of lists) {
      const buttons = [...list.querySelectorAll(".tick")];
      const done = buttons.filter(isDone).length;
      total += done;
      list.querySelector("[data-done]").textContent = done;
      const bar = list.querySelector("progress");
      bar.value = done;
      bar.classList.toggle("full", done === buttons.length);
    }
    const ticked = document.querySelector("[data-ticked]");
    if (ticked) ticked.textContent = total;
    document.dispatchEvent(new Event("progressed"));
  }

  // Another window may have ticked too: what the server says holds, but for what it has not heard yet.
  function agree(keys) {
    const waiting = unsent(here);
    for (const button of document.querySelectorAll(".tick")) {
      const item = button.id.replace("tick-", "");
      if (!waiting.has(item)) show(item, keys.includes(item));
    }
    count();
  }

  function say(words, trouble = false) {
    for (const line of document.querySelectorAll("[data-saving]")) {
      if (line.textContent !== words) line.textContent = words;
      line.classList.toggle("trouble", trouble);
    }
  }

  // ---- Sending. ----

  async function post({ action, item, done }) {
    const answer = await fetch(action, {
      method: "POST",
      headers: { Accept: "application/json" },
      body: new URLSearchParams({ item, done: done ? "1" : "0" }),
    });
    // What the server refuses (400 and up) it will refuse again; what it could not do (500 and up) it may do later.
    if (answer.status >= 500 || answer.status === 429) throw new Error(`status ${answer.status}`);
    return answer;
  }

  async function send() {
    if (sending) return;
    sending = true;
    clearTimeout(timer);
    let words = "";
    try {
      for (let tick = next(); tick; tick = next()) {
        const answer = await post(tick);
        settle(tick);
        if (tick.action !== here) continue;
        if (answer.ok) {
          words ||= said.saved;
          agree((await answer.json()).keys);
        } else {
          show(tick.item, !tick.done);
          count();
          words = (await answer.json()).message;
        }
      }
      tries = 0;
      if (words) say(words, words !== said.saved);
    } catch {
      tries += 1;
      timer = setTimeout(send, Math.min(30_000, 1000 * 2 ** tries));
      say(navigator.onLine ? said.unsaved : said.offline, true);
    } finally {
      sending = false;
    }
  }

  for (const list of lists) {
    list.addEventListener("submit", (event) => {
      event.preventDefault();
      const done = !isDone(event.target.querySelector(".tick"));
      // Not `elements.item`: that is the collection's own method.
      const item = event.target.elements.namedItem("item").value;
      show(item, done);
      count();
      keep(here, unsent(here).set(item, done));
      send();
    });
  }

  if (lists.length) {
    for (const [item, done] of unsent(here)) show(item, done);
    count();
  }
  if (next()) send();
  window.addEventListener("online", send);
}
