namespace OrleansSessions.Architecture.Tests.Documentation.Blocks;

/// <summary>How a code block is checked.</summary>
internal enum BlockKind
{
    /// <summary>Compiled. Of a diff, the new lines.</summary>
    CSharp,

    /// <summary>Commands: the shell's syntax; the files and options that they name exist.</summary>
    Commands,

    /// <summary>Environment variables, which name options.</summary>
    Settings,

    /// <summary>JSON.</summary>
    Json,

    /// <summary>YAML.</summary>
    Yaml,

    /// <summary>PHP.</summary>
    Php,

    /// <summary>Settings of php.ini. Of a diff, the new lines.</summary>
    PhpIni,

    /// <summary>Not checked here: see <see cref="UncheckedBlocks"/>.</summary>
    Other,
}
