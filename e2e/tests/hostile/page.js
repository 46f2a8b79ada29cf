// What a person does in the app, quickly: each of these puts texts through a field and returns what is wrong with what it sees.
const $ = (css) => document.querySelector(css);
const all = (css) => [...document.querySelectorAll(css)];
const pause = (ms = 4) => new Promise((done) => setTimeout(done, ms));
const until = async (look, what, patience_ms = 15_000) => {
  for (const end = performance.now() + patience_ms; performance.now() < end; await pause()) {
    const found = look();
    if (found) return found;
  }
  throw new Error(`it never came: ${typeof what === 'function' ? what() : what}`);
};
const put = (field, text) => {
  field.value = text;
  field.dispatchEvent(new InputEvent('input', { bubbles: true }));
};
const press = (field, key) => field.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
const short = (text) => JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);

// White space as the server knows it (Unicode, White_Space), which a script's own \s does not.
const SPACES = /[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/gu;
const tidy = (text) => text.toWellFormed().replace(SPACES, ' ').replace(/^ | $/g, '').normalize('NFC');

// What is left of a text without what markup takes away, and without what the browser breaks lines at.
const bare = (text) => text.toWellFormed().replace(/[\s*_~`|[\]()<>#+.\-\d]/gu, '');
// Whether all of `part` stands in `whole`, in its order.
const within = (part, whole) => {
  let at = 0;
  for (const c of part) {
    at = whole.indexOf(c, at) + c.length;
    if (at < c.length) return false;
  }
  return true;
};
// What a message shows, without the names and buttons of code.
const shown = (element) => {
  let text = '';
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_ALL, (node) =>
    node.nodeType === 1 && node.matches('.code-head, .unseen') ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT);
  while (walker.nextNode()) if (walker.currentNode.nodeType === 3) text += walker.currentNode.data;
  return text;
};
// What was said is shown: all of it where no link hides its address and no list its marks.
const shows = (element, text) => {
  const [seen, said] = [bare(shown(element)), bare(text)];
  const hides = /\]\(|^\s*(-|\d+[.)]|```)/m.test(text);
  return (hides ? within(seen, said) : seen === said) ? [] : [`${short(text)} is shown as ${short(shown(element))}`];
};

// Whether the page is as the app made it: no element, attribute or address that only a text could have brought, and nothing
// that moves it sideways.
const sane = () => {
  const wrong = hits.splice(0);
  const elements = 'script:not([src^="/assets/"]), style, iframe, object, embed, base, meta[http-equiv], math, form[action^="j" i], template, xmp';
  wrong.push(...all(elements).map((one) => `there is ${one.outerHTML.slice(0, 200)}`));
  const mine = new Set(['--ratio', '--wide', 'height']);
  for (const one of all('*')) {
    for (const { name, value } of one.attributes) {
      if (name.startsWith('on') || ['srcdoc', 'formaction', 'ping'].includes(name)) wrong.push(`${one.tagName} has ${name}`);
      if (['href', 'src', 'action', 'xlink:href'].includes(name) && !/^(https?:|mailto:|blob:|\/|#)/.test(value)) {
        wrong.push(`${one.tagName} goes to ${short(value)}`);
      }
      if (name === 'style' && [...one.style].some((style) => !mine.has(style))) wrong.push(`${one.tagName} has style ${value}`);
    }
  }
  for (const link of all('.message-text a')) {
    if (!['http:', 'https:', 'mailto:'].includes(link.protocol) || link.rel !== 'noopener noreferrer nofollow') {
      wrong.push(`${link.outerHTML.slice(0, 200)}`);
    }
  }
  for (const box of [document.documentElement, document.body, $('.scroller')].filter(Boolean)) {
    if (box.scrollWidth <= box.clientWidth) continue;
    const far = [...box.querySelectorAll('*')].filter((one) => one.getBoundingClientRect().right > box.getBoundingClientRect().right + 1);
    const widest = far.filter((one) => !far.some((other) => one !== other && one.contains(other))).map((one) => `${one.tagName}.${one.className} ${short(one.textContent)}`);
    wrong.push(`${box.tagName}.${box.className} scrolls sideways by ${box.scrollWidth - box.clientWidth}: ${widest.slice(0, 3)}`);
  }
  if (Object.prototype.admin !== undefined || Object.prototype.x !== undefined) wrong.push('a prototype was changed');
  if (!$('#composer textarea, .welcome, #nick, main:is(.card, .plain, .landing)')) wrong.push('the page is gone');
  return wrong;
};

// What follows from an act is drawn with the next frame.
const drawn = async () => {
  await new Promise((done) => requestAnimationFrame(done));
  await pause(12);
};

const field = () => $('#composer textarea');
// One's own messages: others talk, too.
const said = () => all('.message[data-own=true]');
const kept = () => until(() => !$('.message[data-state=sending]'), 'the server keeps what was said');
// Sends what stands in the composer: whether it went.
const sends = async (text) => {
  put(field(), text);
  press(field(), 'Enter');
  await pause(0);
  // What cannot be seen may have been said all the same, and is drawn with the next frame: it is not the row of what comes next.
  if (field().value === '' && blank(text)) await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  if (field().value === '') return true;
  const why = await until(() => $('#composer-note[data-trouble]')?.textContent, 'why it was not said');
  if (!/[a-z]{3}.*\.$/.test(why) && !/characters too many$|^Write it like this: /.test(why)) throw new Error(`no words: ${why}`);
  put(field(), '');
  return false;
};
// Chooses from the menu of a message.
const chooses = async (row, label, brings = () => $('.answering')) => {
  const button = await until(() => row.querySelector('.message-more'), 'the menu\'s button');
  button.click();
  // What it shows is of this message with the page's next turn.
  await pause(0);
  const item = await until(
    () => $('#message-menu:popover-open') && all('#message-menu [role=menuitem]').find((one) => one.textContent === label),
    label,
  );
  item.click();
  return until(brings, `what ${label} brings`);
};

// Nothing in it can be seen.
const blank = (text) => !/[^\p{Cf}\p{Z}\p{Cn}\p{Cc}\s\u3164\u2800\u115f\u1160]/u.test(text.toWellFormed());

const says = async (texts) => {
  const wrong = [];
  for (const text of texts) {
    const before = said().length;
    // What cannot be seen is no message, and is not told off.
    if (!(await sends(text)) || blank(text)) continue;
    const row = await until(() => said().length > before && said().at(-1), () => `the message ${short(text)}`);
    wrong.push(...shows(row.querySelector('.message-text'), text));
  }
  await kept();
  return wrong;
};

const edits = async (texts) => {
  const wrong = [];
  const before = said().length;
  if (!(await sends('a stone to be changed'))) throw new Error('it is not said');
  // The message stands there with the page's next frame.
  await until(() => said().length > before, 'the message to be changed');
  // The server's word that it is kept may come before the message itself, which has its place.
  const seq = await until(() => said().at(-1).dataset.seq, 'its place');
  const row = () => $(`.message[data-seq="${seq}"]`);
  for (const text of texts) {
    await chooses(row(), 'Edit');
    put(field(), text);
    press(field(), 'Enter');
    await pause(0);
    if ($('.answering')) {
      await until(() => $('#composer-note[data-trouble]'), () => `why ${short(text)} is not taken`);
      press(field(), 'Escape');
      await until(() => !$('.answering'), 'the end of the change');
      continue;
    }
    await drawn();
    const wanting = () => shows(row().querySelector('.message-text'), text);
    await until(() => wanting().length === 0, 'the change').catch(() => null);
    wrong.push(...wanting());
  }
  return wrong;
};

const answers = async (texts) => {
  const wrong = [];
  for (const text of texts) {
    const [before, row] = [said().length, said().at(-1)];
    await chooses(row, 'Reply');
    const quote = $('.answering-what').textContent;
    if (!(await sends(text)) || blank(text)) {
      press(field(), 'Escape');
      await until(() => !$('.answering'), 'the end of the answer');
      continue;
    }
    await until(() => said().length > before, () => `the answer ${short(text)}`);
    await kept();
    const answer = said().at(-1);
    wrong.push(...shows(answer.querySelector('.message-text'), text));
    if (!answer.querySelector('.quote')) wrong.push(`the answer ${short(text)} has no quote of ${short(quote)}`);
  }
  return wrong;
};

// Opens a dialog by its button, does something, closes it by Escape's own way.
const inside = async (button, css, act) => {
  button.click();
  const dialog = await until(() => $(css)?.closest('dialog[open], :popover-open') && $(css), css);
  const result = await act(dialog);
  const box = dialog.closest('dialog, [popover]');
  if (box.matches('dialog')) box.close();
  else box.hidePopover();
  return result;
};
const labelled = (words) => all('button').find((one) => one.textContent.includes(words));

const searches = (texts) => inside($('#open-search'), '#search input', async (box) => {
  const wrong = [];
  const status = () => $('#search [role=status]').textContent;
  for (const text of texts) {
    put(box, text);
    await pause(8);
    await until(() => !/Searching/.test(status()), 'an answer');
    const found = all('#search .found-text');
    if (found.some((one) => one.querySelector(':not(mark)'))) wrong.push(`${short(text)} finds elements`);
    if (/fault|went wrong/i.test(status())) wrong.push(`${short(text)}: ${status()}`);
  }
  put(box, '');
  return wrong;
});

const trim = (text) => text.toWellFormed().replace(new RegExp(`^${SPACES.source}|${SPACES.source}$`, 'gu'), '');
const switches = (texts) => inside($('#open-switcher'), '#switcher input', async (box) => {
  const wrong = [];
  for (const text of texts) {
    put(box, text);
    await pause(0);
    const typed = trim(box.value);
    const lines = await until(() => !typed || all('#switcher .entry').length ? all('#switcher .entry bdi') : null, 'a line');
    if (typed && !lines.some((line) => line.textContent === `Search for “${typed}”`)) {
      wrong.push(`${short(text)} is not offered: ${lines.map((line) => short(line.textContent))}`);
    }
  }
  put(box, '');
  return wrong;
});

// Fields that only choose from what is there: nothing is drawn but words or entries.
const filters = async (texts) => {
  const ways = [
    [$('.composer [popovertarget=emoji-panel]'), '#emoji-panel input[type=search]'],
    [$('#new-chat'), '#people input[type=search]'],
    [labelled('Browse'), 'dialog[aria-labelledby=browse-title] input'],
  ];
  for (const [button, css] of ways) {
    await inside(button, css, async (box) => {
      for (const text of texts) {
        put(box, text);
        await pause(0);
      }
      await pause(20);
      put(box, '');
      await pause(8);
    });
  }
  return [];
};

// Does something that asks the server, and waits for the answer.
const asks = async (act, kind = 'changing') => {
  const before = fetched[kind];
  act();
  await until(() => fetched[kind] > before, 'an answer');
  await drawn();
};
const words = (text) => /[a-z]{3}.*\.$/.test(text);

// Rooms by their name: in the sidebar, and private ones. Whoever is let in sees the name as it is; whoever is not is told why.
const enters = async (texts, home) => {
  const wrong = [];
  const settles = async (box, trouble, text) => {
    const was = location.pathname;
    put(box, text);
    // A field of one line has its own way with what breaks lines; and a room has one name, however it is capitalised.
    const wanted = tidy(box.value).toLowerCase();
    await asks(() => box.form.requestSubmit());
    await until(() => location.pathname !== was || trouble(), () => `a word about the room ${short(text)}`);
    if (location.pathname === was) {
      if (!words(trouble())) wrong.push(`no words about the room ${short(text)}: ${short(trouble())}`);
      return;
    }
    const title = () => $('#room-name bdi')?.textContent;
    await until(() => title()?.toLowerCase() === wanted, () => `the room ${short(text)}`).catch((why) => wrong.push(`${why.message}, but ${short(title())}, at ${was} and then ${location.pathname}: ${trouble()}`));
  };
  for (const text of texts) {
    // Nothing is not sent.
    if (text.trim()) await settles($('#join-name'), () => $('#join-hint[data-trouble]')?.textContent ?? '', text);
    put($('#join-name'), '');
    labelled('Private').click();
    const box = await until(() => $('dialog[open] #new-room-name'), 'the dialog');
    await settles(box, () => $('#new-room-trouble').textContent, text);
    box.closest('dialog').close();
  }
  $(`.room-link[data-room-id="${home}"]`).click();
  await until(() => location.pathname === `/rooms/${home}` && field(), 'the room one came from');
  return wrong;
};

// Members are brought into a private room by name.
const brings = async (texts, home) => {
  const wrong = [];
  labelled('Private').click();
  const name = await until(() => $('dialog[open] #new-room-name'), 'the dialog');
  put(name, 'closed');
  await asks(() => name.form.requestSubmit());
  await inside(await until(() => $('.members-button'), 'the members'), '#add-member', async (box) => {
    for (const text of texts) {
      put(box, text);
      await asks(() => box.form.requestSubmit());
      const told = () => $('#add-member-said').textContent;
      await until(() => words(told()), () => `a word about bringing in ${short(text)}, but ${short(told())}`);
    }
  });
  $(`.room-link[data-room-id="${home}"]`).click();
  await until(() => location.pathname === `/rooms/${home}` && field(), 'the room one came from');
  return wrong;
};

// A form that waits for an answer takes no other.
const rests = (css) => until(() => !$(`${css} [type=submit][aria-disabled=true]`), `the end of a try in ${css}`);

// What one tells of oneself: each text in every field that is long enough for it.
const tells = async (texts) => {
  const wrong = [];
  const open = async () => {
    // What is told now is asked for each time.
    if (!$('#profile[open]')) await asks(() => $('#edit-profile').click(), 'asking');
    await until(() => $('#profile[open] #profile-display'), 'the profile');
  };
  for (const text of texts) {
    await open();
    const fields = [['#profile-display', 48], ['#profile-status', 80], ['#profile-about', 160]];
    const fit = fields.filter(([, most]) => [...text].length <= most);
    for (const [css] of fields) put($(css), fit.some(([name]) => name === css) ? text : '');
    if (fit.length === 0) put($('#profile-about'), text);
    const typed = $('#profile-display').value;
    await asks(() => $('#profile form').requestSubmit());
    await rests('#profile');
    const told = () => $('#profile>.trouble').textContent;
    await until(() => !$('#profile[open]') || told(), () => `a word about ${short(text)}`);
    if ($('#profile[open]')) {
      if (!words(told())) wrong.push(`no words about ${short(text)}: ${short(told())}`);
    } else if (fit.length === 3 && !blank(text)) {
      const called = () => $('.account-name').textContent;
      await until(() => called() === tidy(typed), () => `the name ${short(tidy(typed))}, but ${short(called())}`);
    }
  }
  $('#profile').close();
  return wrong;
};

// Files called so.
const attaches = async (texts) => {
  const carried = new DataTransfer();
  for (const text of texts) carried.items.add(new File([`file ${text}`], text, { type: 'text/html' }));
  const names = [...carried.files].map((file) => file.name.toWellFormed());
  const [box, wrong] = [$('#files'), []];
  box.files = carried.files;
  box.dispatchEvent(new Event('change', { bubbles: true }));
  const stages = () => all('.tray-stage').map((stage) => stage.textContent);
  await until(() => stages().length === names.length && stages().every((stage) => !/waiting|uploading/.test(stage)), () => `the files: ${stages()}`);
  for (const [index, item] of all('.tray-item').entries()) {
    const name = item.querySelector('.tray-name').textContent;
    if (name !== names[index]) wrong.push(`the file ${short(names[index])} is called ${short(name)}`);
    const stage = item.querySelector('.tray-stage').textContent;
    if (item.dataset.failed && !words(stage)) wrong.push(`no words about the file ${short(name)}: ${stage}`);
  }
  for (let item; (item = $('.tray-item[data-failed]')); await pause()) item.querySelector('.round').click();
  const count = all('.tray-item').length;
  if (count === 0) return wrong;
  press(field(), 'Enter');
  await until(() => said().at(-1).querySelectorAll('.file').length === count, () => `the message with ${count} files: ${said().at(-1).outerHTML.slice(0, 300)}`);
  await kept();
  return wrong;
};

// Words behind a slash: what one does, a vote, what is to be said later, what the room is about.
const commands = async (texts) => {
  const wrong = [];
  const shows_part = (element, text) => {
    if (!element) wrong.push(`${short(text)} is not what it should be`);
    // What is quoted may be cut.
    else if (!within(bare(shown(element).replace(/…$/, '')), bare(text))) wrong.push(`${short(text)} is shown as ${short(shown(element))}`);
  };
  const next = async (text) => {
    const before = said().length;
    return (await sends(text)) && until(() => said().length > before && said().at(-1), () => `the message ${short(text)}`);
  };
  for (const text of texts) {
    if (!blank(text)) {
      const does = await next(`/me ${text}`);
      // Halves of two characters must not become one.
      const whole = text.toWellFormed();
      if (does) shows_part(does.querySelector('.message-action'), $('.account-name').textContent + whole);
      const asks = await next(`/poll ${text} | ${text} | ${text}`);
      if (asks) shows_part(asks.querySelector('.poll'), `${whole}${whole}${whole}0 0 0 Nobody has voted yet`);
    }
    put(field(), `/later ${text}`);
    press(field(), 'Enter');
    const plan = await until(() => $('#plan[open]') || $('#composer-note[data-trouble]')?.textContent, `what is to be said later: ${short(text)}`);
    if (plan.matches) {
      const quote = plan.querySelector('blockquote');
      if (quote?.firstElementChild) wrong.push(`${short(text)} is quoted with elements`);
      if (quote) shows_part(quote, text);
      plan.close();
      await until(() => !$('#plan[open]'), 'the end of the plan');
    } else if (!words(plan) && !/too many$/.test(plan)) wrong.push(`no words about a plan of ${short(text)}: ${plan}`);
    put(field(), '');
    // Others change it meanwhile.
    const before = fetched.changing;
    put(field(), `/topic ${text}`);
    press(field(), 'Enter');
    await until(() => fetched.changing > before || $('#composer-note[data-trouble]'), () => `an answer about the topic ${short(text)}`);
    await pause(12);
    if ($('.room-about')?.firstElementChild) wrong.push(`${short(text)} is a topic with elements`);
    put(field(), '');
  }
  await kept();
  return wrong;
};

// Where a message is passed on to.
const forwards = async (texts) => {
  const box = await chooses(said().at(-1), 'Forward…', () => $('#gathered[open] input[type=search]'));
  for (const text of texts) {
    put(box, text);
    await pause(0);
  }
  box.closest('dialog').close();
  await until(() => !$('#gathered[open]'), 'the end of forwarding');
  return [];
};

// Addresses of the app, and what stands behind their #.
const visits = async (texts, home) => {
  const encode = (text) => encodeURIComponent(text.toWellFormed()).slice(0, 4_000);
  const go = async (path) => {
    history.pushState(null, '', path);
    dispatchEvent(new PopStateEvent('popstate'));
    await pause(0);
  };
  for (const text of texts.map(encode)) {
    await go(`/rooms/${text}`);
    await go(`/rooms/${home}/messages/${text}`);
    await go(`/rooms/${home}#${text}`);
  }
  await go(`/rooms/${home}`);
  await until(field, 'the room');
  return [];
};

// Goes into an instant room under this name, and says it, too.
const meets = async (text) => {
  const wrong = [];
  put(await until(() => $('#nick'), 'the doorstep'), text);
  $('#enter').requestSubmit();
  const way = await until(() => ($('.stage[data-line=here]') ? 'in' : $('#enter .trouble')?.textContent), 'the room, or a word');
  if (way !== 'in') return words(way) ? [] : [`no words about the nickname ${short(text)}: ${short(way)}`];
  const lines = () => all('.rows [data-row], .rows .message');
  const before = lines().length;
  put(field(), text);
  press(field(), 'Enter');
  await pause(0);
  if (field().value !== '') {
    const why = $('#composer-note').textContent;
    return words(why) ? [] : [`no words about ${short(text)}: ${short(why)}`];
  }
  if (/[^\p{Cf}\p{Z}\p{Cn}\p{Cc}\u3164\u2800\u115f\u1160]/u.test(text.toWellFormed())) {
    const line = await until(() => lines().length > before && lines().at(-1), () => `the line ${short(text)}`);
    if (!line.textContent.includes(text.toWellFormed().replace(/\r\n?/g, '\n').trimEnd())) wrong.push(`${short(text)} is shown as ${short(line.textContent)}`);
  }
  return wrong;
};

// Reads a room from its end to its beginning.
const reads = async () => {
  const box = $('.scroller');
  await until(() => { box.scrollTop = 0; return /begins/.test($('.past')?.textContent); }, 'the beginning', 90_000);
};

// Looks at who is in the room, and at one of them more closely.
const meets_members = async () => {
  $('.members-button').click();
  await until(() => all('dialog[open] .people li').length > 3, 'the members');
  for (const name of all('dialog[open] .people .author, dialog[open] .people button').slice(0, 10)) {
    name.click();
    await until(() => $('.person-card:popover-open'), 'the card').catch(() => null);
    $('.person-card:popover-open')?.hidePopover();
  }
  $('dialog[open]').close();
};

// Puts each text beside one's status, where an emoji belongs.
const signs = async (texts) => {
  const wrong = [];
  // It is of the part that comes when the page has come to rest.
  const way = await until(() => $('#edit-profile'), 'the way to the profile');
  for (const text of texts) {
    if (!$('#profile[open]')) await asks(() => way.click(), 'asking');
    await until(() => $('#profile[open] #profile-emoji'), 'the profile');
    put($('#profile-status'), 'here');
    put($('#profile-emoji'), text);
    const before = fetched.changing;
    $('#profile form').requestSubmit();
    // What changes nothing asks nobody.
    await until(() => !$('#profile[open]') || fetched.changing > before, () => `an answer about the emoji ${short(text)}`);
    await drawn();
    await rests('#profile');
    const told = () => $('#profile>.trouble').textContent;
    await until(() => !$('#profile[open]') || told(), () => `a word about the emoji ${short(text)}`);
    if ($('#profile[open]') && !words(told())) wrong.push(`no words about the emoji ${short(text)}: ${short(told())}`);
  }
  $('#profile').close();
  return wrong;
};

// Puts each text where an emoji of the server's own gets its name. Whatever is one is refused for the picture.
const names_emoji = async (texts) => {
  const wrong = [];
  const dialog = await until(() => $('#own-emoji'), 'the dialog');
  dialog.showModal();
  await pause(12);
  const field = $('#own-emoji-file');
  const carried = new DataTransfer();
  carried.items.add(new File(['no picture'], 'x.png', { type: 'image/png' }));
  field.files = carried.files;
  field.dispatchEvent(new Event('change', { bubbles: true }));
  for (const text of texts) {
    put($('#own-emoji-name'), text);
    await pause(0);
    $('#own-emoji form').requestSubmit();
    const told = () => $('#own-emoji .trouble').textContent;
    await until(told, () => `a word about the name ${short(text)}`);
    if (!words(told())) wrong.push(`no words about the name ${short(text)}: ${short(told())}`);
  }
  dialog.close();
  return wrong;
};

// Makes an account in an instant room: whether it was made, and what is wrong.
const joins_from_inside = async (text, turn) => {
  if (!$('#nick') && !$('#become-member')) await until(() => $('#nick, #become-member'), 'the doorstep');
  if ($('#nick')) {
    put($('#nick'), `mallory${turn}`);
    $('#enter').requestSubmit();
  }
  (await until(() => $('#become-member'), () => `the way to an account: ${document.body.innerText.slice(0, 300)}`)).click();
  put(await until(() => $('#account[open] #username'), 'the form'), text);
  put($('#account #password'), `two stones ${text}`);
  await pause(0);
  // What a browser itself would hold back is sent, too.
  $('#account form').noValidate = true;
  await asks(() => $('#account form').requestSubmit());
  const told = () => $('#account .trouble')?.textContent ?? '';
  await until(() => $('#to-rooms') || told(), () => `a word about the account ${short(text)}`);
  const wrong = $('#to-rooms') || words(told()) ? [] : [`no words about the account ${short(text)}: ${short(told())}`];
  return [$('#to-rooms') ? 'in' : 'out', ...wrong];
};
