// What every part of the page uses: elements, calls, shared state, times.

export const state = { account: {}, settings: {}, citizens: [], menu: null, faults: [], scenes: [], waiting: [], notice: '', me: '', scanned: null, article: '' };

// h makes an element; keys that begin with "on" are listeners, "data" holds data-attributes.
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [key, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith('on')) element.addEventListener(key.slice(2), value);
    else if (key === 'data') Object.assign(element.dataset, value);
    else if (key === 'color') element.style.backgroundColor = value;
    else if (key in element && key !== 'list') element[key] = value;
    else element.setAttribute(key, value);
  }
  element.append(...children.flat().filter((c) => c !== null && c !== undefined && c !== false));
  return element;
}

export const $ = (id) => document.getElementById(id);

const shapes = {
  keyboard: '<rect x="3" y="5.5" width="18" height="13" rx="2"/><path d="M6.5 9h.01M10 9h.01M14 9h.01M17.5 9h.01M6.5 12.2h.01M10 12.2h.01M14 12.2h.01M17.5 12.2h.01M8 15.5h8"/>',
  menu: '<circle cx="12" cy="12" r="9.2"/><path d="M7.5 9.2h9M7.5 12h9M7.5 14.8h9"/>',
  voice: '<circle cx="12" cy="12" r="9.2"/><path d="M9 10.3a3 3 0 0 1 0 3.4M11.4 8.7a5.4 5.4 0 0 1 0 6.6M13.8 7.2a8 8 0 0 1 0 9.6"/>',
  plus: '<circle cx="12" cy="12" r="9.2"/><path d="M12 7.5v9M7.5 12h9"/>',
  lines: '<path d="M4 6h16M4 12h16M4 18h16"/>',
  photo: '<rect x="3" y="4.5" width="18" height="15" rx="2"/><circle cx="8.5" cy="9.5" r="1.7"/><path d="M3.5 17.5l5.5-5 4 3.5 3-2.5 4.5 4"/>',
  file: '<path d="M6 3.500h8l4.500 4.500v12.500h-12.500zM14 3.500v4.500h4.500"/>',
  link: '<path d="M10 14l4-4M8.500 11l-2.500 2.500a3.500 3.500 0 0 0 5 5l2.500-2.500M15.500 13l2.500-2.500a3.500 3.500 0 0 0-5-5l-2.500 2.500"/>',
  scan: '<path d="M4 8V5a1 1 0 0 1 1-1h3M16 4h3a1 1 0 0 1 1 1v3M20 16v3a1 1 0 0 1-1 1h-3M8 20H5a1 1 0 0 1-1-1v-3M4 12h16"/>',
  pin: '<path d="M12 21s-6.5-6-6.5-11a6.5 6.5 0 0 1 13 0c0 5-6.5 11-6.5 11z"/><circle cx="12" cy="10" r="2.3"/>',
  place: '<circle cx="12" cy="12" r="6.500"/><circle cx="12" cy="12" r="1.500"/><path d="M12 2v3.500M12 18.500v3.500M2 12h3.500M18.500 12h3.500"/>',
  back: '<path d="M15 4l-8 8 8 8"/>',
  more: '<path d="M6 12h.01M12 12h.01M18 12h.01" stroke-width="3.2"/>',
  face: '<circle cx="12" cy="12" r="9.2"/><path d="M8.800 9.800h.01M15.200 9.800h.01" stroke-width="2.600"/><path d="M8 14.200a4.600 4.600 0 0 0 8 0"/>',
  play: '<circle cx="12" cy="12" r="10"/><path d="M10 8.500v7l5.500-3.500z"/>',
  shield: '<path d="M12 3l7.500 2.800v5.200c0 4.800-3.100 8.200-7.500 10-4.400-1.800-7.500-5.200-7.500-10V5.800z"/><path d="M8.600 12l2.400 2.400 4.400-4.800"/>',
  close: '<path d="M5 5l14 14M19 5L5 19"/>',
  wave: '<path d="M7 10a3 3 0 0 1 0 4M10.5 8a6 6 0 0 1 0 8M14 6a9 9 0 0 1 0 12"/>',
};

