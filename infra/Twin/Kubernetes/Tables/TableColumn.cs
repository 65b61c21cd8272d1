using HaCluster.Twin.Storage;

namespace HaCluster.Twin.Kubernetes.Tables;

/// <summary>A column of <c>kubectl get</c>: its cell is a string, a long or a bool. A priority above 0 shows with <c>-o wide</c> only.</summary>
internal sealed record TableColumn(string Name, string Type, Func<StoredObject, DateTimeOffset, object?> Cell, int Priority = 0, string Format = "")
{
    public TableColumn(string name, Func<StoredObject, object?> cell, int priority = 0, string type = "string")
        : this(name, type, (value, _) => cell(value), priority)
    {
    }

    public static TableColumn ObjectName { get; } = new("Name", "string", (value, _) => value.Name, Format: "name");

    public static TableColumn Age { get; } = new("Age", "string", (value, now) => HumanDuration.Since(value.Text("metadata", "creationTimestamp"), now));

    public static TableColumn Number(string name, params string[] path) => new(name, value => value.Number(path) ?? 0, type: "integer");

    public static TableColumn Text(string name, params string[] path) => new(name, value => value.Text(path) is { Length: > 0 } text ? text : "<none>");

    public static TableColumn Wide(string name, Func<StoredObject, object?> cell) => new(name, cell, priority: 1);
}
