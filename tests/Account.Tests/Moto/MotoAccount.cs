using System.Collections.Immutable;
using System.Text;
using System.Xml.Linq;
using HaCluster.Account.Use;
using HaCluster.Account.Wire;
using HaCluster.Planning.ServiceQuotas;

namespace HaCluster.Account.Tests.Moto;

/// <summary>Makes things in moto's account and reads their use.</summary>
public sealed class MotoAccount(Uri endpoint)
{
    public const string Region = "eu-central-1";
    public const string Cluster = "ha-cluster-test";

    public async Task<Dictionary<string, ResourceUse>> UseAsync(params string[] names)
    {
        using var account = AwsAccount.Open(Region, MotoServer.Credentials, endpoint);
        var uses = await account.ReadUseAsync(
            new ClusterOwnership(Cluster, names), VirtualCpuQuotas.Codes, VirtualCpuQuotas.CodeOf, progress: null, CancellationToken.None);
        return uses.ToDictionary(use => use.QuotaCode);
    }

    public Task<XElement> Ec2Async(string operation, params (string, string)[] parameters) => CallAsync(AwsService.Ec2, operation, parameters);

    /// <summary>Makes something and gives it the tags of the program's own resources.</summary>
    public async Task<XElement> OursAsync(string operation, string resourceType, params (string, string)[] parameters) => await Ec2Async(
        operation,
        [
            .. parameters,
            ("TagSpecification.1.ResourceType", resourceType),
            ("TagSpecification.1.Tag.1.Key", "Cluster"), ("TagSpecification.1.Tag.1.Value", Cluster),
            ("TagSpecification.1.Tag.2.Key", "ManagedBy"), ("TagSpecification.1.Tag.2.Value", "Pulumi"),
        ]);

    internal async Task<XElement> CallAsync(AwsService service, string operation, params (string, string)[] parameters)
    {
        using var connection = new AwsConnection(Region, MotoServer.Credentials, endpoint);
        return await connection.Query(service).CallAsync(operation, parameters, CancellationToken.None);
    }

    internal async Task<string> SendAsync(AwsService service, string method, string path, string body)
    {
        using var client = new ServiceClient(
            MotoServer.Credentials, new ServiceClientConfig(service, Amazon.RegionEndpoint.GetBySystemName(Region), endpoint));
        // Without a type moto takes a body for a form.
        var call = new ServiceCall(method)
        {
            Method = method,
            Path = path,
            Headers = ImmutableSortedDictionary<string, string>.Empty.Add("Content-Type", "application/json"),
            Content = Encoding.UTF8.GetBytes(body),
        };
        return await client.CallAsync(call, CancellationToken.None);
    }
}
