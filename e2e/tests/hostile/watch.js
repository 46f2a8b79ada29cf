// Before any script of a page: whatever runs that should not, and whatever the page complains of, is written down.
window.hits = [];
window.hit = (what) => window.hits.push(`a script ran: ${what}`);
for (const name of ['alert', 'confirm', 'prompt', 'print', 'open']) window[name] = () => window.hit(name);
addEventListener('securitypolicyviolation', (event) => hits.push(`policy: ${event.violatedDirective} ${event.sourceFile}`));
addEventListener('error', (event) => event.message && hits.push(`error: ${event.message}`));
addEventListener('unhandledrejection', (event) => hits.push(`rejected: ${event.reason}`));
const complain = console.error;
console.error = (...words) => { hits.push(`console: ${words.join(' ').slice(0, 400)}`); complain(...words); };
// A field that asks when the typing has rested asks at once.
const later = window.setTimeout;
window.setTimeout = (call, ms, ...rest) => later(call, ms >= 150 && ms <= 300 ? 1 : ms, ...rest);
// How many requests were answered that ask, and that change something.
window.fetched = { asking: 0, changing: 0 };
const ask = window.fetch;
window.fetch = (request, ...rest) => {
  const kind = (request.method ?? rest[0]?.method ?? 'GET') === 'GET' ? 'asking' : 'changing';
  return ask(request, ...rest).finally(() => { fetched[kind] += 1; });
};
