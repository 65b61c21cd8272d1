using System.Collections.Immutable;
using System.Formats.Asn1;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace HaCluster.Ledger.Tls;

/// <summary>The certificate of a client: its names, or why it is not trusted.</summary>
/// <param name="Subject">The distinguished name, most specific part first, as RFC 4514 writes it.</param>
/// <param name="Fault">Null: it is valid and issued by a trusted authority.</param>
internal sealed record PeerCertificate(string Subject, ImmutableArray<string> DnsNames, ImmutableArray<string> Uris, DateTimeOffset NotAfter, string? Fault)
{
    private const string AlternativeNames = "2.5.29.17";
    private static readonly Asn1Tag DnsName = new(TagClass.ContextSpecific, 2);
    private static readonly Asn1Tag Uri = new(TagClass.ContextSpecific, 6);

    /// <param name="chain">That was built for it; with its errors.</param>
    public static PeerCertificate Of(X509Certificate2 certificate, X509Chain? chain, SslPolicyErrors errors, DateTimeOffset now)
    {
        var (dns, uris) = NamesOf(certificate);
        return new PeerCertificate(Normal(certificate.SubjectName), dns, uris, certificate.NotAfter, errors == SslPolicyErrors.None ? null : FaultOf(certificate, chain, now));
    }

    /// <summary>The same name written in one way.</summary>
    /// <exception cref="System.Security.Cryptography.CryptographicException">It is not a distinguished name.</exception>
    public static string Normal(string subject) => Normal(new X500DistinguishedName(subject, X500DistinguishedNameFlags.Reversed));

    public bool Has(ProducerCertificate wanted) =>
        (wanted.Subject is null || wanted.Subject == Subject)
        && (wanted.Dns is null || DnsNames.Contains(wanted.Dns, StringComparer.OrdinalIgnoreCase))
        && (wanted.Uri is null || Uris.Contains(wanted.Uri));

    private static string Normal(X500DistinguishedName name) => string.Join(",", name.EnumerateRelativeDistinguishedNames()
        .Select(part => part.HasMultipleElements ? Convert.ToHexString(part.RawData.Span) : $"{part.GetSingleElementType().Value}={part.GetSingleElementValue()}"));

    private static (ImmutableArray<string> Dns, ImmutableArray<string> Uris) NamesOf(X509Certificate2 certificate)
    {
        var (dns, uris) = (ImmutableArray.CreateBuilder<string>(), ImmutableArray.CreateBuilder<string>());
        try
        {
            if (certificate.Extensions[AlternativeNames] is { } extension)
            {
                var names = new AsnReader(extension.RawData, AsnEncodingRules.DER).ReadSequence();
                while (names.HasData)
                {
                    var tag = names.PeekTag();
                    if (tag.HasSameClassAndValue(DnsName))
                        dns.Add(names.ReadCharacterString(UniversalTagNumber.IA5String, DnsName));
                    else if (tag.HasSameClassAndValue(Uri))
                        uris.Add(names.ReadCharacterString(UniversalTagNumber.IA5String, Uri));
                    else
                        names.ReadEncodedValue();
                }
            }
        }
        catch (AsnContentException)
        {
            // Names that cannot be read are no producer's.
            return ([], []);
        }

        return (dns.ToImmutable(), uris.ToImmutable());
    }

    private static string FaultOf(X509Certificate2 certificate, X509Chain? chain, DateTimeOffset now)
    {
        if (now > certificate.NotAfter)
            return $"expired at {certificate.NotAfter.ToUniversalTime():yyyy-MM-dd'T'HH:mm:ss'Z'}";
        if (now < certificate.NotBefore)
            return $"is valid from {certificate.NotBefore.ToUniversalTime():yyyy-MM-dd'T'HH:mm:ss'Z'} on only";
        var flags = (chain?.ChainStatus ?? []).Aggregate(X509ChainStatusFlags.NoError, (all, one) => all | one.Status);
        if ((flags & (X509ChainStatusFlags.PartialChain | X509ChainStatusFlags.UntrustedRoot | X509ChainStatusFlags.NotSignatureValid)) != 0)
            return "is not issued by a certificate authority of --client-ca";
        return (flags & X509ChainStatusFlags.NotValidForUsage) != 0 ? "is not for authentication as a client" : $"is not valid ({flags})";
    }
}

/// <summary>How a producer is known by its certificate: all that is given has to be in it.</summary>
/// <param name="Subject">As <see cref="PeerCertificate.Normal(string)"/> writes it.</param>
internal sealed record ProducerCertificate(string? Subject, string? Dns, string? Uri);
