// The server learns the time zone of a member's browser, in which it then tells and takes exact times.
const YEAR = 365 * 24 * 3600;

export function zone() {
  const entering = location.pathname.startsWith("/accounts/");
  if (!("signedIn" in document.body.dataset || entering)) return;
  const name = Intl.DateTimeFormat().resolvedOptions().timeZone ?? "";
  if (!/^[A-Za-z0-9_+/-]{1,64}$/.test(name)) return;
  if (document.cookie.split("; ").includes(`majlis_time_zone=${name}`)) return;
  const secure = location.protocol === "https:" ? "; secure" : "";
  document.cookie = `majlis_time_zone=${name}; path=/; max-age=${YEAR}; samesite=lax${secure}`;
}
