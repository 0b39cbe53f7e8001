// The inbox by keyboard, and live: what changes is asked for again and put in place, and whatever is being typed, opened
// or has the focus stays as it is. Without this file everything here is links and forms.
const QUIET = 300; // milliseconds: changes that come together are asked for once
const LEAST = 1500; // milliseconds between two times of asking
const MINUTE = 30_000; // without any news, since clocks run on
const BEAT = 20_000; // who is here counts for 45 seconds
const WRITING = 30_000; // after the last key she is not writing any more
const TYPING = "input, textarea, select, [contenteditable]";

const inbox = document.getElementById("inbox");
const token = JSON.parse(document.body.getAttribute("hx-headers") ?? "{}")["X-CSRFToken"] ?? "";
const here = inbox.dataset.here ?? "";
const $ = (id) => document.getElementById(id);

function say(words) {
  const place = $("inbox-says");
  place.textContent = "";
  setTimeout(() => (place.textContent = words), 50);
}

// putting new parts in place -------------------------------------------------------------------

// what of a part is hers and not the server's: where she stands, what she opened, what she typed and did not send
function keep(part) {
  const active = part.contains(document.activeElement) ? document.activeElement : null;
  const typed = [...part.querySelectorAll("input[id], textarea[id], select[id]")].filter(changed);
  return {
    focus: active?.id || active?.closest("[id]")?.id,
    opened: [...part.querySelectorAll("details[id][open]")].map((each) => each.id),
    closed: [...part.querySelectorAll("details[id]:not([open])")].map((each) => each.id),
    typed: typed.map((each) => [each.id, each.value, each.checked]),
    scrolled: [...part.querySelectorAll("[id]"), part].filter((each) => each.scrollTop).map((each) => [each.id, each.scrollTop]),
    atEnd: ends($("entries")),
  };
}

function changed(field) {
  if (field.type === "checkbox") return field.checked !== field.defaultChecked;
  if (field.tagName === "SELECT") {
    const first = [...field.options].find((option) => option.defaultSelected) ?? field.options[0];
    return field.value !== (first?.value ?? "");
  }
  return field.value !== field.defaultValue;
}

function ends(box) {
  return box ? box.scrollHeight - box.scrollTop - box.clientHeight < 40 : false;
}

function restore(kept) {
  for (const id of kept.opened) if ($(id)) $(id).open = true;
  for (const id of kept.closed) if ($(id)) $(id).open = false;
  for (const [id, value, checked] of kept.typed) {
    if (!$(id)) continue;
    $(id).value = value;
    $(id).checked = checked;
  }
  for (const [id, top] of kept.scrolled) if ($(id)) $(id).scrollTop = top;
  if (kept.atEnd) toEnd();
  if (kept.focus && document.activeElement !== $(kept.focus)) $(kept.focus)?.focus({ preventScroll: true });
}

function replace(html) {
  const fresh = document.createElement("template");
  fresh.innerHTML = html;
  for (const part of [...fresh.content.children]) {
    const old = part.id && $(part.id);
    if (!old) continue;
    const kept = keep(old);
    part.removeAttribute("hx-swap-oob");
    if (old.id === "inbox-rows" || old.id === "inbox-views") old.replaceChildren(...part.childNodes);
    else old.replaceWith(part);
    window.htmx?.process($(part.id));
    restore(kept);
  }
  rove();
}

