using System.IO.Compression;
using HaCluster.Operations.Kubernetes;
using k8s.Models;

namespace HaCluster.Operations.Journal;

/// <summary>
/// A copy of each journal in the cluster, so that another person can go on: a ConfigMap with what is worth reading, and the compressed journal. It may be
/// a step or two behind the file; every step is checked before it is done, so nothing is done twice for that.
/// </summary>
internal sealed class ClusterRecords(IKubernetesApi api)
{
    private const string Label = "ha-cluster/operation";
    private const string Journal = "journal.jsonl.gz";
    private const int Kept = 30;

    /// <summary>A ConfigMap holds 1 MiB; a journal of hundreds of steps is far from it.</summary>
    private const int LongestJournal = 512 * 1024;

    public async Task EnsureNamespaceAsync(CancellationToken cancellationToken)
    {
        if (await api.FindAsync(Kinds.Namespaces, null, OperationLease.Namespace, cancellationToken) is not null)
            return;
        try
        {
            await api.CreateAsync(Kinds.Namespaces, null, new V1Namespace { Metadata = new V1ObjectMeta { Name = OperationLease.Namespace } }, cancellationToken);
        }
        catch (HaClusterException e) when (e.Kind == FailureKind.AlreadyExists)
        {
            // By another operator, just now.
        }
    }

    /// <returns>Null when there is none.</returns>
    public async Task<IReadOnlyList<JournalEntry>?> FindAsync(string id, CancellationToken cancellationToken) =>
        await api.FindAsync(Kinds.ConfigMaps, OperationLease.Namespace, NameOf(id), cancellationToken) is { } map ? Read(map) : null;

    public async Task<IReadOnlyList<IReadOnlyList<JournalEntry>>> ListAsync(Action<string> unreadable, CancellationToken cancellationToken)
    {
        var journals = new List<IReadOnlyList<JournalEntry>>();
        foreach (var map in (await api.ListAsync(Kinds.ConfigMaps, new ListScope(OperationLease.Namespace, Label), cancellationToken)).Items)
        {
            try
            {
                if (Read(map) is { } entries)
                    journals.Add(entries);
            }
            catch (HaClusterException e)
            {
                unreadable(e.Message);
            }
        }
        return journals;
    }

    public async Task WriteAsync(IReadOnlyList<JournalEntry> entries, CancellationToken cancellationToken)
    {
        if (JournalState.From(entries) is not { } state)
            return;
        var map = ToMap(state, entries);
        try
        {
            await api.ReplaceAsync(Kinds.ConfigMaps, OperationLease.Namespace, map.Metadata.Name, map, cancellationToken);
        }
        catch (HaClusterException e) when (e.Kind == FailureKind.NotFound)
        {
            await api.CreateAsync(Kinds.ConfigMaps, OperationLease.Namespace, map, cancellationToken);
        }
    }

    /// <summary>Deletes the oldest records of operations that ended, so that no more than thirty stay.</summary>
    public async Task PruneAsync(CancellationToken cancellationToken)
    {
        var maps = (await api.ListAsync(Kinds.ConfigMaps, new ListScope(OperationLease.Namespace, Label), cancellationToken)).Items;
        foreach (var map in maps.OrderByDescending(map => map.Metadata.Name, StringComparer.Ordinal).Skip(Kept))
        {
            if (Enum.TryParse<OperationState>(map.Data?.TryGetValue("state", out var state) == true ? state : "", out var ended) && ended is OperationState.Succeeded or OperationState.Undone or OperationState.RolledBack)
                await api.DeleteAsync(Kinds.ConfigMaps, OperationLease.Namespace, map.Metadata.Name, cancellationToken);
        }
    }

    private static string NameOf(string id) => $"operation-{id}";

    private static V1ConfigMap ToMap(JournalState state, IReadOnlyList<JournalEntry> entries)
    {
        var compressed = Compress(entries);
        return new V1ConfigMap
        {
            Metadata = new V1ObjectMeta
            {
                Name = NameOf(state.Begun.Id),
                NamespaceProperty = OperationLease.Namespace,
                Labels = new Dictionary<string, string> { [Label] = "", ["app.kubernetes.io/managed-by"] = "ha-cluster" },
            },
            Data = new Dictionary<string, string>
            {
                ["command"] = state.Begun.Request.Command,
                ["target"] = state.Begun.Request.Target,
                ["by"] = state.Begun.By,
                ["state"] = (state.Ended ?? OperationState.Running).ToString(),
                ["step"] = state.Begun.Steps.LastOrDefault(step => state[step].State != StepState.Pending)?.Title ?? "",
                ["updated"] = state.Updated.ToString("u", System.Globalization.CultureInfo.InvariantCulture),
            },
            BinaryData = compressed.Length <= LongestJournal ? new Dictionary<string, byte[]> { [Journal] = compressed } : null,
        };
    }

    private static byte[] Compress(IReadOnlyList<JournalEntry> entries)
    {
        using var buffer = new MemoryStream();
        using (var gzip = new GZipStream(buffer, CompressionLevel.Optimal))
        {
            foreach (var entry in entries)
                gzip.Write(JournalFormat.Write(entry));
        }
        return buffer.ToArray();
    }

    private static IReadOnlyList<JournalEntry>? Read(V1ConfigMap map)
    {
        var source = $"configmap/{OperationLease.Namespace}/{map.Metadata.Name}";
        if (map.BinaryData?.TryGetValue(Journal, out var compressed) != true || compressed is null)
            return null;
        using var buffer = new MemoryStream();
        try
        {
            using var gzip = new GZipStream(new MemoryStream(compressed), CompressionMode.Decompress);
            gzip.CopyTo(buffer);
        }
        catch (InvalidDataException e)
        {
            throw JournalFailure.Damaged(source, $"its journal cannot be read: {e.Message}", e);
        }
        return JournalFormat.Read(buffer.ToArray(), source, out _);
    }
}
