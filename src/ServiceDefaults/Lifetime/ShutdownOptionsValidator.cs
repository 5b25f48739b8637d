using Microsoft.Extensions.Options;

namespace OrleansSessions.ServiceDefaults.Lifetime;

internal sealed class ShutdownOptionsValidator : IValidateOptions<ShutdownOptions>
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    public ValidateOptionsResult Validate(string? name, ShutdownOptions options) =>
        options.DrainDelay >= TimeSpan.Zero && options.DrainDelay <= Longest
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail($"{ShutdownOptions.Section}:{nameof(options.DrainDelay)} is '{options.DrainDelay}'; it must be 0 to {Longest}.");
}
