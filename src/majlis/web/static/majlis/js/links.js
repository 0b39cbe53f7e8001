// A tracked link followed from a post takes the post's ticket along, so that the click is known to come from here.
// First-party: the ticket goes to this server alone, which takes it off before it leads on.
function taken(event) {
  const link = event.target.closest?.("[data-ticket] a[href]");
  if (!link) return;
  const address = new URL(link.href, location.href);
  if (address.origin !== location.origin || !address.pathname.startsWith("/l/")) return;
  const plain = link.href;
  address.searchParams.set("t", link.closest("[data-ticket]").dataset.ticket);
  link.href = address.href;
  // whoever copies the address afterwards gets it as it was
  setTimeout(() => (link.href = plain), 0);
}

export function links() {
  for (const kind of ["click", "auxclick"]) document.addEventListener(kind, taken, { capture: true });
}
