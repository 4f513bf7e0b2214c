// The chat: bubbles of one citizen, newest at the bottom.

import { $, h, icon, state, me, tap, quiet, portrait, accountPicture, chatTime, picture, local } from './base.js';
import { openLink, viewPicture } from './screens.js';
import { linked } from './text.js';

const pause = 5 * 60e3; // between two bubbles, before a time is shown
let last = 0;

export function showChat(bubbles) {
  last = 0;
  $('chat').replaceChildren();
  for (const b of bubbles) add(b);
  toEnd();
}

export function addBubble(b) {
  if (document.querySelector(`#chat [data-id="${b.id}"]`)) return;
  add(b);
  toEnd();
}

// A picture that arrives late must not push the newest bubble out of sight.
$('chat').addEventListener('load', () => {
  const chat = $('chat');
  if (chat.scrollHeight - chat.scrollTop - chat.clientHeight < 320) toEnd();
}, true);

export function showTyping(on) {
  $('chat-title').textContent = on ? '对方正在输入…' : state.account.name;
}

function toEnd() {
  const chat = $('chat');
  chat.scrollTop = chat.scrollHeight;
}

function add(b) {
  const chat = $('chat');
  if (b.at - last > pause || b.at < last) chat.append(h('div', { className: 'stamp' }, chatTime(b.at)));
  last = b.at;
  chat.append(draw(b));
}

function draw(b) {
  const mark = { data: { id: String(b.id), kind: b.kind, via: b.via || '' }, title: b.via || null };
  if (b.from === 'system') return h('div', { className: 'note bad', ...mark, role: 'alert' }, h('span', {}, b.text));
  const side = b.from === 'citizen' ? 'from-citizen' : 'from-account';
  if (b.kind === 'news') return h('div', { className: `bubble card ${side}`, ...mark }, newsCard(b.cards));
  if (b.kind === 'notice') return h('div', { className: `bubble card ${side}`, ...mark }, noticeCard(b));
  const mine = b.from === 'citizen';
  const bubble = h('div', { className: `bubble ${side}`, ...mark });
  (kinds[b.kind] || kinds.text)(bubble, b);
  return h('div', { className: mine ? 'row mine' : 'row' }, mine ? portrait(me()) : accountPicture(), bubble);
}

const kinds = {
  text(bubble, b) { bubble.append(...linked(b.text || '')); },
  image(bubble, b) {
    bubble.classList.add('picture');
    const image = h('img', { src: local(b.url), alt: '图片' });
    bubble.append(h('button', { className: 'zoom', 'aria-label': '看大图', onclick: () => viewPicture(image.src) }, image));
  },
  voice(bubble, b) {
    const seconds = b.seconds || 1;
    bubble.classList.add('voice');
    bubble.setAttribute('aria-label', `语音，${seconds} 秒`);
    bubble.style.width = `${Math.min(76 + seconds * 6, 220)}px`; // the longer, the wider
    bubble.append(icon('wave'), `${seconds}″`);
  },
  video(bubble, b) {
    bubble.classList.add('film');
    bubble.append(h('div', { className: 'film-still' }, icon('play')), h('b', {}, b.title || '视频'), b.text ? h('p', {}, b.text) : '');
  },
  music(bubble, b) { bubble.append(`♪ ${b.title || '音乐'}`, b.text ? h('p', {}, b.text) : ''); },
  link(bubble, b) { attach(bubble, 'link', b.title, b.text); },
  file(bubble, b) { attach(bubble, 'file', b.title, '文件'); },
  coupon(bubble, b) { attach(bubble, 'shield', b.title, b.text); },
  miniprogram(bubble, b) {
    bubble.classList.add('place');
    bubble.append(h('small', {}, '小程序'), h('b', {}, b.title), picture(b.url, 'still'));
  },
  location(bubble, b) {
    bubble.classList.add('place');
    bubble.append(h('b', {}, b.text || '位置'), h('small', {}, '山西省晋城市陵川县'), h('div', { className: 'map' }, icon('pin')));
  },
  menu(bubble, b) {
    const line = (it) => h('button', { className: 'line menu-line', data: { menuId: it.id }, onclick: () => quiet(tap('text', { text: it.content, menu_id: it.id })) }, it.content);
    bubble.append(...linked(b.menu.head_content || ''), ...b.menu.list.map(line));
    if (b.menu.tail_content) bubble.append(h('div', { className: 'tail' }, ...linked(b.menu.tail_content)));
  },
};

// attach is a bubble that stands for something outside the chat.
function attach(bubble, shape, title, text) {
  bubble.classList.add('attached');
  bubble.append(h('span', {}, h('b', {}, title), text ? h('small', {}, text) : ''), icon(shape));
}

function cardLink(c, ...children) {
  const open = (e) => { e.preventDefault(); if (c.url) openLink(c.url); };
  const href = /^https?:/i.test(c.url || '') ? c.url : '#';
  return h('a', { className: 'card-item article-card', href, target: '_blank', rel: 'noopener noreferrer', onclick: open }, ...children);
}

function newsCard(cards) {
  const [first, ...rest] = cards;
  const cover = h('div', { className: 'card-cover' }, first.picurl ? picture(first.picurl) : '');
  if (rest.length === 0) {
    const text = h('div', { className: 'card-text' }, h('h3', {}, first.title), first.description ? h('p', {}, first.description) : '');
    return [cardLink(first, first.picurl ? cover : '', text)];
  }
  cover.append(h('h3', {}, first.title));
  return [cardLink(first, cover), ...rest.map((c) => cardLink(c, h('div', { className: 'card-row' }, h('h3', {}, c.title), picture(c.picurl))))];
}

function noticeCard(b) {
  const more = b.url ? cardLink({ url: b.url }, h('div', { className: 'notice-more' }, h('span', {}, '查看详情'), h('span', {}, '›'))) : '';
  return [h('div', { className: 'notice-from' }, accountPicture(), state.account.name), h('div', { className: 'notice-title' }, b.title),
    h('div', { className: 'notice-text' }, ...linked(b.text)), more];
}
