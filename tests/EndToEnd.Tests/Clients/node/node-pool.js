// node-redis' pool: a connection for each command, so that a request reads on one and writes on another.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { createClientPool } from 'redis';
import { host, port } from './address.js';

const pool = createClientPool({ socket: { host, port } }, { minimum: 4, maximum: 8 });
pool.on('error', error => { throw error; });
await pool.connect();

// Users sign out and in again under the same session id, while their pages keep loading it.
await Promise.all(Array.from({ length: 12 }, async (_, user) => {
  const key = `sess:${randomUUID()}`;
  for (let round = 0; round < 30; round++) {
    await pool.set(key, `{"user":${user},"round":${round}}`, { EX: 100 });
    await Promise.all([pool.get(key), pool.get(key)]);
    assert.equal(await pool.get(key), `{"user":${user},"round":${round}}`, 'an acknowledged sign-in was lost');
    assert.equal(await pool.del(key), 1);
    assert.equal(await pool.get(key), null, 'a signed-out session was shown');
  }
}));

// A flash message: shown once, and then never again.
await Promise.all(Array.from({ length: 12 }, async () => {
  const key = `sess:${randomUUID()}`;
  for (let round = 0; round < 30; round++) {
    await pool.set(key, '{"flash":"saved"}', { EX: 100 });
    assert.equal(await pool.get(key), '{"flash":"saved"}', 'a message was never shown');
    await pool.set(key, '{}', { EX: 100 });
    assert.equal(await pool.get(key), '{}', 'a message was shown twice');
  }
}));

await pool.close();
console.log('done');
