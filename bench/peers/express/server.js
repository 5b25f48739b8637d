// The benchmark's application in Express; see bench/App for the endpoints.
import { RedisStore } from 'connect-redis';
import express from 'express';
import session from 'express-session';
import { createClient } from 'redis';

const [port, redis] = process.argv.slice(2);
const entries = 4;
const idleSeconds = 1200;

const client = createClient({ url: redis });
client.on('error', error => console.error(error.message));
await client.connect();

const app = express();
app.disable('x-powered-by');
app.disable('etag');

// Registered before the session middleware, so that requests without a session pay nothing for it.
app.get('/none', (request, response) => response.send('none'));
app.use(session({
  name: 'bench',
  store: new RedisStore({ client, ttl: idleSeconds }),
  secret: 'benchmark',
  resave: false,
  saveUninitialized: false,
}));

function fill(data, index, length, visit) {
  data[`entry${index}`] = String(visit).padEnd(length, 'x');
}

function user(data) {
  const { cookie, ...rest } = data;
  return rest;
}

app.post('/create', (request, response) => {
  request.session.counter = 0;
  for (let i = 0; i < entries; i++) {
    fill(request.session, i, Number(request.query.bytes), 0);
  }

  response.send('0');
});
app.get('/read', (request, response) => {
  let length = 0;
  for (let i = 0; i < entries; i++) {
    length += request.session[`entry${i}`].length;
  }

  response.send(`${request.session.counter} ${length}`);
});
app.post('/write', (request, response) => {
  const visit = ++request.session.counter;
  const index = visit % entries;
  fill(request.session, index, request.session[`entry${index}`].length, visit);
  response.send(String(visit));
});
app.post('/add', (request, response) => response.send(String(++request.session.counter)));
app.post('/distinct', (request, response) => {
  request.session[`d${request.query.n}`] = '1';
  response.send('1');
});
app.post('/login', (request, response, next) => {
  const kept = user(request.session);
  request.session.regenerate(error => {
    Object.assign(request.session, kept, { user: 'Ada' });
    error ? next(error) : response.send('Ada');
  });
});
app.get('/entries', (request, response) =>
  response.json(Object.fromEntries(Object.entries(user(request.session)).map(([name, value]) => [name, String(value)]))));

const server = app.listen(Number(port), '127.0.0.1');
for (const signal of ['SIGTERM', 'SIGINT']) {
  process.on(signal, () => {
    server.closeAllConnections();
    server.close(() => client.close());
  });
}
