'use strict';
// An Official Account on co-wechat, in safe mode, that echoes texts; prints its address.

const http = require('http');
const wechat = require('co-wechat');
const [token, encodingAESKey, appid] = process.argv.slice(2);

const handle = wechat({ token, encodingAESKey, appid }).middleware(async (message) => {
  if (message.MsgType === 'event') return `事件 ${message.Event}`;
  if (message.Content === '图文') return [{ title: '题', description: '摘要', picurl: '', url: 'http://127.0.0.1/' }];
  return `回声 ${message.Content}`;
});

const server = http.createServer(async (req, res) => {
  const query = Object.fromEntries(new URL(req.url, 'http://localhost').searchParams);
  const ctx = { req, res, request: {}, method: req.method, query, wechat: {}, status: 200, body: '', set() {} };
  try {
    await handle(ctx, async () => {});
  } catch (e) {
    ctx.status = 500;
    ctx.body = String(e);
  }
  res.statusCode = ctx.status;
  res.end(ctx.body || '');
});
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}/wechat`));
