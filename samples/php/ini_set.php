<?php

declare(strict_types=1);

// Sessions in the cluster, by ini_set: these two lines before session_start() are all that has to change.
ini_set('session.save_handler', 'redis');
ini_set('session.save_path', getenv('SESSION_SAVE_PATH') ?: 'tcp://127.0.0.1:6380');
