using System.Net;
using System.Text.Json.Nodes;

namespace HaCluster.Workloads.Tests.Slack;

/// <summary>One request that reached the receiver.</summary>
/// <param name="Path"><c>/slack/CHANNEL</c> or <c>/sns</c>.</param>
/// <param name="Status">What it was answered.</param>
internal sealed record Delivery(string Path, string Body, int Status)
{
    public bool IsSlack => Path.StartsWith("/slack/", StringComparison.Ordinal);

    /// <summary>Body of a message to Slack.</summary>
    public JsonNode Slack => JsonNode.Parse(Body)!;

    public JsonNode Attachment => Slack["attachments"]![0]!;

    public string Title => Attachment["title"]!.ToString();

    public string Text => Attachment["text"]!.ToString();

    /// <summary>A field of a request to SNS, which is a form.</summary>
    public string Form(string name) => Body.Split('&')
        .Select(field => field.Split('=', 2))
        .Where(field => field[0] == name)
        .Select(field => WebUtility.UrlDecode(field[1]))
        .Single();

    /// <summary>Last part of the topic's ARN.</summary>
    public string Topic => Form("TopicArn").Split(':')[^1];
}
