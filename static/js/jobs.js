// Keeps the dashboard fresh while somebody looks at it, and never moves what they are about to press.
"use strict";

setInterval(() => {
  const live = document.querySelector("[data-live]");
  if (live && !document.hidden && !live.querySelector(":focus, .job-actions:hover, details[open]")) {
    htmx.trigger(live, "refresh");
  }
}, 3000);
