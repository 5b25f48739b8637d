<?php

declare(strict_types=1);

session_start();

// Form actions. A redirect follows, so that reloading the page repeats nothing.
if ($_SERVER['REQUEST_METHOD'] === 'POST') {
    // PHP's own session format can't hold other names: it separates names with a bar and drops integers.
    if (isset($_POST['name']) && !preg_match('/^[A-Za-z_][\w.-]{0,99}$/D', (string) $_POST['name'])) {
        http_response_code(400);
        exit('The name of an entry is a letter and up to 99 letters, digits, dots and dashes.');
    }

    // A visitor must not become another user: the cluster takes this variable for the signed-in user.
    if (($_POST['name'] ?? '') === '_user') {
        http_response_code(403);
        exit('Only signing in sets _user.');
    }

    $name = (string) ($_POST['name'] ?? '');
    match ($_POST['do'] ?? '') {
        'set' => $_SESSION[$name] = (string) ($_POST['value'] ?? ''),
        'remove' => (static function () use ($name): void { unset($_SESSION[$name]); })(),
        'regenerate' => session_regenerate_id(true),
        'destroy' => session_destroy(),
        default => null,
    };
    header('Location: ' . $_SERVER['SCRIPT_NAME'], response_code: 303);
    exit;
}

$_SESSION['visits'] = (int) ($_SESSION['visits'] ?? 0) + 1;

$server = getenv('SERVER_LABEL') ?: gethostname();
header('X-Served-By: ' . $server);
header('Cache-Control: no-store');

$text = static fn (mixed $value): string => htmlspecialchars((string) $value, ENT_QUOTES | ENT_SUBSTITUTE);
$json = static fn (mixed $value): string => json_encode($value, JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES | JSON_PARTIAL_OUTPUT_ON_ERROR);
?>
<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>One session, four servers</title>
<style>
  :root { color-scheme: light dark; --line: light-dark(#d8dee9, #3b4252); --soft: light-dark(#667, #99a); --accent: light-dark(#3454d1, #8ea6ff); }
  body { font: 16px/1.5 system-ui, sans-serif; max-width: 44rem; margin: 3rem auto; padding: 0 1rem; }
  h1 { font-size: 1.6rem; margin: 0 0 .25rem; }
  p { color: var(--soft); margin: 0 0 1.5rem; }
  .server { display: inline-block; color: #fff; background: #3454d1; border-radius: 1rem; padding: .1rem .8rem; font-weight: 600; }
  table { width: 100%; border-collapse: collapse; margin-bottom: 1.5rem; }
  th { text-align: left; font-weight: 500; color: var(--soft); }
  th, td { padding: .4rem .5rem; border-bottom: 1px solid var(--line); }
  td:nth-child(2) { font-family: ui-monospace, monospace; overflow-wrap: anywhere; }
  td:last-child { text-align: right; }
  form { display: inline; }
  form.set { display: flex; gap: .5rem; margin-bottom: 1.5rem; }
  input { flex: 1; min-width: 0; }
  input, button { font: inherit; padding: .35rem .7rem; border: 1px solid var(--line); border-radius: .4rem; background: transparent; color: inherit; }
  button { cursor: pointer; }
  button:hover { border-color: var(--accent); color: var(--accent); }
  a { color: var(--accent); }
</style>
<h1>One session, four servers</h1>
<p>Answered by <span class="server"><?= $text($server) ?></span>, PHP <?= PHP_VERSION ?>, sessions by <?= ini_get('session.save_handler') === 'user' ? 'the handler class' : 'phpredis' ?>.
   Reload: the next server has the same entries.</p>
<table>
  <tr><th>entry<th>value<th></tr>
<?php foreach ($_SESSION as $name => $value): ?>
  <tr><td><?= $text($name) ?><td><?= $text($json($value)) ?><td><form method="post"><input type="hidden" name="name" value="<?= $text($name) ?>"><button name="do" value="remove">remove</button></form></tr>
<?php endforeach ?>
</table>
<form method="post" class="set">
  <input name="name" placeholder="entry" required pattern="[A-Za-z_][\w.\-]{0,99}" title="a letter, and up to 99 letters, digits, dots and dashes"><input name="value" placeholder="value"><button name="do" value="set">set</button>
</form>
<form method="post"><button name="do" value="regenerate">new session id</button></form>
<form method="post"><button name="do" value="destroy">end the session</button></form>
<p style="margin-top: 1.5rem">The same session in ASP.NET Core: <a href="/">the shop</a>, and <a href="/api/session">as JSON</a>.</p>
</html>
