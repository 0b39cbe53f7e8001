// The composer never loses a word: each is kept on the device until the server has it.
const segmenter = "Segmenter" in Intl ? new Intl.Segmenter(undefined, { granularity: "grapheme" }) : null;

function length(text) {
  if (!segmenter) return [...text].length;
  let count = 0;
  for (const _ of segmenter.segment(text)) count += 1;
  return count;
}

function remember(key, text) {
  try {
    if (text) localStorage.setItem(key, text);
    else localStorage.removeItem(key);
    return true;
  } catch {
    return false; // a full or forbidden store: writing goes on
  }
}

function count(form, field) {
  const shown = form.querySelector("[data-count]");
  const left = Number(form.dataset.limit) - length(field.value);
  shown.textContent = new Intl.NumberFormat(document.documentElement.lang).format(left);
  shown.classList.toggle("over", left < 0);
}

function audience(form) {
  const select = form.querySelector('[name="audience"]');
  const sentence = form.querySelector("[data-sentence].small, p[data-sentence]");
  select?.addEventListener("change", () => {
    sentence.textContent = select.selectedOptions[0].dataset.sentence ?? "";
  });
}

// An answer begins with names in Latin letters: which way it runs is for the words behind them to say.
function direction(field) {
  const words = field.value.replace(/^(?:\s*@[\w.@-]+)+/u, "");
  const first = words.match(/\p{L}/u)?.[0];
  if (words === field.value || !first) field.dir = "auto";
  else field.dir = /[\p{Script=Arabic}\p{Script=Hebrew}]/u.test(first) ? "rtl" : "ltr";
}

function start(form) {
  const field = form.querySelector('[name="text"]');
  const key = `draft:${form.dataset.draft}`;
  const saved = form.querySelector("[data-saved]");
  try {
    // here again, so the server did not take it: another page must not forget it
    if (sessionStorage.getItem("sent") === key) sessionStorage.removeItem("sent");
    if (!field.value) field.value = localStorage.getItem(key) ?? "";
  } catch {
    // no store, no draft
  }
  field.setSelectionRange(field.value.length, field.value.length); // behind the names of an answer
  count(form, field);
  direction(field);
  audience(form);
  form.addEventListener("focusin", () => form.classList.add("opened"), { once: true });
  let timer;
  field.addEventListener("input", () => {
    count(form, field);
    direction(field);
    clearTimeout(timer);
    timer = setTimeout(() => {
      saved.hidden = !(remember(key, field.value) && field.value);
    }, 300);
  });
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit(form.querySelector('[value="post"]'));
  });
  // the draft goes only when the server has taken the post: it says so with this event or a new page
  form.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.successful) remember(key, "");
  });
  form.addEventListener("submit", () => {
    try {
      sessionStorage.setItem("sent", key);
    } catch {
      // the draft stays, which is the safe side
    }
  });
}

export function composers(root) {
  const landed = document.querySelector("[data-draft-taken]");
  if (landed) {
    try {
      const key = sessionStorage.getItem("sent");
      if (key) remember(key, "");
      sessionStorage.removeItem("sent");
    } catch {
      // nothing to forget
    }
  }
  for (const form of root.querySelectorAll("[data-composer]")) {
    if (!form.dataset.started) {
      form.dataset.started = "yes";
      start(form);
    }
  }
}
