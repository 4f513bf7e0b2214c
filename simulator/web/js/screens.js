// What slides over the chat: the list of chats, the follow screen, the account's home page, articles, dialogs.

import { $, h, icon, state, me, call, tap, quiet, toast, picture, accountPicture, chatTime } from './base.js';
import { askConsent, askMass, askSubscribe } from './ask.js';
import { scan, scannedAddress } from './scan.js';

export const show = (id, on) => { $(id).hidden = !on; };
const navBack = (id, title, act) => h('header', { className: 'nav' },
  h('button', { className: 'nav-button', id, data: { testid: id }, 'aria-label': '返回', onclick: act }, icon('back')), h('h2', {}, title), h('span', { className: 'nav-button' }));

// showList is where the arrow leads: the list of chats, which on these phones is short.
export function showList() {
  const { name, unread, last, at } = me();
  const badge = unread ? h('i', { className: 'unread' }, String(unread)) : '';
  const row = (id, avatar, title, text, time, act) => h('button', { className: 'list-row', id, onclick: act }, avatar,
    h('span', {}, h('b', {}, title), h('small', {}, text)), h('time', {}, time));
  const safety = (m) => row('', h('span', { className: 'avatar safe' }, icon('shield')), '公众平台安全助手', `[群发确认] ${m.what}`, '', () => askMass(m));
  $('list-screen').replaceChildren(h('header', { className: 'nav' }, h('span', { className: 'nav-button' }), h('h2', {}, '微信'), h('span', { className: 'nav-button' })),
    h('div', { className: 'scroll', 'aria-label': `${name}的消息` },
      row('list-account', h('span', { className: 'badged' }, accountPicture(), badge), state.account.name, last || '', at ? chatTime(at) : '', () => show('list-screen', false)),
      ...state.waiting.map(safety)));
  show('list-screen', true);
}

const verified = { certified_subscription: '已认证 · 公众号', certified_service: '已认证 · 服务号', uncertified: '未认证', personal: '个人' };

function hero(...actions) {
  return h('div', { className: 'hero' }, accountPicture(), h('h3', {}, state.account.name),
    h('span', { className: 'badge' }, verified[state.settings.kind] || ''),
    h('p', { className: 'intro' }, state.account.intro || ''), h('div', { className: 'actions' }, ...actions));
}

// showFollow is what a person sees who does not follow the account.
export function showFollow() {
  const code = state.scanned;
  const act = async () => { if (await quiet(tap('follow', code ? { ticket: code.ticket } : {}))) state.scanned = null; };
  const follow = h('button', { className: 'big primary', id: 'follow', data: { testid: 'follow' }, onclick: act }, '关注公众号');
  const byCode = code ? h('p', { className: 'from-code', id: 'from-code' }, code.scene ? `扫了二维码“${code.scene}”` : '扫了公众号的二维码')
    : h('button', { className: 'link', id: 'follow-scan', onclick: scan }, '扫一扫带参数的二维码');
  const page = h('div', { className: 'follow-hero' }, hero(follow), byCode);
  $('profile-screen').replaceChildren(h('header', { className: 'nav' }, h('span', { className: 'nav-button' }), h('h2', {}, ''), h('span', { className: 'nav-button' })), page);
  $('profile-screen').dataset.view = 'follow';
  show('list-screen', false);
  show('profile-screen', true);
}

export function hideProfile() { show('profile-screen', false); }

// showProfile is the account's home page with its articles.
export async function showProfile() {
  const lists = await quiet(call('GET', '/phone/articles'));
  if (!lists || !me().followed) return;
  const leave = async () => {
    if (await confirmBox('不再关注', '不再关注后，将收不到它下发的消息。', '不再关注')) quiet(tap('unfollow'));
  };
  const page = h('div', { className: 'scroll' },
    hero(h('button', { className: 'big primary', id: 'profile-chat', onclick: hideProfile }, '发消息'), h('button', { className: 'big', id: 'unfollow', data: { testid: 'unfollow' }, onclick: leave }, '已关注')),
    state.settings.kind === 'certified_service' ? h('button', { className: 'profile-row', id: 'subscriptions', onclick: () => askSubscribe() }, h('span', {}, '订阅通知'), h('span', {}, '›')) : '',
    section('历史消息', '群发给关注者的文章，主页上看得到。', 'history-list', lists.history, '还没有群发过文章'),
    section('已发布（永久链接）', '“发布”不推送、不上主页，真实手机上只能从菜单、回复里的链接打开；列在这里方便查看。', 'published-list', lists.published, '还没有发布过文章'));
  $('profile-screen').replaceChildren(navBack('profile-back', state.account.name, hideProfile), page);
  $('profile-screen').dataset.view = 'profile';
  show('profile-screen', true);
}

