// Orders and events of this site, told to the network where its links were posted.
// Before majlis.consent(true) nothing is stored and nothing is sent. No cookies; what is stored stays in this site's own storage.
(() => {
  const me = document.currentScript, { goal = "", shop = "", months = 6 } = me.dataset, KEY = "majlis";
  const to = `${new URL(me.src).origin}/facts/conversions`;
  const came = new URLSearchParams(location.search).get("mj");
  const waiting = [];
  let kept = {};
  try { kept = JSON.parse(localStorage.getItem(KEY)) || {}; } catch { /* no storage: for this page only */ }
  const keep = () => { try { localStorage.setItem(KEY, JSON.stringify(kept)); } catch { /* the same */ } };
  const token = () => (kept.yes && kept.mj && kept.until > Date.now() ? kept.mj : "");

  async function send(said) {
    if (!kept.yes) return new Promise((done) => waiting.push([said, done]));
    const body = JSON.stringify({ goal, mj: token(), ...said });
    for (let tries = 0; tries < 3; tries++) {
      try {
        const answer = await fetch(to, { method: "POST", body, mode: "cors", credentials: "omit", keepalive: true, referrerPolicy: "origin" });
        if (answer.status < 500) return answer.ok;
      } catch { /* no network, or refused: once more */ }
      await new Promise((done) => setTimeout(done, 2000 << tries));
    }
    return false;
  }

  // the token goes along with the order: as a field of a form, or as an attribute of Shopify's cart
  function hand() {
    for (const field of document.querySelectorAll('input[name="mj"]')) field.value = token();
    if (shop === "shopify" && came && token()) {
      fetch("/cart/update.js", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ attributes: { mj: token() } }) }).catch(() => {});
    }
  }

  function agreed() {
    kept.yes = 1;
    if (came && came !== kept.mj) Object.assign(kept, { mj: came, until: Date.now() + Math.min(+months || 6, 24) * 2629800000 });
    keep();
    hand();
    for (const [said, done] of waiting.splice(0)) send(said).then(done);
  }

  const majlis = {
    consent(yes) {
      if (yes) return agreed();
      kept = {};
      waiting.length = 0;
      try { localStorage.removeItem(KEY); } catch { /* there was nothing */ }
      for (const field of document.querySelectorAll('input[name="mj"]')) field.value = "";
    },
    order: ({ id, value, currency, promo_code }) => send({ id, value, currency, promo_code }),
    event: (event, more = {}) => send({ event, id: more.id || crypto.randomUUID(), value: more.value, currency: more.currency }),
    token,
    push: (...calls) => calls.forEach(([name, ...given]) => majlis[name](...given)),
  };
  const before = window.majlis;
  window.majlis = majlis;
  const start = () => { if (kept.yes) agreed(); };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start); else start();
  if (Array.isArray(before)) majlis.push(...before);
})();
