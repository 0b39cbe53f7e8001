// What a page gains from a script. Everything here has a plain form or link beneath it.
import { composers } from "./composer.js";
import { facts } from "./facts.js";
import { focus } from "./focus.js";
import { keys } from "./keys.js";
import { links } from "./links.js";
import { live } from "./live.js";
import { offline } from "./offline.js";
import { pictures } from "./pictures.js";
import { toasts } from "./toasts.js";
import { trifles } from "./trifles.js";
import { zone } from "./zone.js";

document.documentElement.classList.add("js");
trifles();
toasts();
zone();
offline();
focus();
keys();
live();
facts();
links();
for (const start of [composers, pictures]) {
  start(document);
  document.addEventListener("htmx:load", (event) => start(event.detail.elt));
}
