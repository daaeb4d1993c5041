// In the browser that registered, opening the link is enough: the page presses its own button.
"use strict";

{
  const form = document.querySelector("[data-by-itself]");

  const press = () => {
    const told = document.querySelector("[data-telling]");
    told.textContent = told.dataset.telling;
    form.requestSubmit();
  };

  // A page that the browser only prepares has not been opened by anybody yet.
  if (form && document.prerendering) document.addEventListener("prerenderingchange", press, { once: true });
  else if (form) press();
}