export function icon(name) {
  const svg = new DOMParser().parseFromString(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24">${shapes[name]}</svg>`, 'image/svg+xml');
  const node = document.importNode(svg.documentElement, true);
  node.setAttribute('aria-hidden', 'true');
  return node;
}

// call talks to the platform; a refusal is shown on the phone and thrown.
export async function call(method, path, body) {
  const options = { method };
  if (body instanceof FormData) options.body = body;
  else if (body !== undefined) {
    options.body = JSON.stringify(body);
    options.headers = { 'Content-Type': 'application/json' };
  }
  const response = await fetch(path, options);
  const answer = await response.json();
  if (!response.ok) {
    toast(answer.error || '出错了');
    throw new Error(answer.error);
  }
  return answer;
}

export const tap = (verb, body = {}) => call('POST', '/phone/' + verb, { citizen: state.me, ...body });
export const quiet = (promise) => promise.catch(() => undefined);

// toast tells something for a moment, in the middle of the phone or, where that is not to be seen, of the window.
let toastTimer;
export function toast(message) {
  const box = $('toast');
  const phone = $('phone').getBoundingClientRect();
  box.textContent = message;
  box.style.left = `${phone.width ? phone.left + phone.width / 2 : innerWidth / 2}px`;
  box.hidden = false;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => { box.hidden = true; }, 2600);
}

// showTab chooses what a narrow window shows: the phone, the wire or the platform.
export function showTab(name) {
  document.body.dataset.tab = name;
  if (name === 'wire') $('wire-news').hidden = true;
  for (const tab of document.querySelectorAll('[data-open]')) tab.setAttribute('aria-pressed', String(tab.dataset.open === name));
}

// copyButton copies what the function returns.
export function copyButton(label, text) {
  const button = h('button', { className: 'copy', type: 'button' }, label);
  button.addEventListener('click', async () => {
    const copied = await navigator.clipboard.writeText(text()).then(() => true, () => false);
    button.textContent = copied ? '已复制' : '没能复制';
    setTimeout(() => { button.textContent = label; }, 1600);
  });
  return button;
}

export const me = () => state.citizens.find((c) => c.id === state.me);
export const surname = (name) => name.slice(0, 1);
export const portrait = (person) => h('span', { className: 'avatar', color: person.color, 'aria-hidden': 'true' }, surname(person.name));
export const accountPicture = () => h('img', { className: 'avatar', src: '/icons/account.svg', alt: state.account.name });

// The platform's clock, carried on between two answers.
let offset = 0;
export function setNow(text) { offset = Date.parse(text) - Date.now(); }
export const now = () => Date.now() + offset;

const zone = 'Asia/Shanghai';
const parts = (ms, options) => new Intl.DateTimeFormat('zh-CN', { timeZone: zone, ...options }).format(ms);
export const clockTime = (ms) => parts(ms, { hour: 'numeric', minute: '2-digit', hour12: false }).replace(/^24/, '0');
export const dayName = (ms) => parts(ms, { year: 'numeric', month: 'long', day: 'numeric' });
const dayNumber = (ms) => Math.floor((ms + 8 * 3600e3) / 86400e3);

// chatTime writes a time as WeChat does between two bubbles.
export function chatTime(ms) {
  const days = dayNumber(now()) - dayNumber(ms);
  if (days === 0) return clockTime(ms);
  if (days === 1) return '昨天 ' + clockTime(ms);
  if (days > 1 && days < 7) return parts(ms, { weekday: 'long' }) + ' ' + clockTime(ms);
  return dayName(ms) + ' ' + clockTime(ms);
}

// local makes pictures of this platform independent of the address it is reached by.
export function local(address) {
  try {
    const url = new URL(address, location.href);
    if (url.pathname.startsWith('/mmbiz/')) return url.pathname + url.search;
  } catch { return ''; }
  return address;
}

// picture is an image that gives way to the background when it cannot be loaded.
export function picture(address, className) {
  if (!address) return h('span', { className: 'thumb' });
  const image = h('img', { src: local(address), alt: '', className });
  image.addEventListener('error', () => image.replaceWith(h('span', { className: 'thumb' })));
  return image;
}
