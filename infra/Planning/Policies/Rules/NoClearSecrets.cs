using HaCluster.Engine.Values;
using HaCluster.Planning.Policies.Secrets;

namespace HaCluster.Planning.Policies.Rules;

/// <remarks>Values marked secret are skipped, because the engine encrypts them. A finding names the place of a secret, never its value.</remarks>
internal sealed class NoClearSecrets : Policy
{
    private const string KubernetesSecret = "kubernetes:core/v1:Secret";

    public override string Id => "no-clear-secrets";

    public override string Title => "no secret is in plain text in what the program declares";

    public override string Why =>
        "Plain-text inputs appear in the state, in previews and in pipeline logs, and many people can read ConfigMaps and chart values.";

    public override Uri Source { get; } = new("https://www.pulumi.com/docs/iac/concepts/secrets/");

    public override string Fix =>
        "keep it in AWS Secrets Manager and name it there (External Secrets delivers it), or mark the value secret in the program";

    internal override IEnumerable<Finding> Check(PolicyGraph graph)
    {
        var problems = new List<string>();
        foreach (var resource in graph.Resources)
        {
            problems.Clear();
            foreach (var (name, value) in resource.Inputs)
                Walk(value, name, name, resource.Type == KubernetesSecret && name is "data" or "stringData", problems);
            foreach (var problem in problems)
                yield return Violation(resource, problem);
        }
    }

    /// <param name="name">The name of the value: its property, or the variable that holds it.</param>
    /// <param name="isData">Whether every string in it is declared as a secret.</param>
    private static void Walk(PropertyValue value, string path, string name, bool isData, List<string> problems)
    {
        switch (value)
        {
            case PropertyValue.Output { IsSecret: false, Inner: { } inner }:
                Walk(inner, path, name, isData, problems);
                break;
            case PropertyValue.Text { Value.Length: > 0 } text:
                if (isData)
                    problems.Add($"{path} is data of a secret and not marked as one");
                else if (ClearText.Complaint(name, text.Value) is { } complaint)
                    problems.Add($"{path} {complaint}");
                break;
            case PropertyValue.Asset { Kind: "text" } asset when ClearText.Complaint(name, asset.Value) is { } complaint:
                problems.Add($"{path} {complaint}");
                break;
            case PropertyValue.List list:
                for (var i = 0; i < list.Items.Length; i++)
                    Walk(list.Items[i], $"{path}[{i}]", name, isData, problems);
                break;
            case PropertyValue.Map map:
                var variable = map.Entries.GetValueOrDefault("name") is PropertyValue.Text { Value: var given } ? given : null;
                foreach (var (key, entry) in map.Entries)
                    Walk(entry, $"{path}.{key}", key == "value" && variable is not null ? variable : key, isData, problems);
                break;
        }
    }
}
