// node-redis: what connect-redis and hand-made session code send, over RESP3 (its default since 6) and RESP2.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import * as redis5 from 'redis5';
import * as redis6 from 'redis';
import { host, port } from './address.js';

async function work(redis, options) {
  const client = redis.createClient({ socket: { host, port }, name: 'tests', ...options });
  client.on('error', error => { throw error; });
  await client.connect();
  const key = `sess:${randomUUID()}`;

  assert.equal(await client.get(key), null);
  assert.equal(await client.set(key, '{"cart":[1]}', { EX: 100 }), 'OK');
  assert.equal(await client.get(key), '{"cart":[1]}');
  assert.equal(await client.set(key, 'other', { NX: true }), null);
  assert.equal(Number(await client.expire(key, 200)), 1);
  assert.ok(await client.ttl(key) > 190);
  assert.deepEqual(await client.mGet([key, `${key}-absent`]), ['{"cart":[1]}', null]);
  assert.deepEqual(await client.multi().set(key, 'a').get(key).ttl(key).exec(), ['OK', 'a', -1]);
  assert.equal(await client.exists(key), 1);
  assert.equal(await client.del([key, `${key}-absent`]), 1);

  assert.equal(await client.hSet(key, { name: 'Ada', cart: '[1]' }), 2);
  assert.deepEqual({ ...await client.hGetAll(key) }, { name: 'Ada', cart: '[1]' });
  assert.deepEqual(await client.hmGet(key, ['cart', 'absent']), ['[1]', null]);
  assert.equal(await client.type(key), 'hash');
  await assert.rejects(client.get(key), /WRONGTYPE/);
  await assert.rejects(client.lPush(key, 'x'), /not supported by the session cluster/);
  assert.equal(await client.unlink(key), 1);

  // Pipelined: sent at once, answered in order.
  const values = await Promise.all(Array.from({ length: 200 }, (_, i) => client.set(`${key}-${i}`, `${i}`).then(() => client.getDel(`${key}-${i}`))));
  assert.deepEqual(values, Array.from({ length: 200 }, (_, i) => `${i}`));

  const subscriber = client.duplicate();
  await subscriber.connect();
  await subscriber.subscribe('news', () => {});
  await subscriber.close();
  await client.close();
}

await work(redis6, {});
await work(redis6, { RESP: 2 });
await work(redis5, {});
await work(redis5, { RESP: 3 });
console.log('done');
