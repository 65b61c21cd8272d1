using System.IO.Compression;
using HaCluster.Operations.Kubernetes;
using k8s.Models;

namespace HaCluster.Operations.Journal;

/// <summary>
/// A copy of each journal in the cluster, so that another person can go on: a ConfigMap with what is worth reading, and the compressed journal. It may be
/// a step or two behind the file; every step is checked before it is done, so nothing is done twice for that.
/// </summary>
internal sealed class ClusterRecords(IKubernetesApi api, TimeProvider time)
{
    private const int Attempts = 4;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    private const string Label = "ha-cluster/operation";
    private const string Journal = "journal.jsonl.gz";
    private const string NamePrefix = "operation-";
    private const int Kept = 30;

    /// <summary>A ConfigMap holds 1 MiB; a journal of hundreds of steps is far from it.</summary>
    private const int LongestJournal = 512 * 1024;

    public async Task EnsureNamespaceAsync(CancellationToken cancellationToken)
    {
        for (var attempt = 1; await api.FindAsync(Kinds.Namespaces, null, OperationLease.Namespace, cancellationToken) is null; attempt++)
        {
            try
            {
                await api.CreateAsync(Kinds.Namespaces, null, new V1Namespace { Metadata = new V1ObjectMeta { Name = OperationLease.Namespace } }, cancellationToken);
                return;
            }
            catch (HaClusterException e) when (e.Kind == FailureKind.AlreadyExists)
            {
                // By another operator, just now.
                return;
            }
            catch (HaClusterException e) when (e.IsTransient && attempt < Attempts)
            {
                // It may have been made all the same: the next look tells.
                await Task.Delay(Pause, time, cancellationToken);
            }
        }
    }

    /// <summary>The first copy of a process, which its operation waits for: over whatever is there, and again where the response may be lost.</summary>
    public async Task<string?> WriteFirstAsync(IReadOnlyList<JournalEntry> entries, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await WriteAsync(entries, version: null, cancellationToken);
            }
            catch (HaClusterException e) when ((e.IsTransient || e.Kind == FailureKind.AlreadyExists) && attempt < Attempts)
            {
                await Task.Delay(Pause, time, cancellationToken);
            }
        }
    }

    /// <returns>Null when there is none.</returns>
    public async Task<IReadOnlyList<JournalEntry>?> FindAsync(string id, CancellationToken cancellationToken) =>
        await api.FindAsync(Kinds.ConfigMaps, OperationLease.Namespace, NameOf(id), cancellationToken) is { } map ? Read(map) : null;

    /// <param name="unreadable">Told of each record that is damaged or of a newer version.</param>
    public async Task<IReadOnlyList<IReadOnlyList<JournalEntry>>> ListAsync(Action<UnreadableJournal> unreadable, CancellationToken cancellationToken)
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
                unreadable(Describe(map, e.Message));
            }
        }
        return journals;
    }

    /// <summary>Writes the record over one that has the given version, or an earlier part of the same journal.</summary>
    /// <param name="version">What an earlier call returned; null for the first: it writes over whatever is there.</param>
    /// <exception cref="HaClusterException"><see cref="FailureKind.Conflict"/>: another process has gone on with the operation, and its record stays.</exception>
    public async Task<string?> WriteAsync(IReadOnlyList<JournalEntry> entries, string? version, CancellationToken cancellationToken)
    {
        if (JournalState.From(entries) is not { } state)
            return version;
        var map = ToMap(state, entries);
        map.Metadata.ResourceVersion = version;
        try
        {
            return (await api.ReplaceAsync(Kinds.ConfigMaps, OperationLease.Namespace, map.Metadata.Name, map, cancellationToken)).Metadata.ResourceVersion;
        }
        catch (HaClusterException e) when (e.Kind == FailureKind.NotFound)
        {
            map.Metadata.ResourceVersion = null;
            return (await api.CreateAsync(Kinds.ConfigMaps, OperationLease.Namespace, map, cancellationToken)).Metadata.ResourceVersion;
        }
        catch (HaClusterException e) when (e.Kind == FailureKind.Conflict && version is not null)
        {
            // An earlier copy of ours whose response was lost; otherwise it is another's.
            var present = await api.FindAsync(Kinds.ConfigMaps, OperationLease.Namespace, map.Metadata.Name, cancellationToken);
            if (present is not null && !(Read(present) is { } there && IsBeginningOf(entries, there)))
                throw;
            return await WriteAsync(entries, present?.Metadata.ResourceVersion, cancellationToken);
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

    private static bool IsBeginningOf(IReadOnlyList<JournalEntry> whole, IReadOnlyList<JournalEntry> part) =>
        part.Count <= whole.Count && part.Zip(whole).All(pair => JournalFormat.Write(pair.First).AsSpan().SequenceEqual(JournalFormat.Write(pair.Second)));

    /// <summary>What is beside the journal can still be read.</summary>
    private static UnreadableJournal Describe(V1ConfigMap map, string error)
    {
        string Text(string name) => map.Data?.TryGetValue(name, out var text) == true ? text : "";
        var updated = DateTimeOffset.TryParse(Text("updated"), System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.AssumeUniversal, out var time) ? time : default;
        return new UnreadableJournal(map.Metadata.Name[NamePrefix.Length..], "", error) { Command = Text("command"), Target = Text("target"), By = Text("by"), At = updated };
    }

    private static string NameOf(string id) => NamePrefix + id;

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
