// Small conveniences; every page works without them.
"use strict";

// Ask before a form is sent that carries data-confirm, itself or on the button that sends it.
document.addEventListener("submit", (event) => {
  const question = event.submitter?.dataset.confirm ?? event.target.dataset.confirm;
  if (question && !window.confirm(question)) {
    event.preventDefault();
  }
});

// Hide the unread notice until a newer dmail arrives.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-hide-dmail-notice]");
  if (!button) {
    return;
  }
  const id = button.dataset.hideDmailNotice;
  document.cookie = `hide_dmail_notice=${id}; path=/; max-age=31536000; samesite=lax`;
  button.closest(".unread-notice").remove();
});

// Keep what changes by itself fresh while somebody looks at it.
setInterval(() => {
  const live = document.querySelector("[data-refreshes]");
  if (live && window.htmx && !document.hidden) {
    htmx.trigger(live, "refresh");
  }
}, 2000);
