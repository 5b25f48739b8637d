// Two express servers with express-session and connect-redis: what one stores, the other reads.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { RedisStore } from 'connect-redis';
import express from 'express';
import session from 'express-session';
import { createClient } from 'redis';
import { host, port } from './address.js';

async function start() {
  const client = createClient({ socket: { host, port } });
  await client.connect();
  const store = new RedisStore({ client, prefix: 'express:', ttl: 600 });
  const app = express();
  app.use(session({ store, secret: 'tests', resave: false, saveUninitialized: false, rolling: true, cookie: { maxAge: 600_000 } }));
  app.get('/set/:name/:value', (request, response) => {
    request.session[request.params.name] = request.params.value;
    response.send('stored');
  });
  app.get('/get/:name', (request, response) => response.send(request.session[request.params.name] ?? 'nothing'));
  app.get('/regenerate', (request, response, next) => {
    const { user } = request.session;
    request.session.regenerate(error => {
      request.session.user = user;
      error ? next(error) : response.send('regenerated');
    });
  });
  app.get('/logout', (request, response, next) => request.session.destroy(error => (error ? next(error) : response.send('bye'))));
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    store,
    client,
    url: `http://127.0.0.1:${server.address().port}`,
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await client.close();
    },
  };
}

let cookie;
async function ask(server, path) {
  const response = await fetch(server.url + path, { headers: cookie ? { cookie } : {} });
  const set = response.headers.get('set-cookie');
  cookie = set ? set.split(';')[0] : cookie;
  assert.equal(response.status, 200, await response.clone().text());
  return await response.text();
}

const first = await start();
const second = await start();

assert.equal(await ask(first, '/get/user'), 'nothing');
assert.equal(await ask(first, '/set/user/Ada'), 'stored');
assert.equal(await ask(second, '/get/user'), 'Ada');
assert.equal(await ask(second, '/set/cart/4711'), 'stored');
assert.equal(await ask(first, '/get/cart'), '4711');

const id = decodeURIComponent(cookie.split('=')[1]).slice(2).split('.')[0];
assert.equal(await first.client.exists(`express:${id}`), 1);
const timeToLive = await first.client.ttl(`express:${id}`);
assert.ok(timeToLive > 590 && timeToLive <= 600, `${timeToLive}`);
const listed = await first.store.all();
assert.ok(listed.some(entry => entry.user === 'Ada' && entry.cart === '4711'), JSON.stringify(listed));
assert.ok((await first.store.ids()).length > 0);

const before = cookie;
assert.equal(await ask(second, '/regenerate'), 'regenerated');
assert.notEqual(cookie, before);
assert.equal(await ask(first, '/get/user'), 'Ada');
assert.equal(await ask(first, '/get/cart'), 'nothing');
assert.equal(await first.client.exists(`express:${id}`), 0);

assert.equal(await ask(first, '/logout'), 'bye');
assert.equal(await ask(second, '/get/user'), 'nothing');

await first.stop();
await second.stop();
console.log('done');
