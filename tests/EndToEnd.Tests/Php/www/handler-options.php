<?php

declare(strict_types=1);

// The handler class with all its options.
require getenv('SAMPLE') . '/ClusterSessionHandler.php';

$server = parse_url(getenv('SESSION_SAVE_PATH'));
session_set_save_handler(new ClusterSessionHandler($server['host'], $server['port'], password: 'secret', lifetime: 77, prefix: 'SHOP:'));
