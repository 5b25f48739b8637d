<?php

declare(strict_types=1);

// The benchmark's application in PHP; see bench/App for the endpoints.

const ENTRIES = 4;

function rewrite(int $index, int $length, int $visit): void
{
    $_SESSION["entry$index"] = str_pad((string) $visit, $length, 'x');
}

function visit(): int
{
    $visit = ++$_SESSION['counter'];
    $index = $visit % ENTRIES;
    rewrite($index, strlen($_SESSION["entry$index"]), $visit);
    return $visit;
}

function summarize(): string
{
    $length = 0;
    for ($i = 0; $i < ENTRIES; $i++) {
        $length += strlen($_SESSION["entry$i"]);
    }

    return "{$_SESSION['counter']} $length";
}

$path = strtok($_SERVER['REQUEST_URI'], '?');
if ($path === '/none') {
    echo 'none';
    return;
}

session_start();
switch ($path) {
    case '/create':
        $_SESSION['counter'] = 0;
        for ($i = 0; $i < ENTRIES; $i++) {
            rewrite($i, (int) $_GET['bytes'], 0);
        }

        $answer = '0';
        break;
    case '/read':
        $answer = summarize();
        break;
    case '/write':
        $answer = (string) visit();
        break;
    case '/add':
        $answer = (string) ++$_SESSION['counter'];
        break;
    case '/distinct':
        $_SESSION['d' . $_GET['n']] = '1';
        $answer = '1';
        break;
    case '/login':
        session_regenerate_id(true);
        $_SESSION['user'] = 'Ada';
        $answer = 'Ada';
        break;
    case '/entries':
        $answer = json_encode(array_map('strval', $_SESSION), JSON_FORCE_OBJECT | JSON_THROW_ON_ERROR);
        break;
    default:
        http_response_code(404);
        return;
}

// Save before the response leaves, so that it reports the stored state.
if (!session_write_close()) {
    http_response_code(500);
    $answer = 'not written';
}

echo $answer;
