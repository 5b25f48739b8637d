using Microsoft.Extensions.Options;

namespace OrleansSessions.WebFrontend.Administration;

/// <summary>Validator of <see cref="ConsoleOptions"/>.</summary>
internal sealed class ConsoleOptionsValidator : IValidateOptions<ConsoleOptions>
{
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    public ValidateOptionsResult Validate(string? name, ConsoleOptions options)
    {
        List<string> errors = [];
        if (options.AbsoluteLifetime < Shortest || options.AbsoluteLifetime > Longest)
        {
            errors.Add($"{ConsoleOptions.Section}:{nameof(options.AbsoluteLifetime)} is '{options.AbsoluteLifetime}'; it must be {Shortest} to {Longest}.");
        }

        if (options.IdleTimeout < Shortest || options.IdleTimeout > options.AbsoluteLifetime)
        {
            errors.Add(
                $"{ConsoleOptions.Section}:{nameof(options.IdleTimeout)} is '{options.IdleTimeout}'; it must be {Shortest} to {nameof(options.AbsoluteLifetime)}.");
        }

        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }
}
