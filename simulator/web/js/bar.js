// The bar at the bottom: the account's menu, or the keyboard; the tray behind the plus.

import { $, h, icon, state, tap, quiet, call } from './base.js';
import { openLink, choose } from './screens.js';
import { scan } from './scan.js';
import { faces } from './text.js';

const office = { latitude: 35.775614, longitude: 113.278877, text: '崇文镇便民服务中心' };
let mode = 'menu';
let talking = false; // the voice button in place of the input
let drawn = '';
let pictureFor = null; // the button of the menu that a picture is picked for
const inputBox = h('textarea', { id: 'input', rows: 1, 'aria-label': '输入消息', data: { testid: 'input' } });
const sendButton = h('button', { id: 'send', data: { testid: 'send' }, hidden: true }, '发送');
const plusButton = h('button', { className: 'bar-icon', id: 'tray-open', 'aria-label': '更多', onclick: () => toggleTray('more') }, icon('plus'));
const filePicker = h('input', { id: 'image-file', type: 'file', accept: 'image/*', hidden: true, 'aria-label': '图片文件' });

inputBox.addEventListener('input', fit);
inputBox.addEventListener('keydown', (e) => {
  if (e.key === 'Enter' && !e.shiftKey && !e.isComposing) { e.preventDefault(); send(); }
});
sendButton.addEventListener('click', send);
filePicker.addEventListener('change', sendImage);
document.addEventListener('click', (e) => {
  if (!e.target.closest('.menu-slot')) closeSubmenus();
  if (!e.target.closest('#tray, #tray-open, #emoji, #input, #send')) $('tray').hidden = true;
});
document.addEventListener('keydown', (e) => { if (e.key === 'Escape') { closeSubmenus(); $('tray').hidden = true; } });

// drawBar shows the keyboard when there is no menu; with a menu, the citizen's last choice.
export function drawBar(wanted) {
  const hasMenu = Boolean(state.menu && state.menu.button.length);
  const focused = document.activeElement === inputBox;
  if (hasMenu && !wanted && (focused || inputBox.value)) mode = 'keyboard'; // a menu that arrives does not interrupt who is typing
  const key = JSON.stringify([hasMenu && mode, talking, state.menu]);
  if (key === drawn) return;
  drawn = key;
  $('bar').replaceChildren(hasMenu && mode === 'menu' ? menuRow() : keyboardRow(hasMenu), filePicker);
  if (focused) inputBox.focus();
}

function toggle() {
  mode = mode === 'menu' ? 'keyboard' : 'menu';
  talking = false;
  inputBox.blur();
  $('tray').hidden = true;
  drawBar(mode);
  if (mode === 'keyboard') inputBox.focus();
}

export function resetBar() {
  mode = 'menu';
  talking = false;
  inputBox.value = '';
  $('tray').hidden = true;
  fit();
  drawBar();
}

function keyboardRow(hasMenu) {
  const back = hasMenu ? h('button', { className: 'bar-icon', id: 'toggle-menu', data: { testid: 'toggle-menu' }, 'aria-label': '切换到菜单', onclick: toggle }, icon('menu')) : '';
  const voice = h('button', { className: 'bar-icon', id: 'voice', data: { testid: 'voice' }, 'aria-label': talking ? '切换到键盘' : '切换到语音', onclick: toggleVoice }, icon(talking ? 'keyboard' : 'voice'));
  const face = h('button', { className: 'bar-icon', id: 'emoji', 'aria-label': '表情', onclick: () => toggleTray('faces') }, icon('face'));
  return h('div', { className: 'bar-row' }, back, voice, talking ? talkButton() : inputBox, talking ? '' : face, plusButton, sendButton);
}

function toggleVoice() {
  talking = !talking;
  $('tray').hidden = true;
  drawBar(mode);
  fit();
  if (!talking) inputBox.focus();
}

// talkButton sends a voice stub as long as it was held; by keyboard, one of two seconds.
function talkButton() {
  let since = 0;
  const button = h('button', { id: 'talk', data: { testid: 'talk' } }, '按住 说话');
  const rest = () => { since = 0; button.textContent = '按住 说话'; button.classList.remove('held'); };
  const say = (seconds) => quiet(tap('voice', { seconds }));
  button.addEventListener('pointerdown', (e) => {
    button.setPointerCapture(e.pointerId);
    since = Date.now();
    button.textContent = '松开 发送';
    button.classList.add('held');
  });
  button.addEventListener('pointerup', () => {
    if (since) say(Math.min(Math.max(Math.round((Date.now() - since) / 1000), 1), 60));
    rest();
  });
  button.addEventListener('pointercancel', rest);
  button.addEventListener('click', (e) => { if (e.detail === 0) say(2); });
  return button;
}

