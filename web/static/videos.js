// Videos and recordings: where one stopped and what one saw is told to the server; another site's player is loaded when it is pressed.
"use strict";
{
  const SLICE = 5; // seconds
  const EVERY = 15_000;

  for (const video of document.querySelectorAll("video")) {
    video.addEventListener("play", () => video.classList.add("begun"), { once: true });
  }

  for (const video of document.querySelectorAll("[data-watch]")) {
    const slices = Math.ceil(Number(video.dataset.seconds) / SLICE);
    let seen = BigInt(`0x${video.dataset.seen}`);
    let told = "";

    const count = () => {
      let many = 0;
      for (let slice = 0; slice < slices; slice += 1) if ((seen >> BigInt(slice)) & 1n) many += 1;
      video.dataset.share = slices ? many / slices : 0;
      document.dispatchEvent(new Event("progressed"));
    };

    const tell = () => {
      const stopped = String(Math.floor(video.currentTime));
      const body = new URLSearchParams({ video: video.dataset.video, stopped_at: stopped, seen: seen.toString(16) });
      if (String(body) === told || !video.played.length) return;
      told = String(body);
      // `keepalive`: it still goes out when the page is being left.
      fetch(video.dataset.watch, { method: "POST", keepalive: true, headers: { Accept: "application/json" }, body }).catch(
        () => (told = ""),
      );
    };

    count();
    video.addEventListener("timeupdate", () => {
      if (video.paused || video.seeking) return;
      seen |= 1n << BigInt(Math.floor(video.currentTime / SLICE));
      count();
    });
    for (const moment of ["pause", "ended", "seeked"]) video.addEventListener(moment, tell);
    document.addEventListener("visibilitychange", () => document.hidden && tell());
    window.addEventListener("pagehide", tell);
    window.addEventListener("online", tell);
    setInterval(() => video.paused || tell(), EVERY);

    const link = video.closest("figure").querySelector("[data-go-on]");
    link?.addEventListener("click", (event) => {
      event.preventDefault();
      video.currentTime = Number(link.dataset.goOn);
      video.focus();
      video.play().catch(() => {}); // where playing needs another press, it stands at the right place
    });
  }

  for (const link of document.querySelectorAll("a[data-player]")) {
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      const frame = document.createElement("iframe");
      frame.title = link.dataset.title;
      frame.dataset.seconds = link.dataset.seconds;
      frame.allow = "autoplay; fullscreen; picture-in-picture; encrypted-media";
      // YouTube plays for no page without an origin. The path, which holds the learner's token, is not told.
      frame.referrerPolicy = "strict-origin";
      frame.src = link.dataset.player;
      link.replaceWith(frame);
      frame.focus();
    });
  }
}
