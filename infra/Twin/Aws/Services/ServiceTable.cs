using System.Text.Json.Nodes;
using HaCluster.Twin.Aws.Protocols;

namespace HaCluster.Twin.Aws.Services;

/// <summary>The services of the twin by the name that is signed for.</summary>
internal sealed class ServiceTable
{
    private readonly Dictionary<string, Func<AwsCall, IEnumerable<object?>>> _xml;
    private readonly Dictionary<string, Func<AwsCall, JsonObject>> _json;

    public ServiceTable(Account account)
    {
        var (ec2, groups, balancing, databases) = (new Ec2(account), new AutoScaling(account), new LoadBalancing(account), new Rds(account));
        var (eks, shifts, quotas) = (new Eks(account), new ZonalShifts(account), new Quotas(account));
        _xml = new(StringComparer.Ordinal)
        {
            ["sts"] = new Sts(account).Answer,
            ["ec2"] = ec2.Answer,
            ["autoscaling"] = groups.Answer,
            ["elasticloadbalancing"] = balancing.Answer,
            ["rds"] = databases.Answer,
            ["monitoring"] = CloudWatch.Answer,
            ["iam"] = new Iam(account).Answer,
            ["s3"] = new Buckets(account).Answer,
        };
        _json = new(StringComparer.Ordinal)
        {
            ["eks"] = eks.Answer,
            ["arc-zonal-shift"] = shifts.Answer,
            ["servicequotas"] = quotas.Answer,
            ["es"] = new OpenSearch(account).Answer,
            ["logs"] = new LogGroups(account).Answer,
        };
    }

    public static bool IsXml(string service) => !IsTargeted(service) && service is not ("eks" or "arc-zonal-shift" or "es");

    /// <summary>JSON whose operation is in a header.</summary>
    public static bool IsTargeted(string service) => service is "servicequotas" or "logs";

    /// <summary>The path says the operation.</summary>
    public static bool IsRest(string service) => service is "s3" || !IsXml(service) && !IsTargeted(service);

    public IEnumerable<object?> AnswerXml(AwsCall call) => _xml.TryGetValue(call.Service, out var service)
        ? [.. service(call)]
        : throw new AwsException("InvalidAction", $"the twin does not have the service {call.Service}");

    public JsonObject AnswerJson(AwsCall call) => _json.TryGetValue(call.Service, out var service)
        ? service(call)
        : throw new AwsException("UnknownOperationException", $"the twin does not have the service {call.Service}", 404);

    /// <summary>What the twin does not have, it says.</summary>
    public static AwsException Unknown(AwsCall call) => new("InvalidAction", $"The action {call.Operation} is not valid for this web service: the twin does not have it.");
}
