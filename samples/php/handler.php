<?php

declare(strict_types=1);

// Sessions in the cluster through a handler class. Run this before session_start().
require __DIR__ . '/ClusterSessionHandler.php';

$server = parse_url(getenv('SESSION_SAVE_PATH') ?: 'tcp://127.0.0.1:6380');
session_set_save_handler(new ClusterSessionHandler(host: $server['host'], port: $server['port']));
