namespace OrleansSessions.Php;

/// <summary>The values of PHP's <c>session.serialize_handler</c> whose payloads are split into entries.</summary>
public enum PhpHandler
{
    /// <summary><c>php</c>, PHP's default: <c>name|value</c>, repeated.</summary>
    Php = 0,

    /// <summary><c>php_serialize</c>: all of <c>$_SESSION</c> as one serialized array.</summary>
    PhpSerialize = 1,
}
