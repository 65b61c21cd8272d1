using System.CommandLine;
using System.Net;
using System.Security.Cryptography;
using HaCluster.Ledger.Serving;
using HaCluster.Ledger.Syslog;
using HaCluster.Services;

namespace HaCluster.Ledger.Arguments;

/// <summary>Options that say who may send and how connections are secured.</summary>
internal static class SecurityOptions
{
    private static readonly Option<string[]> ProducersFile = new("--producers") { Description = "File with the producers, the hashes of their tokens and their streams; may be given several times. Default: anyone on this computer.", HelpName = "FILE" };
    private static readonly Option<string?> CertificateFile = new("--certificate") { Description = "Certificate chain in PEM format, for TLS.", HelpName = "FILE" };
    private static readonly Option<string?> CertificateKey = new("--certificate-key") { Description = "Private key of the certificate in PEM format.", HelpName = "FILE" };
    private static readonly Option<string?> ClientCa = new("--client-ca") { Description = "Root certificates in PEM format of the producers' certificates. Default: producers are known by tokens only.", HelpName = "FILE" };
    private static readonly Option<string?> SyslogListen = new("--syslog") { Description = "ADDRESS:PORT to receive syslog over TLS on (RFC 5425), such as 0.0.0.0:6514. Default: none is received.", HelpName = "ADDRESS:PORT" };

    public static IReadOnlyList<Option> All { get; } = [ProducersFile, CertificateFile, CertificateKey, ClientCa, SyslogListen];

    /// <param name="problems">Gets what is wrong; then nothing of the result may be used.</param>
    public static (Reloaded<Producers> Producers, Reloaded<ServerCertificate>? Certificate, Reloaded<TrustedAuthority>? Authority, SyslogOptions? Syslog) Read(ParseResult parsed, List<string> problems)
    {
        var producers = ReadProducers(parsed.GetValue(ProducersFile) ?? [], problems);
        var certificate = ReadCertificate(parsed.GetValue(CertificateFile), parsed.GetValue(CertificateKey), problems);
        var authority = ReadAuthority(parsed.GetValue(ClientCa), problems);
        if (authority is not null && certificate is null)
            problems.Add("--client-ca needs --certificate and --certificate-key: client certificates are a part of TLS");
        return (producers, certificate, authority, ReadSyslog(parsed.GetValue(SyslogListen), producers, certificate, authority, problems));
    }

    private static Reloaded<Producers> ReadProducers(string[] files, List<string> problems)
    {
        if (files.Length == 0)
            return Reloaded<Producers>.Fixed(Producers.Anyone);
        try
        {
            return new Reloaded<Producers>(ProducersFile.Name, Producers.Read(files), () => Producers.Read(files), read => read.Files);
        }
        catch (FormatException exception)
        {
            problems.Add($"{ProducersFile.Name}: {exception.Message}");
            return Reloaded<Producers>.Fixed(Producers.Anyone);
        }
    }

    private static Reloaded<ServerCertificate>? ReadCertificate(string? file, string? key, List<string> problems)
    {
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

    private static Reloaded<TrustedAuthority>? ReadAuthority(string? file, List<string> problems)
    {
        if (file is null)
            return null;
        try
        {
            return new Reloaded<TrustedAuthority>(ClientCa.Name, TrustedAuthority.Read(file), () => TrustedAuthority.Read(file), _ => [file]);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CryptographicException)
        {
            problems.Add($"--client-ca: {file} cannot be used: {exception.Message}");
            return null;
        }
    }

    private static SyslogOptions? ReadSyslog(
        string? listen, Reloaded<Producers> producers, Reloaded<ServerCertificate>? certificate, Reloaded<TrustedAuthority>? authority, List<string> problems)
    {
        if (listen is null)
            return null;
        foreach (var (name, isMissing) in new[] { (ProducersFile.Name, producers.Current.IsAnyone), (CertificateFile.Name, certificate is null), (ClientCa.Name, authority is null) })
        {
            if (isMissing)
                problems.Add($"--syslog needs {name}: syslog has no tokens, so its producers are known by their certificates");
        }

        if (IPEndPoint.TryParse(listen, out var endPoint) && (endPoint.Port != 0 || listen.EndsWith(":0", StringComparison.Ordinal)))
            return new SyslogOptions(endPoint);
        problems.Add($"--syslog is '{listen}'; write an address and a port, such as 0.0.0.0:6514");
        return null;
    }
}
