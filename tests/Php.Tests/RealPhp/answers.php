<?php
// What PHP itself makes of a value or a session. One question a line: an operation and its arguments in base64; one answer a line: base64, or "!".

enum Suit: string { case Hearts = 'h'; case Spades = 's'; }

class Point {
    private $x = 1;
    protected $y = [1, 2];
    public $z = null;
}

class Bag {
    public function __construct(public array $content = []) {}
    public function __serialize(): array { return [7 => $this->content, 'n' => 1]; }
    public function __unserialize(array $data): void { $this->content = $data[7]; }
}

/** Hands the session module a payload and keeps what it saves. */
class Payload implements SessionHandlerInterface {
    public string $read = '';
    public ?string $written = null;
    public function open(string $path, string $name): bool { return true; }
    public function close(): bool { return true; }
    public function read(string $id): string { return $this->read; }
    public function write(string $id, string $data): bool { $this->written = $data; return true; }
    public function destroy(string $id): bool { return true; }
    public function gc(int $maxLifetime): int { return 0; }
}

$store = new Payload();
session_set_save_handler($store, false);

/** Runs a request's worth of session: null if PHP could not read the payload. */
function request(string $handler, string $payload, callable $script): ?string {
    global $store;
    ini_set('session.serialize_handler', $handler);
    $store->read = $payload;
    $store->written = null;
    session_id('id');
    if (!session_start() || session_status() !== PHP_SESSION_ACTIVE) {
        return null;
    }
    $script();
    session_write_close();
    return $store->written;
}

function random_text(): string {
    $alphabet = ['a', 'b', 'Z', '0', '7', '|', ';', ':', '"', '{', '}', '!', ' ', "\0", "\n", 'ä', '語', '😀', "\xff", 's:1:"', 'R:1;', 'a:1:{'];
    for ($text = '', $n = mt_rand(0, 6); $n > 0; $n--) {
        $text .= $alphabet[mt_rand(0, count($alphabet) - 1)];
    }
    return $text;
}

function random_value(int $depth, bool $objects, array &$seen): mixed {
    switch (mt_rand(0, $depth > 0 ? ($objects ? 14 : 10) : 7)) {
        case 0: return null;
        case 1: return mt_rand(0, 1) === 1;
        case 2: return mt_rand(-100, 100);
        case 3: return [PHP_INT_MAX, PHP_INT_MIN, 0, 1 << 31, -(1 << 31), (1 << 53) + 1][mt_rand(0, 5)];
        case 4: return unpack('d', pack('VV', mt_rand(), mt_rand() * 2))[1];
        case 5: return mt_rand(-1000, 1000) / 8;
        case 6: return ['12', 'plain', '', 'ключ'][mt_rand(0, 3)];
        case 7: return random_text();
        case 8: case 9:
            for ($list = [], $n = mt_rand(0, 4); $n > 0; $n--) { $list[] = random_value($depth - 1, $objects, $seen); }
            return $list;
        case 10:
            for ($map = [], $n = mt_rand(0, 4); $n > 0; $n--) { $map[mt_rand(0, 2) ? random_text() : mt_rand(-3, 3)] = random_value($depth - 1, $objects, $seen); }
            return $map;
        case 11: return [new Point(), new DateTimeImmutable('2020-02-02'), new ArrayObject([1, 'a' => 2]), new SplObjectStorage(), new Bag(['b'])][mt_rand(0, 4)];
        case 12: $object = new stdClass(); $object->{'12'} = random_value($depth - 1, $objects, $seen); $seen[] = $object; return $object;
        case 13: return Suit::cases()[mt_rand(0, 1)];
        // The same object again, which PHP writes as a reference.
        default: return $seen ? $seen[mt_rand(0, count($seen) - 1)] : null;
    }
}

/** A session that a script might leave, seldom one that takes a turn for the worse. */
function random_session(int $seed, bool $numeric): void {
    mt_srand($seed);
    $seen = [];
    $objects = mt_rand(0, 1) === 1;
    for ($n = mt_rand(0, 6); $n > 0; $n--) {
        $name = mt_rand(0, 9) ? ['a', 'b', 'user', 'cart.1', 'ключ', 'a b', '-0', '007', 'x:y', '{', 'a:1'][mt_rand(0, 10)] : str_replace('|', '', random_text());
        $_SESSION[$numeric && mt_rand(0, 4) === 0 ? mt_rand(-3, 20) : $name] = random_value(3, $objects, $seen);
    }
    if (mt_rand(0, 19) === 0) {
        $_SESSION['twin'] = 1;
        $_SESSION['other twin'] = &$_SESSION['twin'];
    }
}

function has_object(mixed $value): bool {
    return is_object($value) || is_array($value) && array_filter($value, 'has_object') !== [];
}

function answer(string $operation, array $arguments): ?string {
    switch ($operation) {
        // What PHP would write of what it reads.
        case 'again':
            $value = @unserialize($arguments[0]);
            return $value === false && $arguments[0] !== 'b:0;' ? null : serialize($value);
        case 'to-json':
            $value = unserialize($arguments[0]);
            $json = has_object($value) ? false : json_encode($value, JSON_PRESERVE_ZERO_FRACTION | JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES);
            return $json === false ? null : $json;
        case 'from-json':
            $value = json_decode($arguments[0], true);
            return json_last_error() === JSON_ERROR_NONE ? serialize($value) : null;
        case 'random-value':
            mt_srand((int)$arguments[0]);
            $seen = [];
            return serialize(random_value(4, mt_rand(0, 3) === 0, $seen));
        case 'random-session':
            return request($arguments[0], '', fn() => random_session((int)$arguments[1], $arguments[0] === 'php_serialize'));
        // A script that removes an entry, sets one, and appends one.
        case 'change':
            return request($arguments[0], $arguments[1], function () use ($arguments) {
                if ($arguments[2] !== '') { unset($_SESSION[$arguments[2]]); }
                if ($arguments[3] !== '') { $_SESSION[$arguments[3]] = 'changed'; }
                $_SESSION['appended'] = ['by' => 'PHP'];
            });
        // What a script sees under a name, as JSON.
        case 'see':
            $seen = null;
            $payload = request($arguments[0], $arguments[1], function () use ($arguments, &$seen) { $seen = json_encode($_SESSION[$arguments[2]], JSON_PRESERVE_ZERO_FRACTION); });
            return $payload === null ? null : $seen;
        default:
            return null;
    }
}

while (($line = fgets(STDIN)) !== false) {
    $words = explode(' ', rtrim($line, "\n"));
    $answer = answer(array_shift($words), array_map('base64_decode', $words));
    // Not echo: PHP locks the session's settings once there is output.
    fwrite(STDOUT, ($answer === null ? '!' : base64_encode($answer)) . "\n");
}
