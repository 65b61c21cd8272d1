using System.Xml.Linq;
using HaCluster.Account.Wire;

namespace HaCluster.Account.Use;

/// <summary>Things of Elastic Load Balancing with their tags, which it lists in a call of their own.</summary>
internal static class BalancingTags
{
    private const int MaxArnsPerCall = 20;

    public static async Task<List<(XElement Element, IReadOnlyDictionary<string, string> Tags)>> ListAsync(
        AwsConnection connection, string operation, string list, string arn, CancellationToken cancellationToken)
    {
        var balancing = connection.Query(AwsService.LoadBalancing);
        var found = new List<XElement>();
        await foreach (var page in balancing.PagesAsync(operation, [("PageSize", "400")], "NextMarker", "Marker", cancellationToken))
            found.AddRange(page.List(list));
        var tags = new Dictionary<string, IReadOnlyDictionary<string, string>>(StringComparer.Ordinal);
        foreach (var chunk in found.Select(element => element.Text(arn)).OfType<string>().Chunk(MaxArnsPerCall))
        {
            var asked = chunk.Select((name, i) => ($"ResourceArns.member.{i + 1}", name));
            foreach (var description in (await balancing.CallAsync("DescribeTags", asked, cancellationToken)).List("TagDescriptions"))
                tags[description.Text("ResourceArn") ?? ""] = description.Tags("Tags");
        }

        return [.. found.Select(element => (element, tags.GetValueOrDefault(element.Text(arn) ?? "", new Dictionary<string, string>())))];
    }
}
