using Microsoft.Extensions.Options;
using OrleansSessions.Connectivity.Certificates;

namespace OrleansSessions.Connectivity.ClusterTls;

/// <summary>Validator of options and files; reports all errors at once.</summary>
internal sealed class ClusterTlsOptionsValidator : IValidateOptions<ClusterTlsOptions>
{
    public ValidateOptionsResult Validate(string? name, ClusterTlsOptions options)
    {
        if (!options.IsEnabled)
        {
            return ValidateOptionsResult.Success;
        }

        List<string> errors = [];
        void Require(string option, string? value, string rule)
        {
            if (string.IsNullOrWhiteSpace(value))
            {
                errors.Add($"{ClusterTlsOptions.SectionName}:{option} is '{value}'; with TLS it must be {rule}.");
            }
        }

        Require(nameof(options.CertificatePath), options.CertificatePath, "the path of this process's certificate");
        Require(nameof(options.KeyPath), options.KeyPath, "the path of the certificate's key");
        Require(nameof(options.AuthorityPath), options.AuthorityPath, "the path of the authorities to trust for peers");
        Require(nameof(options.SiloName), options.SiloName, "the DNS name in the silos' certificates");
        CertificateReader.Read(options.Paths, errors);
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }
}
