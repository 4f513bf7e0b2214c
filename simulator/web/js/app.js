// Starts the page and keeps it up to date by server-sent events.

import { $, state, call, quiet, me, tap, setNow, showTab } from './base.js';
import { showChat, addBubble, showTyping } from './chat.js';
import { drawBar, resetBar } from './bar.js';
import { showFollow, hideProfile, showProfile, showList, show, refreshProfile, closeArticle, openLink } from './screens.js';
import { drawBanner } from './ask.js';
import { drawPlatform, drawCitizens, tick } from './platform.js';
import { loadWire, upsertWire, drawWireTools } from './wire.js';

let asked = 0;
async function loadState() {
  const question = ++asked;
  const fresh = await quiet(call('GET', '/phone/state'));
  if (!fresh || question !== asked) return; // a later answer is on its way
  Object.assign(state, fresh);
  setNow(fresh.now);
  if (!me()) state.me = (state.citizens[0] || {}).id || '';
  const phone = document.title;
  if (phone !== state.account.name) document.title = `${state.account.name} · 微信模拟手机`;
  $('notice').textContent = state.notice;
  $('notice').hidden = !state.notice;
  drawPlatform(pick);
  drawBar();
  drawBanner();
  showPlace();
}

// showPlace puts the follow screen up or takes it down.
function showPlace() {
  const shown = !$('profile-screen').hidden && $('profile-screen').dataset.view === 'follow';
  if (!me().followed) { closeArticle(); showFollow(); } else if (shown) hideProfile();
}

async function pick(id) {
  if (id !== state.me) {
    state.me = id;
    state.scanned = null;
    state.article = '';
    remember(id);
    closeArticle();
    hideProfile();
    for (const screen of ['list-screen', 'ask-screen', 'dialog-screen']) show(screen, false);
    resetBar();
  }
  await loadChat();
  drawCitizens(pick);
  drawWireTools();
  showPlace();
  showTab('phone');
}

function remember(id) { try { sessionStorage.setItem('citizen', id); } catch { /* private mode */ } }
function remembered() { try { return sessionStorage.getItem('citizen') || ''; } catch { return ''; } }

// loadChat fetches the chat; bubbles that the stream brings meanwhile are added after it.
let meanwhile = [];
async function loadChat() {
  const id = state.me;
  meanwhile = [];
  const chat = await quiet(call('GET', '/phone/chat?citizen=' + encodeURIComponent(id)));
  if (!chat || id !== state.me) return;
  showChat(chat.bubbles);
  for (const b of meanwhile) addBubble(b);
  showTyping(chat.typing);
  me().unread = 0;
  quiet(tap('read'));
}

function arrived(b) {
  const person = state.citizens.find((c) => c.id === b.citizen);
  if (!person) return;
  person.last = b.line;
  person.at = b.at;
  if (b.citizen === state.me) {
    meanwhile.push(b);
    addBubble(b);
    if (b.from === 'account') quiet(tap('read'));
  } else if (b.from === 'account') person.unread += 1;
  drawCitizens(pick);
}

async function loadAll() {
  await loadState();
  if (state.me) await loadChat();
  await loadWire();
}

function listen() {
  const events = new EventSource('/phone/events');
  let first = true;
  const on = (name, act) => events.addEventListener(name, (e) => act(JSON.parse(e.data)));
  on('bubble', arrived);
  on('wire', upsertWire);
  on('typing', (t) => { if (t.citizen === state.me) showTyping(t.on); });
  on('control', loadState);
  on('account', async () => {
    const before = me() && me().followed;
    await loadState();
    if (before !== me().followed) loadChat();
  });
  on('articles', refreshProfile);
  on('reload', loadAll);
  events.addEventListener('open', () => { if (!first) loadAll(); first = false; });
}

$('citizen-switch').addEventListener('change', (e) => pick(e.target.value));
$('articles-open').addEventListener('click', showProfile);
$('chat-back').addEventListener('click', showList);
for (const button of document.querySelectorAll('[data-open]')) {
  button.addEventListener('click', () => showTab(button.dataset.open));
}

const asks = new URLSearchParams(location.search);
state.me = asks.get('citizen') || remembered();
showTab('phone');
listen();
await loadAll();
if (asks.get('open')) openLink(asks.get('open'));
document.body.dataset.ready = 'yes';
setInterval(tick, 1000);
