using System.Collections.Immutable;
using HaCluster.Stack.Naming;
using HaCluster.Stack.Settings.Edge;
using HaCluster.Stack.Settings.Sites;
using Pulumi;
using Aws = Pulumi.Aws;

namespace HaCluster.Stack.Edge.Firewall;

/// <summary>Input of <see cref="EdgeCertificates"/>.</summary>
public sealed record EdgeCertificatesArgs
{
    public required EdgeSettings Settings { get; init; }

    public required ImmutableArray<SiteSettings> Sites { get; init; }

    public required StackScope Scope { get; init; }
}

/// <summary>
/// A certificate of AWS for each site, proven by a record in its hosted zone, which stays: AWS renews the certificate by itself for as long as it
/// finds it. One certificate per site, so that a new site does not reissue the certificates of the others.
/// </summary>
public sealed class EdgeCertificates : ComponentResource
{
    public const string TypeToken = "ha-cluster:edge:Certificates";

    private const int RecordSeconds = 300;

    public EdgeCertificates(string name, EdgeCertificatesArgs args, ComponentResourceOptions? options = null)
        : base(TypeToken, name, options)
    {
        Arns = [.. args.Sites.Select(site => Declare(site, args))];
        RegisterOutputs();
    }

    /// <summary>ARNs of certificates that are proven, in the order of the sites.</summary>
    public ImmutableArray<Output<string>> Arns { get; }

    // https://docs.aws.amazon.com/acm/latest/userguide/dns-validation.html
    private Output<string> Declare(SiteSettings site, EdgeCertificatesArgs args)
    {
        var name = site.Namespace.Name;
        var child = new CustomResourceOptions { Parent = this };
        var certificate = new Aws.Acm.Certificate(
            name,
            new Aws.Acm.CertificateArgs
            {
                DomainName = site.Domain,
                ValidationMethod = "DNS",
                KeyAlgorithm = "EC_prime256v1",
                Tags = args.Scope.Tags.Named(args.Scope.NameOf(name)),
            },
            child);
        var proof = certificate.DomainValidationOptions.Apply(options => options[0]);
        var record = new Aws.Route53.Record(
            name,
            new Aws.Route53.RecordArgs
            {
                ZoneId = args.Settings.HostedZoneOf(site.Domain)!,
                Name = proof.Apply(option => option.ResourceRecordName!),
                Type = proof.Apply(option => option.ResourceRecordType!),
                Records = { proof.Apply(option => option.ResourceRecordValue!) },
                Ttl = RecordSeconds,

                // It is the same for every certificate that this account ever has for the name.
                AllowOverwrite = true,
            },
            child);
        return new Aws.Acm.CertificateValidation(
            name,
            new Aws.Acm.CertificateValidationArgs { CertificateArn = certificate.Arn, ValidationRecordFqdns = { record.Fqdn } },
            child).CertificateArn;
    }
}
