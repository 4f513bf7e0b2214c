// The wire view: every callback and every API call as sent, decrypted, explained, with its result.

import { $, h, state, me, call, quiet, copyButton } from './base.js';

const kept = 400;
const shown = 200;
let exchanges = [];
let filter = 'all';
let search = '';
let mine = false; // only what concerns the citizen whose phone is shown
const filters = { all: '全部', callback: '回调', api: '接口', bad: '失败' };

// loadWire fetches everything; what the stream brings meanwhile is newer than the answer.
export async function loadWire() {
  exchanges = [];
  const fetched = (await quiet(call('GET', '/sim/wire'))) || [];
  const newer = new Map(exchanges.map((e) => [e.id, e]));
  exchanges = fetched.filter((e) => !newer.has(e.id)).concat(exchanges).sort((a, b) => a.id - b.id);
  drawWireTools();
  drawAll();
}

// upsertWire adds an exchange, or replaces the pending one.
export function upsertWire(e) {
  const at = exchanges.findIndex((x) => x.id === e.id);
  if (at >= 0) exchanges[at] = e; else exchanges.push(e);
  exchanges = exchanges.slice(-kept);
  $('wire-news').hidden = document.body.dataset.tab === 'wire';
  const old = document.querySelector(`.wire-item[data-id="${e.id}"]`);
  if (!passes(e)) { if (old) old.remove(); return; }
  const item = draw(e);
  if (old) { item.open = old.open; old.replaceWith(item); return; }
  const list = $('wire-list');
  if (list.firstElementChild && list.firstElementChild.className === 'empty') list.replaceChildren();
  list.prepend(item);
  while (list.children.length > shown) list.lastElementChild.remove();
}

function passes(e) {
  if (filter === 'bad' && (e.ok || e.pending)) return false;
  if ((filter === 'callback' || filter === 'api') && e.direction !== filter) return false;
  if (mine && !concerns(e, me())) return false;
  const words = search.toLowerCase();
  return !words || [e.title, e.url, e.note, e.rid, e.request, e.request_clear, e.response, e.response_clear].some((part) => (part || '').toLowerCase().includes(words));
}

const concerns = (e, person) => Boolean(person) && (e.citizen === person.id || (e.request || '').includes(person.openid));

const searchBox = h('input', { id: 'wire-search', type: 'search', placeholder: '查找内容、接口、rid', 'aria-label': '在线路里查找' });
searchBox.addEventListener('input', () => { search = searchBox.value.trim(); drawAll(); });

// drawWireTools draws what narrows the list down.
export function drawWireTools() {
  const chip = (id, name, on, act) => h('button', { className: on ? 'chip on' : 'chip', id, 'aria-pressed': String(on), onclick: act }, name);
  const pick = (key) => () => { filter = key; drawWireTools(); drawAll(); };
  const onlyMine = () => { mine = !mine; drawWireTools(); drawAll(); };
  const reveal = async () => {
    await quiet(call('PATCH', '/sim/settings', { show_identity: !state.settings.show_identity }));
    state.settings.show_identity = !state.settings.show_identity;
    loadWire();
  };
  const focused = document.activeElement === searchBox;
  $('wire-tools').replaceChildren(
    h('div', { className: 'tool-row', role: 'group', 'aria-label': '显示哪些' }, ...Object.entries(filters).map(([key, name]) => chip(`wire-${key}`, name, key === filter, pick(key))),
      chip('wire-mine', `只看${me() ? me().name : '此人'}`, mine, onlyMine)),
    h('div', { className: 'tool-row' }, searchBox, chip('wire-identity', state.settings.show_identity ? '遮盖证件号' : '显示证件号', false, reveal),
      chip('wire-clear', '清空', false, () => quiet(call('DELETE', '/sim/wire')))));
  if (focused) searchBox.focus();
}

function drawAll() {
  if (mine) drawMineName();
  const list = exchanges.filter(passes).slice(-shown).reverse().map(draw);
  const nothing = exchanges.length ? '没有符合条件的往来，换个条件看看。' : '还没有往来。在手机上关注、点菜单、发消息，或让公众号调用接口，这里就会出现。';
  $('wire-list').replaceChildren(...(list.length ? list : [h('p', { className: 'empty' }, nothing)]));
}

function drawMineName() { const chip = $('wire-mine'); if (chip && me()) chip.textContent = `只看${me().name}`; }

// result is the short outcome, with a class that colours it.
function result(e) {
  if (e.pending) return '等待应答…';
  if (e.errcode) return `errcode ${e.errcode}`;
  if (!e.status) return e.ok || !e.url ? '没有推送' : '没有应答';
  return e.ok ? '成功' : `HTTP ${e.status}`;
}

