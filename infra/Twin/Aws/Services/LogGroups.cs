using System.Text.Json.Nodes;
using HaCluster.Engine.Graph;
using HaCluster.Planning.Facts;
using HaCluster.Twin.Aws.Protocols;
using HaCluster.Twin.World;

namespace HaCluster.Twin.Aws.Services;

/// <summary>https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/: the log groups that the program declares, without any event.</summary>
internal sealed class LogGroups(Account account)
{
    private const int MostAtOnce = 50;

    public JsonObject Answer(AwsCall call) => call.Operation switch
    {
        "DescribeLogGroups" => Describe(call),
        "ListTagsForResource" => Json.Map(("tags", Json.Map(Account.Tags(Find((string?)call.Body["resourceArn"] ?? ""))))),
        _ => throw new AwsException("UnknownOperationException", $"the twin does not have {call.Operation}"),
    };

    private JsonObject Describe(AwsCall call)
    {
        var prefix = (string?)call.Body["logGroupNamePrefix"] ?? "";
        var wanted = All().Where(group => NameOf(group).StartsWith(prefix, StringComparison.Ordinal)).OrderBy(NameOf, StringComparer.Ordinal).ToList();
        var (page, next) = Paging.Of(wanted, (string?)call.Body["nextToken"], (int?)call.Body["limit"] ?? MostAtOnce);
        return Json.Map(
            ("logGroups", Json.List(page.Select(group => Json.Map(
                ("logGroupName", NameOf(group)), ("arn", $"{ArnOf(group)}:*"), ("logGroupArn", ArnOf(group)), ("creationTime", account.At(TimeSpan.Zero).ToUnixTimeMilliseconds()), ("storedBytes", 0))))),
            ("nextToken", next));
    }

    private ResourceNode Find(string arn) => All().FirstOrDefault(group => ArnOf(group) == arn) ?? throw new AwsException("ResourceNotFoundException", "The specified log group does not exist.");

    private IEnumerable<ResourceNode> All() => account.All("aws:cloudwatch/logGroup:LogGroup");

    private string ArnOf(ResourceNode group) => account.Arn("logs", $"log-group:{NameOf(group)}");

    private static string NameOf(ResourceNode group) => group.Inputs.At("name").Text() ?? group.Id ?? group.Name;
}
