using System.Collections.Immutable;
using HaCluster.Engine.Graph;
using HaCluster.Engine.Values;

namespace HaCluster.Planning.Tests.Graphs;

/// <summary>Resource graphs by hand, with URNs as the engine makes them.</summary>
internal sealed class GraphBuilder
{
    public const string StackUrn = "urn:pulumi:test::ha-cluster::pulumi:pulumi:Stack::ha-cluster-test";

    private readonly List<ResourceNode> _resources =
    [
        new ResourceNode { Urn = StackUrn, Type = "pulumi:pulumi:Stack", Name = "ha-cluster-test", IsCustom = false, Inputs = Values.NoEntries },
    ];

    private readonly List<LogEntry> _logs = [];

    public string Component(string type, string name, string parent = StackUrn) => Add(type, name, parent, isCustom: false, null, Values.NoEntries, Values.NoEntries);

    public string Resource(
        string type, string name, object? inputs = null, string? id = null, string parent = StackUrn, object? outputs = null) =>
        Add(type, name, parent, isCustom: true, id ?? $"{name}-id", Values.Entries(inputs), Values.Entries(outputs));

    public GraphBuilder Log(LogSeverity severity, string message)
    {
        _logs.Add(new LogEntry(severity, message, null));
        return this;
    }

    public ResourceGraph Build() => new()
    {
        Project = "ha-cluster",
        Stack = "test",
        Mode = RunMode.Simulated,
        Resources = [.. _resources],
        Outputs = Values.NoEntries,
        Invokes = [],
        Logs = [.. _logs],
    };

    private string Add(
        string type,
        string name,
        string parent,
        bool isCustom,
        string? id,
        ImmutableSortedDictionary<string, PropertyValue> inputs,
        ImmutableSortedDictionary<string, PropertyValue> outputs)
    {
        var urn = $"urn:pulumi:test::ha-cluster::{type}::{name}";
        _resources.Add(new ResourceNode
        {
            Urn = urn,
            Type = type,
            Name = name,
            Parent = parent,
            IsCustom = isCustom,
            Id = id,
            Inputs = inputs,
            Outputs = outputs,
        });
        return urn;
    }
}
