// The wire view: every callback and every API call as sent, decrypted, with its result.

import { $, h, call, quiet } from './base.js';

let exchanges = [];
let filter = 'all';
const filters = { all: '全部', callback: '回调', api: '接口', bad: '失败' };

// loadWire fetches everything; what the stream brings meanwhile is newer than the answer.
export async function loadWire() {
  exchanges = [];
  const fetched = (await quiet(call('GET', '/sim/wire'))) || [];
  const newer = new Map(exchanges.map((e) => [e.id, e]));
  exchanges = fetched.filter((e) => !newer.has(e.id)).concat(exchanges).sort((a, b) => a.id - b.id);
  drawTools();
  drawAll();
}

// upsertWire adds an exchange, or replaces the pending one.
export function upsertWire(e) {
  const at = exchanges.findIndex((x) => x.id === e.id);
  if (at >= 0) exchanges[at] = e; else exchanges.push(e);
  exchanges = exchanges.slice(-400);
  const old = document.querySelector(`.wire-item[data-id="${e.id}"]`);
  if (!passes(e)) { if (old) old.remove(); return; }
  const item = draw(e);
  if (old) { item.open = old.open; old.replaceWith(item); } else {
    const list = $('wire-list');
    if (list.firstElementChild && list.firstElementChild.className === 'empty') list.replaceChildren();
    list.prepend(item);
    while (list.children.length > 200) list.lastElementChild.remove();
  }
}

function passes(e) {
  if (filter === 'all') return true;
  if (filter === 'bad') return !e.ok && !e.pending;
  return e.direction === filter;
}

function drawTools() {
  const pick = (key) => () => { filter = key; drawTools(); drawAll(); };
  $('wire-tools').replaceChildren(
    ...Object.entries(filters).map(([key, name]) => h('button', { className: key === filter ? 'chip on' : 'chip', onclick: pick(key) }, name)),
    h('span', { className: 'grow' }), h('button', { className: 'chip', id: 'wire-clear', onclick: () => quiet(call('DELETE', '/sim/wire')) }, '清空'));
}

function drawAll() {
  const list = exchanges.filter(passes).slice(-200).reverse().map(draw);
  $('wire-list').replaceChildren(...(list.length ? list : [h('p', { className: 'empty' }, '还没有往来。在手机上关注、点菜单、发消息，或让公众号调用接口，这里就会出现。')]));
}

function result(e) {
  if (e.pending) return '等待应答…';
  if (e.errcode) return `errcode ${e.errcode}`;
  if (!e.status) return e.ok ? '' : '无应答';
  return `${e.status}　${e.ms} ms`;
}

function draw(e) {
  const classes = ['wire-item', e.direction, e.pending ? 'pending' : e.ok ? '' : 'bad'];
  const direction = e.direction === 'callback' ? '平台 → 公众号' : '公众号 → 平台';
  const title = e.attempt > 1 ? `${e.title}（第 ${e.attempt} 次）` : e.title;
  const path = (e.url || '').replace(/^https?:\/\/[^/]+/, '').replace(/\?.*/, '');
  const item = h('details', { className: classes.join(' ').trim(), data: { id: String(e.id) } },
    h('summary', {}, h('span', { className: 'dir' }, direction), h('b', {}, title), h('span', { className: 'result' }, result(e)),
      h('span', { className: 'sub' }, h('span', { className: 'path' }, e.note ? e.note : `${e.method} ${path}`), h('span', {}, e.at.slice(11, 19)))));
  item.addEventListener('toggle', () => { if (item.open && item.children.length === 1) item.append(detail(e)); });
  if (item.open) item.append(detail(e));
  return item;
}

function detail(e) {
  const part = (name, text) => (text ? [h('h3', {}, name), h('pre', {}, text)] : []);
  const cipher = e.request_clear && e.request && e.request !== e.request_clear;
  return h('div', { className: 'wire-detail' },
    e.note ? h('p', { className: 'about' }, e.note) : '', e.rid ? h('p', { className: 'about' }, `rid ${e.rid}`) : '',
    ...part('地址', e.url ? `${e.method} ${e.url}` : ''),
    ...part(cipher ? '请求（解密后）' : '请求', e.request_clear || tidy(e.request)),
    ...(cipher ? part('请求（实际发送）', e.request) : []),
    ...part(e.response_clear && e.response_clear !== e.response ? '应答（解密后）' : '应答', e.response_clear || tidy(e.response)),
    ...(e.response_clear && e.response_clear !== e.response ? part('应答（实际收到）', e.response) : []));
}

function tidy(text) {
  try { return JSON.stringify(JSON.parse(text), null, 2); } catch { return text; }
}
