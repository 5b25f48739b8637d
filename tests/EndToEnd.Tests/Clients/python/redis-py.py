"""redis-py, whose pool takes a connection for each command: sign-ins, flash messages, locks, and transactions that watch."""
import sys
import threading
import uuid

import redis

HOST, PORT = sys.argv[1].split(":")
pool = redis.ConnectionPool(host=HOST, port=int(PORT), max_connections=32)
client = redis.Redis(connection_pool=pool)
failures = []


def run(count, work):
    def guarded(number):
        try:
            work(number)
        except BaseException as error:  # A thread's failure would only be printed.
            failures.append(repr(error))

    threads = [threading.Thread(target=guarded, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def sign_in(user):
    key = f"session:{uuid.uuid4()}"
    for number in range(30):
        value = f"{user}/{number}".encode()
        client.setex(key, 100, value)
        assert client.get(key) == value, "an acknowledged sign-in was lost"
        assert client.delete(key) == 1
        assert client.get(key) is None, "a signed-out session was shown"


def flash(_):
    key = f"session:{uuid.uuid4()}"
    for number in range(30):
        client.setex(key, 100, "saved")
        assert client.get(key) == b"saved", "a message was never shown"
        client.setex(key, 100, "")
        assert client.get(key) == b"", "a message was shown twice"


locked = f"job:{uuid.uuid4()}"
inside = []


def lock(number):
    for _ in range(5):
        with client.lock(locked + "_LOCK", timeout=30, sleep=0.01) as held:
            inside.append(number)
            assert len(inside) == 1, "a lock with two holders"
            assert held.extend(30) and held.reacquire() and held.owned()
            value = int(client.get(locked) or 0)
            client.set(locked, value + 1)
            inside.pop()


counter = f"counter:{uuid.uuid4()}"


def count(_):
    def increment(pipe):
        value = int(pipe.get(counter) or 0)
        pipe.multi()
        pipe.set(counter, value + 1)

    for _ in range(5):
        client.transaction(increment, counter)


run(8, sign_in)
run(8, flash)
run(4, lock)
run(4, count)
assert not failures, failures
assert client.get(locked) == b"20", "an update under a lock was lost"
assert client.get(counter) == b"20", "an update under WATCH was lost"

session = f"flask:{uuid.uuid4()}"
assert client.hset(session, mapping={"name": "Ada", "visits": 1}) == 2
assert client.hincrby(session, "visits", 2) == 3
assert client.incr(session + ":n") == 1 and client.append(session + ":n", "0") == 2 and client.strlen(session + ":n") == 2
assert client.expire(session, 100) and client.ttl(session) > 90
print("done")
