// The panel on the left: citizens and their papers, clock, account and results, faults.

import { $, h, state, call, quiet, me, toast, portrait, now, clockTime, dayName, showTab } from './base.js';
import { fillInput } from './bar.js';
import { hideProfile, closeArticle } from './screens.js';
import { askMass } from './ask.js';

export function drawPlatform(pick) {
  drawCitizens(pick);
  drawClock();
  drawSettings();
  drawFaults();
}

export function drawCitizens(pick) {
  const row = (c) => h('button', { className: c.id === state.me ? 'citizen on' : 'citizen', data: { citizen: c.id }, 'aria-pressed': String(c.id === state.me), onclick: () => pick(c.id) },
    portrait(c), h('div', {}, h('b', {}, c.name), h('small', {}, c.followed ? c.last || '已关注' : '未关注')),
    c.unread && c.id !== state.me ? h('span', { className: 'unread' }, String(c.unread)) : '');
  $('citizens').replaceChildren(...state.citizens.map(row));
  const select = $('citizen-switch');
  select.replaceChildren(...state.citizens.map((c) => h('option', { value: c.id, selected: c.id === state.me }, c.name + (c.unread && c.id !== state.me ? `（${c.unread}）` : ''))));
  select.value = state.me;
  drawPapers();
}

// drawPapers shows what the citizen can answer when asked who they are. A tap copies a line and puts it into the input.
function drawPapers() {
  const line = (p) => h('button', { className: 'paper-line', data: { paper: p.label }, title: '复制并填进输入框', onclick: () => usePaper(p) }, h('span', {}, p.label), h('b', {}, p.value));
  $('papers-box').replaceChildren(...(me() ? me().papers.map(line) : []),
    h('p', { className: 'lead' }, '全部是编造的：号码只是格式正确，不属于任何人，也不要拿去别处使用。点一下就复制并填进输入框。'));
}

async function usePaper(p) {
  const filled = me().followed && fillInput(p.value);
  if (filled) { // nothing may cover the input; on a narrow screen the panel does
    hideProfile();
    closeArticle();
    showTab('phone');
  }
  const copied = await navigator.clipboard.writeText(p.value).then(() => true, () => false);
  if (filled) toast(`${p.label}已填进输入框`);
  else toast(copied ? `${p.label}已复制` : '先关注公众号，再点一下填进输入框');
}

// The moment to set the clock to is typed: how a browser shows its own date field depends on its language.
const moment = h('input', { id: 'clock-input', className: 'wide', placeholder: '2026-11-23 09:00', autocomplete: 'off', 'aria-label': '把平台时钟拨到（北京时间，年-月-日 时:分）' });
const clockWrong = h('p', { className: 'wrong', id: 'clock-wrong', role: 'alert', hidden: true });
const clockForm = h('form', { onsubmit: setMoment }, h('div', { className: 'clock-set' }, moment, h('button', { className: 'chip', id: 'clock-set' }, '拨到')), clockWrong);

async function setMoment(e) {
  e.preventDefault();
  const m = /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?[\sT]+(\d{1,2})[:：](\d{2})$/.exec(moment.value.trim());
  const two = (digits) => digits.padStart(2, '0');
  const set = m && await quiet(call('POST', '/sim/clock', { now: `${m[1]}-${two(m[2])}-${two(m[3])}T${two(m[4])}:${m[5]}:00+08:00` }));
  clockWrong.textContent = m ? '没有拨动：没有这个时间，或者时钟不能拨。' : '请写成 2026-11-23 09:00（北京时间）。';
  clockWrong.hidden = Boolean(set);
  if (set) moment.value = '';
}

function drawClock() {
  const step = (name, advance) => h('button', { className: 'chip', onclick: () => quiet(call('POST', '/sim/clock', { advance })) }, name);
  $('clock-box').replaceChildren(h('div', { className: 'clock-now', id: 'clock-now' }),
    h('div', { className: 'chips' }, step('+1 分', '1m'), step('+1 小时', '1h'), step('+1 天', '24h'), step('+48 小时', '48h')), clockForm);
  tick();
}

export function tick() {
  const at = now();
  $('status-time').textContent = clockTime(at);
  const box = $('clock-now');
  if (box) box.replaceChildren(clockTime(at), h('small', {}, dayName(at)));
}

const set = (key, number) => (e) => quiet(call('PATCH', '/sim/settings', { [key]: number ? Number(e.target.value) : e.target.value }));

function field(name, key, options, number) {
  const list = options.map(([value, label]) => h('option', { value, selected: String(state.settings[key]) === String(value) }, label));
  return h('label', { className: 'field' }, name, h('select', { onchange: set(key, number), data: { setting: key } }, ...list));
}

// The originality verdicts that can be chosen here; the control API can give any.
const original = 'http://mp.weixin.qq.com/s/original';
const reprint = (can) => [{ article_idx: 1, audit_state: 2, original_article_url: original, original_article_type: 1, can_reprint: can, need_replace_content: can, need_show_reprint_source: can }];
const verdicts = { '': null, 2: { check_state: 2, items: reprint(1) }, 3: { check_state: 3, items: reprint(0) } };

function verdictField() {
  const now = state.settings.copyright ? String(state.settings.copyright.check_state) : '';
  const list = [['', '不是转载'], ['2', '转载，可以发'], ['3', '转载，不能发']].map(([value, label]) => h('option', { value, selected: value === now }, label));
  const choose = (e) => quiet(call('PATCH', '/sim/settings', { copyright: verdicts[e.target.value] }));
  return h('label', { className: 'field' }, '群发校验', h('select', { onchange: choose, data: { setting: 'copyright' } }, ...list));
}

