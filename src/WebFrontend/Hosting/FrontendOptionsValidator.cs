using System.Net;
using Microsoft.Extensions.Options;

namespace OrleansSessions.WebFrontend.Hosting;

/// <summary>Validator of <see cref="FrontendOptions"/>.</summary>
internal sealed class FrontendOptionsValidator : IValidateOptions<FrontendOptions>
{
    public ValidateOptionsResult Validate(string? name, FrontendOptions options)
    {
        List<string> errors = [];
        if (string.IsNullOrWhiteSpace(options.Name) || options.Name.Any(character => character is < ' ' or > '~'))
        {
            errors.Add($"{FrontendOptions.Section}:{nameof(options.Name)} is \"{options.Name}\"; it is sent as a header and must be printable ASCII.");
        }

        foreach (string network in options.TrustedProxies.Where(network => !IPNetwork.TryParse(network, out _)))
        {
            errors.Add($"{FrontendOptions.Section}:{nameof(options.TrustedProxies)} has \"{network}\"; it must be a network such as 10.0.0.0/8.");
        }

        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }
}
