// What pages do beyond links and forms: ages tick, copies copy, the keyboard moves, charts are read out, and live regions follow the estate.
// Everything works without it. No dependency; keep it under 200 lines.
const $ = (selector, root = document) => root.querySelector(selector);
const all = (selector, root = document) => [...root.querySelectorAll(selector)];

// Ages. The server's clock counts: the difference to ours is taken once.
const skew = Number(document.body.dataset.now) - Date.now();
function age(seconds) { // the rules of Figures.Age
  if (seconds < 1) return 'just now';
  if (seconds < 60) return `${Math.floor(seconds)} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 172800) return `${Math.floor(seconds / 3600)} h ago`;
  return `${Math.floor(seconds / 86400)} d ago`;
}
function tell(root = document) {
  const now = Date.now() + skew;
  for (const time of all('time[data-age]', root)) {
    const text = age((now - Date.parse(time.dateTime)) / 1000);
    if (time.textContent !== text) time.textContent = text;
  }
}
setInterval(() => document.hidden || tell(), 1000);

// Theme: a cookie, so that the server draws the next page in it.
function wear(theme) {
  document.cookie = `gantry-theme=${theme}; path=/; max-age=31536000; samesite=lax`;
  document.documentElement.dataset.theme = theme;
  $('meta[name="color-scheme"]').content = theme === 'system' ? 'light dark' : theme;
  for (const choice of all('[data-theme-choice]')) choice.setAttribute('aria-pressed', String(choice.value === theme));
}

document.addEventListener('click', event => {
  const choice = event.target.closest('[data-theme-choice]');
  if (choice) { event.preventDefault(); wear(choice.value); }
  const copy = event.target.closest('[data-copy]');
  if (copy) copyFrom(copy);
});
async function copyFrom(button) {
  const text = $('[data-copy-text]', button.closest('[data-copyable]')), state = $('[data-copy-state]', button), before = state.textContent;
  if (button.disabled) return;
  button.disabled = true; // until the answer is gone
  try {
    await navigator.clipboard.writeText(text.textContent);
    state.textContent = 'Copied';
  } catch { // no secure context: select it, so that one key copies
    getSelection().selectAllChildren(text);
    state.textContent = 'Press Ctrl+C';
  }
  setTimeout(() => { state.textContent = before; button.disabled = false; }, 1500);
}

// Keyboard.
let going = 0;
const places = { h: '/', j: '/journeys', s: '/services', o: '/hosts', f: '/findings', a: '/agents', p: '/pipelines', m: '/sampling', u: '/audit' };
document.addEventListener('keydown', event => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const typing = event.target.closest('input, textarea, select');
  if (typing) { if (event.key === 'Escape') typing.blur(); return; }
  if (Date.now() - going < 1200 && places[event.key]) { location.href = places[event.key]; return; }
  going = event.key === 'g' ? Date.now() : 0;
  if (event.key === '/' && $('[data-filter]')) { event.preventDefault(); $('[data-filter]').select(); }
  else if (event.key === '?') $('#keys').togglePopover();
  else if (event.key === 'j' || event.key === 'k') step(event.key === 'j' ? 1 : -1);
});
function step(by) {
  const links = all('[data-row] a.row-link'), at = links.findIndex(link => link.closest('[data-row]').contains(document.activeElement));
  const next = links[at < 0 ? (by > 0 ? 0 : links.length - 1) : Math.min(Math.max(at + by, 0), links.length - 1)];
  if (next) { next.focus(); next.closest('[data-row]').scrollIntoView({ block: 'nearest' }); }
}

// Editors: what is typed is checked a moment later, as the Check button would. The answer is text and stays text.
for (const form of all('form[data-check]')) {
  let wait, turn = 0;
  form.addEventListener('input', () => { clearTimeout(wait); wait = setTimeout(async () => {
    const mine = ++turn, out = $('[data-check-out]', form), body = new URLSearchParams(new FormData(form));
    const text = await fetch(form.dataset.check, { method: 'POST', body }).then(answer => answer.text(), () => 'The hub does not answer; this text is not checked.');
    if (mine === turn) out.textContent = text;
  }, 400); });
}

// Charts: what is under the pointer, in words. The same units as ChartUnits.
const short = value => value >= 1000 ? Math.round(value).toLocaleString('en') : String(+value.toPrecision(3));
const units = {
  share: v => `${short(v * 100)} %`,
  seconds: v => v < 0.001 ? `${short(v * 1e6)} µs` : v < 1 ? `${short(v * 1e3)} ms` : `${short(v)} s`,
  bytes: v => v < 1e3 ? `${short(v)} B/s` : v < 1e6 ? `${short(v / 1e3)} kB/s` : v < 1e9 ? `${short(v / 1e6)} MB/s` : `${short(v / 1e9)} GB/s`,
  requests: v => `${short(v)} req/s`,
  persecond: v => `${short(v)} /s`,
  count: v => short(v),
};
document.addEventListener('pointermove', event => {
  const plot = event.target.closest?.('[data-chart]');
  for (const hot of all('[data-chart][data-hot]')) if (hot !== plot) cool(hot);
  if (plot) read(plot, event.clientX);
});
function cool(plot) { delete plot.dataset.hot; $('.readout', plot.parentElement).textContent = ''; }
function read(plot, clientX) {
  const { x, y, names, unit, from, to } = plot.dataset, box = $('.stretch', plot).getBoundingClientRect();
  if (!x) return;
  const xs = x.split(' ').map(Number), aim = (clientX - box.left) / box.width * 1000;
  let near = 0;
  for (let i = 1; i < xs.length; i++) if (Math.abs(xs[i] - aim) < Math.abs(xs[near] - aim)) near = i;
  const at = new Date(Number(from) + xs[near] / 1000 * (to - from)).toISOString().slice(11, 19);
  const values = y.split('|').map((series, i) => {
    const value = series.split(' ')[near];
    return `${names.split('|')[i]} ${value === '-' || value === undefined ? '–' : units[unit](Number(value))}`;
  });
  const cursor = $('.cursor', plot);
  cursor.setAttribute('x1', xs[near]);
  cursor.setAttribute('x2', xs[near]);
  plot.dataset.hot = '';
  $('.readout', plot.parentElement).textContent = [`${at} UTC`, ...values].join('   ');
}

// Live regions. New HTML is laid over the old node by node, so what did not change is not touched: focus, open details and popovers,
// scroll positions stay. A region in which text is selected waits until it is not.
const own = node => node.nodeType === 1 && node.hasAttribute('data-own');
const keyOf = node => node.nodeType === 1 ? node.dataset.key || node.id : '';
const kept = (node, name) => (name === 'open' && node.localName === 'details') || name === 'data-hot';
function lay(have, want) {
  if (own(have)) return;
  for (const { name, value } of want.attributes) if (!kept(have, name) && have.getAttribute(name) !== value) have.setAttribute(name, value);
  for (const { name } of [...have.attributes]) if (!want.hasAttribute(name) && !kept(have, name)) have.removeAttribute(name);
  if (!have.matches('time[data-age], [data-copy-state]')) layChildren(have, want);
}
function layChildren(parent, wanted) {
  const byKey = new Map();
  for (const child of parent.children) if (keyOf(child)) byKey.set(keyOf(child), child);
  let at = parent.firstChild;
  for (const want of [...wanted.childNodes]) {
    const key = keyOf(want);
    let have = key ? byKey.get(key) : undefined;
    if (have === at && at) at = at.nextSibling;
    else if (have) parent.insertBefore(have, at);
    else if (at && !key && !keyOf(at) && at.nodeName === want.nodeName) { have = at; at = at.nextSibling; }
    if (!have) parent.insertBefore(want, at);
    else if (have.nodeType === 1) lay(have, want);
    else if (have.data !== want.data) have.data = want.data;
  }
  while (at) { const next = at.nextSibling; at.remove(); at = next; }
}
const waiting = new Map();
function show(region, html) {
  const selection = getSelection();
  if (!selection.isCollapsed && selection.containsNode(region, true)) { waiting.set(region, html); return; }
  waiting.delete(region);
  const focused = document.activeElement, template = document.createElement('template');
  template.innerHTML = html;
  layChildren(region, template.content);
  tell(region);
  if (focused !== document.activeElement && focused?.isConnected) focused.focus({ preventScroll: true });
}
document.addEventListener('selectionchange', () => { for (const [region, html] of [...waiting]) show(region, html); });

// One stream per page, closed while nobody looks: browsers allow six connections to a host over HTTP/1.1, and tabs are many.
let stream, again;
function connect() {
  clearTimeout(again);
  if (stream || document.hidden || !document.body.dataset.liveUrl) return;
  stream = new EventSource(document.body.dataset.liveUrl);
  stream.onopen = () => say('Live', true);
  stream.onerror = () => {
    say('Paused, reconnecting', false);
    if (stream.readyState === EventSource.CLOSED) { stream = undefined; again = setTimeout(connect, 10000); } // refused: full, or gone
  };
  for (const region of all('[data-live]')) stream.addEventListener(region.dataset.live, event => show(region, event.data));
}
function close() { stream?.close(); stream = undefined; clearTimeout(again); }
function say(text, on) {
  const state = $('[data-live-state]');
  if (!state) return;
  if (state.textContent !== text) state.textContent = text;
  state.toggleAttribute('data-on', on);
}
document.addEventListener('visibilitychange', () => document.hidden ? close() : connect());
addEventListener('pagehide', close);
addEventListener('pageshow', event => { if (event.persisted) connect(); });
connect();