export function refreshProfile() {
  const screen = $('profile-screen');
  if (!screen.hidden && screen.dataset.view === 'profile') showProfile();
}

function section(title, note, id, list, nothing) {
  const items = list.map((a) => h('button', { className: 'article-link', data: { article: a.id, url: a.url }, onclick: () => openArticle(a.id) },
    h('div', {}, h('h4', {}, a.title), h('p', {}, `${a.date}　阅读 ${a.reads}`)), picture(a.thumb)));
  return h('section', {}, h('h3', { className: 'list-head' }, title, h('small', {}, note)),
    h('div', { className: 'list', id }, items.length ? items : h('p', { className: 'empty' }, nothing)));
}

// openLink opens what a citizen taps: articles inside the phone, everything else in a new tab of the browser.
export function openLink(address) {
  let url;
  try { url = new URL(address, location.href); } catch { toast('这个链接打不开'); return; }
  const article = url.pathname.match(/^\/s\/([\w-]+)$/);
  if (article) { openArticle(article[1], url.href); return; }
  if (url.pathname === '/mp/subscribemsg') { askConsent(url); return; }
  if (url.pathname === '/mp/subscribe') { askSubscribe((url.searchParams.get('template_id') || '').split(',').filter(Boolean), Number(url.searchParams.get('popup_scene')) || 1); return; }
  if (url.pathname.startsWith('/q/')) { scannedAddress(url.pathname); return; }
  if (!/^https?:$/.test(url.protocol)) { toast('这个链接打不开'); return; }
  window.open(url.href, '_blank', 'noopener,noreferrer');
}

export function closeArticle() { show('article-screen', false); }

async function openArticle(id, elsewhere) {
  const response = await fetch('/phone/article/' + encodeURIComponent(id));
  const a = await response.json();
  if (response.status === 404 && elsewhere && new URL(elsewhere).host !== location.host) {
    window.open(elsewhere, '_blank', 'noopener,noreferrer');
    return;
  }
  const body = response.ok ? paper(a) : h('p', { className: 'gone', id: 'article-gone' }, a.error);
  $('article-screen').replaceChildren(navBack('article-back', '', closeArticle), h('div', { className: 'scroll' }, body));
  show('article-screen', true);
  refreshProfile();
}

function paper(a) {
  const foot = h('div', { className: 'foot' });
  if (/^https?:/i.test(a.source || '')) foot.append(h('a', { href: a.source, target: '_blank', rel: 'noopener noreferrer' }, '阅读原文'));
  foot.append(h('span', { className: 'grow' }, `阅读 ${a.reads}`), ...['share', 'like', 'zaikan'].map((what) => reaction(a, what)));
  return h('article', { className: 'paper', data: { url: a.url } },
    h('h1', { id: 'article-title', data: { testid: 'article-title' } }, a.title),
    h('div', { className: 'meta' }, a.author ? h('span', {}, a.author) : '', h('button', { className: 'link', id: 'article-account', onclick: () => { closeArticle(); showProfile(); } }, a.account), h('span', {}, a.date)),
    a.reprint ? h('p', { className: 'reprint' }, '转载自：', a.reprint) : '',
    h('div', { className: 'pictures' }, ...a.pictures.map((p) => h('img', { src: p, alt: '' }))),
    articleBody(a.html), foot, me().followed ? h('button', { className: 'profile-row', id: 'article-write', onclick: () => write(a) }, h('span', {}, '给公众号发消息'), h('span', {}, '›')) : '',
    a.comments ? comments(a) : '');
}

