// Makes the pages nicer; each of them works without it.
"use strict";

// ---- The time zone: guessed from the browser, and told in words. ----
{
  const zone = document.querySelector("[data-zone]");
  const hour = document.querySelector("[data-hour]");
  const zoneWords = document.querySelector("[data-zone-words]");
  const hourWords = document.querySelector("[data-hour-words]");

  const inWords = (name) => (name.includes("/") ? `${name.split("/").pop().replaceAll("_", " ")} time` : name);

  const tell = () => {
    if (zoneWords) zoneWords.textContent = inWords(zone.value);
    if (hourWords) hourWords.textContent = hour.selectedOptions[0].text;
  };

  const guess = () => {
    const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
    if (!here) return;
    if (![...zone.options].some((option) => option.value === here)) zone.add(new Option(here, here));
    zone.value = here;
    document.querySelector("[data-zone-hint]")?.remove();
  };

  if (zone && hour) {
    if (zone.hasAttribute("data-guess")) guess();
    zone.addEventListener("change", tell);
    hour.addEventListener("change", tell);
    tell();
  }
}

// ---- Checklists: a tick counts at once, and is sent until the server has it. ----
{
  const lists = [...document.querySelectorAll("[data-checklist]")];
  const kept = `ticks ${location.pathname.replace(/.*\//, "")}`;
  const unsent = new Map(restore());
  let sending = false;
  let tries = 0;
  let timer;

  function restore() {
    try {
      return JSON.parse(sessionStorage.getItem(kept) ?? "[]");
    } catch {
      return [];
    }
  }

  function keep() {
    try {
      if (unsent.size) sessionStorage.setItem(kept, JSON.stringify([...unsent]));
      else sessionStorage.removeItem(kept);
    } catch {
      // Storage may be full or forbidden: the ticks then live as long as the page.
    }
  }

  const formOf = (item) => document.getElementById(`tick-${item}`)?.form;
  const isDone = (button) => button.getAttribute("aria-checked") === "true";

  function show(form, done) {
    form.querySelector(".tick").setAttribute("aria-checked", String(done));
    form.elements.done.value = done ? "0" : "1";
    count();
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
  }

  function say(words, trouble = false) {
    for (const line of document.querySelectorAll("[data-saving]")) {
      if (line.textContent !== words) line.textContent = words;
      line.classList.toggle("trouble", trouble);
    }
  }

  async function post(item, done) {
    const answer = await fetch(formOf(item).action, {
      method: "POST",
      headers: { Accept: "application/json" },
      body: new URLSearchParams({ item, done: done ? "1" : "0" }),
    });
    // What the server refuses (400 and up) it will refuse again; what it could not do (500 and up) it may do later.
    if (answer.status >= 500 || answer.status === 429) throw new Error(`status ${answer.status}`);
    return answer.ok;
  }

  async function send() {
    if (sending) return;
    sending = true;
    clearTimeout(timer);
    try {
      while (unsent.size) {
        const [item, done] = unsent.entries().next().value;
        const taken = formOf(item) ? await post(item, done) : true;
        if (unsent.get(item) === done) unsent.delete(item);
        keep();
        if (!taken) {
          show(formOf(item), !done);
          say("This tick could not be saved. Load the page again to see how things stand.", true);
          return;
        }
      }
      tries = 0;
      say("Saved.");
    } catch {
      tries += 1;
      timer = setTimeout(send, Math.min(30_000, 1000 * 2 ** tries));
      say("Not saved yet. Your ticks are kept here and sent as soon as the connection is back.", true);
    } finally {
      sending = false;
    }
  }

  for (const list of lists) {
    list.addEventListener("submit", (event) => {
      event.preventDefault();
      const button = event.target.querySelector(".tick");
      const done = !isDone(button);
      show(event.target, done);
      // Not `elements.item`: that is the collection's own method.
      unsent.set(event.target.elements.namedItem("item").value, done);
      keep();
      send();
    });
  }

  if (lists.length) {
    for (const [item, done] of unsent) if (formOf(item)) show(formOf(item), done);
    if (unsent.size) send();
    window.addEventListener("online", send);
  }
}

// ---- Addresses to copy: the button is there only where it can do so. ----
for (const button of document.querySelectorAll("[data-copy]")) {
  const field = document.getElementById(button.dataset.copy);
  if (!navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(field.value);
    button.textContent = "Copied";
  });
}
