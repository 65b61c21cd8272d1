using System.CommandLine;
using System.Net;
using System.Security.Cryptography;
using HaCluster.Services;

namespace HaCluster.Payments.Arguments;

/// <summary>Arguments of TLS that the service and the signer share.</summary>
internal static class TlsArguments
{
    internal static readonly Option<string?> CertificateFile = new("--certificate") { Description = "Certificate chain in PEM format, for TLS; read again when it is renewed.", HelpName = "FILE" };
    internal static readonly Option<string?> CertificateKey = new("--certificate-key") { Description = "Private key of the certificate in PEM format.", HelpName = "FILE" };

    /// <returns>Null: it is not an address and a port.</returns>
    public static IPEndPoint? ReadEndPoint(string text) =>
        IPEndPoint.TryParse(text, out var endPoint) && (endPoint.Port != 0 || text.EndsWith(":0", StringComparison.Ordinal)) ? endPoint : null;

    public static Reloaded<ServerCertificate>? ReadCertificate(ParseResult parsed, List<string> problems)
    {
        var (file, key) = (parsed.GetValue(CertificateFile), parsed.GetValue(CertificateKey));
        if (file is null && key is null)
            return null;
        if (file is null || key is null)
        {
            problems.Add($"{(file is null ? CertificateFile.Name : CertificateKey.Name)} is missing; TLS needs both a certificate and its key");
            return null;
        }

        try
        {
            return new Reloaded<ServerCertificate>(CertificateFile.Name, ServerCertificate.Read(file, key), () => ServerCertificate.Read(file, key), _ => [file, key]);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CryptographicException)
        {
            problems.Add($"--certificate: {file} and {key} cannot be used: {exception.Message}");
            return null;
        }
    }

    public static Reloaded<TrustedAuthority>? ReadAuthority(Option<string?> option, ParseResult parsed, List<string> problems)
    {
        if (parsed.GetValue(option) is not { } file)
            return null;
        try
        {
            return new Reloaded<TrustedAuthority>(option.Name, TrustedAuthority.Read(file), () => TrustedAuthority.Read(file), _ => [file]);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CryptographicException)
        {
            problems.Add($"{option.Name}: {file} cannot be used: {exception.Message}");
            return null;
        }
    }
}
