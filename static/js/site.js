// Small conveniences; every page works without them.
"use strict";

// Ask before a form is sent that carries data-confirm, itself or on the button that sends it.
document.addEventListener("submit", (event) => {
  const question = event.submitter?.dataset.confirm ?? event.target.dataset.confirm;
  if (question && !window.confirm(question)) {
    event.preventDefault();
  }
});

// Hide the unread notice at once; without this, the form does it and comes back.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches(".unread-notice form") || !window.fetch) {
    return;
  }
  event.preventDefault();
  fetch(form.action, { method: "POST", body: new FormData(form), redirect: "manual" });
  form.closest(".unread-notice").remove();
});

// Keep what changes by itself fresh while somebody looks at it.
setInterval(() => {
  const live = document.querySelector("[data-refreshes]");
  if (live && window.htmx && !document.hidden) {
    htmx.trigger(live, "refresh");
  }
}, 2000);