// what is sent by a form comes back by htmx: the same care
let leaving = null;
document.addEventListener("htmx:beforeSwap", (event) => {
  const { target, xhr, requestConfig } = event.detail;
  if (!inbox.contains(target)) return;
  // a question comes back with the form; an error page does not
  if (target.id === "answer" && xhr.status >= 400 && xhr.responseText.includes('id="answer"')) {
    event.detail.shouldSwap = true;
    event.detail.isError = false;
  }
  const sent = requestConfig?.elt;
  // of the form that was sent nothing is left over to keep
  if (event.detail.shouldSwap) leaving = { talk: keep($("talk")), facts: keep($("facts")), sent: sent?.closest("details")?.id };
  const fields = new Set([...(sent?.querySelectorAll?.("[id]") ?? [])].map((each) => each.id));
  for (const part of leaving ? [leaving.talk, leaving.facts] : []) {
    part.typed = part.typed.filter(([id]) => !fields.has(id));
    part.opened = part.opened.filter((id) => id !== leaving.sent);
  }
});
document.addEventListener("htmx:afterSettle", () => {
  if (!leaving) return;
  const { talk, facts } = leaving;
  leaving = null;
  restore(talk);
  restore(facts);
  if ($("answer")?.querySelector('[role="alert"]')) $("answer-text")?.focus();
  else if (document.activeElement === document.body) standing()?.focus({ preventScroll: true });
  ask();
});

// live -----------------------------------------------------------------------------------------

const tags = new Map();
let asked = -Infinity;
let waiting = 0;

async function get(address) {
  const headers = tags.has(address) ? { "If-None-Match": tags.get(address) } : {};
  const answer = await fetch(address, { headers, cache: "no-store" });
  if (answer.status !== 200 || answer.redirected) return null;
  tags.set(address, answer.headers.get("ETag") ?? "");
  return answer.text();
}

async function fresh() {
  asked = performance.now();
  const rows = document.querySelectorAll(".inbox-row").length;
  const open = inbox.dataset.conversation ?? "";
  const address = inbox.dataset.rows;
  const list = await get(`${address}${address.includes("?") ? "&" : "?"}n=${rows}&open=${open}`);
  if (list !== null) {
    const before = ids();
    replace(list);
    if (ids() !== before) say(inbox.dataset.fresh);
  }
  if (!here || leaving) return;
  const known = lastSaid();
  const one = await get(`${here}/talk${location.search}`);
  if (one === null || leaving) return;
  replace(one);
  if (lastSaid() !== known) say(inbox.dataset.freshTalk);
}

const ids = () => [...document.querySelectorAll(".inbox-row > a")].map((each) => each.id).join();
const lastSaid = () => [...document.querySelectorAll(".inbox-said")].at(-1)?.id;

function ask() {
  clearTimeout(waiting);
  const since = performance.now() - asked;
  waiting = setTimeout(() => {
    if (document.visibilityState === "visible") fresh().catch(() => {}); // asked again at the next news, or in half a minute
  }, Math.max(QUIET, LEAST - since));
}

// what stands here was drawn by the page itself; its tags are learned with the first asking
if ("EventSource" in window) {
  const stream = new EventSource(`/live?page=${inbox.dataset.page}`);
  stream.addEventListener("studio", (event) => {
    if (event.data !== "inbox") return;
    ask();
    hear();
  });
  window.addEventListener("pagehide", () => stream.close());
}
setInterval(ask, MINUTE);
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && ask());

// who is here ----------------------------------------------------------------------------------

let typedAt = -Infinity;
let answering = false;

function told(doing) {
  const data = new FormData();
  data.set("csrfmiddlewaretoken", token);
  data.set("doing", doing);
  return data;
}

async function beat() {
  if (!here || document.visibilityState !== "visible") return;
  answering = performance.now() - typedAt < WRITING && Boolean($("answer-text")?.value.trim());
  const answer = await fetch(`${here}/here`, { method: "POST", body: told(answering ? "answering" : "reading") });
  if (answer.status !== 200) return;
  const words = await answer.text();
  if (words.trim() !== $("present").innerHTML.trim()) {
    $("present").innerHTML = words; // said by itself: it is a status
  }
}

// somebody else came, went or began to write
let hearing = 0;
function hear() {
  clearTimeout(hearing);
  if (here) hearing = setTimeout(() => beat().catch(() => {}), QUIET);
}

