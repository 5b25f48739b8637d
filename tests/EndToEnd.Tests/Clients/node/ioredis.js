// ioredis: asks INFO first and waits for "loading:0".
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { host, port } from './address.js';

const client = new Redis({ host, port, db: 2, connectionName: 'tests', maxRetriesPerRequest: 1 });
const key = `sess:${randomUUID()}`;

assert.equal(await client.get(key), null);
assert.equal(await client.set(key, 'value', 'EX', 100), 'OK');
assert.equal(await client.get(key), 'value');
assert.deepEqual(await client.getBuffer(key), Buffer.from('value'));
assert.ok(await client.ttl(key) > 90);
assert.equal(await client.expire(key, 200), 1);
assert.deepEqual(await client.mget(key, `${key}-absent`), ['value', null]);
assert.deepEqual(await client.pipeline().get(key).pttl(`${key}-absent`).exec(), [[null, 'value'], [null, -2]]);
assert.deepEqual(await client.multi().setex(key, 50, 'b').get(key).exec(), [[null, 'OK'], [null, 'b']]);
assert.equal(await client.del(key), 1);
assert.equal(await client.hmset(key, { name: 'Ada', cart: '[1]' }), 'OK');
assert.deepEqual(await client.hgetall(key), { name: 'Ada', cart: '[1]' });
assert.equal(await client.hdel(key, 'cart'), 1);
assert.equal(await client.del(key), 1);

// The lock of a session, as Redis' documentation has it: set if absent, delete if it is still one's own.
const compareAndDelete = 'if redis.call("get",KEYS[1]) == ARGV[1] then return redis.call("del",KEYS[1]) else return 0 end';
assert.equal(await client.set(`${key}_LOCK`, 'mine', 'PX', 10_000, 'NX'), 'OK');
assert.equal(await client.set(`${key}_LOCK`, 'yours', 'PX', 10_000, 'NX'), null);
assert.equal(await client.eval(compareAndDelete, 1, `${key}_LOCK`, 'yours'), 0);
assert.equal(await client.eval(compareAndDelete, 1, `${key}_LOCK`, 'mine'), 1);
await assert.rejects(client.eval('return 1', 0), /ERR/);

await client.quit();
console.log('done');
