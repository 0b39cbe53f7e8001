// Menus that close, dialogs that open, sharing, the theme without a round trip.
function closeMenus(except) {
  for (const open of document.querySelectorAll("details.pop[open]")) {
    if (open !== except && !open.contains(except)) open.open = false;
  }
}

async function share(link, event) {
  event.preventDefault();
  const url = new URL(link.href, location.href).href;
  try {
    if (navigator.share) await navigator.share({ url });
    else {
      await navigator.clipboard.writeText(url);
      document.dispatchEvent(new CustomEvent("toast", { detail: { text: document.body.dataset.copied ?? url } }));
    }
  } catch (error) {
    if (error.name !== "AbortError") location.assign(url);
  }
}

function theme(event) {
  const form = event.target.closest("[data-theme-form]");
  if (!form) return;
  const value = event.submitter?.value ?? "";
  if (value) document.documentElement.dataset.theme = value;
  else delete document.documentElement.dataset.theme;
}

// of a row of tabs that is wider than the screen, the current one is in sight
function tabsInSight() {
  for (const tab of document.querySelectorAll(".tabs [aria-current]")) {
    const row = tab.parentElement;
    if (row.scrollWidth <= row.clientWidth) continue;
    const [inner, outer] = [tab.getBoundingClientRect(), row.getBoundingClientRect()];
    row.scrollLeft += inner.left + inner.width / 2 - (outer.left + outer.width / 2);
  }
}

export function trifles() {
  tabsInSight();
  document.addEventListener("click", (event) => {
    closeMenus(event.target);
    const opener = event.target.closest("[data-open]");
    if (opener) document.getElementById(opener.dataset.open)?.showModal();
    const link = event.target.closest("[data-share]");
    if (link) share(link, event);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const open = document.querySelector("details.pop[open]");
    if (open) {
      open.open = false;
      open.querySelector("summary").focus();
    }
  });
  document.addEventListener("submit", theme);
}
