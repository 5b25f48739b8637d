<?php

declare(strict_types=1);

// One request of an application: reads the session, does what it is asked to, closes the session and says what it then holds.
// An error or a warning ends up in the answer, which is no JSON then.
header('X-Served-By: ' . getenv('SERVER_LABEL'));
header('Content-Type: application/json');

$do = $_GET['do'] ?? 'read';
$name = $_GET['name'] ?? '';
session_start($do === 'peek' ? ['read_and_close' => true] : []);

// What happens in between: other requests of the same visitor. Either they have some time for it, or the test says when they are done.
usleep(1000 * (int) ($_GET['pause'] ?? 0));
if (isset($_GET['gate'])) {
    touch($_GET['gate'] . '.reached');
    while (!file_exists($_GET['gate'] . '.open')) {
        usleep(5000);
        clearstatcache();
    }
}

if ($do === 'set') {
    $_SESSION[$name] = $_GET['value'];
} elseif ($do === 'set-json') {
    $_SESSION[$name] = json_decode(file_get_contents('php://input'), true, 512, JSON_THROW_ON_ERROR);
} elseif ($do === 'set-object') {
    $_SESSION[$name] = new ArrayObject(['inner' => new DateTimeImmutable('2026-01-02 03:04:05 UTC')]);
} elseif ($do === 'is-object') {
    header('X-Is-Object: ' . var_export($_SESSION[$name] == new ArrayObject(['inner' => new DateTimeImmutable('2026-01-02 03:04:05 UTC')]), true));
} elseif ($do === 'unset') {
    unset($_SESSION[$name]);
} elseif ($do === 'increment') {
    $_SESSION[$name] = ($_SESSION[$name] ?? 0) + 1;
} elseif ($do === 'regenerate') {
    session_regenerate_id((bool) $_GET['delete']);
} elseif ($do === 'destroy') {
    session_destroy();
    $_SESSION = [];
} elseif ($do === 'clear') {
    session_unset();
} elseif ($do === 'set-long') {
    $_SESSION[$name] = str_repeat('x', (int) $_GET['length']);
} elseif ($do === 'set-many') {
    for ($i = 0; $i < (int) $_GET['count']; $i++) {
        $_SESSION["$name-$i"] = $i;
    }
} elseif ($do === 'set-same') {
    // One object under two names, and one variable under two names.
    $_SESSION['a'] = $_SESSION['b'] = new ArrayObject([1]);
    $_SESSION['c'] = 1;
    $_SESSION['d'] = &$_SESSION['c'];
} elseif ($do === 'change-same') {
    $_SESSION['a'][] = 2;
    $_SESSION['c']++;
} elseif (!in_array($do, ['read', 'peek'], true)) {
    trigger_error("unknown: $do", E_USER_ERROR);
}

$answer = ['id' => session_id(), 'entries' => (object) $_SESSION];
if (session_status() === PHP_SESSION_ACTIVE && !session_write_close()) {
    trigger_error('not written', E_USER_ERROR);
}

echo json_encode($answer, JSON_THROW_ON_ERROR | JSON_PRESERVE_ZERO_FRACTION);