const byHand = () => quiet(call('POST', '/sim/console', { title: `后台手工发表的文章（${clockTime(now())}）`, author: '崇文镇', content: '<p>这一篇不是通过接口发的，公众号只会收到事件。</p>', notify: true }));

function drawSettings() {
  const callback = h('input', { value: state.settings.callback_url || '', placeholder: 'http://127.0.0.1:8080/wechat', onchange: set('callback_url') });
  const result = h('p', { className: 'lead', id: 'verify-result' });
  const verify = async () => {
    const answer = await quiet(call('POST', '/sim/verify', {}));
    if (answer) result.textContent = answer.ok ? '地址验证通过' : answer.reason;
  };
  const ask = (m) => { showTab('phone'); askMass(m); };
  const waiting = state.waiting.map((m) => h('div', { className: 'ask-box' }, `群发《${m.what}》等待管理员确认`, h('div', { className: 'chips' }, h('button', { className: 'chip', onclick: () => ask(m) }, '在手机上答复'))));
  $('settings-box').replaceChildren(
    h('label', { className: 'field' }, '回调地址', callback),
    field('加密', 'mode', [['safe', '安全模式'], ['compatible', '兼容模式'], ['plain', '明文模式']]),
    field('格式', 'format', [['xml', 'XML'], ['json', 'JSON']]),
    field('账号', 'kind', [['certified_subscription', '公众号（已认证）'], ['certified_service', '服务号（已认证）'], ['uncertified', '未认证'], ['personal', '个人']]),
    field('发布结果', 'publish_result', [[0, '成功'], [2, '原创声明失败'], [3, '常规失败'], [4, '平台审核不通过'], [5, '成功，随后用户删除'], [6, '成功，随后平台封禁']], true),
    field('群发结果', 'mass_status', [['send success', '成功'], ['send fail', '失败'], ['err(10001)', '涉嫌广告'], ['err(20001)', '涉嫌政治'], ['err(20013)', '涉嫌版权'], ['err(21000)', '涉嫌其他']]),
    verdictField(),
    field('群发确认', 'mass_confirm', [['', '不需要'], ['wait', '等管理员点'], ['refuse', '管理员拒绝'], ['timeout', '30 分钟没人理']]),
    h('div', { className: 'chips' }, h('button', { className: 'chip', id: 'verify', onclick: verify }, '验证回调地址'), h('button', { className: 'chip', onclick: () => quiet(call('POST', '/sim/tokens/drop')) }, '令牌全部失效'),
      h('button', { className: 'chip', id: 'by-hand', title: '像有人在公众平台后台手工群发一篇文章', onclick: byHand }, '后台手工群发')),
    result, ...waiting);
}

const places = [['*', '所有接口'], ['/cgi-bin/draft/add', '新增草稿'], ['/cgi-bin/freepublish/submit', '发布'], ['/cgi-bin/message/mass/sendall', '群发'], ['/cgi-bin/message/custom/send', '客服消息'], ['message', '市民的消息'], ['PUBLISHJOBFINISH', '发布完成事件'], ['MASSSENDJOBFINISH', '群发完成事件']];
const apiKinds = [['busy', '系统繁忙 -1'], ['code:45009', '当天额度用完 45009'], ['code:45011', '每分钟额度用完 45011'], ['code:48001', '没有权限 48001'], ['code:45015', '超过可发消息的时间 45015'], ['status', 'HTTP 502'], ['hang', '不应答'], ['slow', '处理后很久才应答'], ['drop', '处理后断开'], ['truncate', '应答截断']];
const eventKinds = [['lose', '丢失'], ['late', '晚到 10 秒'], ['swap', '与下一条对调'], ['duplicate', '重复'], ['early', '早到']];

function drawFaults() {
  const option = ([value, label]) => h('option', { value }, label);
  const on = h('select', { className: 'wide', id: 'fault-on', 'aria-label': '哪里' }, ...places.map(option));
  const kind = h('select', { className: 'wide', id: 'fault-kind', 'aria-label': '怎样' });
  const fill = () => kind.replaceChildren(...(/^[*/]/.test(on.value) ? apiKinds : eventKinds.filter((k) => k[0] !== 'early' || on.value.endsWith('JOBFINISH'))).map(option));
  on.addEventListener('change', fill);
  fill();
  const order = () => {
    const [how, code] = kind.value.split(':');
    quiet(call('POST', '/sim/faults', { on: on.value, kind: how, times: 1, ...(code && { code: Number(code) }) }));
  };
  const name = (list, value) => (list.find((x) => x[0] === value) || [0, value])[1];
  const ordered = state.faults.filter((f) => !f.times || f.hits < f.times).map((f) => h('div', { className: 'ordered' },
    h('span', {}, `${name(places, f.on)}：${name([...apiKinds, ...eventKinds], f.code ? `code:${f.code}` : f.kind)}${f.times ? `，还有 ${f.times - f.hits} 次` : '，一直'}`),
    h('button', { 'aria-label': '取消这个故障', onclick: () => quiet(call('DELETE', '/sim/faults/' + f.id)) }, '✕')));
  $('faults-box').replaceChildren(h('label', { className: 'field' }, '哪里', on), h('label', { className: 'field' }, '怎样', kind),
    h('div', { className: 'chips' }, h('button', { className: 'chip', id: 'fault-add', onclick: order }, '安排一次')), ...ordered);
}
