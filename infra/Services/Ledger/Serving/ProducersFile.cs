using System.Security.Cryptography;
using System.Text.Json.Serialization;
using HaCluster.Ledger.Records;
using HaCluster.Ledger.Tls;

namespace HaCluster.Ledger.Serving;

/// <summary>The file of <c>--producers</c>.</summary>
internal sealed record ProducersFile(IReadOnlyList<ProducerEntry?>? Producers = null, IReadOnlyDictionary<string, StreamEntry?>? Streams = null);

/// <param name="Schema">File, beside that of the producers.</param>
internal sealed record StreamEntry(string? Schema = null);

internal sealed record CertificateEntry(string? Subject = null, string? Dns = null, string? Uri = null);

internal sealed record ProducerEntry(
    string? Name = null, IReadOnlyList<string>? TokenSha256 = null, IReadOnlyList<string>? Streams = null, IReadOnlyList<string>? Reads = null, CertificateEntry? Certificate = null, string? Syslog = null)
{
    /// <param name="place">Of the entry, for messages.</param>
    /// <exception cref="FormatException">It is wrong.</exception>
    public Producer ToProducer(string place)
    {
        if (!Names.IsProducer(Name))
            throw new FormatException($"{place}.name: write {Names.StreamRule}");
        if ((TokenSha256 is { Count: 0 } || !(TokenSha256 ?? []).All(Hash.IsHex)) || (TokenSha256 is null && Certificate is null))
            throw new FormatException($"{place}.tokenSha256: write the SHA-256 hashes of its tokens, each of 64 hexadecimal digits in lower case (`ledger token` makes one), or give certificate");
        var (streams, reads) = (Streams ?? [], Reads ?? []);
        if (streams.Count + reads.Count == 0 || !streams.All(Names.IsStream))
            throw new FormatException($"{place}.streams: write the names of streams, each {Names.StreamRule}");
        if (streams.FirstOrDefault(ReservedStreams.Includes) is { } reserved)
            throw new FormatException($"{place}.streams: {reserved} is written by the ledger itself; it may be named in reads");
        if (!reads.All(Names.IsStream))
            throw new FormatException($"{place}.reads: write the names of streams, each {Names.StreamRule}");
        if (Syslog is not null && !streams.Contains(Syslog))
            throw new FormatException($"{place}.syslog: {(Names.IsStream(Syslog) ? Syslog : "it")} is not one of its streams");
        return new Producer(Name!, [.. (TokenSha256 ?? []).Select(Convert.FromHexString)], [.. streams], [.. reads], ToCertificate(place), Syslog);
    }

    private ProducerCertificate? ToCertificate(string place)
    {
        if (Certificate is null)
            return null;
        if (Certificate is { Subject: null or "", Dns: null or "", Uri: null or "" })
            throw new FormatException($"{place}.certificate: write subject, dns or uri, which its certificate has");
        try
        {
            return new ProducerCertificate(Certificate.Subject is { } subject ? PeerCertificate.Normal(subject) : null, Certificate.Dns, Certificate.Uri);
        }
        catch (CryptographicException exception)
        {
            throw new FormatException($"{place}.certificate.subject: it is not a distinguished name, such as CN=shop,O=Example", exception);
        }
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ProducersFile))]
internal sealed partial class ProducersJson : JsonSerializerContext;