const took = (e) => (e.pending || (!e.status && !e.ms) ? '' : e.ms < 1 ? '<1 ms' : `${e.ms} ms`);
const path = (e) => (e.url || '').replace(/^https?:\/\/[^/]+/, '').replace(/\?.*/, '');

// gist is what was said and answered, for the folded line.
function gist(e) {
  const said = spoken(e.request_clear);
  const answered = spoken(e.response_clear);
  if (!e.ok || !(said || answered)) return '';
  return `${said ? `“${said}” ` : ''}→ ${answered ? `“${answered}”` : e.note || '没有回复'}`;
}

function spoken(text) {
  const m = /<Content><!\[CDATA\[([^]*?)\]\]>/.exec(text || '');
  return m ? m[1].replace(/\s+/g, ' ').slice(0, 60) : '';
}

function draw(e) {
  const classes = ['wire-item', e.direction, e.pending ? 'pending' : e.ok ? '' : 'bad'];
  const direction = e.direction === 'callback' ? '平台 → 公众号' : '公众号 → 平台';
  const retry = e.attempt > 1 ? h('i', { className: 'retry' }, `第 ${e.attempt} 次推送`) : '';
  const line = gist(e) || e.note || (e.meaning ? e.meaning.split('。')[0] : `${e.method} ${path(e)}`);
  const item = h('details', { className: classes.join(' ').trim(), data: { id: String(e.id), name: e.name } },
    h('summary', {}, h('span', { className: 'dir' }, direction), h('b', {}, e.title, retry), h('span', { className: 'result' }, result(e)),
      h('span', { className: 'sub' }, h('span', { className: e.note || e.meaning ? 'says' : 'path' }, line), h('span', {}, took(e)), h('span', {}, e.at.slice(11, 19)))));
  item.addEventListener('toggle', () => { if (item.open && item.children.length === 1) item.append(detail(e)); });
  if (item.open) item.append(detail(e));
  return item;
}

function detail(e) {
  const encrypted = (clear, raw) => Boolean(clear && raw && /<Encrypt>/.test(raw));
  const facts = [['时间', e.at.replace('T', ' ').slice(0, 19)], ['用时', took(e)], ['HTTP', e.status ? String(e.status) : ''], ['第几次', e.attempt ? `第 ${e.attempt} 次，最多 ${e.attempts || e.attempt} 次` : ''], ['rid', e.rid]];
  return h('div', { className: 'wire-detail' }, h('p', { className: 'about' }, e.about),
    e.meaning ? h('p', { className: 'meaning' }, h('b', {}, `errcode ${e.errcode}`), ' ', e.meaning) : '',
    e.note ? h('p', { className: e.ok ? 'about' : 'meaning' }, e.note) : '',
    h('dl', { className: 'facts' }, ...facts.filter(([, value]) => value).map(([name, value]) => h('div', {}, h('dt', {}, name), h('dd', {}, value)))),
    ...block(encrypted(e.request_clear, e.request) ? '请求（解密后）' : '请求', e.request_clear || tidy(e.request)),
    ...block(encrypted(e.response_clear, e.response) ? '应答（解密后）' : '应答', e.response_clear || tidy(e.response)),
    raw(e, encrypted));
}

// block is one body with its copy button.
function block(name, text) {
  if (!text) return [];
  return [h('div', { className: 'block-head' }, h('h3', {}, name), copyButton('复制', () => text)), h('pre', { tabIndex: 0, 'aria-label': name }, text)];
}

// raw is what went over the wire, byte for byte, folded away.
function raw(e, encrypted) {
  const parts = [...block(e.direction === 'callback' ? '地址和签名' : '地址', e.url ? `${e.method} ${e.url.replace(/([?&])/g, '\n  $1')}` : '')];
  if (e.request) parts.push(...block(encrypted(e.request_clear, e.request) ? '请求原文（加密）' : '请求原文', e.request));
  if (e.response && e.response !== (e.response_clear || tidy(e.response))) parts.push(...block(encrypted(e.response_clear, e.response) ? '应答原文（加密）' : '应答原文', e.response));
  if (!parts.length) return '';
  const curl = e.direction === 'api' && e.url ? copyButton('复制为 curl', () => asCurl(e)) : '';
  return h('details', { className: 'raw' }, h('summary', {}, '原文：实际收发的地址和内容'), curl, ...parts);
}

// asCurl is the call as a command; the token is masked and must be filled in.
function asCurl(e) {
  const address = (e.url.startsWith('http') ? e.url : location.origin + e.url).replace(/access_token=[^&]*/, 'access_token=$T');
  const body = e.method === 'GET' || !e.request ? '' : ` -d '${e.request.replaceAll("'", "'\\''")}'`;
  return `curl -s "${address}"${body}`;
}

function tidy(text) {
  try { return JSON.stringify(JSON.parse(text), null, 2); } catch { return text; }
}