if (here) {
  const again = () => beat().catch(() => {});
  again();
  setInterval(again, BEAT);
  inbox.addEventListener("input", (event) => {
    if (event.target.id !== "answer-text") return;
    typedAt = performance.now();
    if (!answering) again();
    answering = true;
  });
  document.addEventListener("visibilitychange", again);
  window.addEventListener("pagehide", () => navigator.sendBeacon(`${here}/here`, told("gone")));
}

// the keyboard ---------------------------------------------------------------------------------

const links = () => [...document.querySelectorAll(".inbox-row > a")].filter((link) => link.offsetParent);

function standing() {
  const all = links();
  return all.find((link) => link === document.activeElement) ?? all.find((link) => link.tabIndex === 0) ?? all[0];
}

// one row of the list is reached by Tab; j and k go on from there
function rove(to) {
  const all = links();
  const on = to ?? all.find((link) => link.matches("[aria-current]")) ?? all[0];
  for (const link of all) link.tabIndex = link === on ? 0 : -1;
}

function walk(step) {
  const all = links();
  if (!all.length) return;
  const from = all.indexOf(document.activeElement);
  const start = from >= 0 ? from + step : Math.max(all.indexOf(standing()), 0) + (all.some((link) => link.matches("[aria-current]")) ? step : 0);
  const next = all[Math.max(0, Math.min(start, all.length - 1))];
  rove(next);
  next.focus();
  next.scrollIntoView({ block: "nearest" });
}

function press(key) {
  const target = inbox.querySelector(`[data-key="${CSS.escape(key)}"]`);
  if (!target) return;
  const box = target.closest("details");
  if (target.matches("summary")) {
    box.open = true;
    box.querySelector("textarea, button, input:not([type=hidden])")?.focus();
  } else if (target.matches("button")) target.click();
  else target.focus();
}

const acts = {
  j: () => walk(1),
  k: () => walk(-1),
  o: () => standing()?.click(),
  r: () => $("answer-text")?.focus(),
  "/": () => $("inbox-q")?.focus(),
  "?": () => $("inbox-keys")?.showModal(),
  Escape: () => standing()?.focus(),
};
for (const key of ["n", "a", "e", "w", "s", "m", "p", "c", "#"]) acts[key] = () => press(key);

// before the keys of the house, which mean posts by the same letters
window.addEventListener(
  "keydown",
  (event) => {
    if (document.querySelector("dialog[open]") || event.altKey) return;
    const field = event.target.closest?.(TYPING);
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && field?.form?.matches("#answer, #note form")) {
      event.preventDefault();
      return field.form.requestSubmit(field.form.querySelector("button:not([type=button])"));
    }
    if (event.ctrlKey || event.metaKey) return;
    if (field?.matches("select") && event.key === "Enter" && field.form?.matches(".inbox-set")) {
      event.preventDefault();
      return field.form.requestSubmit();
    }
    if (event.key === "Escape") {
      const open = document.querySelector("details.pop[open]");
      if (open) return; // its own key closes it
      if (!field && !inbox.contains(event.target)) return;
    } else if (field) return;
    const act = acts[event.key];
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  },
  true,
);
inbox.addEventListener("focusin", (event) => event.target.matches(".inbox-row > a") && rove(event.target));

// saved replies are put where she writes
inbox.addEventListener("change", (event) => {
  if (!event.target.matches("[data-replies]") || !event.target.value) return;
  const box = $("answer-text");
  box.setRangeText(event.target.value, box.selectionStart, box.selectionEnd, "end");
  box.dispatchEvent(new Event("input", { bubbles: true }));
  event.target.value = "";
  box.focus();
});

function toEnd() {
  const box = $("entries");
  if (box) box.scrollTop = box.scrollHeight;
}

rove();
toEnd();
document.querySelector(".inbox-row > a[aria-current]")?.scrollIntoView({ block: "nearest" });
