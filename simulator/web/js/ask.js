// Pages that ask for a decision: messages to receive, a mass send to confirm.

import { $, h, icon, state, call, tap, quiet, toast, accountPicture, clockTime } from './base.js';
import { openLink, show } from './screens.js';

export function leave() {
  show('ask-screen', false);
  $('ask-screen').replaceChildren();
}

// page slides over whatever the phone shows.
export function page(id, title, ...content) {
  $('ask-screen').replaceChildren(h('header', { className: 'nav' },
    h('button', { className: 'nav-button', id: 'ask-close', 'aria-label': '关闭', onclick: leave }, icon('close')), h('h2', {}, title), h('span', { className: 'nav-button' })),
  h('div', { className: 'scroll ask', id }, ...content));
  show('ask-screen', true);
  ($('ask-screen').querySelector('.big, .code') || $('ask-close')).focus();
}

const button = (id, label, primary, act) => h('button', { className: primary ? 'big primary' : 'big', id, onclick: () => { leave(); act(); } }, label);

// askConsent is the page on which a citizen agrees to one message (一次性订阅消息, /mp/subscribemsg).
export function askConsent(url) {
  const answer = async (agree) => {
    const next = await quiet(tap('consent', { url: url.href, agree }));
    if (next) openLink(next.redirect);
  };
  page('consent', '接收一次消息', h('div', { className: 'ask-head' }, accountPicture(), h('h3', {}, state.account.name), h('p', {}, '申请向你发送一条消息')),
    h('ul', { className: 'ask-list' }, h('li', {}, '只发送一次，发完要再问你'), h('li', {}, '不关注公众号也能收到'), h('li', {}, `场景 ${url.searchParams.get('scene') || ''}`)),
    h('div', { className: 'ask-choice' }, button('dialog-yes', '同意', true, () => answer(true)), button('dialog-no', '取消', false, () => answer(false))));
}

// askSubscribe is the dialog of 订阅通知: the templates that a page asks for, or all that the account has. What is not ticked is
// refused; what was agreed to before can be switched off.
export async function askSubscribe(wanted = [], scene = 1) {
  if (state.settings.kind !== 'certified_service') { toast('订阅通知只有已认证的服务号可以用'); return; }
  const known = await quiet(call('GET', '/phone/subscriptions?citizen=' + encodeURIComponent(state.me)));
  if (!known) return;
  const all = wanted.length ? wanted.map((id) => known.templates.find((t) => t.id === id) || { id, title: `模板 ${id}`, left: 0 }) : known.templates;
  const boxes = all.map((t) => h('input', { type: 'checkbox', checked: true, value: t.id }));
  const send = async (choices, said) => { if (await quiet(tap('subscribe', { popup_scene: scene, choices }))) toast(said); };
  const answer = (agree) => send(boxes.map((box) => ({ template_id: box.value, agree: agree && box.checked })), agree ? '已记下您的选择' : '已拒绝');
  const off = (t) => h('button', { className: 'link', data: { off: t.id }, onclick: () => { leave(); send([{ template_id: t.id, withdraw: true }], `不再接收“${t.title}”`); } }, '不再接收');
  const row = (t, i) => h('li', {}, h('label', {}, boxes[i], h('span', {}, t.title, t.left ? h('small', {}, `已同意，还可以收到 ${t.left} 条`) : '')), t.left ? off(t) : '');
  page('subscribe', '订阅通知', h('div', { className: 'ask-head' }, accountPicture(), h('h3', {}, state.account.name), h('p', {}, '申请给你发送以下通知')),
    h('ul', { className: 'ask-list ticks' }, ...all.map(row)),
    h('div', { className: 'ask-choice' }, button('dialog-yes', '允许', true, () => answer(true)), button('dialog-no', '拒绝', false, () => answer(false))),
    h('p', { className: 'ask-small' }, '每同意一次可以收到一条，发完要再问你。'));
}

const seen = new Set(); // mass sends whose banner was opened

// askMass is what the account's administrator sees on the phone before a mass send (接口群发保护).
export function askMass(m) {
  seen.add(m.msg_id);
  $('banner').hidden = true;
  const answer = (agree) => () => quiet(call('POST', `/sim/mass/${m.msg_id}`, { agree }));
  const line = (name, value) => [h('dt', {}, name), h('dd', {}, value)];
  page('mass-confirm', '群发确认', h('div', { className: 'ask-head' }, h('span', { className: 'avatar safe' }, icon('shield')), h('h3', {}, '公众平台安全助手'), h('p', {}, '有一次群发通过接口提交，要管理员确认')),
    h('dl', { className: 'ask-facts' }, ...line('公众号', state.account.name), ...line('内容', m.what), ...line('接收人数', `${m.people} 人`),
      ...line('有效期', `${clockTime(Date.parse(m.until))} 前不确认就作废`)),
    h('div', { className: 'ask-choice' }, button('mass-yes', '确认群发', true, answer(true)), button('mass-no', '拒绝', false, answer(false))),
    h('p', { className: 'ask-small' }, '真实的平台只问管理员；这里任何一部手机都能代管理员回答。'));
}

// drawBanner tells that the administrator is waited for; once opened, the list of chats still leads there.
export function drawBanner() {
  if (!state.waiting.length && $('mass-confirm')) leave();
  const m = state.waiting.find((it) => !seen.has(it.msg_id));
  const banner = $('banner');
  banner.hidden = !m;
  if (!m) return;
  banner.replaceChildren(h('span', { className: 'avatar safe' }, icon('shield')), h('span', {}, h('b', {}, '公众平台安全助手'), h('small', {}, `群发等待确认：${m.what}`)));
  banner.onclick = () => askMass(m);
}