function menuRow() {
  const keyboard = h('button', { className: 'bar-icon', id: 'toggle-keyboard', data: { testid: 'toggle-keyboard' }, 'aria-label': '切换到键盘', onclick: toggle }, icon('keyboard'));
  return h('div', { className: 'menu-row' }, keyboard, ...state.menu.button.map(slot));
}

function slot(button, column) {
  const sub = button.sub_button || [];
  const items = sub.map((b, row) => h('button', { className: 'submenu-item', role: 'menuitem', onclick: () => press(b, column, row) }, b.name));
  const popup = h('div', { className: 'submenu', role: 'menu', 'aria-label': button.name, hidden: true }, ...items);
  const press1 = () => {
    if (!sub.length) { closeSubmenus(); press(button, column, -1); return; }
    const open = popup.hidden;
    closeSubmenus();
    popup.hidden = !open;
    top.setAttribute('aria-expanded', String(open));
  };
  const top = h('button', { className: 'menu-button', onclick: press1, 'aria-haspopup': sub.length ? 'menu' : null, 'aria-expanded': sub.length ? 'false' : null }, sub.length ? icon('lines') : '', button.name);
  return h('div', { className: 'menu-slot' }, top, sub.length ? popup : '');
}

function closeSubmenus() {
  for (const popup of document.querySelectorAll('.submenu')) popup.hidden = true;
  for (const top of document.querySelectorAll('.menu-button[aria-expanded]')) top.setAttribute('aria-expanded', 'false');
}

async function press(button, column, row) {
  closeSubmenus();
  const where = { column, row };
  if (button.type === 'location_select') Object.assign(where, office);
  if (/^scancode/.test(button.type || '')) {
    const text = await choose('对着哪一个码？', [['http://127.0.0.1/box', '货箱上的二维码'], ['6901234567892', '商品条码']]);
    if (!text) return;
    where.text = text;
  }
  const answer = await quiet(tap('menu', where));
  if (answer && answer.open) openLink(answer.open);
  if (answer && answer.pick) { pictureFor = { column, row }; filePicker.click(); }
}

// fillInput puts a text into the input, in place of what is there, and reports whether it could.
export function fillInput(text) {
  mode = 'keyboard';
  talking = false;
  drawBar(mode);
  inputBox.value = text;
  fit();
  inputBox.focus();
  return inputBox.isConnected;
}

// fit makes the input as high as its text; with a text, 发送 stands in place of the plus.
function fit() {
  const empty = talking || !inputBox.value.trim();
  sendButton.hidden = empty;
  plusButton.hidden = !empty;
  inputBox.style.height = 'auto';
  if (inputBox.scrollHeight) inputBox.style.height = Math.min(inputBox.scrollHeight, 112) + 'px';
}

async function send() {
  const text = inputBox.value;
  if (!text.trim()) return;
  inputBox.value = '';
  fit();
  const sent = await quiet(tap('text', { text, article: state.article }));
  if (!sent) { inputBox.value = text; fit(); }
  inputBox.focus();
}

async function sendImage() {
  const file = filePicker.files[0];
  filePicker.value = '';
  if (!file) return;
  const form = new FormData();
  form.append('citizen', state.me);
  for (const [name, value] of Object.entries(pictureFor || {})) form.append(name, value);
  pictureFor = null;
  form.append('image', file);
  await quiet(call('POST', '/phone/image', form));
}

function toggleTray(what) {
  const tray = $('tray');
  const open = tray.hidden || tray.className !== what;
  tray.className = what;
  tray.replaceChildren(...(what === 'faces' ? faceItems() : moreItems()));
  tray.hidden = !open;
  $('chat').scrollTop = $('chat').scrollHeight;
}

function moreItems() {
  const item = (name, shape, id, act) => h('button', { className: 'tray-item', id, onclick: () => { $('tray').hidden = true; act(); } }, h('span', {}, icon(shape)), name);
  return [
    item('照片', 'photo', 'pick-image', () => { pictureFor = null; filePicker.click(); }),
    item('扫一扫', 'scan', 'scan', scan),
    item('位置', 'pin', 'location', () => quiet(tap('location', office))),
    item('上报位置', 'place', 'whereabouts', () => quiet(tap('whereabouts', office))),
    item('小视频', 'play', 'send-video', () => quiet(tap('other', { kind: 'shortvideo' }))),
    item('文件', 'file', 'send-file', () => quiet(tap('other', { kind: 'file' }))),
    item('收藏', 'link', 'send-link', () => quiet(tap('other', { kind: 'link' }))),
  ];
}

function faceItems() {
  const put = (name) => {
    inputBox.setRangeText(`[${name}]`, inputBox.selectionStart, inputBox.selectionEnd, 'end');
    fit();
  };
  return Object.entries(faces).map(([name, shape]) => h('button', { className: 'tray-face', title: name, 'aria-label': name, onclick: () => put(name) }, shape));
}
