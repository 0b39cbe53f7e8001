// A card that was acted on is replaced by a new one: whoever came by keyboard stands at the same place on it.
const PLACES = "summary, .act";
let left = null;

function leave(event) {
  const card = event.detail.target?.closest?.("[data-post]");
  const active = document.activeElement;
  if (!card?.contains(active)) return (left = null);
  const place = active.closest("details.pop")?.querySelector("summary") ?? active;
  left = { index: [...card.querySelectorAll(PLACES)].indexOf(place), here: card.classList.contains("here") };
}

function arrive(event) {
  const fresh = event.detail.elt;
  if (document.activeElement !== document.body || fresh === document.body) return;
  if (left) {
    if (left.here && fresh.matches("[data-post]")) fresh.classList.add("here");
    const place = fresh.matches("[data-post]") ? fresh.querySelectorAll(PLACES)[left.index] : fresh.querySelector("button, a");
    left = null;
    (place ?? stand(fresh)).focus({ preventScroll: true });
  } else if (fresh.matches("#feed > [data-post]")) stand(fresh).focus({ preventScroll: true }); // just written, or just asked for
}

function stand(card) {
  card.tabIndex = -1;
  return card;
}

export function focus() {
  document.addEventListener("htmx:beforeSwap", leave);
  document.addEventListener("htmx:load", arrive);
}
