using System.Text.RegularExpressions;
using System.Xml.Linq;
using HaCluster.Workloads.Tests.Rules;

namespace HaCluster.Workloads.Tests.Slack;

/// <summary>The picture of a message in the pages shows what a real Alertmanager sends for a rule of the stack.</summary>
public sealed partial class SlackPictureTests
{
    private const string Claim = "data-bitcoin-0";

    [SkippableFact]
    public async Task The_picture_shows_the_message_that_is_sent()
    {
        using var receiver = new LoopbackReceiver();
        using var alertmanager = await RunningAlertmanager.StartAsync(receiver);
        var rule = Catalog.Alerts["VolumeNearlyFull"];

        await alertmanager.PushAsync(new TestAlert(rule.Name, rule.Severity, ("namespace", "chains"), ("persistentvolumeclaim", Claim), ("team", rule.Team))
        {
            Summary = Filled(rule.Summary),
            Description = Filled(rule.Description),
        });
        var message = await receiver.UntilAsync(each => each.IsSlack, "the message");

        var picture = XDocument.Load(Path.Combine(Repository.Root, "examples", "runbooks", "slack-message.svg"));
        var shown = picture.Descendants().Where(element => element.Name.LocalName == "text").Select(element => element.Value).ToList();
        // The hour is of the day on which it was drawn.
        var sent = message.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Plain).Where(line => !line.StartsWith("Since:", StringComparison.Ordinal));
        var buttons = message.Attachment["actions"]!.AsArray().Select(button => button!["text"]!.ToString());
        foreach (var text in (IEnumerable<string>)[message.Title, .. sent, .. buttons, message.Attachment["footer"]!.ToString()])
            Assert.Contains(text, shown);
    }

    private static string Filled(string template) => template
        .Replace("{{ $labels.namespace }}", "chains", StringComparison.Ordinal)
        .Replace("{{ $labels.persistentvolumeclaim }}", Claim, StringComparison.Ordinal)
        .Replace("{{ $value | humanizePercentage }}", "9.4%", StringComparison.Ordinal);

    /// <summary>Without the marks of Slack: bold, code, links.</summary>
    private static string Plain(string line) => Mark().Replace(Link().Replace(line, "$1"), "").Trim();

    [GeneratedRegex(@"<[^|>]*\|([^>]*)>")]
    private static partial Regex Link();

    [GeneratedRegex("[*`]")]
    private static partial Regex Mark();
}
