using System.Collections.Immutable;

namespace HaCluster.Stack.Settings.Policies;

/// <summary>
/// The policies of <c>ha plan</c> that this stack switches off, each with a reason; for some resources only, when it names them. The program
/// itself takes nothing from it, and knows no policy: it sees to it that what is written here can be understood.
/// </summary>
public sealed record PoliciesSettings(ImmutableSortedDictionary<string, PolicyExemption> All)
{
    private const string NoReason = "is empty; every plan shows the reason: write in one sentence why the policy is off";

    public static PoliciesSettings Read(SettingsReader reader) =>
        new(reader.Entries("POLICY").ToImmutableSortedDictionary(id => id, id => ReadOne(reader, id), StringComparer.Ordinal));

    private static PolicyExemption ReadOne(SettingsReader reader, string id)
    {
        var problems = reader.Problems.Messages.Count;
        var (text, entry) = reader.TextOrObject(id, "Why this policy is off: a sentence if it is off for the whole stack, or an object with reason and resources.");
        if (text is not null)
            return new PolicyExemption(Reason(reader, id, text, problems), []);

        problems = reader.Problems.Messages.Count;
        var reason = Reason(entry, "reason", entry.Text("reason", "Why the policy is off, in one sentence.", "", example: "moves in March", mustHaveShape: true), problems);
        var resources = ReadResources(entry);
        entry.Close();
        return new PolicyExemption(reason, resources);
    }

    private static ImmutableArray<string> ReadResources(SettingsReader reader)
    {
        const string Name = "resources";
        var problems = reader.Problems.Messages.Count;
        var patterns = reader.TextList(
            Name,
            "Logical names or URNs of the resources that the policy is off for; * matches any part. Default: all resources.",
            [], example: "legacy-*");
        if (reader.Has(Name) && reader.Problems.Messages.Count == problems && (patterns.IsEmpty || patterns.Any(string.IsNullOrWhiteSpace)))
            reader.Problems.Add(
                reader.PathOf(Name), "must contain patterns such as \"payments-*\", none of them empty; remove it to switch the policy off for all resources");
        return patterns;
    }

    private static string Reason(SettingsReader reader, string name, string text, int problems)
    {
        var reason = text.Trim();
        if (reason.Length == 0 && reader.Problems.Messages.Count == problems)
            reader.Problems.Add(reader.PathOf(name), NoReason);
        return reason;
    }
}

/// <summary>Why a policy is off.</summary>
/// <param name="Resources">Patterns for logical names, or for URNs when they begin with <c>urn:</c>; empty: off for all resources.</param>
public sealed record PolicyExemption(string Reason, ImmutableArray<string> Resources);
