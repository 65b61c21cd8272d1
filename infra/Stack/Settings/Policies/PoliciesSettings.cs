using System.Collections.Immutable;

namespace HaCluster.Stack.Settings.Policies;

/// <summary>
/// The policies of <c>ha plan</c> that this stack switches off, each with a reason; for some resources only, when it names them. The program
/// itself takes nothing from it, and knows no policy: it sees to it that what is written here can be understood.
/// </summary>
public sealed record PoliciesSettings(ImmutableSortedDictionary<string, PolicyExemption> All)
{
    private const string NoReason = "is empty; the reason is shown with every plan: write in a sentence why it is off";

    public static PoliciesSettings Read(SettingsReader reader) =>
        new(reader.Entries("POLICY").ToImmutableSortedDictionary(id => id, id => ReadOne(reader, id), StringComparer.Ordinal));

    private static PolicyExemption ReadOne(SettingsReader reader, string id)
    {
        var problems = reader.Problems.Messages.Count;
        var (text, entry) = reader.TextOrObject(id, "Why `ha plan` does not insist on this policy: a sentence for the whole stack, or an object that names resources.");
        if (text is not null)
            return new PolicyExemption(Reason(reader, id, text, problems), []);

        problems = reader.Problems.Messages.Count;
        var reason = Reason(entry, "reason", entry.Text("reason", "Why the policy is off, in a sentence.", "", example: "moves in March", mustHaveShape: true), problems);
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
            "Logical names of resources, or URNs, that the policy is off for; * matches any part. Left out: for all.",
            [], example: "legacy-*");
        if (reader.Has(Name) && reader.Problems.Messages.Count == problems && (patterns.IsEmpty || patterns.Any(string.IsNullOrWhiteSpace)))
            reader.Problems.Add(
                reader.PathOf(Name), "names no resource; give patterns such as \"payments-*\", or leave it out to switch the policy off for all");
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
