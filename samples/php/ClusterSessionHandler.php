<?php

declare(strict_types=1);

/**
 * Keeps PHP's sessions in the session cluster, which speaks the Redis protocol.
 *
 * Does what phpredis' own session handler does, as a starting point for applications that need something different. If the cluster can't
 * be reached, it throws a RedisException, for example from session_start(): an application must not continue as if its visitors had no
 * sessions.
 */
final class ClusterSessionHandler implements SessionHandlerInterface, SessionIdInterface, SessionUpdateTimestampHandlerInterface
{
    private const CONNECT_TIMEOUT = 2.0;

    // The cluster answers within seconds even if it has just lost a server.
    private const READ_TIMEOUT = 15.0;

    private ?Redis $redis = null;

    /**
     * @param string       $host     host of a Redis-protocol endpoint of the cluster, or of the load balancer in front of them
     * @param int          $port     its port
     * @param string|null  $password the endpoint's password, if it requires one
     * @param int|null     $lifetime seconds until an unused session ends; null: session.gc_maxlifetime
     * @param string       $prefix   prefix of the session keys: one of the endpoint's prefixes
     */
    public function __construct(
        private readonly string $host = '127.0.0.1',
        private readonly int $port = 6380,
        #[SensitiveParameter] private readonly ?string $password = null,
        private readonly ?int $lifetime = null,
        private readonly string $prefix = 'PHPREDIS_SESSION:',
    ) {
    }

    public function open(string $path, string $name): bool
    {
        $redis = new Redis();
        $redis->connect($this->host, $this->port, self::CONNECT_TIMEOUT);
        $redis->setOption(Redis::OPT_READ_TIMEOUT, self::READ_TIMEOUT);
        if ($this->password !== null) {
            $redis->auth($this->password);
        }

        $this->redis = $redis;
        return true;
    }

    public function close(): bool
    {
        $this->redis?->close();
        $this->redis = null;
        return true;
    }

    public function read(string $id): string
    {
        $data = $this->redis->get($this->key($id));
        return $data === false ? '' : $data;
    }

    /** Writes on the connection that read: the cluster then knows which entries this request changed and keeps the others. */
    public function write(string $id, string $data): bool
    {
        return $this->redis->setex($this->key($id), $this->seconds(), $data);
    }

    public function destroy(string $id): bool
    {
        $this->redis->del($this->key($id));
        return true;
    }

    /** Does nothing: the cluster ends sessions itself. */
    public function gc(int $max_lifetime): int
    {
        return 0;
    }

    public function create_sid(): string
    {
        return bin2hex(random_bytes(32));
    }

    /** Called in strict mode: does the session exist? */
    public function validateId(string $id): bool
    {
        return (bool) $this->redis->exists($this->key($id));
    }

    /** Called instead of write() when nothing has changed. A session that has ended meanwhile stays ended; that is not an error. */
    public function updateTimestamp(string $id, string $data): bool
    {
        $this->redis->expire($this->key($id), $this->seconds());
        return true;
    }

    private function key(string $id): string
    {
        return $this->prefix . $id;
    }

    private function seconds(): int
    {
        return $this->lifetime ?? (int) ini_get('session.gc_maxlifetime');
    }
}