// write goes to the chat; what is typed there until another chat is opened names the article (MsgDataId, Idx).
function write(a) {
  state.article = a.id;
  closeArticle();
  hideProfile();
  toast(`发出的消息会带上《${a.title}》`);
}

const reactions = { share: ['分享', '已分享'], like: ['赞', '已赞'], zaikan: ['在看', '已在看'] };

// reaction is a button under an article; the statistics count it.
function reaction(a, what) {
  const [before, after] = reactions[what];
  const button = h('button', { className: 'link', id: `article-${what}` }, before);
  button.addEventListener('click', async () => {
    if (button.textContent === after || !await quiet(call('POST', '/sim/readers', { url: a.url, [what]: 1 }))) return;
    button.textContent = after;
    button.classList.add('on');
  });
  return button;
}

// articleBody builds the filtered HTML. Styles come in data-style and are set through the object model, because the
// page's policy forbids style attributes.
function articleBody(source) {
  const body = h('div', { id: 'article-body', data: { testid: 'article-body' } });
  const parsed = new DOMParser().parseFromString(source, 'text/html');
  for (const node of [...parsed.body.childNodes]) body.append(document.importNode(node, true));
  for (const element of body.querySelectorAll('[data-style]')) {
    element.style.cssText = element.dataset.style;
    element.removeAttribute('data-style');
  }
  for (const a of body.querySelectorAll('a[href]')) {
    const href = a.href;
    a.addEventListener('click', (e) => { e.preventDefault(); openLink(href); });
  }
  return body;
}

function comments(a) {
  const field = h('input', { placeholder: '写留言', 'aria-label': '写留言', maxLength: 600 });
  const send = async (e) => {
    e.preventDefault();
    if (await quiet(tap('comment', { article: a.id, text: field.value }))) {
      field.value = '';
      toast('留言已提交，精选后显示');
    }
  };
  return h('div', { className: 'comments' }, h('h4', {}, `精选留言 ${a.elected.length}`), ...a.elected.map((c) => h('p', {}, c)),
    h('form', { onsubmit: send }, field, h('button', {}, '提交')));
}

function dialog(...content) {
  return new Promise((resolve) => {
    const box = $('dialog-screen');
    const before = document.activeElement;
    box.className = 'screen dim';
    const close = (answer) => { box.hidden = true; box.onkeydown = null; if (before) before.focus(); resolve(answer); };
    box.onkeydown = (e) => keepInside(e, box, close);
    box.replaceChildren(h('div', { className: 'sheet' }, ...content.map((part) => (typeof part === 'function' ? part(close) : part))));
    box.hidden = false;
    box.querySelector('button').focus();
  });
}

// keepInside keeps the focus in a dialog and lets Escape refuse.
function keepInside(e, box, close) {
  if (e.key === 'Escape') { e.stopPropagation(); close(null); }
  if (e.key !== 'Tab') return;
  const buttons = [...box.querySelectorAll('button')];
  const next = (buttons.indexOf(document.activeElement) + (e.shiftKey ? -1 : 1) + buttons.length) % buttons.length;
  e.preventDefault();
  buttons[next].focus();
}

export function confirmBox(title, text, yes, no = '取消') {
  return dialog(h('h3', {}, title), h('p', {}, text), (close) => h('div', { className: 'choices' },
    h('button', { id: 'dialog-no', onclick: () => close(false) }, no), h('button', { id: 'dialog-yes', onclick: () => close(true) }, yes)));
}

export function choose(title, options) {
  return dialog(h('h3', { className: 'alone' }, title), (close) => h('div', { className: 'options' },
    ...options.map(([value, label]) => h('button', { onclick: () => close(value) }, label)), h('button', { onclick: () => close(null) }, '取消')));
}

export function viewPicture(src) {
  const box = $('dialog-screen');
  box.className = 'screen dim viewer';
  box.replaceChildren(h('button', { 'aria-label': '关闭大图', onclick: () => { box.hidden = true; } }, h('img', { src, alt: '图片' })));
  box.hidden = false;
  box.firstElementChild.focus();
}
