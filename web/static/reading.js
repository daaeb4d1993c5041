// How far one has read, on this device: offered again at the next visit, and counted in the time left.
"use strict";
{
  const letter = document.querySelector("[data-letter]");
  const pieces = letter ? [...letter.querySelectorAll("h2, h3, p, li, blockquote, figure, table")] : [];
  const keyOf = (path) => `place ${path}`;

  function placeOf(path) {
    try {
      return JSON.parse(localStorage.getItem(keyOf(path))) ?? { at: 0, far: 0 };
    } catch {
      return { at: 0, far: 0 };
    }
  }

  const place = placeOf(location.pathname);

  function keep() {
    try {
      localStorage.setItem(keyOf(location.pathname), JSON.stringify(place));
    } catch {
      // Then the place is forgotten with the page.
    }
  }

  // ---- The time left. ----

  const left = document.querySelector("[data-left]");

  function tellTimeLeft() {
    if (!left) return;
    const articles = [...document.querySelectorAll("[data-minutes]")].map((card) => [
      Number(card.dataset.minutes),
      placeOf(new URL(card.href).pathname).far,
    ]);
    const letterMinutes = Math.max(0, Number(left.dataset.reading) - articles.reduce((sum, [minutes]) => sum + minutes, 0));
    const reading = articles.reduce((sum, [minutes, far]) => sum + minutes * (1 - far), letterMinutes * (1 - place.far));
    const open = [...document.querySelectorAll('.tick[aria-checked="false"]')];
    const doing = open.reduce((sum, tick) => sum + Number(tick.dataset.takes), 0);
    const bar = left.querySelector("progress");
    const minutes = Math.min(bar.max, Math.round(reading) + Math.round(watchingLeft()) + doing);
    const words = minutes === 0 ? left.dataset.nothing : left.dataset.words.replace("{left}", minutes).replace("{all}", bar.max);
    bar.value = bar.max - minutes;
    const line = left.querySelector("p");
    if (line.textContent !== words) line.textContent = words;
  }

  function watchingLeft() {
    // What another site plays has no share that we know of; its minutes stay.
    const videos = [...document.querySelectorAll("[data-seconds]")];
    const seconds = videos.reduce((sum, video) => sum + Number(video.dataset.seconds), 0);
    const seen = videos.reduce((sum, video) => sum + Number(video.dataset.seconds) * Number(video.dataset.share ?? 0), 0);
    return Number(left.dataset.watching) * (seconds ? 1 - seen / seconds : 1);
  }

  // ---- The place. ----

  let offer;

  function noteThePlace() {
    const frame = letter.getBoundingClientRect();
    const far = Math.min(1, Math.max(0, (innerHeight - frame.top) / frame.height));
    if (scrollY > innerHeight / 2) {
      // Who has read on by themselves needs no offer any more.
      if (scrollY > innerHeight * 1.5) withdraw();
      if (!offer) place.at = Math.max(0, pieces.findIndex((piece) => piece.getBoundingClientRect().bottom > 40));
      if (far > place.far) place.far = far;
      keep();
    }
    tellTimeLeft();
  }

  function withdraw() {
    offer?.remove();
    offer = undefined;
  }

  function wordsToGoOn(index) {
    const heading = pieces.slice(0, index + 1).findLast((piece) => /^H[23]$/.test(piece.tagName));
    return heading ? letter.dataset.goOnAt.replace("{heading}", () => heading.textContent) : letter.dataset.goOn;
  }

  function offerToGoOn() {
    const target = pieces[place.at];
    if (!target || place.at < 3 || place.at > pieces.length - 3 || location.hash || scrollY > 200) return;
    offer = document.createElement("aside");
    offer.className = "offer";
    offer.setAttribute("aria-label", letter.dataset.stopped);
    const go = Object.assign(document.createElement("button"), { className: "button", textContent: wordsToGoOn(place.at) });
    const no = Object.assign(document.createElement("button"), { className: "button plain", textContent: letter.dataset.stay });
    go.addEventListener("click", () => {
      withdraw();
      target.tabIndex = -1;
      target.focus({ preventScroll: true });
      target.scrollIntoView({ block: "start" });
    });
    no.addEventListener("click", () => {
      withdraw();
      document.getElementById("main").focus({ preventScroll: true });
    });
    offer.append(go, no);
    document.getElementById("main").prepend(offer);
  }

  if (letter) {
    let waiting;
    offerToGoOn();
    tellTimeLeft();
    document.addEventListener("progressed", tellTimeLeft);
    addEventListener(
      "scroll",
      () => {
        waiting ??= setTimeout(() => {
          waiting = undefined;
          noteThePlace();
        }, 200);
      },
      { passive: true },
    );
  }
}
