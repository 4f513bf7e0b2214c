// Text as WeChat shows it: links, phone numbers and WeChat's own faces stand out, everything else is plain text.

import { h, quiet, tap, toast } from './base.js';
import { openLink, choose } from './screens.js';

// WeChat's faces arrive as codes in brackets; the phone draws them as the nearest emoji.
export const faces = {
  微笑: '😊', 呲牙: '😁', 愉快: '☺', 得意: '😎', 色: '😍', 害羞: '😳', 调皮: '😜', 偷笑: '😏', 憨笑: '😄', 亲亲: '😘', 流泪: '😢', 大哭: '😭',
  难过: '😞', 发怒: '😡', 抓狂: '😫', 尴尬: '😅', 流汗: '😓', 惊讶: '😲', 惊恐: '😱', 晕: '😵', 困: '😪', 睡: '😴', 胜利: '✌', 爱心: '❤',
};

const anchor = /<a\s[^>]*?href\s*=\s*["']([^"']+)["'][^>]*>([\s\S]*?)<\/a>/gi;
const special = /(?<web>https?:\/\/[^\s\u3000-\u303f\uff00-\uffef<>"'，。；：！？）】」》]+)|(?<tel>(?<![\d-])(?:0\d{2,3}-\d{7,8}|1[3-9]\d{9}|400-\d{3}-\d{4})(?![\d-]))|\[(?<face>[\u4e00-\u9fff]{1,2})\]/g;

// linked turns <a href>, bare addresses, phone numbers and faces of a text message into elements.
export function linked(text) {
  const out = [];
  let at = 0;
  for (const m of text.matchAll(anchor)) {
    out.push(...bare(text.slice(at, m.index)), link(m[1].replaceAll('&amp;', '&'), m[2]));
    at = m.index + m[0].length;
  }
  out.push(...bare(text.slice(at)));
  return out;
}

function bare(text) {
  const out = [];
  let at = 0;
  for (const m of text.matchAll(special)) {
    const { web, tel, face } = m.groups;
    if (face && !faces[face]) continue;
    out.push(text.slice(at, m.index));
    if (web) out.push(link(web, web));
    else if (tel) out.push(h('button', { className: 'link', onclick: () => phoneNumber(tel) }, tel));
    else out.push(h('span', { className: 'face', title: `[${face}]` }, faces[face]));
    at = m.index + m[0].length;
  }
  out.push(text.slice(at));
  return out;
}

async function phoneNumber(number) {
  if (await choose(number, [['copy', '复制号码']]) !== 'copy') return;
  const copied = await navigator.clipboard.writeText(number).then(() => true, () => false);
  toast(copied ? '已复制' : '浏览器不让复制');
}

function link(href, label) {
  if (href.startsWith('weixin://bizmsgmenu')) {
    const q = new URLSearchParams(href.split('?')[1] || '');
    const line = { text: q.get('msgmenucontent') || label, menu_id: q.get('msgmenuid') || '0' };
    return h('button', { className: 'link', onclick: () => quiet(tap('text', line)) }, label);
  }
  if (!/^https?:/i.test(href)) return label;
  return h('a', { href, target: '_blank', rel: 'noopener noreferrer', onclick: (e) => { e.preventDefault(); openLink(href); } }, label);
}
