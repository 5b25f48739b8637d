<?php

declare(strict_types=1);

// Sessions in the cluster through ini_set: add only these two lines before session_start().
ini_set('session.save_handler', 'redis');
ini_set('session.save_path', getenv('SESSION_SAVE_PATH') ?: 'tcp://127.0.0.1:6380');
